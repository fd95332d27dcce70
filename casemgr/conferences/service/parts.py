"""What the services of conferences share: holding rows, her consent and her name, telling the case."""

from collections.abc import Collection
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
    ConferenceExclusion,
    ConferenceFile,
    ConferenceSeat,
)
from casemgr.conferences.queries import get_called
from casemgr.conferences.rules import (
    LIVE,
    Asking,
    Meeting,
    SeatState,
    asked_for,
    covers_topics,
    last_day,
    names_her,
    uncovered_units,
)
from casemgr.db import current, prefetch
from casemgr.errors import InvalidState, NotFound, Refused
from casemgr.policy import Actor, Permission, visible
from casemgr.survivors.models import Consent, Survivor
from casemgr.survivors.rules import Purpose, find_standing
from casemgr.survivors.service import record_consent


def locked(conference_id: UUID) -> Conference:
    """Hold a conference until the transaction ends, as it is now; every change of it begins here."""
    held = select(Conference).where(Conference.id == conference_id).with_for_update()
    return current().scalars(held.execution_options(populate_existing=True)).one()


def hold_live(actor: Actor, case_id: UUID, conference_id: UUID) -> tuple[Conference, ConferenceFile]:
    """Hold a conference of a case that is not over; raises `NotFound` and `InvalidState`."""
    conference, file = get_called(actor, case_id, conference_id)
    conference = locked(conference.id)
    if conference.state not in LIVE:
        raise InvalidState(conference.state)
    return conference, file


def hold_invited(actor: Actor, conference_id: UUID) -> Conference:
    """Hold a conference to which the actor's unit is invited; `NotFound` also if it has just ended."""
    here = (Conference.id == conference_id, visible(actor, Permission.CONFERENCE_ATTEND, Conference))
    if current().scalar(select(Conference.id).where(*here)) is None:
        raise NotFound
    conference = locked(conference_id)
    if conference.state not in LIVE:
        raise NotFound
    return conference


def check_meeting(meeting: Meeting, consent: Consent) -> None:
    """Raise Refused `past`, `nowhere` or `consent_ends` for a meeting to which nobody could come."""
    problem = meeting.problem(clock.today(), last_day(consent.document, meeting.meets_on))
    if problem:
        raise Refused(problem)


def check_names(case: Case, *texts: str | None) -> None:
    """Raise Refused `names_her` for a text that says who she is; she is a number to the others."""
    if case.survivor_id is None:
        return
    survivor = current().get_one(Survivor, case.survivor_id)
    if names_her(survivor.full_name, *texts):
        raise Refused("names_her")


def agree(actor: Actor, case: Case, asking: Asking) -> Consent:
    """Return her consent to these units and topics: the one that stands, or what she has just said.

    What she says to one meeting takes nothing back of what she said to another. Raises `consent_missing`.
    """
    standing = find_agreement(case.id)
    if (
        standing is not None
        and covers_topics(standing.document, asking.topics, is_named=asking.is_named)
        and not uncovered_units(standing.document, asking.unit_ids)
    ):
        return standing
    if not asking.how or not asking.limits_read:
        raise Refused("consent_missing")
    return record_consent(
        actor,
        case.id,
        purpose=Purpose.CONFERENCE,
        how=asking.how,
        limits_read=asking.limits_read,
        fields=asked_for(asking.topics, is_named=asking.is_named),
        units=sorted(map(str, asking.unit_ids)),
        about=asking.code,
    )


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


def leave_out(conference: Conference, account_ids: Collection[UUID]) -> None:
    """Keep a conference from more accounts; who was left out before stays so."""
    here = select(ConferenceExclusion.account_id).where(ConferenceExclusion.conference_id == conference.id)
    new = sorted(set(account_ids) - set(current().scalars(here)))
    current().add_all(ConferenceExclusion(conference_id=conference.id, account_id=one) for one in new)


def hold_seat(conference: Conference, seat_id: UUID) -> ConferenceSeat:
    """Hold a seat of a conference, or raise `NotFound`."""
    here = (ConferenceSeat.id == seat_id, ConferenceSeat.conference_id == conference.id)
    held = select(ConferenceSeat).where(*here).with_for_update()
    seat = current().scalar(held.execution_options(populate_existing=True))
    if seat is None:
        raise NotFound
    return seat


def list_seats(conference: Conference) -> list[ConferenceSeat]:
    """Return the units at the table, as they are once the conference is held."""
    here = (ConferenceSeat.conference_id == conference.id, ConferenceSeat.state != SeatState.REMOVED)
    found = select(ConferenceSeat).where(*here).order_by(ConferenceSeat.id)
    return list(current().scalars(found.execution_options(populate_existing=True)))


def tell_case(actor: Actor, conference: Conference, kind: str, about: UUID) -> None:
    """Write into the case what a unit answered or did; tasks about the same are done with it."""
    file = file_of(conference)
    note_from_outside(actor, file.case_id, kind, about=about, code=conference.code)


def file_of(conference: Conference) -> ConferenceFile:
    """Return what only the case has of a conference."""
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
