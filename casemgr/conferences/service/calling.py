"""Calling units together, and more of them later: only with her consent to these units and topics."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from casemgr.accounts.queries import list_known_ids
from casemgr.audit import service as audit
from casemgr.cases.models import Bar, Case
from casemgr.cases.queries import get_case
from casemgr.cases.rules import LIVE as LIVE_CASES
from casemgr.cases.service import note_from_outside
from casemgr.conferences.models import Conference, ConferenceFile, ConferenceSeat
from casemgr.conferences.queries import list_inviteable
from casemgr.conferences.rules import Asking, Calling, ConferenceState, SeatState, last_day
from casemgr.conferences.service.parts import (
    agree,
    check_meeting,
    check_names,
    hold_live,
    leave_out,
    left_out_by,
    list_seats,
)
from casemgr.db import current
from casemgr.errors import Conflict, InvalidState
from casemgr.policy import Actor, Permission
from casemgr.survivors.models import Consent
from casemgr.text.codes import CodeKind, draw_codes


def call_conference(
    actor: Actor, case_id: UUID, calling: Calling, *, how: str | None = None, limits_read: bool = False
) -> Conference:
    """Call units together about a case; whoever is left out is neither invited nor told.

    Raises Refused `consent_missing` unless her consent names these units and topics (given here with `how`,
    or standing already), `names_her` when her name stands in what is shared without her consent to that,
    `past`, `nowhere` or `consent_ends` for a meeting to which nobody could come; Conflict for a unit that
    cannot be invited.
    """
    case = get_case(actor, case_id, Permission.CONFERENCE_CALL)
    if case.state not in LIVE_CASES:
        raise InvalidState(case.state)
    _check_units(actor, calling.unit_ids)
    code = draw_codes(CodeKind.CONFERENCE, 1, _find_taken)[0]
    asking = Asking(
        code=code,
        unit_ids=calling.unit_ids,
        topics=calling.topics,
        is_named=bool(calling.called),
        how=how,
        limits_read=limits_read,
    )
    consent = agree(actor, case, asking)
    check_meeting(calling, consent)
    if not calling.called:
        check_names(case, *calling.needs, calling.place)
    conference = _make(actor, case, code, calling, consent)
    tasks = [("conference_meets", calling.meets_on)]
    note_from_outside(
        actor, case.id, "conference_called", about=conference.id, tasks=tasks, code=conference.code
    )
    audit.changed(actor, "conference:call", "conference", conference.id, scope=("case", case.id))
    return conference


def _check_units(actor: Actor, unit_ids: frozenset[UUID]) -> None:
    if not unit_ids or unit_ids - {unit.id for unit in list_inviteable(actor)}:
        raise Conflict("units", "not_inviteable")


def _make(actor: Actor, case: Case, code: str, calling: Calling, consent: Consent) -> Conference:
    conference = Conference(
        code=code,
        from_unit_id=case.unit_id,
        state=ConferenceState.CALLED,
        meets_day=calling.meets_on,
        expires_day=last_day(consent.document, calling.meets_on),
        plan={
            **calling.plan,
            "called": calling.called,
            "topics": list(calling.topics),
            "needs": list(calling.needs),
        },
    )
    current().add(conference)
    current().flush()
    file = ConferenceFile(
        case_id=case.id,
        conference_id=conference.id,
        consent_id=consent.id,
        convener_id=actor.account_id,
    )
    current().add_all([file, *_seats(conference, calling.unit_ids)])
    leave_out(conference, _left_out(actor, case, calling.excluded, consent))
    current().flush()
    return conference


def _seats(conference: Conference, unit_ids: Collection[UUID]) -> list[ConferenceSeat]:
    return [
        ConferenceSeat(conference_id=conference.id, unit_id=unit_id, state=SeatState.INVITED)
        for unit_id in sorted(unit_ids)
    ]


def _find_taken(codes: set[str]) -> Sequence[str]:
    return list(current().scalars(select(Conference.code).where(Conference.code.in_(codes))))


def _left_out(actor: Actor, case: Case, chosen: frozenset[UUID], consent: Consent) -> frozenset[UUID]:
    """Return whom the caller, the consent or a bar leaves out."""
    barred = select(Bar.account_id).where(Bar.case_id == case.id, Bar.lifted_day.is_(None))
    known = list_known_ids(actor, chosen) | left_out_by(actor, consent)
    return known | frozenset(current().scalars(barred))


def invite_units(
    actor: Actor,
    case_id: UUID,
    conference_id: UUID,
    unit_ids: frozenset[UUID],
    *,
    excluded: frozenset[UUID] = frozenset(),
    how: str | None = None,
    limits_read: bool = False,
) -> None:
    """Invite further units to a conference that is not over, by her consent to all that sit there then.

    A unit from which the invitation was taken back may be invited again. Raises Refused `consent_missing`
    and Conflict as for calling, and Conflict for units that are invited already.
    """
    conference, file = hold_live(actor, case_id, conference_id)
    case = get_case(actor, case_id, Permission.CONFERENCE_CALL)
    seated = {seat.unit_id for seat in list_seats(conference)}
    _check_units(actor, unit_ids)
    if unit_ids <= seated:
        raise Conflict("units", "invited")
    plan = conference.plan
    asking = Asking(
        code=conference.code,
        unit_ids=unit_ids | seated,
        topics=tuple(plan["topics"]),
        is_named=bool(plan.get("called")),
        how=how,
        limits_read=limits_read,
    )
    consent = agree(actor, case, asking)
    file.consent_id = consent.id
    conference.expires_day = last_day(consent.document, conference.meets_day)
    leave_out(conference, _left_out(actor, case, excluded, consent))
    seats = _seat(conference, unit_ids - seated)
    note_from_outside(actor, case.id, "conference_invited", about=seats[0].id, code=conference.code)
    audit.changed(actor, "conference:invite", "conference", conference.id)


def _seat(conference: Conference, unit_ids: Collection[UUID]) -> list[ConferenceSeat]:
    before = select(ConferenceSeat).where(
        ConferenceSeat.conference_id == conference.id, ConferenceSeat.unit_id.in_(list(unit_ids))
    )
    again = list(current().scalars(before.with_for_update()))
    for seat in again:
        seat.state, seat.answer = SeatState.INVITED, {}
    new = _seats(conference, set(unit_ids) - {seat.unit_id for seat in again})
    current().add_all(new)
    current().flush()
    return [*again, *new]
