"""What a recipient may do with a bundle of its unit; it never reaches the case behind it."""

from uuid import UUID

from casemgr.codes import lists
from casemgr.errors import Conflict
from casemgr.policy import Actor, Permission, visible
from casemgr.referrals.models import Bundle
from casemgr.referrals.rules import ReferralState
from casemgr.referrals.service import steps


def accept(actor: Actor, bundle_id: UUID, *, exceed: bool = False, note: str | None = None) -> None:
    """Take somebody in; raises Refused `no_bed` unless the keeper knowingly exceeds what was declared."""
    steps.accept(actor, _held(actor, bundle_id), exceed=exceed, text=note)


def decline(actor: Actor, bundle_id: UUID, reason: str, note: str | None = None) -> None:
    """Say no, with a reason of list `referral_decline_reason`."""
    if reason not in lists.get("referral_decline_reason"):
        raise Conflict("reason", "unknown")
    steps.end(actor, _held(actor, bundle_id), ReferralState.DECLINED, reason=reason, text=note)


def record_arrival(actor: Actor, bundle_id: UUID) -> None:
    """Record that she has come."""
    steps.arrive(actor, _held(actor, bundle_id))


def record_no_show(actor: Actor, bundle_id: UUID) -> None:
    """Record that she did not come."""
    steps.end(actor, _held(actor, bundle_id), ReferralState.DID_NOT_COME)


def complete(actor: Actor, bundle_id: UUID, *, left_to: str | None = None, note: str | None = None) -> None:
    """Record that the service was given; for a stay with where she went, of list `stay_end_reason`."""
    if left_to is not None and left_to not in lists.get("stay_end_reason"):
        raise Conflict("left_to", "unknown")
    steps.complete(actor, _held(actor, bundle_id), left_to=left_to, text=note)


def _held(actor: Actor, bundle_id: UUID) -> steps.Pair:
    return steps.hold(bundle_id, visible(actor, Permission.REFERRAL_ANSWER, Bundle))
