"""What the directory says of which units; hidden addresses are in none of its answers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.codes import lists
from casemgr.db import among, current
from casemgr.directory.models import DirectoryArea, DirectoryEntry
from casemgr.directory.rules import Availability, Hours, Wanted, availability_on, fits_text
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission, require_role, visible
from casemgr.shelters.queries import list_published_ids
from casemgr.text.names import phrase_key
from casemgr.units.models import Unit
from casemgr.units.queries import list_providers
from casemgr.units.rules import UnitState


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A unit as the directory shows it; without an entry it says what units of its kind do."""

    unit_id: UUID
    name: str
    kind: str
    commune_code: str | None
    phone: str
    services: tuple[str, ...]
    communes: tuple[str, ...] = ()
    open_days: str | None = None
    hours: Hours | None = None
    hours_note: str = ""
    contact: str = ""
    answered_by: str = ""
    capacity: str = ""
    languages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    cost: str = ""
    availability: Availability | None = None
    closed_until: date | None = None
    confirmed_day: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    version: int = 0
    is_own: bool = False

    @property
    def is_open_now(self) -> bool:
        """Whether it takes people and is within its hours; unknown hours are no promise."""
        return (
            self.availability is Availability.OPEN
            and self.hours is not None
            and self.hours.include(clock.local(clock.now()))
        )

    def fits(self, wanted: Wanted) -> bool:
        """Say whether it is what somebody looks for."""
        here = (self.commune_code, None, *self.communes)
        return (
            (not wanted.service or wanted.service in self.services)
            and (not wanted.access or wanted.access in self.access)
            and (not wanted.language or wanted.language in self.languages)
            and (not wanted.commune or wanted.commune in here or self.commune_code is None)
            and (not wanted.open_now or self.is_open_now)
            and fits_text(wanted.text, self.name, self.contact, self.answered_by)
        )


def search_units(actor: Actor, wanted: Wanted) -> tuple[list[Listing], list[str]]:
    """Return the published units that fit, and the communes in which units can be looked for at all.

    Those that take people come first.
    """
    known = _list_all(actor)
    order = {Availability.OPEN: 0, None: 1, Availability.FULL: 2, Availability.CLOSED: 3}
    found = sorted(
        (listing for listing in known if listing.fits(wanted)),
        key=lambda one: (order[one.availability], phrase_key(one.name), one.unit_id),
    )
    codes = {one.commune_code for one in known} | {code for one in known for code in one.communes}
    return found, sorted(code for code in codes if code)


def list_taking(actor: Actor, service: str) -> list[Listing]:
    """Return the published units that give a service by what they say, and can be asked by referral."""
    return [
        listing
        for listing in _list_all(actor)
        if service in listing.services and _takes_referrals(listing.kind)
    ]


def get_listing(actor: Actor, unit_id: UUID) -> Listing:
    """Return what the directory says of one unit, or raise `NotFound`."""
    found = [listing for listing in _list_all(actor, unit_id) if listing.unit_id == unit_id]
    if not found:
        raise NotFound
    return found[0]


def get_kept_listing(actor: Actor, unit_id: UUID) -> Listing:
    """Return what the directory says of a unit that the actor keeps, or raise `NotFound`."""
    unit, entry = get_kept(actor, unit_id)
    return _listing(actor, unit, entry, _areas([unit.id])[unit.id])


def may_keep(actor: Actor, unit_id: UUID) -> bool:
    """Say whether the actor keeps the entry of a listed unit."""
    keeps = visible(actor, Permission.DIRECTORY_KEEP, Unit)
    return current().scalar(select(Unit.id).where(Unit.id == unit_id, keeps)) is not None


def open_staff_contact(actor: Actor, unit_id: UUID) -> dict[str, Any]:
    """Return how colleagues reach a unit, and write down that it was read; nothing where nothing is known."""
    keeps = visible(actor, Permission.DIRECTORY_KEEP, DirectoryEntry)
    calls = visible(actor, Permission.DIRECTORY_CALL, DirectoryEntry)
    entry = current().scalar(
        select(DirectoryEntry).where(DirectoryEntry.unit_id == unit_id, or_(keeps, calls))
    )
    if entry is None or not entry.staff:
        return {}
    audit.seen(actor, "directory_entry", entry.id, ("staff",), scope=("unit", unit_id))
    return dict(entry.staff)


def find_listings(actor: Actor, unit_ids: Collection[UUID]) -> dict[UUID, Listing]:
    """Return what the directory says of some units; those that it does not hold are missing."""
    return {one.unit_id: one for one in _list_all(actor) if one.unit_id in set(unit_ids)}


def list_offering(actor: Actor, service: str) -> list[Unit]:
    """Return the units that can be asked for a service: by what they say, else by their kind.

    Among them are units of other communes whose entry says that they are there for the actor's commune.
    """
    by_kind = {unit.id: unit for unit in list_providers(actor, service)}
    says = {
        entry.unit_id: set(entry.services.split())
        for entry in current().scalars(
            select(DirectoryEntry).where(
                visible(actor, Permission.DIRECTORY_READ, DirectoryEntry), _is_valid()
            )
        )
    }
    said_ids = {unit_id for unit_id, services in says.items() if service in services}
    silent = {unit_id: unit for unit_id, unit in by_kind.items() if service in says.get(unit_id, {service})}
    others = _listed(actor).where(Unit.id.in_(said_ids - silent.keys()))
    units = [*silent.values(), *(unit for unit in current().scalars(others) if _takes_referrals(unit.kind))]
    return sorted(units, key=lambda unit: (phrase_key(unit.name), unit.id))


