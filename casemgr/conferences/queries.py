"""What the case that called sees of a conference, and, quite apart from it, what an invited unit sees."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select

from casemgr import clock
from casemgr.accounts.models import Account
from casemgr.audit import service as audit
from casemgr.audit.queries import Entry, list_readers_of
from casemgr.audit.rules import INSTALLATION
from casemgr.cases.models import Case
from casemgr.cases.queries import get_case
from casemgr.codes import lists
from casemgr.conferences.models import (
    Conference,
    ConferenceAction,
    ConferenceFile,
    ConferenceSeat,
)
from casemgr.conferences.rules import CALLED_OFF, LIVE, ConferenceState, SeatState
from casemgr.db import current, prefetch
from casemgr.errors import NotFound
from casemgr.policy import GRANTS, Actor, Permission, require_role, visible
from casemgr.units.models import Unit
from casemgr.units.queries import list_units
from casemgr.units.rules import UnitState

MOST = 100
"""How many conferences or tasks stand on one page at the most."""

_OF_CASE = (
    select(Conference)
    .join(ConferenceFile, ConferenceFile.conference_id == Conference.id)
    .where(ConferenceFile.case_id == bindparam("case_id"))
    .order_by(Conference.meets_day.desc(), Conference.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceRow:
    """A conference as lists show it: by its number."""

    conference_id: UUID
    code: str
    state: str
    meets_day: date
    from_unit: str = ""
    at: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatView:
    """An invited unit and its answer."""

    seat_id: UUID | None
    unit_id: UUID | None
    unit: str
    state: str
    answer: dict[str, Any]
    has_staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """What a unit is to do."""

    action_id: UUID | None
    unit: str
    is_own: bool
    state: str
    due_day: date
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceView:
    """A conference to be shown; when it is over, from what the case kept of it."""

    conference_id: UUID
    code: str
    version: int
    state: str
    meets_day: date
    from_unit: str
    plan: dict[str, Any]
    minutes: dict[str, Any]
    seats: list[SeatView] = field(default_factory=list)
    actions: list[ActionView] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        """Whether the invited units read it now."""
        return self.state in LIVE


def list_conferences_of(actor: Actor, case_id: UUID) -> list[ConferenceRow]:
    """Return the conferences of a case, the latest first; nothing sealed is read."""
    case = get_case(actor, case_id, Permission.CONFERENCE_CALL)
    return [_row(one) for one in current().scalars(_OF_CASE, {"case_id": case.id})]


def list_coming(actor: Actor, until: date) -> list[tuple[ConferenceRow, UUID]]:
    """Return the conferences up to a day that cases in the actor's reach called, with the id of the case."""
    found = (
        select(Conference, ConferenceFile.case_id)
        .join(ConferenceFile, ConferenceFile.conference_id == Conference.id)
        .join(Case, Case.id == ConferenceFile.case_id)
        .where(
            visible(actor, Permission.CONFERENCE_CALL, Case),
            Conference.state == ConferenceState.CALLED,
            Conference.meets_day <= until,
        )
        .order_by(Conference.meets_day, Conference.id)
        .limit(MOST)
    )
    return [(_row(one), case_id) for one, case_id in current().execute(found)]


def _row(one: Conference) -> ConferenceRow:
    return ConferenceRow(conference_id=one.id, code=one.code, state=one.state, meets_day=one.meets_day)


def get_called(actor: Actor, case_id: UUID, conference_id: UUID) -> tuple[Conference, ConferenceFile]:
    """Return a conference of a case that the actor works on, with its side of the case; or `NotFound`."""
    case = get_case(actor, case_id, Permission.CONFERENCE_CALL)
    found = (
        select(Conference, ConferenceFile)
        .join(ConferenceFile, ConferenceFile.conference_id == Conference.id)
        .where(Conference.id == conference_id, ConferenceFile.case_id == case.id)
    )
    row = current().execute(found).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def open_called(actor: Actor, case_id: UUID, conference_id: UUID) -> ConferenceView:
    """Return a conference as the case that called it sees it, and write the reading down."""
    conference, file = get_called(actor, case_id, conference_id)
    audit.seen(actor, "case", case_id, ("conferences",), scope=("case", case_id))
    if conference.state in LIVE:
        return _live_view(conference, conference.from_unit_id)
    return _kept_view(conference, file.kept or {})


