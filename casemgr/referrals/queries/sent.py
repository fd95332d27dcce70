"""What the case worker sees of the referrals of a case, and which of them the clock asks about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from casemgr import clock
from casemgr.accounts.queries import list_names
from casemgr.audit import service as audit
from casemgr.audit.rules import INSTALLATION
from casemgr.cases.queries import get_case
from casemgr.codes import lists
from casemgr.db import current
from casemgr.duty.queries import list_away_ids
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission
from casemgr.referrals.models import Bundle, Referral
from casemgr.referrals.queries.log import Trace, list_traces
from casemgr.referrals.queries.phones import find_phones, list_readers
from casemgr.referrals.rules import LIVE, WAITING, is_over, next_alarm
from casemgr.shelters.queries import find_way
from casemgr.units.models import Unit

_STATES_OF = select(Referral.state).where(Referral.case_id == bindparam("case_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRow:
    """A referral in the list of its case."""

    referral_id: UUID
    service: str
    to_unit: str
    state: str
    sent_day: date
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralView:
    """A referral as the case worker sees it."""

    referral_id: UUID
    version: int
    state: str
    bundle_id: UUID
    to_unit_id: UUID
    to_unit: str
    to_phone: str
    request: dict[str, Any]
    outcome: dict[str, Any]
    due_at: datetime
    sent_at: datetime
    traces: tuple[Trace, ...]
    way: dict[str, Any] | None
    has_staff: bool
    named: str
    """Who alone is to open it, where somebody was named, with who stands in while she is away."""


def get_referral(
    actor: Actor, case_id: UUID, referral_id: UUID, permission: Permission = Permission.REFERRAL_READ
) -> Referral:
    """Return a referral of a case on which the actor has the permission, or raise `NotFound`."""
    case = get_case(actor, case_id, permission)
    found = current().scalar(select(Referral).where(Referral.id == referral_id, Referral.case_id == case.id))
    if found is None:
        raise NotFound
    return found


def open_referral(actor: Actor, case_id: UUID, referral_id: UUID) -> ReferralView:
    """Return a referral to be shown, with who of the recipient has opened it; the reading is written down."""
    referral = get_referral(actor, case_id, referral_id)
    audit.seen(actor, "referral", referral.id, ("request", "outcome"), scope=("case", case_id))
    unit = current().get_one(Unit, referral.to_unit_id)
    request = referral.request
    return ReferralView(
        referral_id=referral.id,
        version=referral.version,
        state=referral.state,
        bundle_id=referral.bundle_id,
        to_unit_id=unit.id,
        to_unit=unit.name,
        to_phone=find_phones(actor, [unit]).get(unit.id, ""),
        request=request,
        outcome=referral.outcome or {},
        due_at=datetime.fromisoformat(request["due_at"]),
        sent_at=datetime.fromisoformat(request["sent_at"]),
        traces=list_traces(actor, referral),
        way=find_way(actor, unit.id, referral.bundle_id),
        has_staff=bool(list_readers(unit.id, request)),
        named=_named(actor, request),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a unit was told, as the sender puts it right."""

    state: str
    service: str
    values: dict[str, Any]


def open_told(actor: Actor, case_id: UUID, referral_id: UUID) -> Told:
    """Return what the recipient of a referral can read, empty once it is over, and write the reading down."""
    referral = get_referral(actor, case_id, referral_id, Permission.REFERRAL_SEND)
    audit.seen(actor, "referral", referral.id, ("request", "shared"), scope=("case", case_id))
    service = referral.request["service"]
    if referral.state not in LIVE:
        return Told(state=referral.state, service=service, values={})
    bundle = current().get_one(Bundle, referral.bundle_id)
    return Told(state=referral.state, service=service, values={**bundle.offer, **bundle.content})


