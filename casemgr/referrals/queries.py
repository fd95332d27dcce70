"""What the case worker sees of a referral, and, quite apart from it, what the recipient sees of a bundle."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from casemgr import clock
from casemgr.accounts.models import Account
from casemgr.audit import service as audit
from casemgr.audit.queries import list_readers_of
from casemgr.audit.rules import INSTALLATION
from casemgr.cases.queries import get_case
from casemgr.db import current
from casemgr.errors import NotFound
from casemgr.policy import GRANTS, Actor, Permission, visible
from casemgr.referrals.models import Bundle, Referral
from casemgr.referrals.rules import CONTENT_SHOWN, LIVE, SHELTER, ReferralState, is_over
from casemgr.shelters.models import Stay
from casemgr.shelters.queries import BoardRow, find_beds, find_way, list_phones
from casemgr.shelters.rules import LIVE as LIVE_STAYS
from casemgr.units.models import Unit
from casemgr.units.queries import list_providers


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A bundle in the inbox of a unit."""

    bundle_id: UUID
    state: str
    from_unit: str
    offer: dict[str, Any]
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleView:
    """A bundle as the recipient may read it now: before a yes `content` is empty."""

    bundle_id: UUID
    version: int
    state: str
    from_unit: str
    from_phone: str
    offer: dict[str, Any]
    due_at: datetime
    content: dict[str, Any]
    answered_at: datetime | None


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
    to_unit_id: UUID
    to_unit: str
    to_phone: str
    request: dict[str, Any]
    outcome: dict[str, Any]
    due_at: datetime
    sent_at: datetime
    seen: tuple[tuple[datetime, UUID | None], ...]
    way: dict[str, Any] | None
    has_staff: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A unit that can be asked for a service; `beds` only for an address."""

    unit_id: UUID
    name: str
    kind: str
    phone: str
    has_staff: bool
    beds: BoardRow | None = None

    @property
    def rank(self) -> tuple[bool, bool]:
        """Those with a free bed come first, then those whose keeper can answer here."""
        return (self.beds is not None and not self.beds.takes_people, not self.has_staff)


def get_bundle(actor: Actor, bundle_id: UUID, permission: Permission = Permission.REFERRAL_INBOX) -> Bundle:
    """Return a bundle that is addressed to the actor's unit and live, or raise `NotFound`."""
    found = current().scalar(
        select(Bundle).where(Bundle.id == bundle_id, visible(actor, permission, Bundle)).limit(1)
    )
    if found is None:
        raise NotFound
    return found


def open_bundle(actor: Actor, bundle_id: UUID) -> BundleView:
    """Return a bundle to be shown, and write down which half of it was read."""
    bundle = get_bundle(actor, bundle_id)
    shows_content = bundle.state in CONTENT_SHOWN
    fields = ("offer", "content") if shows_content else ("offer",)
    audit.seen(actor, "bundle", bundle.id, fields, scope=("bundle", bundle.id))
    asking = current().get_one(Unit, bundle.from_unit_id)
    answer = bundle.answer or {}
    return BundleView(
        bundle_id=bundle.id,
        version=bundle.version,
        state=bundle.state,
        from_unit=asking.name,
        from_phone=asking.duty_phone or "",
        offer=bundle.offer,
        due_at=datetime.fromisoformat(bundle.offer["due_at"]),
        content=bundle.content if shows_content else {},
        answered_at=datetime.fromisoformat(answer["at"]) if answer else None,
    )


def list_inbox(actor: Actor, *, only_waiting: bool = False) -> list[InboxRow]:
    """Return what waits for an answer of the actor's unit, the most urgent first, then what was accepted."""
    found = (
        select(Bundle, Unit.name)
        .join(Unit, Unit.id == Bundle.from_unit_id)
        .where(visible(actor, Permission.REFERRAL_INBOX, Bundle))
        .limit(200)
    )
    if only_waiting:
        found = found.where(Bundle.state == ReferralState.SENT)
    rows = [
        InboxRow(
            bundle_id=bundle.id,
            state=bundle.state,
            from_unit=name,
            offer=bundle.offer,
            due_at=datetime.fromisoformat(bundle.offer["due_at"]),
        )
        for bundle, name in current().execute(found)
    ]
    if rows:
        audit.listed(actor, "bundle", [row.bundle_id for row in rows], fields=("offer",))
    return sorted(rows, key=lambda row: (row.state != ReferralState.SENT, row.due_at))


def count_inbox(actor: Actor) -> int:
    """Return how many bundles wait for an answer of the actor's unit."""
    waiting = select(func.count(Bundle.id)).where(
        Bundle.state == ReferralState.SENT, visible(actor, Permission.REFERRAL_INBOX, Bundle)
    )
    return current().scalar(waiting) or 0


def is_stay(actor: Actor, bundle_id: UUID) -> bool:
    """Say whether a bundle in reach asks for a place to stay."""
    bundle = get_bundle(actor, bundle_id, Permission.REFERRAL_ANSWER)
    audit.seen(actor, "bundle", bundle.id, ("offer",), scope=("bundle", bundle.id))
    return bool(bundle.offer["service"] == SHELTER)


