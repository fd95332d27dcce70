"""Which referrals are records elsewhere, and which steps those are behind."""

from uuid import UUID

from sqlalchemy import select

from casemgr.cases.models import Case
from casemgr.children import queries as children
from casemgr.db import current, prefetch
from casemgr.policy import Actor, Permission, visible
from casemgr.referrals.models import Referral
from casemgr.referrals.rules import CHILD_PROTECTION, CONTENT_SHOWN, RECORD, ReferralState, follow
from casemgr.support import queries as support

UNKNOWN = "chua_ro"
"""Code of list `needs_met` where the unit did not say."""


def list_recorded(actor: Actor, case_id: UUID | None = None) -> list[Referral]:
    """Return the live referrals in the actor's reach, or of one case, for which the unit opened a record."""
    found = (
        select(Referral)
        .join(Case, Case.id == Referral.case_id)
        .where(visible(actor, Permission.REFERRAL_SEND, Case), Referral.state.in_(CONTENT_SHOWN))
        .order_by(Referral.id)
    )
    if case_id is not None:
        found = found.where(Referral.case_id == case_id)
    rows = list(current().scalars(found))
    prefetch(current(), rows, "request")
    return [referral for referral in rows if RECORD in referral.request]


def missing_steps(actor: Actor, referral: Referral) -> tuple[tuple[ReferralState, ...], str]:
    """Return the steps that a referral is behind its record, and whether the need was met."""
    record_id = UUID(referral.request[RECORD])
    if referral.request["service"] == CHILD_PROTECTION:
        child = children.find_progress(actor, referral.case_id, record_id)
        has_begun, has_ended, was_taken_up = child.has_begun, child.has_ended, True
        needs_met = child.needs_met
    else:
        action = support.find_progress(actor, referral.case_id, record_id)
        has_begun, has_ended, was_taken_up = action.has_begun, action.has_ended, action.was_taken_up
        needs_met = action.needs_met
    taken = follow(referral.state, has_begun=has_begun, has_ended=has_ended, was_taken_up=was_taken_up)
    return taken, needs_met or UNKNOWN