def _named(actor: Actor, request: dict[str, Any]) -> str:
    if not request.get("named"):
        return ""
    named_id = UUID(request["named"])
    covers = list_away_ids(actor, [named_id]).get(named_id, [])
    names = list_names(actor, [named_id, *covers])
    return " → ".join(names.get(account_id, "") for account_id in (named_id, *covers))


def list_referrals(actor: Actor, case_id: UUID) -> list[ReferralRow]:
    """Return the referrals of a case, those that wait first, then the newest."""
    case = get_case(actor, case_id, Permission.REFERRAL_READ)
    found = (
        select(Referral, Unit.name)
        .join(Unit, Unit.id == Referral.to_unit_id)
        .where(Referral.case_id == case.id)
    )
    rows = [
        ReferralRow(
            referral_id=referral.id,
            service=referral.request["service"],
            to_unit=name,
            state=referral.state,
            sent_day=referral.sent_day,
            due_at=datetime.fromisoformat(referral.request["due_at"]),
        )
        for referral, name in current().execute(found)
    ]
    if rows:
        audit.seen(actor, "case", case.id, ("referrals",), scope=("case", case.id))
    return sorted(rows, key=lambda row: (is_over(row.state), -row.due_at.timestamp()))


def list_open(actor: Actor, case_id: UUID, services: Collection[str]) -> dict[str, list[ReferralRow]]:
    """Return the live referrals of a case for each of some services: another would be asked beside them."""
    live = [row for row in list_referrals(actor, case_id) if row.state in LIVE]
    return {service: [row for row in live if row.service == service] for service in services}


def is_read_here(actor: Actor, case_id: UUID, referral_id: UUID) -> bool:
    """Say whether anybody of the unit that is asked can open a referral here."""
    referral = get_referral(actor, case_id, referral_id)
    return bool(list_readers(referral.to_unit_id, referral.request))


def count_referrals(actor: Actor, case_id: UUID) -> tuple[int, int]:
    """Return how many referrals a case has, and how many of them are live; nothing sealed is read."""
    case = get_case(actor, case_id, Permission.REFERRAL_READ)
    states = current().scalars(_STATES_OF, {"case_id": case.id}).all()
    return len(states), sum(state in LIVE for state in states)


def list_overdue_ids(actor: Actor, case_id: UUID) -> list[UUID]:
    """Return the referrals of a case whose time is over for good."""
    case = get_case(actor, case_id, Permission.REFERRAL_READ)
    stale = (
        select(Referral.id)
        .join(Bundle, Bundle.id == Referral.bundle_id)
        .where(Referral.case_id == case.id, is_stale())
    )
    return list(current().scalars(stale))


def is_stale() -> ColumnElement[bool]:
    """Return the filter of live bundles whose last day is over; no clock ends a stay at an address."""
    return and_(Bundle.state.in_(LIVE), Bundle.expires_day < clock.today(), ~Bundle.is_lived_in())


def list_units_to_tick(actor: Actor) -> list[UUID]:
    """Return the units some of whose referrals a clock may ask about; for the installation alone."""
    if actor.account_id != INSTALLATION:
        raise NotFound
    ticking = select(Bundle.from_unit_id).where(or_(Bundle.state.in_(LIVE), is_stale()))
    return sorted(current().scalars(ticking.distinct()))


def list_late_ids(actor: Actor, case_id: UUID) -> list[UUID]:
    """Return the referrals of a case about which the unit is to be reminded, or the sender told."""
    case = get_case(actor, case_id, Permission.REFERRAL_READ)
    waiting = select(Referral).where(Referral.case_id == case.id, Referral.state.in_(WAITING))
    now = clock.now()
    return [
        referral.id
        for referral in current().scalars(waiting)
        if next_alarm(referral.request, minutes_of(referral.request), now) is not None
    ]


def minutes_of(request: dict[str, Any]) -> int:
    """Return after how many minutes the unit is reminded of a request, by its urgency."""
    return int(lists.attribute("urgency", request["urgency"], "remind_minutes"))
