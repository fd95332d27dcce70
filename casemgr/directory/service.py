"""Changes of the directory: by the unit itself, or by the administrator for partners who cannot sign in."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.codes import lists
from casemgr.db import check_version, current
from casemgr.directory.models import DirectoryArea, DirectoryEntry
from casemgr.directory.queries import get_kept
from casemgr.directory.rules import Availability
from casemgr.errors import Conflict, NotFound
from casemgr.policy import Actor, Permission
from casemgr.text.names import Folded, fold
from casemgr.units import administrative
from casemgr.units.models import Unit

TEXTS = ("hours_note", "contact", "answered_by", "capacity", "cost", "open_days", "opens", "closes")
CODED = {"services": "service", "languages": "language", "access": "access_help"}
STAFF = ("staff_contact", "staff_phone")
KINDS = ("Xã ", "Phường ", "Đặc khu ")
CLOSED = frozenset({Availability.FULL, Availability.CLOSED})


def change_entry(actor: Actor, unit_id: UUID, version: int, values: Mapping[str, Any]) -> DirectoryEntry:
    """Replace what a unit says of itself, and confirm it today; version 0 makes the entry.

    Raises NotFound for a unit that the actor does not keep or that is not published, StaleVersion, and
    Conflict for a commune that does not exist.
    """
    unit, entry = get_kept(actor, unit_id)
    if entry is not None:
        check_version(entry, version)
    entry = entry or _new_entry(unit)
    for name in TEXTS:
        setattr(entry, name, values.get(name))
    for name, code_list in CODED.items():
        setattr(entry, name, _joined(values.get(name) or (), code_list))
    _set_communes(unit, _find_communes(values.get("communes") or "", unit.province_code))
    entry.valid_from, entry.valid_to = _day(values.get("valid_from")), _day(values.get("valid_to"))
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
        raise Conflict("valid_to", "before_start")
    entry.staff = {name: values[name] for name in STAFF if values.get(name)}
    return _confirmed(actor, entry, "changed")


def set_availability(
    actor: Actor, unit_id: UUID, availability: Availability, until: date | None = None
) -> DirectoryEntry:
    """Say with one tap whether a unit takes people; a day in the past is no closure."""
    unit, entry = get_kept(actor, unit_id)
    if availability in CLOSED and until is not None and until < clock.today():
        raise Conflict("closed_until", "past")
    entry = entry or _new_entry(unit)
    entry.availability = availability
    entry.closed_until = until if availability in CLOSED else None
    return _confirmed(actor, entry, "availability")


def confirm_entry(actor: Actor, unit_id: UUID) -> DirectoryEntry:
    """Say that everything still holds as it stands; raises `NotFound` where there is no entry."""
    _, entry = get_kept(actor, unit_id)
    if entry is None:
        raise NotFound
    return _confirmed(actor, entry, "confirmed")


def _new_entry(unit: Unit) -> DirectoryEntry:
    """Begin with what units of its kind do where it lies."""
    return DirectoryEntry(
        unit_id=unit.id,
        services=" ".join(lists.rollups("unit_kind", unit.kind, "services")),
        languages="viet",
        access="",
        availability=Availability.OPEN,
    )


def _confirmed(actor: Actor, entry: DirectoryEntry, step: str) -> DirectoryEntry:
    entry.confirmed_day, entry.confirmed_by = clock.today(), actor.account_id
    current().add(entry)
    current().flush()
    audit.changed(actor, Permission.DIRECTORY_KEEP, "directory_entry", entry.id, step=step)
    return entry


def _joined(codes: Any, code_list: str) -> str:
    return " ".join(code for code in codes if code in lists.get(code_list))


def _set_communes(unit: Unit, codes: list[str]) -> None:
    stored = select(DirectoryArea).where(DirectoryArea.unit_id == unit.id)
    known = {area.commune_code: area for area in current().scalars(stored)}
    for code in known.keys() - set(codes):
        current().delete(known[code])
    current().add_all(DirectoryArea(unit_id=unit.id, commune_code=code) for code in set(codes) - known.keys())


def _find_communes(text: str, province_code: str) -> list[str]:
    """Return the codes of the communes of the province that are named, one a line."""
    return [_find_commune(line.strip(), province_code) for line in text.splitlines() if line.strip()]


def _find_commune(name: str, province_code: str) -> str:
    if name.isdigit():
        return _commune_of(name, province_code)
    found = administrative.search_communes(name, province_code)
    exact = [commune.code for commune in found if fold(name) in _folded(commune.name)]
    if len(exact) != 1:
        raise Conflict("communes", "unknown")
    return exact[0]


def _folded(name: str) -> list[Folded]:
    """Return the name of a commune as it may be typed: with its kind and without."""
    bare = [name.removeprefix(kind) for kind in KINDS if name.startswith(kind)]
    return [fold(one) for one in (name, *bare)]


def _commune_of(code: str, province_code: str) -> str:
    try:
        commune = administrative.get_commune(code)
    except NotFound:
        raise Conflict("communes", "unknown") from None
    if commune.province_code != province_code:
        raise Conflict("communes", "unknown")
    return commune.code


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
