"""What a unit sees of the bundles that are addressed to it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, select

from casemgr.audit import service as audit
from casemgr.db import current, prefetch
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission, may, visible
from casemgr.referrals.models import Bundle
from casemgr.referrals.rules import CONTENT, CONTENT_SHOWN, OFFER, RECORD, SHELTER, WAITING
from casemgr.shelters.models import Stay
from casemgr.shelters.rules import LIVE as LIVE_STAYS
from casemgr.units.models import Unit

INBOX = 200
"""How many bundles the inbox holds at the most, those first that soon cannot be read any more."""


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
    corrected: dict[str, datetime]
    """What of it was put right after sending, and when."""
    has_record: bool


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
    # Not under the key of the bundle: which half was read stays in the log when that key is destroyed.
    audit.seen(actor, "bundle", bundle.id, fields)
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
        corrected=_corrected(bundle, OFFER + (CONTENT if shows_content else ())),
        has_record=RECORD in answer,
    )


def _corrected(bundle: Bundle, shown: tuple[str, ...]) -> dict[str, datetime]:
    marks = bundle.offer.get("corrected", {})
    return {name: datetime.fromisoformat(marks[name]) for name in shown if name in marks}


def is_taken_back(actor: Actor, bundle_id: UUID) -> bool:
    """Say whether a bundle that the actor could have read was taken back lately; nothing of it is left."""
    found = select(Bundle.id).where(Bundle.id == bundle_id, _taken_back(actor))
    return current().scalar(found) is not None


def list_taken_back(actor: Actor) -> list[tuple[str, date]]:
    """Return which units have lately taken something back that the actor could have read, and when sent."""
    found = (
        select(Unit.name, Bundle.sent_day)
        .join(Unit, Unit.id == Bundle.from_unit_id)
        .where(_taken_back(actor))
        .order_by(Bundle.sent_day.desc(), Bundle.id)
        .limit(INBOX)
    )
    return [(name, sent_day) for name, sent_day in current().execute(found)]


def _taken_back(actor: Actor) -> ColumnElement[bool]:
    return Bundle.is_taken_back_from(actor) if may(actor, Permission.REFERRAL_INBOX) else false()


def list_inbox(actor: Actor, *, only_waiting: bool = False, most: int = INBOX) -> list[InboxRow]:
    """Return what waits for an answer of the actor's unit, the most urgent first, then what was accepted.

    The hour is sealed: all that may be among the most urgent are opened, and only those shown are on record.
    """
    found = (
        select(Bundle, Unit.name)
        .join(Unit, Unit.id == Bundle.from_unit_id)
        .where(visible(actor, Permission.REFERRAL_INBOX, Bundle))
        .order_by(Bundle.state.not_in(WAITING), Bundle.expires_day, Bundle.id)
        .limit(INBOX)
    )
    if only_waiting:
        found = found.where(Bundle.state.in_(WAITING))
    pairs = [(bundle, name) for bundle, name in current().execute(found)]
    prefetch(current(), [bundle for bundle, _ in pairs], "offer")
    rows = [
        InboxRow(
            bundle_id=bundle.id,
            state=bundle.state,
            from_unit=name,
            offer=bundle.offer,
            due_at=datetime.fromisoformat(bundle.offer["due_at"]),
        )
        for bundle, name in pairs
    ]
    shown = sorted(rows, key=lambda row: (row.state not in WAITING, row.due_at))[:most]
    if shown:
        audit.listed(actor, "bundle", [row.bundle_id for row in shown], fields=("offer",))
    return shown


def count_inbox(actor: Actor) -> int:
    """Return how many bundles wait for an answer of the actor's unit."""
    waiting = select(func.count(Bundle.id)).where(
        Bundle.state.in_(WAITING), visible(actor, Permission.REFERRAL_INBOX, Bundle)
    )
    return current().scalar(waiting) or 0


def is_stay(actor: Actor, bundle_id: UUID) -> bool:
    """Say whether a bundle in reach asks for a place to stay."""
    bundle = get_bundle(actor, bundle_id, Permission.REFERRAL_ANSWER)
    audit.seen(actor, "bundle", bundle.id, ("offer",))
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
