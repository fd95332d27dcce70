"""Another day, hour or place: whoever had answered is asked anew."""

from uuid import UUID

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.queries import get_case
from casemgr.cases.service import note_from_outside
from casemgr.conferences.models import Conference
from casemgr.conferences.rules import ConferenceState, Meeting, SeatState, last_day
from casemgr.conferences.service.parts import check_meeting, check_names, hold_live, list_seats
from casemgr.db import check_version, current
from casemgr.errors import InvalidState
from casemgr.policy import Actor, Permission
from casemgr.survivors.models import Consent


def move_conference(
    actor: Actor, case_id: UUID, conference_id: UUID, *, version: int, meeting: Meeting
) -> Conference:
    """Let the units meet at another time or place; every unit has the invitation before it again.

    Raises `StaleVersion`, `InvalidState` once it was held, and Refused as for calling.
    """
    conference, file = hold_live(actor, case_id, conference_id)
    check_version(conference, version)
    if conference.state != ConferenceState.CALLED:
        raise InvalidState(conference.state)
    consent = current().get_one(Consent, file.consent_id)
    check_meeting(meeting, consent)
    if not conference.plan.get("called"):
        check_names(get_case(actor, case_id, Permission.CONFERENCE_CALL), meeting.place)
    conference.meets_day = meeting.meets_on
    conference.expires_day = last_day(consent.document, meeting.meets_on)
    conference.plan = {**conference.plan, **meeting.plan, "moved_on": clock.today().isoformat()}
    for seat in list_seats(conference):
        seat.state, seat.answer = SeatState.INVITED, {}
    current().flush()
    tasks = [("conference_meets", meeting.meets_on)]
    note_from_outside(
        actor, case_id, "conference_moved", about=conference.id, tasks=tasks, code=conference.code
    )
    audit.changed(actor, "conference:move", "conference", conference.id)
    return conference
