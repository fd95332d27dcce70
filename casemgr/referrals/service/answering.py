"""What a recipient may do with a bundle of its unit; it never reaches the case behind it."""

from uuid import UUID

from sqlalchemy import select

from casemgr import db
from casemgr.codes import lists
from casemgr.db import current
from casemgr.errors import Conflict
from casemgr.policy import Actor, Permission, visible
from casemgr.referrals.models import Bundle
from casemgr.referrals.rules import Party, ReferralState
from casemgr.referrals.service import steps


def accept(actor: Actor, bundle_id: UUID, *, exceed: str = "", note: str | None = None) -> None:
    """Take somebody in; raises Refused `no_bed` unless `exceed` says why the keeper goes over it."""
    steps.accept(actor, _held(actor, bundle_id), exceed=exceed, text=note)


def decline(actor: Actor, bundle_id: UUID, reason: str, note: str | None = None) -> None:
    """Say no, with a reason of list `referral_decline_reason`."""
    if reason not in lists.get("referral_decline_reason"):
        raise Conflict("reason", "unknown")
    steps.end(actor, _held(actor, bundle_id), ReferralState.DECLINED, reason=reason, text=note)


def record_arrival(actor: Actor, bundle_id: UUID) -> None:
    """Record that she has come."""
    steps.arrive(actor, _held(actor, bundle_id))


def begin(actor: Actor, bundle_id: UUID) -> None:
    """Record that the service has begun."""
    steps.begin(actor, _held(actor, bundle_id))


def see(actor: Actor, bundle_id: UUID) -> None:
    """Note that somebody of the unit has opened the request; an opened one stays as it is."""
    pair = _held(actor, bundle_id)
    if pair.bundle.state == ReferralState.SENT:
        steps.see(actor, pair)


def see_later(actor: Actor, bundle_id: UUID) -> None:
    """Let a page that only reads note after it that the request was opened."""

    def note() -> None:
        mine = visible(actor, Permission.REFERRAL_ANSWER, Bundle)
        waits = select(Bundle.id).where(Bundle.id == bundle_id, Bundle.state == ReferralState.SENT, mine)
        if current().scalar(waits) is not None:
            see(actor, bundle_id)

    db.afterwards(note)


def record_no_show(actor: Actor, bundle_id: UUID) -> None:
    """Record that she did not come."""
    steps.end(actor, _held(actor, bundle_id), ReferralState.DID_NOT_COME)


def complete(
    actor: Actor,
    bundle_id: UUID,
    *,
    left_to: str | None = None,
    safety: str | None = None,
    needs_met: str | None = None,
    note: str | None = None,
) -> None:
    """Record that the service was given; for a stay with where she went, of list `stay_end_reason`."""
    steps.check_end(left_to, needs_met, safety)
    pair = _held(actor, bundle_id)
    steps.complete(actor, pair, left_to=left_to, safety=safety, needs_met=needs_met, text=note)


def _held(actor: Actor, bundle_id: UUID) -> steps.Pair:
    return steps.hold(Party.RECIPIENT, bundle_id, visible(actor, Permission.REFERRAL_ANSWER, Bundle))
