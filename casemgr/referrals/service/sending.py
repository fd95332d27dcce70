"""Sending a referral: only with consent for this service, or for a reason that the law names."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.accounts.queries import list_known_ids
from casemgr.audit import service as audit
from casemgr.cases.models import Bar, Case
from casemgr.cases.queries import get_case
from casemgr.cases.rules import LIVE as LIVE_CASES
from casemgr.cases.service import note_from_outside
from casemgr.codes import lists
from casemgr.db import current
from casemgr.directory.queries import list_offering
from casemgr.errors import Conflict, InvalidState, Refused
from casemgr.policy import Actor, Permission
from casemgr.referrals.models import Bundle, BundleExclusion, Referral
from casemgr.referrals.queries.phones import list_answering_accounts
from casemgr.referrals.rules import (
    CONTENT,
    OFFER,
    PERSONAL,
    ReferralState,
    Sending,
    due_at,
    last_day,
    only,
    untold_of,
)
from casemgr.shelters.queries import find_beds
from casemgr.shelters.rules import AddressState
from casemgr.support.rules import fits
from casemgr.survivors.models import Consent
from casemgr.survivors.rules import Purpose, find_standing


def send_referral(actor: Actor, case_id: UUID, sending: Sending) -> Referral:
    """Send a referral to a unit: a bundle for its inbox, a row and a task in the case.

    Raises Refused `no_consent` without a consent that stands for the service, unless an exception of the law
    is named with its reason; `not_agreed` for a field that she did not agree to share; `suspended` for an
    address that takes nobody in; `other_service` for a kind of support that is none of it; Conflict for a
    unit that does not give the service.
    """
    case = get_case(actor, case_id, Permission.REFERRAL_SEND)
    if case.state not in LIVE_CASES:
        raise InvalidState(case.state)
    _check_unit(actor, sending)
    return place(actor, case, sending, sender_id=actor.account_id)


def place(
    actor: Actor, case: Case, sending: Sending, *, sender_id: UUID, asked: Sequence[str] = ()
) -> Referral:
    """Put a referral into the inbox of its unit, within what the consent covers now.

    The caller has checked that the actor may refer from the case, or redirects within its referral; `asked`
    are the units that were asked for the same before.
    """
    chosen = sending.excluded | _consented_exclusions(case, sending)
    excluded = list_known_ids(actor, chosen) | _barred(case)
    _check_named(sending, excluded)
    urgency = str(sending.offer["urgency"])
    due = due_at(clock.now(), int(lists.attribute("urgency", urgency, "minutes")))
    due_day = clock.local(due).date()
    bundle = _make_bundle(case, sending, urgency=urgency, due_day=due_day, due=due.isoformat())
    referral = Referral(
        case_id=case.id,
        bundle_id=bundle.id,
        sender_id=sender_id,
        to_unit_id=sending.to_unit_id,
        state=ReferralState.SENT,
        sent_day=clock.today(),
        answer_due_day=due_day,
        request=_request(sending, excluded, due.isoformat()) | {"asked": list(asked)},
    )
    current().add(referral)
    current().add_all(BundleExclusion(bundle_id=bundle.id, account_id=account_id) for account_id in excluded)
    current().flush()
    tasks = [("referral_answer", due_day)]
    note_from_outside(actor, case.id, "referral_sent", about=referral.id, tasks=tasks, due_at=due)
    audit.changed(
        actor,
        "referral:send",
        "referral",
        referral.id,
        scope=("case", case.id),
        shared=sorted(bundle.content),
    )
    return referral


def _check_unit(actor: Actor, sending: Sending) -> None:
    if not fits(sending.offer.get("aid"), sending.service):
        raise Refused("other_service")
    if sending.to_unit_id not in {unit.id for unit in list_offering(actor, sending.service)}:
        raise Conflict("to_unit", "not_a_provider")
    address = find_beds(actor, [sending.to_unit_id]).get(sending.to_unit_id)
    if address is not None and address.state != AddressState.ACTIVE:
        raise Refused("suspended")


def _check_named(sending: Sending, excluded: frozenset[UUID]) -> None:
    """Raise `Conflict` for a named person who cannot answer for the unit, or who is left out."""
    if sending.named is None:
        return
    answering = {account.id for account in list_answering_accounts([sending.to_unit_id])}
    if sending.named not in answering - excluded:
        raise Conflict("named", "unknown")


def find_agreement(case: Case, service: str) -> Consent | None:
    """Return the consent to a referral for a service that stands today, or None."""
    consents = current().scalars(select(Consent).where(Consent.case_id == case.id))
    return find_standing(consents, Purpose.REFERRAL, service, clock.today())


def within_consent(case: Case, request: Mapping[str, Any], day: date) -> date:
    """Return the last day on which a unit reads: a day, but none after the consent that let it go."""
    consent = None if request.get("exception") else find_agreement(case, str(request["service"]))
    last = consent.document.get("expires_on") if consent is not None else None
    return min(day, date.fromisoformat(last)) if last else day


def agreed_fields(consent: Consent | None) -> frozenset[str]:
    """Return what of what is about her may be shared."""
    return frozenset(consent.document.get("fields") or PERSONAL) if consent is not None else PERSONAL


def _consented_exclusions(case: Case, sending: Sending) -> frozenset[UUID]:
    """Return whom the consent leaves out, or raise `Refused` when nothing allows this referral."""
    consent = find_agreement(case, sending.service)
    if consent is None:
        if sending.exception not in lists.get("consent_exception") or not sending.exception_reason:
            raise Refused("no_consent")
        return frozenset()
    if PERSONAL & set(only(CONTENT, sending.content)) - agreed_fields(consent):
        raise Refused("not_agreed")
    return excluded_by(consent)


def excluded_by(consent: Consent) -> frozenset[UUID]:
    """Return whom a consent leaves out, as far as that is said by ids."""
    known = [_as_id(text) for text in consent.document.get("exclusions") or ()]
    return frozenset(found for found in known if found is not None)


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _barred(case: Case) -> frozenset[UUID]:
    bars = select(Bar.account_id).where(Bar.case_id == case.id, Bar.lifted_day.is_(None))
    return frozenset(current().scalars(bars))


def _make_bundle(case: Case, sending: Sending, *, urgency: str, due_day: date, due: str) -> Bundle:
    untold = untold_of(sending.service)
    told = {name: value for name, value in sending.offer.items() if name not in untold}
    bundle = Bundle(
        from_unit_id=case.unit_id,
        to_unit_id=sending.to_unit_id,
        named_id=sending.named,
        state=ReferralState.SENT,
        sent_day=clock.today(),
        expires_day=within_consent(
            case,
            {"service": sending.service, "exception": sending.exception},
            last_day(
                ReferralState.SENT,
                grace_days=int(lists.attribute("urgency", urgency, "grace_days")),
                due_day=due_day,
                today=clock.today(),
            ),
        ),
        offer=only(OFFER, told) | {"due_at": due},
        content=only(CONTENT, sending.content),
    )
    current().add(bundle)
    current().flush()
    return bundle


def _request(sending: Sending, excluded: frozenset[UUID], due: str) -> dict[str, Any]:
    return only(OFFER, sending.offer) | {
        "sent_at": clock.now().isoformat(),
        "due_at": due,
        "shared": sorted(only(CONTENT, sending.content)),
        "note": sending.note,
        "named": str(sending.named) if sending.named else None,
        "excluded": sorted(str(account_id) for account_id in excluded),
        "exception": sending.exception,
        "exception_reason": sending.exception_reason,
        "relation": sending.relation,
    }
