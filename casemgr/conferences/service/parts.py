"""What the services of conferences share: holding rows, telling the case, minding her name."""

from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.accounts.queries import list_known_ids
from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.cases.service import note_from_outside
from casemgr.conferences.models import (
    Conference,
    ConferenceAction,
    ConferenceFile,
    ConferenceSeat,
)
from casemgr.conferences.queries import get_called
from casemgr.conferences.rules import (
    LIVE,
    SeatState,
    names_her,
)
from casemgr.db import current, prefetch
from casemgr.errors import InvalidState, NotFound, Refused
from casemgr.policy import Actor
from casemgr.survivors.models import Consent, Survivor
from casemgr.survivors.rules import Purpose, find_standing


def hold_live(actor: Actor, case_id: UUID, conference_id: UUID) -> tuple[Conference, ConferenceFile]:
    """Hold a conference of a case that is not over; raises `NotFound` and `InvalidState`."""
    conference, file = get_called(actor, case_id, conference_id)
    held = select(Conference).where(Conference.id == conference.id).with_for_update()
    conference = current().scalars(held.execution_options(populate_existing=True)).one()
    if conference.state not in LIVE:
        raise InvalidState(conference.state)
    return conference, file


def check_names(case: Case, *texts: str | None) -> None:
    """Raise Refused `names_her` for a text that says who she is; she is a number to the others."""
    if case.survivor_id is None:
        return
    survivor = current().get_one(Survivor, case.survivor_id)
    if names_her(survivor.full_name, *texts):
        raise Refused("names_her")


def find_agreement(case_id: UUID) -> Consent | None:
    """Return her consent to conferences that stands today, or None."""
    consents = list(current().scalars(select(Consent).where(Consent.case_id == case_id)))
    prefetch(current(), consents, "document")
    return find_standing(consents, Purpose.CONFERENCE, None, clock.today())


def left_out_by(actor: Actor, consent: Consent) -> frozenset[UUID]:
    """Return the accounts for which a consent does not hold; words in it that name none are left."""
    named = {found for text in consent.document.get("exclusions") or () if (found := _as_id(text))}
    return list_known_ids(actor, named)


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def hold_seat(conference: Conference, seat_id: UUID) -> ConferenceSeat:
    """Hold a seat of a conference, or raise `NotFound`."""
    here = (ConferenceSeat.id == seat_id, ConferenceSeat.conference_id == conference.id)
    seat = current().scalar(select(ConferenceSeat).where(*here).with_for_update())
    if seat is None:
        raise NotFound
    return seat


def tell_case(actor: Actor, conference: Conference, kind: str, about: UUID) -> None:
    """Write into the case what a unit answered or did; tasks about the same are done with it."""
    file = _file_of(conference)
    note_from_outside(actor, file.case_id, kind, about=about, code=conference.code)


def _file_of(conference: Conference) -> ConferenceFile:
    here = ConferenceFile.conference_id == conference.id
    return current().scalars(select(ConferenceFile).where(here)).one()


def unseat(actor: Actor, conference: Conference, seat: ConferenceSeat) -> None:
    """Let a unit know nothing any more, and have nothing to do."""
    seat.state = SeatState.REMOVED
    mine = (ConferenceAction.conference_id == conference.id, ConferenceAction.unit_id == seat.unit_id)
    for action in current().scalars(select(ConferenceAction).where(*mine)):
        if action.state == "open":
            action.state = "dropped"
    current().flush()
    audit.changed(actor, "conference:remove", "conference", conference.id)
