"""What a keeper sees of the people who stay with her now, and a case worker of the same stay; nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from casemgr.audit import service as audit
from casemgr.cases.models import Bar, Case
from casemgr.db import among, current, prefetch
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission, visible
from casemgr.referrals.models import Bundle, BundleExclusion, Referral
from casemgr.referrals.queries import get_referral
from casemgr.referrals.rules import LIVE as LIVE_REFERRALS
from casemgr.shelters.models import AddressIncident, Stay, StayEntry, StayPerson, TrustedAddress
from casemgr.shelters.queries import managed
from casemgr.shelters.rules import LIVE, AddressState, EntryKind, StayState, longest_until, totals
from casemgr.statistics import service as statistics
from casemgr.statistics.service import Tier
from casemgr.stays.reports import PeriodicContent, Published, Released
from casemgr.stays.rules import Span, SpanFigures, Told, add_up
from casemgr.units.models import Unit
from casemgr.units.queries import get_own_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A live stay and from which side the actor looks at it."""

    bundle_id: UUID
    is_keeper: bool
    case_id: UUID
    referral_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a stay with its id."""

    id: UUID
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StayView:
    """A live stay as both sides may read it."""

    bundle_id: UUID
    is_keeper: bool
    case_id: UUID | None
    referral_id: UUID | None
    version: int
    state: str
    since_day: date
    until_day: date | None
    longest_day: date | None
    is_exposed: bool
    group: dict[str, Any]
    people: tuple[Line, ...]
    entries: tuple[Line, ...]

    def of(self, kind: str) -> list[Line]:
        """Return the entries of one kind, the newest first."""
        return [line for line in reversed(self.entries) if line.content["kind"] == kind]

    def supply(self, entry_id: UUID) -> Line:
        """Return something that was given, or raise `NotFound`."""
        found = next((line for line in self.of(EntryKind.SUPPLY) if line.id == entry_id), None)
        if found is None:
            raise NotFound
        return found

    @property
    def writers(self) -> set[UUID]:
        """Who wrote, corrected or confirmed an entry."""
        found = [line.content.get(name) for line in self.entries for name in ("by", "taken_by")]
        found += [one["changed_by"] for line in self.entries for one in line.content.get("before", ())]
        return {UUID(writer) for writer in found if writer}

    @property
    def cost(self) -> int:
        """What was spent so far."""
        cost: int = totals(line.content for line in self.entries)["cost"]
        return cost


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """An incident in the supervisor's list."""

    incident_id: UUID
    unit_id: UUID
    name: str
    version: int
    state: str
    told_day: date
    content: dict[str, Any]
    decision: dict[str, Any]


def find_seat(actor: Actor, bundle_id: UUID, sender: Permission = Permission.REFERRAL_READ) -> Seat:
    """Return a live stay in the actor's reach, or raise `NotFound`.

    A keeper reaches those of the own address that are not kept from her, a case worker those of the own
    cases. Whoever has left is in nobody's reach: the case has its record.
    """
    live = (
        select(Referral.case_id, Referral.id)
        .join(Bundle, Bundle.id == Referral.bundle_id)
        .join(Stay, Stay.bundle_id == Bundle.id)
        .where(Bundle.id == bundle_id, Stay.state.in_(LIVE))
    )
    kept = current().execute(live.where(visible(actor, Permission.REFERRAL_ANSWER, Bundle))).first()
    found = kept
    if found is None:
        sent = live.join(Case, Case.id == Referral.case_id).where(visible(actor, sender, Case))
        found = current().execute(sent).first()
    if found is None:
        raise NotFound
    return Seat(bundle_id=bundle_id, is_keeper=kept is not None, case_id=found[0], referral_id=found[1])