def get_invited(actor: Actor, conference_id: UUID) -> Conference:
    """Return a conference to which the actor's unit is invited, or raise `NotFound`."""
    here = (Conference.id == conference_id, visible(actor, Permission.CONFERENCE_ATTEND, Conference))
    found = current().scalar(select(Conference).where(*here))
    if found is None:
        raise NotFound
    return found


def open_invited(actor: Actor, conference_id: UUID) -> ConferenceView:
    """Return a conference as an invited unit sees it, and write down that it was read."""
    conference = get_invited(actor, conference_id)
    parts = ("plan", "minutes") if conference.state == ConferenceState.HELD else ("plan",)
    audit.seen(actor, "conference", conference.id, parts, scope=("conference", conference.id))
    return _live_view(conference, actor.unit_id)


def _live_view(conference: Conference, own_unit_id: UUID) -> ConferenceView:
    seats = select(ConferenceSeat, Unit.name).join(Unit, Unit.id == ConferenceSeat.unit_id)
    seats = seats.where(
        ConferenceSeat.conference_id == conference.id, ConferenceSeat.state != SeatState.REMOVED
    )
    actions = select(ConferenceAction, Unit.name).join(Unit, Unit.id == ConferenceAction.unit_id)
    actions = actions.where(ConferenceAction.conference_id == conference.id)
    found = [(seat, name) for seat, name in current().execute(seats.order_by(Unit.name))]
    staffed = _staffed({seat.unit_id for seat, _ in found})
    return ConferenceView(
        conference_id=conference.id,
        code=conference.code,
        version=conference.version,
        state=conference.state,
        meets_day=conference.meets_day,
        from_unit=current().get_one(Unit, conference.from_unit_id).name,
        plan=conference.plan,
        minutes=conference.minutes or {},
        seats=[_seat(seat, name, has_staff=seat.unit_id in staffed) for seat, name in found],
        actions=[
            _action(action, name, own_unit_id)
            for action, name in current().execute(actions.order_by(ConferenceAction.due_day, Unit.name))
        ],
    )


def _seat(seat: ConferenceSeat, name: str, *, has_staff: bool) -> SeatView:
    return SeatView(
        seat_id=seat.id,
        unit_id=seat.unit_id,
        unit=name,
        state=seat.state,
        answer=seat.answer or {},
        has_staff=has_staff,
    )


def _action(action: ConferenceAction, name: str, own_unit_id: UUID) -> ActionView:
    return ActionView(
        action_id=action.id,
        unit=name,
        is_own=action.unit_id == own_unit_id,
        state=action.state,
        due_day=action.due_day,
        content=action.content,
    )


def _kept_view(conference: Conference, kept: dict[str, Any]) -> ConferenceView:
    return ConferenceView(
        conference_id=conference.id,
        code=conference.code,
        version=conference.version,
        state=conference.state,
        meets_day=conference.meets_day,
        from_unit=current().get_one(Unit, conference.from_unit_id).name,
        plan=kept.get("plan") or {},
        minutes=kept.get("minutes") or {},
        seats=[SeatView(seat_id=None, unit_id=None, **seat) for seat in kept.get("seats") or ()],
        actions=[
            ActionView(action_id=None, is_own=False, **{**one, "due_day": date.fromisoformat(one["due_day"])})
            for one in kept.get("actions") or ()
        ],
    )


def list_invitations(actor: Actor) -> list[ConferenceRow]:
    """Return the conferences to which the actor's unit is invited, the next one first."""
    found = (
        select(Conference, Unit.name, ConferenceSeat.state)
        .join(Unit, Unit.id == Conference.from_unit_id)
        .join(ConferenceSeat, ConferenceSeat.conference_id == Conference.id)
        .where(
            ConferenceSeat.unit_id == actor.unit_id,
            visible(actor, Permission.CONFERENCE_ATTEND, Conference),
        )
        .order_by(Conference.meets_day, Conference.id)
        .limit(MOST)
    )
    rows = [(one, name, answer) for one, name, answer in current().execute(found)]
    prefetch(current(), [one for one, _, _ in rows], "plan")
    if rows:
        audit.listed(actor, "conference", [one.id for one, _, _ in rows], fields=("plan",))
    return [
        ConferenceRow(
            conference_id=one.id,
            code=one.code,
            state=one.state,
            meets_day=one.meets_day,
            from_unit=name,
            at=one.plan["at"],
            answer=answer,
        )
        for one, name, answer in rows
    ]


