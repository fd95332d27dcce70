"""What an invited unit answers, itself or by telephone and paper."""

from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.conferences.models import (
    Conference,
    ConferenceSeat,
)
from casemgr.conferences.queries import get_called
from casemgr.conferences.rules import (
    ConferenceState,
    SeatState,
)
from casemgr.conferences.service.parts import hold_invited, hold_seat, locked, tell_case
from casemgr.db import current
from casemgr.errors import InvalidState
from casemgr.policy import Actor


def answer_invitation(
    actor: Actor, conference_id: UUID, *, comes: bool, who: str | None = None, note: str | None = None
) -> None:
    """Say for the actor's unit whether somebody comes, and who; it may be said anew until the day."""
    conference = hold_invited(actor, conference_id)
    mine = (ConferenceSeat.conference_id == conference.id, ConferenceSeat.unit_id == actor.unit_id)
    seat_id = current().scalars(select(ConferenceSeat.id).where(*mine)).one()
    _answer(actor, conference, hold_seat(conference, seat_id), comes=comes, who=who, note=note)


def answer_by_phone(
    actor: Actor,
    case_id: UUID,
    conference_id: UUID,
    seat_id: UUID,
    *,
    comes: bool,
    who: str | None = None,
    note: str | None = None,
) -> None:
    """Record what a unit said by telephone or on paper."""
    called, _ = get_called(actor, case_id, conference_id)
    conference = locked(called.id)
    seat = hold_seat(conference, seat_id)
    _answer(actor, conference, seat, comes=comes, who=who, note=note, by_phone=True)


def _answer(
    actor: Actor,
    conference: Conference,
    seat: ConferenceSeat,
    *,
    comes: bool,
    who: str | None,
    note: str | None,
    by_phone: bool = False,
) -> None:
    if conference.state != ConferenceState.CALLED or seat.state == SeatState.REMOVED:
        raise InvalidState(conference.state)
    seat.state = SeatState.COMING if comes else SeatState.ABSENT
    seat.answer = {
        "who": who,
        "note": note,
        "by_phone": by_phone,
        "at": clock.now().isoformat(),
        "by": str(actor.account_id),
    }
    tell_case(actor, conference, f"conference_{seat.state.value}", seat.id)
    current().flush()
    audit.changed(actor, "conference:answer", "conference", conference.id)
