"""A consent changes while its referrals run: what she no longer shares is taken from units at once."""

from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.cases.models import Case
from casemgr.cases.service import note_from_outside
from casemgr.codes import lists
from casemgr.db import current
from casemgr.policy import Actor
from casemgr.referrals.models import Bundle, Referral
from casemgr.referrals.rules import (
    CONTENT,
    LIVE,
    OFFER,
    PERSONAL,
    SERVED,
    Party,
    ReferralState,
    last_day,
    only,
)
from casemgr.referrals.service import steps
from casemgr.referrals.service.correcting import rewrite
from casemgr.referrals.service.sending import agreed_fields, find_agreement, within_consent
from casemgr.survivors.changes import on_consent


@on_consent
def follow_consent(actor: Actor, case_id: UUID, service: str) -> None:
    """Bring the live referrals for a service in line with what the survivor agrees to now.

    Without any consent they end as withdrawn; who is being helped already stays, and the case worker has the
    task to talk it over. With a narrower one its fields disappear. What the law let go without consent stays.
    """
    case = current().get_one(Case, case_id)
    consent = find_agreement(case, service)
    live = select(Referral.bundle_id).where(Referral.case_id == case_id, Referral.state.in_(LIVE))
    for bundle_id in sorted(current().scalars(live)):
        pair = steps.hold(Party.SENDER, bundle_id)
        request = pair.referral.request
        if request["service"] != service or request.get("exception"):
            continue
        if consent is not None:
            _end_with(pair, case)
            _narrow(actor, pair, agreed_fields(consent))
        elif pair.referral.state in SERVED:
            tasks = [("referral_unwanted", clock.today())]
            about = pair.referral.id
            note_from_outside(actor, case_id, "referral_unwanted", about=about, tasks=tasks)
        else:
            steps.end(actor, pair, ReferralState.WITHDRAWN)


def _end_with(pair: steps.Pair, case: Case) -> None:
    """Let the unit read as long as the consent of today says, longer or shorter than the one before."""
    bundle, request = pair.bundle, pair.referral.request
    usual = last_day(
        ReferralState(bundle.state),
        grace_days=int(lists.attribute("urgency", request["urgency"], "grace_days")),
        due_day=pair.referral.answer_due_day,
        today=clock.today(),
    )
    bundle.expires_day = within_consent(case, request, usual)
    current().flush()


def _narrow(actor: Actor, pair: steps.Pair, agreed: frozenset[str]) -> None:
    bundle: Bundle = pair.bundle
    gone = (PERSONAL - agreed) & bundle.content.keys()
    if gone:
        told = {**only(OFFER, bundle.offer), **only(CONTENT, bundle.content)}
        rewrite(actor, pair, {**told, **dict.fromkeys(gone)}, told, frozenset(gone))