def list_called_off(actor: Actor) -> list[ConferenceRow]:
    """Return which meetings to come will not be, so that nobody of the unit goes there in vain.

    Number and day, nothing of what it was about: its key is destroyed. Why it ended is not told.
    """
    require_role(actor, Permission.CONFERENCE_ATTEND)
    gone = and_(Conference.state.in_(CALLED_OFF), Conference.meets_day >= clock.today())
    found = select(Conference).where(gone, Conference.is_for(actor))
    return [_row(one) for one in current().scalars(found.order_by(Conference.meets_day, Conference.id))]


def count_unanswered(actor: Actor) -> int:
    """Return how many invitations wait for an answer of the actor's unit."""
    waiting = (
        select(func.count(ConferenceSeat.id))
        .join(Conference, Conference.id == ConferenceSeat.conference_id)
        .where(
            ConferenceSeat.unit_id == actor.unit_id,
            ConferenceSeat.state == SeatState.INVITED,
            Conference.state == ConferenceState.CALLED,
            visible(actor, Permission.CONFERENCE_ATTEND, Conference),
        )
    )
    return current().scalar(waiting) or 0


def list_units_to_end(actor: Actor) -> list[UUID]:
    """Return the units that called conferences whose last day is over; for the installation alone."""
    if actor.account_id != INSTALLATION:
        raise NotFound
    return sorted(current().scalars(select(Conference.from_unit_id).where(Conference.is_over()).distinct()))


def list_unit_actions(actor: Actor, until: date) -> list[tuple[ActionView, UUID, str]]:
    """Return the open tasks of the actor's unit up to a day, with id and number of their conference."""
    found = (
        select(ConferenceAction, Conference.id, Conference.code, Unit.name)
        .join(Conference, Conference.id == ConferenceAction.conference_id)
        .join(Unit, Unit.id == ConferenceAction.unit_id)
        .where(
            ConferenceAction.state == "open",
            ConferenceAction.due_day <= until,
            visible(actor, Permission.CONFERENCE_ATTEND, ConferenceAction),
        )
        .order_by(ConferenceAction.due_day, ConferenceAction.id)
        .limit(MOST)
    )
    rows = list(current().execute(found))
    prefetch(current(), [row[0] for row in rows], "content")
    if rows:
        audit.listed(actor, "conference", [row[1] for row in rows], fields=("actions",))
    return [(_action(action, name, actor.unit_id), one, code) for action, one, code, name in rows]


def list_readers(actor: Actor, case_id: UUID, conference_id: UUID) -> list[Entry]:
    """Return who of the invited units opened a conference, newest first."""
    conference, _ = get_called(actor, case_id, conference_id)
    entries = list_readers_of(actor, "conference", conference.id)
    return [entry for entry in entries if entry.action == "conference:read"]


def list_inviteable(actor: Actor) -> list[Unit]:
    """Return the units that a conference may call together: active offices in reach but the own one.

    No address that takes people in: with it at the table the others would know where she stays.
    """
    units = [unit for unit in list_units(actor) if unit.id != actor.unit_id and _is_office(unit)]
    return [unit for unit in units if unit.state == UnitState.ACTIVE]


def _is_office(unit: Unit) -> bool:
    kind = lists.get("unit_kind").codes.get(unit.kind)
    return kind is not None and kind.attributes["level"] != "hamlet" and kind.attributes["is_address"] == "0"


def list_attending(actor: Actor, unit_ids: Collection[UUID]) -> list[tuple[UUID, str, UUID]]:
    """Return who could read a conference at some units, and where, so that somebody can be left out."""
    require_role(actor, Permission.CONFERENCE_CALL)
    accounts = _attending(unit_ids)
    prefetch(current(), accounts, "name")
    found = ((account.id, account.name or "", account.unit_id) for account in accounts)
    return sorted(found, key=lambda one: one[1])


def _staffed(unit_ids: Collection[UUID]) -> set[UUID]:
    return {account.unit_id for account in _attending(unit_ids)}


def _attending(unit_ids: Collection[UUID]) -> list[Account]:
    attending = {role for role, grants in GRANTS.items() if Permission.CONFERENCE_ATTEND in grants}
    active = select(Account).where(Account.unit_id.in_(unit_ids), Account.state == "active")
    return [account for account in current().scalars(active) if account.roles & attending]
