"""Beds and stays are counted under a lock on their address, so that no bed is promised twice."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.db import current
from casemgr.errors import InvalidState, NotFound, Refused
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact
from casemgr.policy import Actor, Permission, visible
from casemgr.shelters.models import Stay, TrustedAddress
from casemgr.shelters.rules import (
    LIVE,
    AddressState,
    People,
    StayState,
    first_until,
    fits,
    free_beds,
    may_become,
    nights_between,
    totals,
)
from casemgr.shelters.service.living import collect_record, forget_rows
from casemgr.shelters.service.locks import count_used, has_guests, locked, locked_stay, note

LEAVES_BY_HERSELF = "tu_roi_di"
"""Code of list `stay_end_reason` for a stay that ends because the referral was withdrawn."""


def hold_beds(actor: Actor, step: int) -> TrustedAddress:
    """Take places off the board, or give them back, at the actor's own address; one tap of the keeper."""
    address = locked(actor.unit_id)
    if address is None or not _keeps(actor, address):
        raise NotFound
    declared = address.adult_beds + address.child_beds
    address.held_beds = max(0, min(declared, address.held_beds + step))
    current().flush()
    note(actor, "beds", address)
    return address


def close_all_beds(actor: Actor, *, full: bool, used: People | None = None) -> TrustedAddress:
    """Say that the actor's own address is full, or that all its beds can be given again.

    `used` are the people whom the keeper may know of; without it, all who have a bed.
    """
    address = locked(actor.unit_id)
    if address is None or not _keeps(actor, address):
        raise NotFound
    free = free_beds(address.capacity, used or count_used(address.unit_id)).children
    address.held_beds = address.held_beds + free if full else 0
    current().flush()
    note(actor, "beds", address)
    return address


def promise_bed(
    actor: Actor, unit_id: UUID, bundle_id: UUID, people: People, *, needs: str = "", exceed: bool = False
) -> Stay | None:
    """Promise beds for a group, or return None where the unit is no address of the register.

    Raises `Refused("no_bed")` when there is no room and the keeper does not knowingly exceed it, and
    `Refused("suspended")`. The caller has checked that the actor may answer for the unit.
    """
    address = locked(unit_id)
    if address is None:
        return None
    if address.state != AddressState.ACTIVE:
        raise Refused("suspended")
    exceeds = not fits(address.capacity, count_used(unit_id), people)
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
    stay = locked_stay(bundle_id)
    if stay is None:
        return None
    stay.group = {**stay.group, "until": first_until(clock.today()).isoformat()}
    _move(actor, stay, StayState.ARRIVED, arrived_day=clock.today())
    return stay


def release_stay(actor: Actor, bundle_id: UUID, *, facts_unit_id: UUID) -> Stay | None:
    """Give the beds of a referral back that came to nothing; a stay that had begun ends and counts."""
    stay = locked_stay(bundle_id)
    if stay is None or stay.state not in LIVE:
        return None
    if stay.state == StayState.ARRIVED:
        return end_stay(actor, bundle_id, LEAVES_BY_HERSELF, facts_unit_id=facts_unit_id)
    forget_rows(stay)
    _move(actor, stay, StayState.RELEASED)
    return stay


def end_stay(
    actor: Actor, bundle_id: UUID, reason: str, *, facts_unit_id: UUID, safety: str | None = None
) -> Stay | None:
    """Record that the people have left, and count the stay for the unit that asked for it.

    Who they were and what was written down of them is removed here; the caller keeps `collect_record` in the
    case before.
    """
    stay = locked_stay(bundle_id)
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
    record = collect_record(actor, bundle_id)
    stay.leaving = {"reason": reason, "nights": nights, "fact_id": str(fact_id), "safety": safety}
    stay.leaving |= totals(record.get("entries", ()))
    forget_rows(stay)
    current().flush()
    return stay


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


def _keeps(actor: Actor, address: TrustedAddress) -> bool:
    mine = select(TrustedAddress.id).where(
        TrustedAddress.id == address.id, visible(actor, Permission.SHELTER_KEEP, TrustedAddress)
    )
    return current().scalar(mine) is not None


def _close_when_empty(actor: Actor, unit_id: UUID) -> None:
    """End an address that was closing once the last guests have left."""
    address = locked(unit_id)
    if address is not None and address.state == AddressState.CLOSING and not has_guests(unit_id):
        address.state = AddressState.CLOSED
        current().flush()
        note(actor, AddressState.CLOSED.value, address)