def list_stays(actor: Actor) -> list[tuple[Stay, Bundle]]:
    """Return who is expected or stays at the actor's own address; whoever has left is not shown."""
    found = (
        select(Stay, Bundle)
        .join(Bundle, Bundle.id == Stay.bundle_id)
        .where(visible(actor, Permission.REFERRAL_ANSWER, Bundle), Stay.state.in_(LIVE_STAYS))
        .order_by(Stay.state, Stay.promised_day, Stay.id)
    )
    stays = [(stay, bundle) for stay, bundle in current().execute(found)]
    if stays:
        audit.listed(actor, "stay", [stay.id for stay, _ in stays], fields=("group",))
    return stays


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
        to_unit_id=unit.id,
        to_unit=unit.name,
        to_phone=_phones(actor, [unit]).get(unit.id, ""),
        request=request,
        outcome=referral.outcome or {},
        due_at=datetime.fromisoformat(request["due_at"]),
        sent_at=datetime.fromisoformat(request["sent_at"]),
        seen=_readings(actor, referral),
        way=find_way(actor, unit.id, referral.bundle_id),
        has_staff=unit.id in _staffed([unit.id]),
    )


def _readings(actor: Actor, referral: Referral) -> tuple[tuple[datetime, UUID | None], ...]:
    """Return who of the recipient opened the bundle, each with the first time."""
    entries = list_readers_of(actor, "bundle", referral.bundle_id)
    first = {
        entry.actor_id: entry.at
        for entry in entries
        if entry.action == "bundle:read" and entry.unit_id == referral.to_unit_id
    }
    return tuple(sorted(((at, reader) for reader, at in first.items()), key=lambda reading: reading[0]))


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


def count_referrals(actor: Actor, case_id: UUID) -> tuple[int, int]:
    """Return how many referrals a case has, and how many of them are live; nothing sealed is read."""
    case = get_case(actor, case_id, Permission.REFERRAL_READ)
    states = list(current().scalars(select(Referral.state).where(Referral.case_id == case.id)))
    return len(states), sum(state in LIVE for state in states)


def list_overdue_ids(actor: Actor, case_id: UUID) -> list[UUID]:
    """Return the referrals of a case whose time for an answer is over for good."""
    case = get_case(actor, case_id, Permission.REFERRAL_READ)
    late = (
        select(Referral.id)
        .join(Bundle, Bundle.id == Referral.bundle_id)
        .where(
            Referral.case_id == case.id,
            Referral.state == ReferralState.SENT,
            Bundle.expires_day < clock.today(),
        )
    )
    return list(current().scalars(late))


def list_units_with_overdue(actor: Actor) -> list[UUID]:
    """Return the units with a referral that nobody answered in time; for the installation alone."""
    if actor.account_id != INSTALLATION:
        raise NotFound
    late = (
        select(Bundle.from_unit_id)
        .where(Bundle.state == ReferralState.SENT, Bundle.expires_day < clock.today())
        .distinct()
    )
    return sorted(current().scalars(late))


def list_choices(actor: Actor, service: str) -> list[Provider]:
    """Return the units that can be asked for a service; addresses with a free bed come first."""
    units = list_providers(actor, service)
    ids = [unit.id for unit in units]
    beds = find_beds(actor, ids) if service == SHELTER else {}
    phones, staffed = _phones(actor, units), _staffed(ids)
    providers = [
        Provider(
            unit_id=unit.id,
            name=unit.name,
            kind=unit.kind,
            phone=phones.get(unit.id, ""),
            has_staff=unit.id in staffed,
            beds=beds.get(unit.id),
        )
        for unit in units
    ]
    return sorted(providers, key=lambda provider: provider.rank)


def list_answerers(actor: Actor, unit_id: UUID) -> list[tuple[UUID, str]]:
    """Return who could answer for a unit that can be asked, so that somebody can be left out."""
    return sorted(
        (
            (account.id, account.name or "")
            for account in _answering([unit_id])
            if account.id != actor.account_id
        ),
        key=lambda person: person[1],
    )


def _staffed(unit_ids: Collection[UUID]) -> set[UUID]:
    return {account.unit_id for account in _answering(unit_ids)}


def _answering(unit_ids: Collection[UUID]) -> list[Account]:
    """Return the accounts whose roles may answer; units without any are asked by telephone."""
    active = select(Account).where(Account.unit_id.in_(unit_ids), Account.state == "active")
    answering = {role for role, grants in GRANTS.items() if Permission.REFERRAL_ANSWER in grants}
    return [account for account in current().scalars(active) if account.roles & answering]


def _phones(actor: Actor, units: Collection[Unit]) -> dict[UUID, str]:
    public = {unit.id: unit.duty_phone for unit in units if unit.duty_phone}
    return public | list_phones(actor, [unit.id for unit in units])