def open_stay(actor: Actor, bundle_id: UUID) -> StayView:
    """Return a live stay to be shown; the reading is written down."""
    seat = find_seat(actor, bundle_id)
    stay = current().scalars(select(Stay).where(Stay.bundle_id == bundle_id)).one()
    people = list(current().scalars(select(StayPerson).where(StayPerson.stay_id == stay.id)))
    entries = list(current().scalars(select(StayEntry).where(StayEntry.stay_id == stay.id)))
    prefetch(current(), people, "person")
    prefetch(current(), entries, "content")
    audit.seen(actor, "stay", stay.id, ("group", "people", "entries"), scope=("bundle", bundle_id))
    state = current().scalar(select(TrustedAddress.state).where(TrustedAddress.unit_id == stay.unit_id))
    return StayView(
        bundle_id=bundle_id,
        is_keeper=seat.is_keeper,
        case_id=None if seat.is_keeper else seat.case_id,
        referral_id=None if seat.is_keeper else seat.referral_id,
        version=stay.version,
        state=stay.state,
        since_day=stay.arrived_day or stay.promised_day,
        until_day=stay.until_day,
        longest_day=longest_until(stay.arrived_day) if stay.arrived_day else None,
        is_exposed=state == AddressState.EXPOSED,
        group=stay.group,
        people=_lines(people, "person", "came_on"),
        entries=_lines(entries, "content", "at"),
    )


def _lines(rows: Sequence[Any], name: str, order: str) -> tuple[Line, ...]:
    lines = (Line(id=row.id, content=getattr(row, name)) for row in rows)
    return tuple(sorted(lines, key=lambda line: (line.content[order], line.id)))


def list_incidents(actor: Actor) -> list[IncidentRow]:
    """Return what was told about the addresses of the actor's commune, the undecided first.

    What touches a stay whose case the actor is barred from does not exist for that actor.
    """
    found = (
        select(AddressIncident, Unit.name)
        .join(Unit, Unit.id == AddressIncident.unit_id)
        .where(may_decide(actor))
        .order_by(AddressIncident.state, AddressIncident.told_day.desc(), AddressIncident.id)
        .limit(200)
    )
    pairs = [(incident, name) for incident, name in current().execute(found)]
    prefetch(current(), [incident for incident, _ in pairs], "content", "decision")
    if pairs:
        audit.listed(actor, "address_incident", [incident.id for incident, _ in pairs], fields=("content",))
    return [_incident(incident, name) for incident, name in pairs]


def count_undecided(actor: Actor) -> int:
    """Count the incidents at addresses that wait for the actor's decision."""
    waiting = select(func.count()).select_from(AddressIncident)
    return current().scalar(waiting.where(AddressIncident.state == "open", may_decide(actor))) or 0


def open_incident(actor: Actor, incident_id: UUID) -> IncidentRow:
    """Return one incident, or raise `NotFound`."""
    found = select(AddressIncident, Unit.name).join(Unit, Unit.id == AddressIncident.unit_id)
    pair = current().execute(found.where(AddressIncident.id == incident_id, may_decide(actor))).first()
    if pair is None:
        raise NotFound
    incident: AddressIncident = pair[0]
    scope = ("unit", incident.unit_id)
    audit.seen(actor, "address_incident", incident.id, ("content", "decision"), scope=scope)
    return _incident(incident, pair[1])


