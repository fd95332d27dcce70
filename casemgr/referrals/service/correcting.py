"""Putting right what a unit was told: it reads what is new, and that it is new; the case keeps the old."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.cases.service import add_entry
from casemgr.db import current
from casemgr.errors import InvalidState, Refused
from casemgr.policy import Actor
from casemgr.referrals.rules import CONTENT, OFFER, PERSONAL, correctable_in, only, untold_of
from casemgr.referrals.service import steps
from casemgr.referrals.service.following import held
from casemgr.referrals.service.sending import agreed_fields, find_agreement


def correct(actor: Actor, case_id: UUID, referral_id: UUID, values: Mapping[str, Any]) -> frozenset[str]:
    """Put right what the recipient of a live referral was told; return the names of what is new.

    What is left empty is taken away. Raises `InvalidState` once the referral is over, Refused `no_consent` or
    `not_agreed` for words about her that she does not agree to share today.
    """
    pair = held(actor, case_id, referral_id)
    names = correctable_in(pair.referral.state, pair.referral.request["service"])
    if not names:
        raise InvalidState(pair.referral.state)
    told = {**only(OFFER, pair.bundle.offer), **only(CONTENT, pair.bundle.content)}
    wanted = only(names, values)
    changed = frozenset(name for name in names if wanted.get(name) != told.get(name))
    check_agreed(pair, changed & wanted.keys())
    if changed:
        rewrite(actor, pair, {**told, **dict.fromkeys(changed), **wanted}, told, changed)
    return changed


def check_agreed(pair: steps.Pair, names: frozenset[str]) -> None:
    """Raise `Refused` unless what is about her among some fields may be shared with the unit today."""
    case = current().get_one(Case, pair.referral.case_id)
    consent = find_agreement(case, pair.referral.request["service"])
    if consent is None and not pair.referral.request.get("exception"):
        raise Refused("no_consent")
    if PERSONAL & names - agreed_fields(consent):
        raise Refused("not_agreed")


def rewrite(
    actor: Actor, pair: steps.Pair, values: dict[str, Any], told: dict[str, Any], changed: frozenset[str]
) -> None:
    """Put new values in place of what a unit was told; the case keeps the old ones, the unit a mark."""
    referral, bundle, at = pair.referral, pair.bundle, clock.now().isoformat()
    rest = {name: value for name, value in bundle.offer.items() if name not in OFFER}
    marks = {**rest.get("corrected", {}), **dict.fromkeys(sorted(changed), at)}
    bundle.offer = {**rest, **only(OFFER, values), "corrected": marks}
    bundle.content = only(CONTENT, values)
    before = {name: told.get(name) for name in sorted(changed)}
    told_elsewhere = frozenset(OFFER) - untold_of(referral.request["service"])
    kept = {name: value for name, value in referral.request.items() if name not in told_elsewhere}
    referral.request = {
        **kept,
        **only(OFFER, values),
        "shared": sorted(bundle.content),
        "corrections": [
            *kept.get("corrections", ()),
            {"at": at, "by": str(actor.account_id), "before": before},
        ],
    }
    current().flush()
    add_entry(actor, referral.case_id, "referral_corrected", about=str(referral.id))
    audit.changed(actor, "referral:correct", "bundle", bundle.id, fields=sorted(changed))
