"""Recording what a survivor consents to, refuses and takes back."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.queries import get_case
from casemgr.cases.service import add_entry
from casemgr.codes import lists
from casemgr.db import check_version, current
from casemgr.errors import Conflict, InvalidState, Refused
from casemgr.policy import Actor, Permission
from casemgr.survivors.changes import tell, tell_conference_consent, tell_consent
from casemgr.survivors.models import Consent
from casemgr.survivors.queries import get_consent
from casemgr.survivors.rules import ConsentState, Purpose


def record_consent(  # noqa: PLR0913 - each is a question of the consent form
    actor: Actor,
    case_id: UUID,
    *,
    purpose: str,
    service: str | None = None,
    exclusions: Sequence[str] = (),
    how: str,
    limits_read: bool,
    given_on: date | None = None,
    expires_on: date | None = None,
    fields: Sequence[str] = (),
    units: Sequence[str] = (),
    about: str | None = None,
    note: str | None = None,
) -> Consent:
    """Record a consent for one purpose, and for a referral one service.

    `exclusions` are ids of accounts, or words, for whom it does not hold; `fields` what may be shared;
    `units` the ids of those who may talk about it in a conference, `about` the number of that one.
    Raises Refused `limits_not_read` when the limits of confidentiality were not told first, and Conflict.
    """
    if not limits_read:
        raise Refused("limits_not_read")
    given_on = given_on or clock.today()
    _check(purpose, service, how, given_on, expires_on)
    document = {
        "how": how,
        "limits_read": limits_read,
        "given_on": given_on.isoformat(),
        "expires_on": expires_on.isoformat() if expires_on else None,
        "exclusions": list(exclusions),
        "fields": list(fields),
        "note": note,
    }
    document |= {"units": list(units)} if units else {}
    document |= {"about": about} if about else {}
    return _write(actor, case_id, ConsentState.GIVEN, purpose, service, document)


def refuse(
    actor: Actor,
    case_id: UUID,
    *,
    purpose: str,
    service: str | None = None,
    how: str = "loi_noi",
    note: str | None = None,
) -> Consent:
    """Record that the survivor does not consent; it ends an earlier consent to the same."""
    today = clock.today()
    _check(purpose, service, how, today, None)
    document = {"how": how, "given_on": today.isoformat(), "note": note}
    return _write(actor, case_id, ConsentState.REFUSED, purpose, service, document)


def withdraw_consent(
    actor: Actor, case_id: UUID, consent_id: UUID, version: int, reason: str | None = None
) -> Consent:
    """Take a consent back, with every earlier or later record that says yes to the same thing.

    Raises `NotFound`, `StaleVersion`, and `InvalidState` unless it was given.
    """
    consent = get_consent(actor, case_id, consent_id, Permission.CASE_CHANGE)
    check_version(consent, version)
    if consent.state != ConsentState.GIVEN:
        raise InvalidState(consent.state)
    withdrawn = {"withdrawn_on": clock.today().isoformat(), "withdrawn_by": str(actor.account_id)}
    for record in _given_alike(consent):
        record.state = ConsentState.WITHDRAWN
        record.document = {**record.document, **withdrawn, "withdrawal_reason": reason}
    _tell(actor, consent)
    return consent


def _given_alike(consent: Consent) -> list[Consent]:
    """Return the given records of the case about the purpose and service of one of them."""
    given = (Consent.case_id == consent.case_id, Consent.state == ConsentState.GIVEN)
    about = (consent.document["purpose"], consent.document["service"])
    records = current().scalars(select(Consent).where(*given))
    return [one for one in records if (one.document["purpose"], one.document["service"]) == about]


def _write(
    actor: Actor,
    case_id: UUID,
    state: ConsentState,
    purpose: str,
    service: str | None,
    document: dict[str, Any],
) -> Consent:
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    about = {"purpose": purpose, "service": service, "at": clock.now().isoformat(timespec="microseconds")}
    consent = Consent(case_id=case.id, state=state, given_day=clock.today(), document={**document, **about})
    current().add(consent)
    _tell(actor, consent)
    return consent


def _tell(actor: Actor, consent: Consent) -> None:
    current().flush()
    document, case_id = consent.document, consent.case_id
    audit.changed(actor, f"consent:{consent.state}", "consent", consent.id, scope=("case", case_id))
    add_entry(
        actor, case_id, f"consent_{consent.state}", purpose=document["purpose"], service=document["service"]
    )
    if document["purpose"] == Purpose.REPORTING:
        tell(actor, [case_id])
    if document["purpose"] == Purpose.CONFERENCE:
        tell_conference_consent(actor, case_id)
    if document["purpose"] == Purpose.REFERRAL:
        tell_consent(actor, case_id, document["service"])


def _check(purpose: str, service: str | None, how: str, given_on: date, expires_on: date | None) -> None:
    if purpose not in lists.get("consent_purpose"):
        raise Conflict("purpose", "unknown")
    if (service is not None) != (purpose == Purpose.REFERRAL):
        raise Conflict("service", "required" if service is None else "surplus")
    if service is not None and service not in lists.get("service"):
        raise Conflict("service", "unknown")
    if how not in lists.get("consent_how"):
        raise Conflict("how", "unknown")
    if given_on > clock.today():
        raise Conflict("given_on", "future")
    if expires_on is not None and expires_on < given_on:
        raise Conflict("expires_on", "before_start")
