"""Changes of the register and of beds; a bed is promised under a lock, so never twice."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.db import check_version, current
from casemgr.errors import Conflict, InvalidState, NotFound, Refused
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact
from casemgr.policy import Actor, Permission, require_role, visible
from casemgr.shelters.models import Stay, TrustedAddress
from casemgr.shelters.queries import list_unregistered, managed
from casemgr.shelters.rules import (
    LIVE,
    AddressState,
    People,
    StayState,
    fits,
    free_beds,
    may_become,
    nights_between,
    together,
)

LEAVES_BY_HERSELF = "tu_roi_di"
"""Code of list `stay_end_reason` for a stay that ends because the referral was withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressEntry:
    """What a supervisor enters about an address."""

    decision_number: str
    is_public: bool
    adult_beds: int
    child_beds: int
    contact_phone: str
    place: str | None = None
    way: str | None = None
    note: str | None = None

    @property
    def details(self) -> dict[str, Any]:
        """What of it is sealed."""
        names = ("decision_number", "place", "way", "contact_phone", "note")
        return {name: getattr(self, name) for name in names}


def add_address(actor: Actor, unit_id: UUID, entry: AddressEntry) -> TrustedAddress:
    """Enter an address into the register; raises `Conflict` for a unit that is none or is entered already."""
    require_role(actor, Permission.SHELTER_MANAGE)
    if unit_id not in {unit.id for unit in list_unregistered(actor)}:
        raise Conflict("unit", "not_an_address")
    address = TrustedAddress(
        unit_id=unit_id,
        is_public=entry.is_public,
        state=AddressState.ACTIVE,
        adult_beds=entry.adult_beds,
        child_beds=entry.child_beds,
        held_beds=0,
        details=entry.details,
    )
    current().add(address)
    current().flush()
    _note(actor, "added", address)
    return address


def change_address(actor: Actor, unit_id: UUID, version: int, entry: AddressEntry) -> TrustedAddress:
    """Replace what the register says of an address."""
    address = _managed(actor, unit_id, version)
    address.is_public = entry.is_public
    address.adult_beds, address.child_beds = entry.adult_beds, entry.child_beds
    address.held_beds = min(address.held_beds, entry.adult_beds + entry.child_beds)
    address.details = entry.details
    current().flush()
    _note(actor, "changed", address)
    return address


def set_address_state(actor: Actor, unit_id: UUID, version: int, state: AddressState) -> TrustedAddress:
    """Stop an address from taking people in, or let it go on; whoever is there stays.

    Closing waits until the last of them has left.
    """
    address = _managed(actor, unit_id, version)
    is_empty = state == AddressState.CLOSING and not _has_guests(unit_id)
    address.state = AddressState.CLOSED if is_empty else state
    current().flush()
    _note(actor, address.state, address)
    return address


def expose_address(actor: Actor, unit_id: UUID, version: int) -> TrustedAddress:
    """Note that somebody dangerous knows an address: from now on it takes nobody in.

    `casemgr.referrals` calls it, which also takes back what was sent there and tells who must move.
    """
    address = _managed(actor, unit_id, version)
    address.state = AddressState.EXPOSED
    current().flush()
    _note(actor, AddressState.EXPOSED.value, address)
    return address


def hold_beds(actor: Actor, step: int) -> TrustedAddress:
    """Take places off the board, or give them back, at the actor's own address; one tap of the keeper."""
    address = _locked(actor.unit_id)
    if address is None or not _keeps(actor, address):
        raise NotFound
    declared = address.adult_beds + address.child_beds
    address.held_beds = max(0, min(declared, address.held_beds + step))
    current().flush()
    _note(actor, "beds", address)
    return address


def close_all_beds(actor: Actor, *, full: bool, used: People | None = None) -> TrustedAddress:
    """Say that the actor's own address is full, or that all its beds can be given again.

    `used` are the people whom the keeper may know of; without it, all who have a bed.
    """
    address = _locked(actor.unit_id)
    if address is None or not _keeps(actor, address):
        raise NotFound
    free = free_beds(address.capacity, used or _used(address.unit_id)).children
    address.held_beds = address.held_beds + free if full else 0
    current().flush()
    _note(actor, "beds", address)
    return address


def promise_bed(
    actor: Actor, unit_id: UUID, bundle_id: UUID, people: People, *, needs: str = "", exceed: bool = False
) -> Stay | None:
    """Promise beds for a group, or return None where the unit is no address of the register.

    Raises `Refused("no_bed")` when there is no room and the keeper does not knowingly exceed it, and
    `Refused("suspended")`. The caller has checked that the actor may answer for the unit.
    """
    address = _locked(unit_id)
    if address is None:
        return None
    if address.state != AddressState.ACTIVE:
        raise Refused("suspended")
    exceeds = not fits(address.capacity, _used(unit_id), people)
    if exceeds and not exceed:
        raise Refused("no_bed")
    stay = Stay(
        unit_id=unit_id,
        bundle_id=bundle_id,
        state=StayState.PROMISED,
        promised_day=clock.today(),
        group={"adults": people.adults, "children": people.children, "needs": needs, "exceeds": exceeds},
    )
    current().add(stay)
    current().flush()
    audit.changed(actor, "stay:promised", "stay", stay.id, scope=("unit", unit_id), exceeds=exceeds)
    return stay


