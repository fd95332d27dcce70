"""The end of a conference: closed, called off, or at once when she takes her consent back."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr.audit import service as audit
from casemgr.cases.service import note_from_outside
from casemgr.conferences.models import (
    Conference,
    ConferenceAction,
    ConferenceExclusion,
    ConferenceFile,
    ConferenceSeat,
)
from casemgr.conferences.rules import (
    LIVE,
    ConferenceState,
    SeatState,
    covers_topics,
    last_day,
    uncovered_units,
)
from casemgr.conferences.service.parts import find_agreement, hold_live, left_out_by, unseat
from casemgr.db import current
from casemgr.db.sealed import keyring_of
from casemgr.errors import InvalidState, Refused
from casemgr.policy import Actor
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


def cancel_conference(actor: Actor, case_id: UUID, conference_id: UUID) -> None:
    """Call a conference off, or stop one; the units no longer read anything of it."""
    conference, file = hold_live(actor, case_id, conference_id)
    _end(actor, conference, file, ConferenceState.CANCELLED)


def _end(actor: Actor, conference: Conference, file: ConferenceFile, state: ConferenceState) -> None:
    """Keep for the case what was shared, end the tasks, and destroy the key that the units read with."""
    seats = _named(ConferenceSeat, conference)
    actions = _named(ConferenceAction, conference)
    for action, _ in actions:
        if action.state == "open":
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
    kind = f"conference_{state.value}"
    note_from_outside(actor, file.case_id, kind, about=conference.id, code=conference.code)
    audit.changed(actor, f"conference:{state.value}", "conference", conference.id)
    destroyed = keyring_of(current()).destroy(current(), "conference", conference.id)
    keys = [str(key_id) for key_id in destroyed]
    audit.changed(actor, "conference:destroy", "conference", conference.id, keys=keys)


def _close_task(actor: Actor, conference: Conference, file: ConferenceFile, action: ConferenceAction) -> None:
    if action.unit_id == conference.from_unit_id:
        note_from_outside(actor, file.case_id, "conference_dropped", about=action.id, code=conference.code)


@on_conference_consent
def recheck(actor: Actor, case_id: UUID) -> None:
    """Let every conference of a case follow what she consents to now: units leave, or it ends at once.

    Called within the change of a consent, by whoever was allowed to make it.
    """
    found = (
        select(Conference, ConferenceFile)
        .join(ConferenceFile, ConferenceFile.conference_id == Conference.id)
        .where(ConferenceFile.case_id == case_id, Conference.state.in_(LIVE))
    )
    for conference, file in [(one, other) for one, other in current().execute(found)]:
        _follow(actor, conference, file, find_agreement(case_id))


def _follow(actor: Actor, conference: Conference, file: ConferenceFile, consent: Consent | None) -> None:
    if consent is not None and "units" not in consent.document:
        # A yes to conferences as such takes nothing back of what was agreed for this one.
        return
    plan = conference.plan
    is_named = bool(plan.get("called"))
    if consent is None or not covers_topics(consent.document, plan["topics"], is_named=is_named):
        _end(actor, conference, file, ConferenceState.WITHDRAWN)
        return
    file.consent_id = consent.id
    conference.expires_day = last_day(consent.document, conference.meets_day)
    _leave_out(conference, left_out_by(actor, consent))
    here = (ConferenceSeat.conference_id == conference.id, ConferenceSeat.state != SeatState.REMOVED)
    seats = list(current().scalars(select(ConferenceSeat).where(*here)))
    gone = uncovered_units(consent.document, [seat.unit_id for seat in seats])
    for seat in seats:
        if seat.unit_id in gone:
            unseat(actor, conference, seat)
    current().flush()


def _leave_out(conference: Conference, account_ids: Collection[UUID]) -> None:
    """Keep a conference from more accounts; who was left out before stays so."""
    here = select(ConferenceExclusion.account_id).where(ConferenceExclusion.conference_id == conference.id)
    new = sorted(set(account_ids) - set(current().scalars(here)))
    current().add_all(ConferenceExclusion(conference_id=conference.id, account_id=one) for one in new)


def _named(table: Any, conference: Conference) -> list[tuple[Any, str]]:
    query = select(table, Unit.name).join(Unit, Unit.id == table.unit_id)
    found = query.where(table.conference_id == conference.id).order_by(Unit.name, table.id)
    return [(row, name) for row, name in current().execute(found)]
