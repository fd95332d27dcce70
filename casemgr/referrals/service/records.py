"""What a referral becomes where a unit takes somebody on: a child record, or a line in a programme's list.

It is opened with the yes, in the same unit of work and so once. Afterwards each side goes its own way: the
case reads how far the record is, and the record never hears of the case.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr.accounts.models import Account
from casemgr.cases.models import Bar
from casemgr.cases.service import bar_account
from casemgr.children import service as children
from casemgr.db import current
from casemgr.policy import Actor
from casemgr.referrals.models import Bundle, Referral
from casemgr.referrals.rules import CHILD_PROTECTION, HIGH, RECORD
from casemgr.support import service as support
from casemgr.support.rules import UNNAMED, USUAL

CHILD_IN_DANGER = "tre_em_nguy_hiem"
"""Code of list `consent_exception`."""

HERSELF = "chinh_nguoi_bi_bao_luc"
OF_HOUSE = "tre_trong_nha"
"""Codes of list `child_relation`."""


def open_record(actor: Actor, referral: Referral, bundle: Bundle) -> None:
    """Open what the service becomes in the unit that has just said yes, from what she agreed to share.

    Nothing happens for other services, or where the unit keeps no such records here.
    """
    made = _open_child(actor, referral, bundle) or _plan_support(actor, referral, bundle)
    if made is None:
        return
    referral.request = {**referral.request, RECORD: str(made)}
    bundle.answer = {**(bundle.answer or {}), RECORD: True}
    current().flush()


def _open_child(actor: Actor, referral: Referral, bundle: Bundle) -> UUID | None:
    if bundle.offer["service"] != CHILD_PROTECTION:
        return None
    request = referral.request
    relation = request.get("relation") or OF_HOUSE
    child = children.open_from_referral(
        actor,
        referral.case_id,
        referral.to_unit_id,
        relation=relation,
        basis=_basis(request),
        values=_told_of_child(bundle, request, is_herself=relation == HERSELF),
        kept_from=_kept_from(referral),
    )
    return child.id if child else None


def _basis(request: Mapping[str, Any]) -> dict[str, Any]:
    reason = request.get("exception_reason")
    return {"agreed": "no", "reason": reason} if reason else {"agreed": "yes"}


def _told_of_child(bundle: Bundle, request: Mapping[str, Any], *, is_herself: bool) -> dict[str, Any]:
    """Return what the record begins with: the danger that was named, and what she agreed to share."""
    offer, content = bundle.offer, bundle.content
    level = offer.get("danger_level")
    is_feared = level == HIGH or request.get("exception") == CHILD_IN_DANGER
    in_danger = offer.get("child_danger") or ("yes" if is_feared else "no")
    told = {
        "immediate_danger": in_danger,
        "risk_level": level if level in ("cao", "trung_binh", "thap") else None,
        "origin": content.get("situation"),
        "name": content.get("called_name") if is_herself else None,
    }
    return {name: value for name, value in told.items() if value}


def _plan_support(actor: Actor, referral: Referral, bundle: Bundle) -> UUID | None:
    usual = USUAL.get(bundle.offer["service"])
    if usual is None:
        return None
    values = {
        "beneficiary": bundle.content.get("called_name"),
        "kind": bundle.offer.get("aid") or usual,
        "group": bundle.offer.get("beneficiary_group") or UNNAMED,
        "programme": UNNAMED,
    }
    kept_from = _kept_from(referral)
    action = support.add_from_referral(actor, referral.case_id, referral.to_unit_id, values, kept_from)
    return action.id if action else None


def keep_from(actor: Actor, referral: Referral, account_ids: frozenset[UUID]) -> bool:
    """Keep the record that a referral became from whoever is left out since; say whether it was theirs.

    A line in a list knows nothing of the case, so whoever reads that list is barred from the case itself.
    """
    made = referral.request.get(RECORD)
    if made is None:
        return False
    if referral.request["service"] == CHILD_PROTECTION:
        return children.keep_from(actor, referral.case_id, UUID(made), account_ids)
    there = select(Account.id).where(Account.unit_id == referral.to_unit_id, Account.id.in_(account_ids))
    for account_id in sorted(current().scalars(there)):
        bar_account(actor, referral.case_id, account_id, None)
    return False


def take_back(actor: Actor, referral: Referral) -> bool:
    """Let the record that a taken-back referral became stand, and tell its owner; say whether there is one.

    A child's record goes on by law, and a line in a list never hears of the case: the sender calls the unit.
    """
    made = referral.request.get(RECORD)
    if made is not None and referral.request["service"] == CHILD_PROTECTION:
        children.note_taken_back(actor, referral.case_id, UUID(made))
    return made is not None


def _kept_from(referral: Referral) -> frozenset[UUID]:
    """Return for whom the referral does not exist: whom she, the sender or a bar left out, then or since."""
    barred = select(Bar.account_id).where(Bar.case_id == referral.case_id, Bar.lifted_day.is_(None))
    return frozenset(map(UUID, referral.request["excluded"])) | frozenset(current().scalars(barred))
