"""The end of a conference: closed, called off, by its last day, or when she takes her consent back."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.cases.service import note_from_outside
from casemgr.conferences.models import Conference, ConferenceAction, ConferenceFile, ConferenceSeat
from casemgr.conferences.rules import LIVE, ConferenceState, covers_topics, last_day, uncovered_units
from casemgr.conferences.service.parts import (
    file_of,
    find_agreement,
    hold_live,
    leave_out,
    left_out_by,
    list_seats,
    locked,
    unseat,
)
from casemgr.db import current
from casemgr.db.sealed import keyring_of
from casemgr.errors import InvalidState, Refused
from casemgr.policy import Actor, Permission, visible
from casemgr.survivors.changes import on_conference_consent
from casemgr.survivors.models import Consent
from casemgr.units.models import Unit


def close_conference(actor: Actor, case_id: UUID, conference_id: UUID, *, drop: bool = False) -> None:
    """End a conference; what the case needs of it stays there, the key of the units is destroyed.

    Raises Refused `open_actions` while a unit still has something to do, unless that is dropped knowingly.
    """
    conference, file = hold_live(actor, case_id, conference_id)
    if conference.state != ConferenceState.HELD:
        raise InvalidState(conference.state)
    here = (ConferenceAction.conference_id == conference.id, ConferenceAction.state == "open")
    if not drop and current().scalar(select(ConferenceAction.id).where(*here).limit(1)) is not None:
        raise Refused("open_actions")
    _end(actor, conference, file, ConferenceState.CLOSED)


def end_due(actor: Actor) -> int:
    """End the conferences in the actor's reach whose last day is over; returns how many.

    The key is destroyed that day and not when somebody thinks of it. Where a unit still had something to do,
    the owner of the case is told to ask what became of it.
    """
    found = (
        select(Conference.id)
        .join(ConferenceFile, ConferenceFile.conference_id == Conference.id)
        .join(Case, Case.id == ConferenceFile.case_id)
        .where(Conference.is_over(), visible(actor, Permission.CONFERENCE_CALL, Case))
    )
    conference_ids = sorted(current().scalars(found))
    for conference_id in conference_ids:
        conference = locked(conference_id)
        if conference.state in LIVE:
            _end(actor, conference, file_of(conference), ConferenceState.CLOSED, is_by_clock=True)
    return len(conference_ids)


def cancel_conference(actor: Actor, case_id: UUID, conference_id: UUID) -> None:
    """Call a conference off, or stop one; the units no longer read anything of it."""
    conference, file = hold_live(actor, case_id, conference_id)
    _end(actor, conference, file, ConferenceState.CANCELLED)


def _end(
    actor: Actor,
    conference: Conference,
    file: ConferenceFile,
    state: ConferenceState,
    *,
    is_by_clock: bool = False,
) -> None:
    """Keep for the case what was shared, end the tasks, and destroy the key that the units read with."""
    seats = _named(ConferenceSeat, conference)
    actions = _named(ConferenceAction, conference)
    left = [action for action, _ in actions if action.state == "open"]
    for action in left:
        action.state = "dropped"
        _close_task(actor, conference, file, action)
    file.kept = {
        "plan": conference.plan,
        "minutes": conference.minutes,
        "seats": [{"unit": name, "state": seat.state, "answer": seat.answer or {}} for seat, name in seats],
        "actions": [
            {
                "unit": name,
                "state": action.state,
                "due_day": action.due_day.isoformat(),
                "content": action.content,
            }
            for action, name in actions
        ],
    }
    conference.state = state
    current().flush()
    kind = "conference_over" if is_by_clock else f"conference_{state.value}"
    tasks = [("conference_over", clock.today())] if is_by_clock and left else []
    note_from_outside(actor, file.case_id, kind, about=conference.id, tasks=tasks, code=conference.code)
    audit.changed(actor, f"conference:{state.value}", "conference", conference.id)
    destroyed = keyring_of(current()).destroy(current(), "conference", conference.id)
    keys = [str(key_id) for key_id in destroyed]
    audit.changed(actor, "conference:destroy", "conference", conference.id, keys=keys)


def _close_task(actor: Actor, conference: Conference, file: ConferenceFile, action: ConferenceAction) -> None:
    if action.unit_id == conference.from_unit_id:
        note_from_outside(actor, file.case_id, "conference_dropped", about=action.id, code=conference.code)


def _named(table: Any, conference: Conference) -> list[tuple[Any, str]]:
    query = select(table, Unit.name).join(Unit, Unit.id == table.unit_id)
    found = query.where(table.conference_id == conference.id).order_by(Unit.name, table.id)
    rows = current().execute(found.execution_options(populate_existing=True))
    return [(row, name) for row, name in rows]


@on_conference_consent
def recheck(actor: Actor, case_id: UUID) -> None:
    """Let every conference of a case follow what she consents to now: units leave, or it ends at once.

    Called within the change of a consent, by whoever was allowed to make it.
    """
    found = select(ConferenceFile.conference_id).where(ConferenceFile.case_id == case_id)
    for conference_id in sorted(current().scalars(found)):
        conference = locked(conference_id)
        if conference.state in LIVE:
            _follow(actor, conference, file_of(conference), find_agreement(case_id))


def _follow(actor: Actor, conference: Conference, file: ConferenceFile, consent: Consent | None) -> None:
    if consent is not None and "units" not in consent.document:
        # A yes to conferences as such takes nothing back of what was agreed for this one, but for whom it
        # leaves out.
        leave_out(conference, left_out_by(actor, consent))
        current().flush()
        return
    if consent is not None and consent.document.get("about", conference.code) != conference.code:
        # Nor does a yes to another meeting.
        return
    plan = conference.plan
    is_named = bool(plan.get("called"))
    if consent is None or not covers_topics(consent.document, plan["topics"], is_named=is_named):
        _end(actor, conference, file, ConferenceState.WITHDRAWN)
        return
    file.consent_id = consent.id
    conference.expires_day = last_day(consent.document, conference.meets_day)
    leave_out(conference, left_out_by(actor, consent))
    seats = list_seats(conference)
    gone = uncovered_units(consent.document, [seat.unit_id for seat in seats])
    for seat in seats:
        if seat.unit_id in gone:
            unseat(actor, conference, seat)
    current().flush()
