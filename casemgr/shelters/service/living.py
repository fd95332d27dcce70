"""What is written down while people stay: who came, what they were given, how long, what keepers hand over.

It lies under the key of the referral's bundle and is removed with the last day; the case keeps a copy. All of
it is called by `casemgr.stays` and `casemgr.referrals`, which have checked that the actor may.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.db import current, prefetch
from casemgr.errors import Conflict, InvalidState, NotFound, Refused, StaleVersion
from casemgr.policy import Actor
from casemgr.shelters.models import Stay, StayEntry, StayPerson
from casemgr.shelters.rules import (
    LIVE,
    EntryKind,
    People,
    corrected,
    fits,
    longest_until,
    told_of,
    turn_of,
)
from casemgr.shelters.service.locks import count_used, locked, locked_stay


def hold_stay(actor: Actor, bundle_id: UUID) -> Stay:
    """Hold the live stay of a bundle until the transaction ends; raises `NotFound`."""
    stay = locked_stay(bundle_id)
    if stay is None or stay.state not in LIVE:
        raise NotFound
    audit.seen(actor, "stay", stay.id, ("group",), scope=("bundle", bundle_id))
    return stay


def add_person(actor: Actor, stay: Stay, person: dict[str, Any]) -> StayPerson:
    """Write down one of those who came, in a row of their own."""
    row = StayPerson(
        stay_id=stay.id,
        bundle_id=stay.bundle_id,
        person={**person, "came_on": clock.today().isoformat()},
    )
    current().add(row)
    current().flush()
    _note(actor, "person", stay)
    return row


def end_person(actor: Actor, stay: Stay, person_id: UUID) -> None:
    """Write down that one of them has left before the others."""
    row = current().scalar(
        select(StayPerson).where(StayPerson.id == person_id, StayPerson.stay_id == stay.id)
    )
    if row is None:
        raise NotFound
    row.person = {**row.person, "left_on": clock.today().isoformat()}
    current().flush()
    _note(actor, "person_left", stay)


def change_people(actor: Actor, stay: Stay, people: People, *, exceed: bool = False) -> bool:
    """Correct how many are really there; returns whether they are more than was declared.

    Raises `Refused("no_bed")` for more than there is room for, unless the keeper knowingly exceeds it.
    """
    address = locked(stay.unit_id)
    others = count_used(stay.unit_id, without=stay.id)
    grows = people.adults > stay.people.adults or people.total > stay.people.total
    exceeds = address is not None and not fits(address.capacity, others, people)
    if grows and exceeds and not exceed:
        raise Refused("no_bed")
    stay.group = {
        **stay.group,
        "adults": people.adults,
        "children": people.children,
        "exceeds": exceeds or stay.group.get("exceeds", False),
    }
    current().flush()
    _note(actor, "people", stay)
    return grows and exceeds


def add_entry(actor: Actor, stay: Stay, kind: EntryKind, content: dict[str, Any]) -> StayEntry:
    """Write down what was given, needed or handed over."""
    entry = StayEntry(
        stay_id=stay.id,
        bundle_id=stay.bundle_id,
        made_day=clock.today(),
        content={
            **content,
            "kind": kind.value,
            "at": clock.now().isoformat(),
            "by": str(actor.account_id),
        },
    )
    current().add(entry)
    current().flush()
    _note(actor, kind.value, stay)
    return entry


def correct_supply(
    actor: Actor, stay: Stay, entry_id: UUID, turn: int, given: dict[str, Any], *, is_void: bool
) -> None:
    """Correct what was given, or say that it was not; raises `NotFound` and `StaleVersion`."""
    entry = current().scalar(
        select(StayEntry).where(StayEntry.id == entry_id, StayEntry.stay_id == stay.id).with_for_update()
    )
    if entry is None or entry.content["kind"] != EntryKind.SUPPLY:
        raise NotFound
    if turn != turn_of(entry.content):
        raise StaleVersion
    at, by = clock.now().isoformat(), str(actor.account_id)
    entry.content = corrected(entry.content, given, is_void=is_void, at=at, by=by)
    current().flush()
    _note(actor, "supply_corrected", stay)


def confirm(actor: Actor, stay: Stay, entry_id: UUID, *, is_keeper: bool) -> None:
    """Confirm as another keeper what was handed over, or that a need is met.

    Raises `NotFound` for what is not to be confirmed, `InvalidState` for one's own handover or twice.
    """
    entry = current().scalar(
        select(StayEntry).where(StayEntry.id == entry_id, StayEntry.stay_id == stay.id).with_for_update()
    )
    kind = entry.content["kind"] if entry is not None else ""
    if entry is None or not (kind == EntryKind.NEED or (kind == EntryKind.HANDOVER and is_keeper)):
        raise NotFound
    is_own = kind == EntryKind.HANDOVER and entry.content["by"] == str(actor.account_id)
    if entry.content.get("taken_by") or is_own:
        raise InvalidState(kind)
    taken = {"taken_by": str(actor.account_id), "taken_at": clock.now().isoformat()}
    entry.content = {**entry.content, **taken}
    current().flush()
    _note(actor, f"{kind}_confirmed", stay)


def extend(actor: Actor, stay: Stay, until: date, reason: str) -> bool:
    """Let a stay go on to a later day; returns whether beyond the longest stay, which stops nobody."""
    if stay.arrived_day is None or stay.until_day is None:
        raise InvalidState(stay.state)
    if until <= max(stay.until_day, clock.today()):
        raise Conflict("until", "not_later")
    is_beyond = until > longest_until(stay.arrived_day)
    content = {"until": until.isoformat(), "reason": reason, "is_beyond": is_beyond}
    stay.group = {**stay.group, "until": until.isoformat()}
    add_entry(actor, stay, EntryKind.EXTENSION, content)
    return is_beyond


def collect_record(_actor: Actor, bundle_id: UUID) -> dict[str, Any]:
    """Return all that was written down of a stay that ends today, as the case keeps it; or nothing."""
    stay = current().scalar(select(Stay).where(Stay.bundle_id == bundle_id))
    if stay is None or stay.arrived_day is None:
        return {}
    people = list(current().scalars(select(StayPerson).where(StayPerson.stay_id == stay.id)))
    entries = list(current().scalars(select(StayEntry).where(StayEntry.stay_id == stay.id)))
    prefetch(current(), people, "person")
    prefetch(current(), entries, "content")
    return told_of(
        arrived_on=stay.arrived_day,
        left_on=clock.today(),
        group=stay.group,
        people=[row.person for row in people],
        entries=[row.content for row in entries],
    )


def forget_rows(stay: Stay) -> None:
    """Remove who came and what was written of them: nobody counts the rows of a stay that is over."""
    for table in (StayPerson, StayEntry):
        current().execute(delete(table).where(table.stay_id == stay.id))


def _note(actor: Actor, step: str, stay: Stay) -> None:
    audit.changed(actor, f"stay:{step}", "stay", stay.id, scope=("bundle", stay.bundle_id))
