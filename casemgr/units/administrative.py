"""Provinces and communes of Viet Nam as they are since 1 July 2025, in two tiers.

The package vietnam-provinces is loaded when first asked for, because its tables are large. Codes are text
with leading zeros, as on official documents: 38 for Thanh Hóa, 15148 for xã Cẩm Tú.
"""

from dataclasses import dataclass
from functools import cache

from casemgr.errors import NotFound
from casemgr.text.names import Folded, fold, phrase_key, rank_folded

_MOST_FOUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province or a city under the central government."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A commune, ward or special zone, directly under its province."""

    code: str
    name: str
    province_code: str


def list_provinces() -> tuple[Province, ...]:
    """Return all provinces in Vietnamese order."""
    return tuple(sorted(_provinces().values(), key=lambda province: phrase_key(province.name)))


def list_communes(province_code: str) -> tuple[Commune, ...]:
    """Return the communes of a province in Vietnamese order; raises NotFound."""
    get_province(province_code)
    found = (commune for commune in _communes().values() if commune.province_code == province_code)
    return tuple(sorted(found, key=lambda commune: phrase_key(commune.name)))


def get_province(code: str) -> Province:
    """Return a province; raises NotFound."""
    try:
        return _provinces()[code]
    except KeyError:
        raise NotFound(code) from None


def get_commune(code: str) -> Commune:
    """Return a commune; raises NotFound."""
    try:
        return _communes()[code]
    except KeyError:
        raise NotFound(code) from None


def search_communes(text: str, province_code: str | None = None) -> tuple[Commune, ...]:
    """Return at most twenty communes whose name fits, best first; marks and one slip are forgiven."""
    query = fold(text)
    ranked = []
    for commune, folded in _folded_communes():
        rank = rank_folded(query, folded)
        if rank is not None and province_code in (None, commune.province_code):
            ranked.append((rank, phrase_key(commune.name), commune.code, commune))
    return tuple(commune for *_, commune in sorted(ranked, key=lambda entry: entry[:3])[:_MOST_FOUND])


@cache
def _provinces() -> dict[str, Province]:
    import vietnam_provinces

    # The package names cities with their kind ("Thành phố Huế") and provinces without.
    found_names = {
        f"{found.code:02d}": found.name if found.name.startswith("Thành phố") else f"Tỉnh {found.name}"
        for found in vietnam_provinces.Province.iter_all()
    }
    return {code: Province(code=code, name=name) for code, name in found_names.items()}


@cache
def _communes() -> dict[str, Commune]:
    import vietnam_provinces

    return {
        f"{found.code:05d}": Commune(
            code=f"{found.code:05d}", name=found.name, province_code=f"{found.province_code:02d}"
        )
        for found in vietnam_provinces.Ward.iter_all()
    }


@cache
def _folded_communes() -> tuple[tuple[Commune, Folded], ...]:
    return tuple((commune, fold(commune.name)) for commune in _communes().values())
