"""What the case worker does with a sent referral: take it back, or record what was said by telephone."""

from uuid import UUID

from casemgr.codes import lists
from casemgr.errors import Conflict
from casemgr.policy import Actor, Permission
from casemgr.referrals.queries import get_referral
from casemgr.referrals.rules import Party, ReferralState
from casemgr.referrals.service import steps


def record_phone_acceptance(
    actor: Actor,
    case_id: UUID,
    referral_id: UUID,
    *,
    spoke_with: str | None = None,
    note: str | None = None,
    exceed: str = "",
) -> None:
    """Record that the unit said yes by telephone; raises Refused `no_bed` unless `exceed` says why not."""
    pair = held(actor, case_id, referral_id)
    steps.accept(actor, pair, exceed=exceed, by_phone=True, spoke_with=spoke_with, text=note)


def record_phone_refusal(
    actor: Actor, case_id: UUID, referral_id: UUID, reason: str, note: str | None = None
) -> None:
    """Record that the unit said no by telephone."""
    if reason not in lists.get("referral_decline_reason"):
        raise Conflict("reason", "unknown")
    pair = held(actor, case_id, referral_id)
    steps.end(actor, pair, ReferralState.DECLINED, by_phone=True, reason=reason, text=note)


def record_phone_arrival(actor: Actor, case_id: UUID, referral_id: UUID) -> None:
    """Record that she has come, as the unit or she herself told."""
    steps.arrive(actor, held(actor, case_id, referral_id), by_phone=True)


def record_phone_begin(actor: Actor, case_id: UUID, referral_id: UUID) -> None:
    """Record that the service has begun, as the unit or she herself told."""
    steps.begin(actor, held(actor, case_id, referral_id), by_phone=True)


def record_phone_no_show(actor: Actor, case_id: UUID, referral_id: UUID) -> None:
    """Record that she did not come, as the unit or she herself told."""
    steps.end(actor, held(actor, case_id, referral_id), ReferralState.DID_NOT_COME, by_phone=True)


def record_phone_end(
    actor: Actor,
    case_id: UUID,
    referral_id: UUID,
    *,
    left_to: str | None = None,
    safety: str | None = None,
    needs_met: str | None = None,
    note: str | None = None,
) -> None:
    """Record that the service was given, as the unit or she herself told."""
    steps.check_end(left_to, needs_met, safety)
    pair = held(actor, case_id, referral_id)
    steps.complete(actor, pair, left_to=left_to, safety=safety, needs_met=needs_met, by_phone=True, text=note)


def recall(actor: Actor, case_id: UUID, referral_id: UUID, reason: str | None = None) -> None:
    """Take a referral back: from this moment the recipient's copy opens nowhere."""
    steps.end(actor, held(actor, case_id, referral_id), ReferralState.RECALLED, text=reason)


def withdraw(actor: Actor, case_id: UUID, referral_id: UUID, reason: str | None = None) -> None:
    """Record that the survivor no longer wants it, in whatever state it is."""
    steps.end(actor, held(actor, case_id, referral_id), ReferralState.WITHDRAWN, text=reason)


def held(actor: Actor, case_id: UUID, referral_id: UUID) -> steps.Pair:
    """Hold a referral of a case that the actor may refer from; raises `NotFound`."""
    referral = get_referral(actor, case_id, referral_id, Permission.REFERRAL_SEND)
    return steps.hold(Party.SENDER, referral.bundle_id)
