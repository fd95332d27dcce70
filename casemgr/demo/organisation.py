"""The organisations of the demonstration: xã Cẩm Tú and whom it works with, and one commune beside it."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

from casemgr import clock, db
from casemgr.accounts import service as accounts
from casemgr.accounts.rules import password_problem
from casemgr.codes import service as codes
from casemgr.crypto.derivation import derive_key
from casemgr.db import Database
from casemgr.demo.people import PLAYERS, Player
from casemgr.keys.service import Keyring
from casemgr.policy import Actor
from casemgr.units import service as units
from casemgr.units.service import UnitDetails

PROVINCE = "38"
COMMUNE = "15148"
NEXT_COMMUNE = "15163"
HAMLETS = ("Thôn Mẫu Một", "Thôn Mẫu Hai", "Thôn Mẫu Ba", "Thôn Mẫu Bốn", "Thôn Mẫu Năm", "Thôn Mẫu Sáu")
_NOON = 5
"""Hour in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What somebody who tries the demonstration needs to sign in as one of its people."""

    account_id: str
    sign_in_name: str
    name: str
    unit: str
    roles: tuple[str, ...]
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """An organisation before it has an id: its kind and name, and the key of the one above."""

    kind: str
    name: str
    above: str | None = None
    commune: str | None = COMMUNE
    phone: str | None = None
    is_public: bool = True
    former: str | None = None


def _places() -> dict[str, _Place]:
    found = {
        "committee": _Place(kind="ubnd_xa", name="Ủy ban nhân dân xã Cẩm Tú", phone="1900 000 001"),
        "office": _Place(
            kind="phong_vhxh",
            name="Phòng Văn hóa – Xã hội xã Cẩm Tú",
            above="committee",
            phone="1900 000 003",
        ),
        "police": _Place(kind="cong_an_xa", name="Công an xã Cẩm Tú", above="committee", phone="113"),
        "health": _Place(kind="tram_y_te", name="Trạm y tế xã Cẩm Tú", above="committee", phone="115"),
        "school": _Place(kind="truong_hoc", name="Trường THCS Mẫu", above="committee", phone="1900 000 005"),
        "union": _Place(
            kind="hoi_lhpn",
            name="Hội Liên hiệp Phụ nữ xã Cẩm Tú",
            above="committee",
            phone="1900 000 006",
        ),
        "open_address": _Place(
            kind="dia_chi_tin_cay", name="Địa chỉ tin cậy Mẫu Một", above="committee", phone="1900 000 002"
        ),
        "hidden_address": _Place(
            kind="dia_chi_tin_cay", name="Địa chỉ tin cậy Mẫu Hai", above="committee", is_public=False
        ),
        **_beyond(),
    }
    for number, name in enumerate(HAMLETS, 1):
        former = "Cẩm Tú" if number <= len(HAMLETS) // 2 else "Cẩm Quý"
        found[f"hamlet_{number}"] = _Place(kind="thon", name=name, above="committee", former=former)
    return found


def _beyond() -> dict[str, _Place]:
    """Return the units of the province and of the next commune."""
    return {
        "shelter": _Place(
            kind="nha_tam_lanh", name="Nhà tạm lánh Mẫu tỉnh Thanh Hóa", commune=None, is_public=False
        ),
        "hospital": _Place(
            kind="benh_vien", name="Bệnh viện Mẫu khu vực", commune=None, phone="1900 000 004"
        ),
        "legal": _Place(
            kind="tro_giup_phap_ly",
            name="Trung tâm trợ giúp pháp lý Mẫu",
            commune=None,
            phone="1900 000 007",
        ),
        "jobs": _Place(
            kind="dich_vu_viec_lam",
            name="Trung tâm dịch vụ việc làm Mẫu",
            commune=None,
            phone="1900 000 008",
        ),
        "next_committee": _Place(kind="ubnd_xa", name="Ủy ban nhân dân xã Cẩm Vân", commune=NEXT_COMMUNE),
        "next_office": _Place(
            kind="phong_vhxh",
            name="Phòng Văn hóa – Xã hội xã Cẩm Vân",
            above="next_committee",
            commune=NEXT_COMMUNE,
        ),
        "next_hamlet": _Place(kind="thon", name="Thôn Mẫu Bảy", above="next_committee", commune=NEXT_COMMUNE),
    }


def begin_day(today: date) -> date:
    """Return the first day of the story: of the reporting half-year two before the present one.

    Reports due on 5 June and 5 December cover the days from December to May and from June to November.
    """
    halves = today.year * 2 + (today.month >= 6) + (today.month == 12) - 3
    return date(halves // 2, 12 if halves % 2 else 6, 1)


def found_organisation(database: Database, keyring: Keyring, founder: Actor) -> tuple[Account, ...]:
    """Set up code lists, organisations and enrolled accounts in a fresh database, dated at the story's begin.

    Passwords and secrets derive from the keys of this demonstration: another one has others.
    """
    begin = begin_day(clock.today())
    at = datetime(begin.year, begin.month, begin.day, _NOON, tzinfo=UTC) - timedelta(days=1)
    with clock.frozen(at), db.work(database, keyring, write=True):
        codes.sync()
        unit_ids = _add_units(founder)
        return tuple(_enrol(founder, player, unit_ids, keyring.derive("demo-accounts")) for player in PLAYERS)


def _add_units(founder: Actor) -> dict[str, UUID]:
    ids: dict[str, UUID] = {}
    for key, place in _places().items():
        details = UnitDetails(
            kind=place.kind,
            name=place.name,
            province_code=PROVINCE,
            commune_code=place.commune,
            parent_id=ids[place.above] if place.above else None,
            former_commune=place.former,
            duty_phone=place.phone,
            is_public=place.is_public,
        )
        ids[key] = units.add_unit(founder, details).id
    return ids


def _enrol(founder: Actor, player: Player, unit_ids: Mapping[str, UUID], seed: bytes) -> Account:
    password, secret = _password(seed, player), _secret(seed, player)
    account_id = accounts.add_account(
        founder,
        sign_in_name=player.sign_in_name,
        name=player.name,
        unit_id=unit_ids[player.unit],
        roles=player.roles,
    )
    accounts.enrol(player.sign_in_name, accounts.invite(founder, account_id).code, password, seed=secret)
    return Account(
        account_id=str(account_id),
        sign_in_name=player.sign_in_name,
        name=player.name,
        unit=_places()[player.unit].name,
        roles=tuple(str(role) for role in player.roles),
        password=password,
        totp_secret=secret,
    )


def _password(seed: bytes, player: Player) -> str:
    """Draw until it is one that the product lets her choose: by chance a draw is a year or a keyboard row."""
    return next(filter(partial(_may_choose, player), _drawn_passwords(seed, player)))


def _drawn_passwords(seed: bytes, player: Player) -> Iterator[str]:
    for turn in count():
        drawn = derive_key(seed, b"password", f"{turn} {player.sign_in_name}".encode()).hex()
        yield f"mau-{drawn[:6]}-{drawn[6:12]}"


def _may_choose(player: Player, password: str) -> bool:
    context = (player.sign_in_name, player.name)
    return password_problem(password, is_administrator=True, context=context) is None


def _secret(seed: bytes, player: Player) -> str:
    return base64.b32encode(derive_key(seed, b"totp", player.sign_in_name.encode())[:20]).decode()


def dump(accounts_made: tuple[Account, ...]) -> list[dict[str, Any]]:
    """Return the accounts as plain values."""
    return [asdict(one) for one in accounts_made]
