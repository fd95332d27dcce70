"""What comes of a conference: minutes, and what each unit has to do."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.queries import get_case
from casemgr.cases.service import note_from_outside
from casemgr.conferences.models import (
    Conference,
    ConferenceAction,
    ConferenceSeat,
)
from casemgr.conferences.rules import (
    ConferenceState,
    SeatState,
)
from casemgr.conferences.service.parts import (
    check_names,
    hold_invited,
    hold_live,
    hold_seat,
    tell_case,
    unseat,
)
from casemgr.db import check_version, current
from casemgr.errors import Conflict, InvalidState, NotFound, Refused
from casemgr.policy import Actor, Permission, visible


def write_minutes(
    actor: Actor, case_id: UUID, conference_id: UUID, *, version: int, text: str, present: str | None
) -> Conference:
    """Keep what was said and who was there, for those without an account too; the first time it was held.

    Raises `StaleVersion`, `InvalidState`, and Refused `too_early` before its day, `names_her` unless she may
    be called by a name.
    """
    conference, _ = hold_live(actor, case_id, conference_id)
    check_version(conference, version)
    if clock.today() < conference.meets_day:
        raise Refused("too_early")
    if not conference.plan.get("called"):
        check_names(get_case(actor, case_id, Permission.CONFERENCE_CALL), text, present)
    conference.state = ConferenceState.HELD
    conference.minutes = {
        "text": text,
        "present": present,
        "at": clock.now().isoformat(),
        "by": str(actor.account_id),
    }
    current().flush()
    note_from_outside(actor, case_id, "conference_held", about=conference.id, code=conference.code)
    audit.changed(actor, "conference:minutes", "conference", conference.id)
    return conference


def add_action(
    actor: Actor, case_id: UUID, conference_id: UUID, *, unit_id: UUID, text: str, due_day: date
) -> ConferenceAction:
    """Give a unit something to do by a day; what the own unit is to do is a task of the case as well."""
    conference, _ = hold_live(actor, case_id, conference_id)
    seated = select(ConferenceSeat.unit_id).where(
        ConferenceSeat.conference_id == conference.id, ConferenceSeat.state != SeatState.REMOVED
    )
    if unit_id not in {conference.from_unit_id, *current().scalars(seated)}:
        raise Conflict("unit", "not_invited")
    case = get_case(actor, case_id, Permission.CONFERENCE_CALL)
    if not conference.plan.get("called"):
        check_names(case, text)
    action = ConferenceAction(
        conference_id=conference.id, unit_id=unit_id, due_day=due_day, state="open", content={"text": text}
    )
    current().add(action)
    current().flush()
    tasks = [("conference_action", due_day)] if unit_id == conference.from_unit_id else []
    note_from_outside(actor, case.id, "conference_agreed", about=action.id, tasks=tasks, code=conference.code)
    audit.changed(actor, "conference:add_action", "conference", conference.id)
    return action


def finish_action(actor: Actor, action_id: UUID, *, note: str | None = None) -> ConferenceAction:
    """Say for the actor's unit that what it was to do is done; the case hears of it at once."""
    here = (ConferenceAction.id == action_id, visible(actor, Permission.CONFERENCE_ATTEND, ConferenceAction))
    conference_id = current().scalar(select(ConferenceAction.conference_id).where(*here))
    if conference_id is None:
        raise NotFound
    conference = hold_invited(actor, conference_id)
    return _finish(actor, conference, _hold_action(conference, action_id), note)


def finish_action_for(
    actor: Actor, case_id: UUID, conference_id: UUID, action_id: UUID, *, note: str | None = None
) -> ConferenceAction:
    """Record that something is done: of the own unit, or as another one told by telephone or on paper."""
    conference, _ = hold_live(actor, case_id, conference_id)
    action = _hold_action(conference, action_id)
    is_other = action.unit_id != conference.from_unit_id
    return _finish(actor, conference, action, note, by_phone=is_other)


def _hold_action(conference: Conference, action_id: UUID) -> ConferenceAction:
    here = (ConferenceAction.id == action_id, ConferenceAction.conference_id == conference.id)
    held = select(ConferenceAction).where(*here).with_for_update()
    action = current().scalar(held.execution_options(populate_existing=True))
    if action is None:
        raise NotFound
    return action


def _finish(
    actor: Actor,
    conference: Conference,
    action: ConferenceAction,
    note: str | None,
    *,
    by_phone: bool = False,
) -> ConferenceAction:
    if action.state != "open":
        raise InvalidState(action.state)
    action.state = "done"
    at = clock.now().isoformat()
    action.content = {**action.content, "done_at": at, "note": note, "by_phone": by_phone}
    current().flush()
    tell_case(actor, conference, "conference_done", action.id)
    audit.changed(actor, "conference:finish_action", "conference", conference.id)
    return action


def remove_unit(actor: Actor, case_id: UUID, conference_id: UUID, seat_id: UUID) -> None:
    """Take an invitation back: from this moment the unit reads nothing, and has nothing to do any more."""
    conference, _ = hold_live(actor, case_id, conference_id)
    seat = hold_seat(conference, seat_id)
    unseat(actor, conference, seat)
    note_from_outside(actor, case_id, "conference_removed", about=seat_id, code=conference.code)