def get_kept(actor: Actor, unit_id: UUID) -> tuple[Unit, DirectoryEntry | None]:
    """Return a published unit whose entry the actor keeps, with the entry, or raise `NotFound`."""
    require_role(actor, Permission.DIRECTORY_KEEP)
    unit = current().scalar(_listed(actor, Permission.DIRECTORY_KEEP).where(Unit.id == unit_id))
    if unit is None or not _without_hidden(actor, [unit]):
        raise NotFound
    return unit, current().scalar(select(DirectoryEntry).where(DirectoryEntry.unit_id == unit.id))


def _list_all(actor: Actor, unit_id: UUID | None = None) -> list[Listing]:
    require_role(actor, Permission.DIRECTORY_READ)
    if unit_id is None:
        found = list(current().scalars(_listed(actor)))
    else:
        # An administrator keeps the entries of units that lie too far to be listed.
        ways = (Permission.DIRECTORY_READ, Permission.DIRECTORY_KEEP)
        asked = (_listed(actor, way).where(Unit.id == unit_id) for way in ways)
        found = [unit for query in asked for unit in current().scalars(query)][:1]
    units = [unit for unit in found if _gives_services(unit) or unit.id == actor.unit_id]
    shown = _without_hidden(actor, units)
    ids = [unit.id for unit in shown]
    entries, areas = _entries(actor, ids), _areas(ids)
    return [_listing(actor, unit, entries.get(unit.id), areas[unit.id]) for unit in shown]


def _listed(actor: Actor, permission: Permission = Permission.DIRECTORY_READ) -> Select[Unit]:
    """Return the published units in reach that work; a hidden one is never among them."""
    near = visible(actor, permission, Unit)
    covering = among(Unit.id, DirectoryArea.unit_ids_for(actor))
    there = or_(near, covering) if permission is Permission.DIRECTORY_READ else near
    today = clock.today()
    return select(Unit).where(
        there,
        Unit.is_public,
        Unit.state == UnitState.ACTIVE,
        or_(Unit.valid_to.is_(None), Unit.valid_to >= today),
    )


def _without_hidden(actor: Actor, units: Sequence[Unit]) -> list[Unit]:
    """Return the units that are no address, or one that a decision publishes."""
    addresses = {unit.id for unit in units if lists.attribute("unit_kind", unit.kind, "is_address") == "1"}
    hidden = addresses - list_published_ids(actor, addresses) if addresses else set()
    return [unit for unit in units if unit.id not in hidden]


def _is_valid() -> Any:
    today = clock.today()
    return or_(DirectoryEntry.valid_from.is_(None), DirectoryEntry.valid_from <= today) & or_(
        DirectoryEntry.valid_to.is_(None), DirectoryEntry.valid_to >= today
    )


def _entries(actor: Actor, unit_ids: Iterable[UUID]) -> Mapping[UUID, DirectoryEntry]:
    found = select(DirectoryEntry).where(
        DirectoryEntry.unit_id.in_(list(unit_ids)),
        or_(_is_valid(), DirectoryEntry.unit_id == actor.unit_id),
    )
    return {entry.unit_id: entry for entry in current().scalars(found)}


def _areas(unit_ids: Iterable[UUID]) -> Mapping[UUID, list[str]]:
    areas: dict[UUID, list[str]] = defaultdict(list)
    found = select(DirectoryArea).where(DirectoryArea.unit_id.in_(list(unit_ids)))
    for area in current().scalars(found.order_by(DirectoryArea.commune_code)):
        areas[area.unit_id].append(area.commune_code)
    return areas


def _gives_services(unit: Unit) -> bool:
    return bool(lists.rollups("unit_kind", unit.kind, "services"))


def _takes_referrals(kind: str) -> bool:
    return lists.attribute("unit_kind", kind, "receives_referrals") == "1"


def _listing(actor: Actor, unit: Unit, entry: DirectoryEntry | None, communes: Sequence[str]) -> Listing:
    said: dict[str, Any] = {"services": lists.rollups("unit_kind", unit.kind, "services")}
    if entry is not None:
        said = _said(entry) | {"communes": tuple(communes)}
    return Listing(
        unit_id=unit.id,
        name=unit.name,
        kind=unit.kind,
        commune_code=unit.commune_code,
        phone=unit.duty_phone or "",
        is_own=unit.id == actor.unit_id,
        **said,
    )


def _said(entry: DirectoryEntry) -> dict[str, Any]:
    today = clock.today()
    availability = availability_on(entry.availability, entry.closed_until, today)
    hours = None
    if entry.open_days:
        weekdays = lists.attribute("open_days", entry.open_days, "weekdays")
        hours = Hours(weekdays=weekdays, opens=entry.opens, closes=entry.closes)
    return {
        "services": tuple(entry.services.split()),
        "open_days": entry.open_days,
        "hours": hours,
        "hours_note": entry.hours_note or "",
        "contact": entry.contact or "",
        "answered_by": entry.answered_by or "",
        "capacity": entry.capacity or "",
        "languages": tuple(entry.languages.split()),
        "access": tuple(entry.access.split()),
        "cost": entry.cost or "",
        "availability": availability,
        "closed_until": entry.closed_until if availability is not Availability.OPEN else None,
        "confirmed_day": entry.confirmed_day,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "version": entry.version,
    }
