"""The code lists that ship with casemgr: `data/<list>.csv`, read once and never changed while running.

Columns of a file: code, vi, en, valid_from, valid_to, source, then any of
- `parent`: the code of the same list under which this one stands;
- `scheme=list`: a roll-up, the codes of `list` (divided by spaces) that stand for this one in `scheme`;
- another name: a plain attribute, such as the minutes of an urgency, which an installation may `adjust`.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parent / "data"
COMMON_COLUMNS = ("code", "vi", "en", "valid_from", "valid_to", "source")


class UnknownCode(KeyError):
    """No such list, code, scheme or attribute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One entry of a list: what is stored, what is read in each language, and when it may be chosen."""

    list_name: str
    code: str
    vi: str
    en: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    parent: str | None = None
    rollups: MappingProxyType[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    attributes: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def label(self, locale: str) -> str:
        """Return the text for people; Vietnamese unless English is asked for."""
        return self.en if locale == "en" else self.vi

    def is_valid_on(self, day: date) -> bool:
        """Say whether the entry may be chosen on a day."""
        has_begun = self.valid_from is None or self.valid_from <= day
        return has_begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """One list, in the order of its file."""

    name: str
    codes: MappingProxyType[str, Code]
    schemes: MappingProxyType[str, str]

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes.values())

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    def __getitem__(self, code: str) -> Code:
        try:
            return self.codes[code]
        except KeyError:
            raise UnknownCode(self.name, code) from None


@cache
def names() -> tuple[str, ...]:
    """Return the names of all lists."""
    return tuple(sorted(path.stem for path in DATA.glob("*.csv")))


_ADJUSTED: dict[str, CodeList] = {}


def get(list_name: str) -> CodeList:
    """Return one list as this installation has set it; raises UnknownCode."""
    return _ADJUSTED.get(list_name) or shipped(list_name)


def adjust(list_name: str, changed: Mapping[str, Code]) -> None:
    """Let some codes read and count otherwise, once at the start of a process; none: the list as shipped."""
    known = shipped(list_name)
    _ADJUSTED[list_name] = replace(known, codes=MappingProxyType({**known.codes, **changed}))


@cache
def shipped(list_name: str) -> CodeList:
    """Return one list as its file has it; raises UnknownCode."""
    if list_name not in names():
        raise UnknownCode(list_name)
    with (DATA / f"{list_name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        columns = tuple(reader.fieldnames or ())
        codes = [_read_code(list_name, row) for row in reader]
    schemes = dict(column.split("=", 1) for column in columns if "=" in column)
    return CodeList(
        name=list_name,
        codes=MappingProxyType({code.code: code for code in codes}),
        schemes=MappingProxyType(schemes),
    )


def label(list_name: str, code: str, locale: str) -> str:
    """Return the text of a code, valid today or not; raises UnknownCode."""
    return get(list_name)[code].label(locale)


def choices(list_name: str, on: date | None, keep: str | None = None) -> tuple[Code, ...]:
    """Return what may be chosen on a day, in the order of the list; without a day, everything.

    `keep` is the code that a record already has: it stays choosable after its time, so that an old record can
    be changed elsewhere without losing it.
    """
    return tuple(code for code in get(list_name) if on is None or code.is_valid_on(on) or code.code == keep)


def children(list_name: str, parent: str) -> tuple[Code, ...]:
    """Return the entries that stand directly under a code."""
    return tuple(code for code in get(list_name) if code.parent == parent)


def rollup(list_name: str, code: str, scheme: str) -> str | None:
    """Return the code that stands for this one in another scheme, the first when several may; None for none.

    Raises UnknownCode for an unknown list, code or scheme.
    """
    return next(iter(rollups(list_name, code, scheme)), None)


def rollups(list_name: str, code: str, scheme: str) -> tuple[str, ...]:
    """Return all codes that may stand for this one in another scheme, the usual one first."""
    if scheme not in get(list_name).schemes:
        raise UnknownCode(list_name, scheme)
    return get(list_name)[code].rollups.get(scheme, ())


def attribute(list_name: str, code: str, name: str) -> str:
    """Return a plain attribute of a code, empty when it has none; raises UnknownCode."""
    attributes = get(list_name)[code].attributes
    if name not in attributes:
        raise UnknownCode(list_name, name)
    return attributes[name]


def _read_code(list_name: str, row: dict[str, str]) -> Code:
    extra = {column: value for column, value in row.items() if column not in (*COMMON_COLUMNS, "parent")}
    found = {
        column.split("=", 1)[0]: tuple(value.split()) for column, value in extra.items() if "=" in column
    }
    return Code(
        list_name=list_name,
        code=row["code"],
        vi=row["vi"],
        en=row["en"],
        source=row["source"],
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        parent=row.get("parent") or None,
        rollups=MappingProxyType(found),
        attributes=MappingProxyType({name: value for name, value in extra.items() if "=" not in name}),
    )