def may_decide(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of the incidents that the actor decides on."""
    own = among(AddressIncident.unit_id, select(TrustedAddress.unit_id).where(managed(actor)))
    return own & ~_is_kept_from(actor, AddressIncident.bundle_id)


def _is_kept_from(actor: Actor, bundle_id: Any) -> ColumnElement[bool]:
    """Return the filter of stays whose case has a bar against the actor, or whose referral leaves her out."""
    barred = exists().where(
        Referral.bundle_id == bundle_id,
        Bar.case_id == Referral.case_id,
        Bar.account_id == actor.account_id,
        Bar.lifted_day.is_(None),
    )
    left_out = exists().where(
        BundleExclusion.bundle_id == bundle_id, BundleExclusion.account_id == actor.account_id
    )
    return or_(barred, left_out)


def count_span(actor: Actor, span: Span) -> SpanFigures:
    """Return exact figures of some days for who keeps the register: shown there, they leave by no file.

    Stays of a case that is kept from the actor are not in them.
    """
    kept = select(TrustedAddress.unit_id).where(managed(actor))
    found = select(Stay).where(
        among(Stay.unit_id, kept),
        Stay.state.in_((StayState.ARRIVED, StayState.LEFT)),
        Stay.arrived_day <= span.last,
        or_(Stay.left_day.is_(None), Stay.left_day >= span.first),
        ~_is_kept_from(actor, Stay.bundle_id),
    )
    stays = list(current().scalars(found))
    prefetch(current(), stays, "group", "leaving")
    if stays:
        audit.listed(actor, "stay", [stay.id for stay in stays], fields=("group", "leaving"))
    told = select(AddressIncident.state).where(
        may_decide(actor), AddressIncident.told_day.between(span.first, span.last)
    )
    states = list(current().scalars(told))
    return add_up(
        [_told(stay) for stay in stays], span, incidents=len(states), undecided=states.count("open")
    )


def open_outcome(actor: Actor, case_id: UUID, referral_id: UUID) -> dict[str, Any]:
    """Return how a stay of one of the actor's cases ended; raises `NotFound` while it goes on."""
    referral = get_referral(actor, case_id, referral_id)
    audit.seen(actor, "referral", referral.id, ("outcome",), scope=("case", case_id))
    outcome = referral.outcome or {}
    if referral.state in LIVE_REFERRALS or not outcome.get("stay"):
        raise NotFound
    return outcome


def _told(stay: Stay) -> Told:
    return Told(
        arrived_day=stay.arrived_day,
        left_day=stay.left_day,
        adults=stay.people.adults,
        children=stay.people.children,
        exceeds=bool(stay.group.get("exceeds")),
        leaving=stay.leaving or {},
    )


def collect_periodic(actor: Actor, span: Span, today: date, *, is_synthetic: bool) -> PeriodicContent:
    """Return what a periodic report says: published addresses, and figures that were released already."""
    found = (
        select(TrustedAddress, Unit.name)
        .join(Unit, Unit.id == TrustedAddress.unit_id)
        .where(managed(actor), TrustedAddress.is_public, Unit.is_public)
        .order_by(Unit.name)
    )
    pairs = [(address, name) for address, name in current().execute(found)]
    prefetch(current(), [address for address, _ in pairs], "details")
    if pairs:
        audit.listed(actor, "trusted_address", [address.id for address, _ in pairs], fields=("details",))
    return PeriodicContent(
        unit_name=get_own_unit(actor).name,
        span=span,
        made_on=today,
        addresses=tuple(_published(address, name) for address, name in pairs),
        released=_released(actor, span),
        is_synthetic=is_synthetic,
    )


def _published(address: TrustedAddress, name: str) -> Published:
    days = {
        key: f"{date.fromisoformat(address.details[key]):%d/%m/%Y}" if address.details.get(key) else ""
        for key in ("trained_on", "review_on")
    }
    return Published(
        name=name,
        decision_number=address.details.get("decision_number") or "",
        beds=address.adult_beds + address.child_beds,
        **days,
    )


def _released(actor: Actor, span: Span) -> Released | None:
    """Return a public figure on stays as disclosure control released it: of these days, else the latest."""
    rows = [
        row
        for row in statistics.list_tables(actor)
        if row.table_name == "stays" and row.tier == Tier.PUBLIC and row.period_to <= span.last
    ]
    if not rows:
        return None
    days = (span.first, span.last)
    row = max(rows, key=lambda one: ((one.period_from, one.period_to) == days, one.period_to))
    table = statistics.get_table(actor, row.id, door="model_report").table
    return Released(first=row.period_from, last=row.period_to, total=table.rows[0].value)


def _incident(incident: AddressIncident, name: str) -> IncidentRow:
    return IncidentRow(
        incident_id=incident.id,
        unit_id=incident.unit_id,
        name=name,
        version=incident.version,
        state=incident.state,
        told_day=incident.told_day,
        content=incident.content,
        decision=incident.decision or {},
    )
