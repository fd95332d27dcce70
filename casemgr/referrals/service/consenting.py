"""A consent changes while its referrals run: what she no longer shares is taken from units at once.

So is all of it from whoever she leaves out now.
"""

from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.accounts.queries import list_known_ids
from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.cases.service import add_entry, note_from_outside
from casemgr.codes import lists
from casemgr.db import current
from casemgr.policy import Actor
from casemgr.referrals.models import Bundle, BundleExclusion, Referral
from casemgr.referrals.queries.phones import list_readers
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
from casemgr.referrals.service import records, steps
from casemgr.referrals.service.correcting import rewrite
from casemgr.referrals.service.sending import (
    agreed_fields,
    excluded_by,
    find_agreement,
    within_consent,
)
from casemgr.survivors.changes import on_consent


@on_consent
def follow_consent(actor: Actor, case_id: UUID, service: str) -> None:
    """Bring the live referrals for a service in line with what the survivor agrees to now.

    Without any consent they end as withdrawn; who is being helped already stays, and the case worker has the
    task to talk it over. With a narrower one its fields disappear, and it exists no more for whom it leaves
    out. What the law let go without consent stays, but for those.
    """
    case = current().get_one(Case, case_id)
    consent = find_agreement(case, service)
    live = select(Referral.bundle_id).where(Referral.case_id == case_id, Referral.state.in_(LIVE))
    for bundle_id in sorted(current().scalars(live)):
        pair = steps.hold(Party.SENDER, bundle_id)
        request = pair.referral.request
        if request["service"] != service:
            continue
        if consent is not None:
            _leave_out(actor, pair, excluded_by(consent))
        if request.get("exception"):
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


def _leave_out(actor: Actor, pair: steps.Pair, excluded: frozenset[UUID]) -> None:
    """Close a live referral for whom she leaves out now; whoever was left out before stays so."""
    referral, bundle = pair.referral, pair.bundle
    known = frozenset(map(UUID, referral.request["excluded"]))
    new = list_known_ids(actor, excluded) - known
    if not new:
        return
    current().add_all(BundleExclusion(bundle_id=bundle.id, account_id=account_id) for account_id in new)
    referral.request = {**referral.request, "excluded": sorted(map(str, known | new))}
    current().flush()
    add_entry(actor, referral.case_id, "referral_left_out", about=str(referral.id))
    audit.changed(actor, "referral:leave_out", "bundle", bundle.id, accounts=sorted(map(str, new)))
    if records.keep_from(actor, referral, new) or not list_readers(bundle.to_unit_id, referral.request):
        tasks, about = [("referral_unread", clock.today())], referral.id
        note_from_outside(actor, referral.case_id, "referral_unread", about=about, tasks=tasks, beside=True)
