"""Calling units together: only with her consent to these units and topics."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from casemgr.accounts.queries import list_known_ids
from casemgr.audit import service as audit
from casemgr.cases.models import Bar, Case
from casemgr.cases.queries import get_case
from casemgr.cases.rules import LIVE as LIVE_CASES
from casemgr.cases.service import note_from_outside
from casemgr.conferences.models import (
    Conference,
    ConferenceExclusion,
    ConferenceFile,
    ConferenceSeat,
)
from casemgr.conferences.queries import list_inviteable
from casemgr.conferences.rules import (
    Calling,
    ConferenceState,
    SeatState,
    asked_for,
    covers_topics,
    last_day,
    uncovered_units,
)
from casemgr.conferences.service.parts import check_names, find_agreement, left_out_by
from casemgr.db import current
from casemgr.errors import Conflict, InvalidState, Refused
from casemgr.policy import Actor, Permission
from casemgr.survivors.models import Consent
from casemgr.survivors.rules import Purpose
from casemgr.survivors.service import record_consent
from casemgr.text.codes import CodeKind, draw_codes


def call_conference(
    actor: Actor, case_id: UUID, calling: Calling, *, how: str | None = None, limits_read: bool = False
) -> Conference:
    """Call units together about a case; whoever is left out is neither invited nor told.

    Raises Refused `consent_missing` unless her consent names these units and topics (given here with `how`,
    or standing already), `names_her` when her name stands in what is shared without her consent to that;
    Conflict for a unit that cannot be invited.
    """
    case = get_case(actor, case_id, Permission.CONFERENCE_CALL)
    if case.state not in LIVE_CASES:
        raise InvalidState(case.state)
    if not calling.unit_ids or calling.unit_ids - {unit.id for unit in list_inviteable(actor)}:
        raise Conflict("units", "not_inviteable")
    consent = _agreed(actor, case, calling, how, limits_read=limits_read)
    if not calling.called:
        check_names(case, *calling.needs, calling.place)
    conference = _make(actor, case, calling, consent)
    tasks = [("conference_meets", calling.meets_on)]
    note_from_outside(
        actor, case.id, "conference_called", about=conference.id, tasks=tasks, code=conference.code
    )
    audit.changed(actor, "conference:call", "conference", conference.id, scope=("case", case.id))
    return conference


def _agreed(actor: Actor, case: Case, calling: Calling, how: str | None, *, limits_read: bool) -> Consent:
    standing = find_agreement(case.id)
    is_named = bool(calling.called)
    if (
        standing is not None
        and covers_topics(standing.document, calling.topics, is_named=is_named)
        and not uncovered_units(standing.document, calling.unit_ids)
    ):
        return standing
    if not how or not limits_read:
        raise Refused("consent_missing")
    return record_consent(
        actor,
        case.id,
        purpose=Purpose.CONFERENCE,
        how=how,
        limits_read=limits_read,
        fields=asked_for(calling.topics, is_named=is_named),
        units=sorted(map(str, calling.unit_ids)),
    )


def _make(actor: Actor, case: Case, calling: Calling, consent: Consent) -> Conference:
    conference = Conference(
        code=draw_codes(CodeKind.CONFERENCE, 1, _find_taken)[0],
        from_unit_id=case.unit_id,
        state=ConferenceState.CALLED,
        meets_day=calling.meets_on,
        expires_day=last_day(consent.document, calling.meets_on),
        plan={
            "at": calling.meets_at,
            "place": calling.place,
            "phone": calling.phone,
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
    seats = [
        ConferenceSeat(conference_id=conference.id, unit_id=unit_id, state=SeatState.INVITED)
        for unit_id in sorted(calling.unit_ids)
    ]
    left_out = [
        ConferenceExclusion(conference_id=conference.id, account_id=account_id)
        for account_id in _left_out(actor, case, calling, consent)
    ]
    current().add_all([file, *seats, *left_out])
    current().flush()
    return conference


def _find_taken(codes: set[str]) -> Sequence[str]:
    return list(current().scalars(select(Conference.code).where(Conference.code.in_(codes))))


def _left_out(actor: Actor, case: Case, calling: Calling, consent: Consent) -> list[UUID]:
    """Return whom the caller, the consent or a bar leaves out."""
    barred = select(Bar.account_id).where(Bar.case_id == case.id, Bar.lifted_day.is_(None))
    chosen = list_known_ids(actor, calling.excluded) | left_out_by(actor, consent)
    return sorted(chosen | frozenset(current().scalars(barred)))
