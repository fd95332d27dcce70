"""What the case worker does with a sent referral: take it back, or record what was said by telephone."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from casemgr import clock, db
from casemgr.cases.models import Case
from casemgr.codes import lists
from casemgr.db import current
from casemgr.errors import Conflict
from casemgr.policy import Actor, Permission, visible
from casemgr.referrals.models import Bundle, Referral
from casemgr.referrals.queries import get_referral, list_overdue_ids
from casemgr.referrals.rules import ReferralState
from casemgr.referrals.service import steps


def record_phone_acceptance(
    actor: Actor,
    case_id: UUID,
    referral_id: UUID,
    *,
    spoke_with: str | None = None,
    note: str | None = None,
    exceed: bool = False,
) -> None:
    """Record that the unit said yes by telephone; raises Refused `no_bed` unless it knowingly exceeds."""
    pair = _held(actor, case_id, referral_id)
    steps.accept(actor, pair, exceed=exceed, by_phone=True, spoke_with=spoke_with, text=note)


def record_phone_refusal(
    actor: Actor, case_id: UUID, referral_id: UUID, reason: str, note: str | None = None
) -> None:
    """Record that the unit said no by telephone."""
    if reason not in lists.get("referral_decline_reason"):
        raise Conflict("reason", "unknown")
    pair = _held(actor, case_id, referral_id)
    steps.end(actor, pair, ReferralState.DECLINED, by_phone=True, reason=reason, text=note)


def record_phone_arrival(actor: Actor, case_id: UUID, referral_id: UUID) -> None:
    """Record that she has come, as the unit or she herself told."""
    steps.arrive(actor, _held(actor, case_id, referral_id), by_phone=True)


def record_phone_no_show(actor: Actor, case_id: UUID, referral_id: UUID) -> None:
    """Record that she did not come, as the unit or she herself told."""
    steps.end(actor, _held(actor, case_id, referral_id), ReferralState.DID_NOT_COME, by_phone=True)


def record_phone_end(
    actor: Actor, case_id: UUID, referral_id: UUID, *, left_to: str | None = None, note: str | None = None
) -> None:
    """Record that the service was given, as the unit or she herself told."""
    if left_to is not None and left_to not in lists.get("stay_end_reason"):
        raise Conflict("left_to", "unknown")
    steps.complete(actor, _held(actor, case_id, referral_id), left_to=left_to, by_phone=True, text=note)


def recall(actor: Actor, case_id: UUID, referral_id: UUID, reason: str | None = None) -> None:
    """Take a referral back: from this moment the recipient's copy opens nowhere."""
    steps.end(actor, _held(actor, case_id, referral_id), ReferralState.RECALLED, text=reason)


def withdraw(actor: Actor, case_id: UUID, referral_id: UUID, reason: str | None = None) -> None:
    """Record that the survivor no longer wants it, in whatever state it is."""
    steps.end(actor, _held(actor, case_id, referral_id), ReferralState.WITHDRAWN, text=reason)


def expire_due(actor: Actor) -> int:
    """End the referrals in the actor's reach that nobody answered while they could be; returns how many."""
    late = (
        select(Referral.bundle_id)
        .join(Bundle, Bundle.id == Referral.bundle_id)
        .join(Case, Case.id == Referral.case_id)
        .where(
            Referral.state == ReferralState.SENT,
            Bundle.expires_day < clock.today(),
            visible(actor, Permission.REFERRAL_SEND, Case),
        )
    )
    bundle_ids = sorted(current().scalars(late))
    for bundle_id in bundle_ids:
        steps.end(actor, steps.hold(bundle_id), ReferralState.EXPIRED)
    return len(bundle_ids)


def expire_later(actor: Actor, case_id: UUID) -> bool:
    """Let a page that only reads end the unanswered referrals of its case after it; says whether any."""
    late = list_overdue_ids(actor, case_id)
    for referral_id in late:
        db.afterwards(_expiry(actor, case_id, referral_id))
    return bool(late)


def _expiry(actor: Actor, case_id: UUID, referral_id: UUID) -> Callable[[], None]:
    def expire() -> None:
        if referral_id in list_overdue_ids(actor, case_id):
            steps.end(actor, _held(actor, case_id, referral_id), ReferralState.EXPIRED)

    return expire


def _held(actor: Actor, case_id: UUID, referral_id: UUID) -> steps.Pair:
    referral = get_referral(actor, case_id, referral_id, Permission.REFERRAL_SEND)
    return steps.hold(referral.bundle_id)