def start_stay(actor: Actor, bundle_id: UUID) -> Stay | None:
    """Record that the people of a promise have come; None where no bed was promised."""
    stay = _locked_stay(bundle_id)
    if stay is None:
        return None
    _move(actor, stay, StayState.ARRIVED, arrived_day=clock.today())
    return stay


def release_stay(actor: Actor, bundle_id: UUID, *, facts_unit_id: UUID) -> Stay | None:
    """Give the beds of a referral back that came to nothing; a stay that had begun ends and counts."""
    stay = _locked_stay(bundle_id)
    if stay is None or stay.state not in LIVE:
        return None
    if stay.state == StayState.ARRIVED:
        return end_stay(actor, bundle_id, LEAVES_BY_HERSELF, facts_unit_id=facts_unit_id)
    _move(actor, stay, StayState.RELEASED)
    return stay


def end_stay(actor: Actor, bundle_id: UUID, reason: str, *, facts_unit_id: UUID) -> Stay | None:
    """Record that the people have left, and count the stay for the unit that asked for it."""
    stay = _locked_stay(bundle_id)
    if stay is None:
        return None
    _move(actor, stay, StayState.LEFT, left_day=clock.today())
    nights = nights_between(stay.arrived_day or stay.promised_day, clock.today())
    fact_id = record_fact(
        unit_id=facts_unit_id,
        kind=FactKind.STAY,
        registered_on=clock.today(),
        codes={
            "adults": stay.people.adults,
            "children": stay.people.children,
            "nights": nights,
            "left_to": reason,
        },
    )
    stay.leaving = {"reason": reason, "nights": nights, "fact_id": str(fact_id)}
    current().flush()
    return stay


def _has_guests(unit_id: UUID) -> bool:
    live = select(Stay.id).where(Stay.unit_id == unit_id, Stay.state.in_(LIVE)).limit(1)
    return current().scalar(live) is not None


def _close_when_empty(actor: Actor, unit_id: UUID) -> None:
    """End an address that was closing once the last guests have left."""
    address = _locked(unit_id)
    if address is not None and address.state == AddressState.CLOSING and not _has_guests(unit_id):
        address.state = AddressState.CLOSED
        current().flush()
        _note(actor, AddressState.CLOSED.value, address)


def _move(actor: Actor, stay: Stay, following: StayState, **days: Any) -> None:
    if not may_become(stay.state, following):
        raise InvalidState(stay.state)
    stay.state = following
    for name, day in days.items():
        setattr(stay, name, day)
    current().flush()
    audit.changed(actor, f"stay:{following.value}", "stay", stay.id, scope=("unit", stay.unit_id))
    if following not in LIVE:
        _close_when_empty(actor, stay.unit_id)


def _managed(actor: Actor, unit_id: UUID, version: int) -> TrustedAddress:
    require_role(actor, Permission.SHELTER_MANAGE)
    found = select(TrustedAddress).where(TrustedAddress.unit_id == unit_id, managed(actor))
    address = current().scalar(found)
    if address is None:
        raise NotFound
    check_version(address, version)
    return address


def _keeps(actor: Actor, address: TrustedAddress) -> bool:
    mine = select(TrustedAddress.id).where(
        TrustedAddress.id == address.id, visible(actor, Permission.SHELTER_KEEP, TrustedAddress)
    )
    return current().scalar(mine) is not None


def _locked(unit_id: UUID) -> TrustedAddress | None:
    """Hold the address until the transaction ends: on SQLite a writer holds the whole database anyway."""
    found = select(TrustedAddress).where(TrustedAddress.unit_id == unit_id).with_for_update()
    return current().scalar(found.execution_options(populate_existing=True))


def _locked_stay(bundle_id: UUID) -> Stay | None:
    found = select(Stay).where(Stay.bundle_id == bundle_id).with_for_update()
    return current().scalar(found.execution_options(populate_existing=True))


def _used(unit_id: UUID) -> People:
    live = select(Stay).where(Stay.unit_id == unit_id, Stay.state.in_(LIVE))
    return together(stay.people for stay in current().scalars(live))


def _note(actor: Actor, step: str, address: TrustedAddress) -> None:
    audit.changed(
        actor, f"trusted_address:{step}", "trusted_address", address.id, scope=("unit", address.unit_id)
    )
