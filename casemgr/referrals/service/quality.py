"""How well the network answers: what the survivor says of a service, and services that were not there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from casemgr import clock, db
from casemgr.audit import service as audit
from casemgr.cases.models import Case, TimelineEntry
from casemgr.cases.queries import get_case
from casemgr.cases.service import add_entry
from casemgr.codes import lists
from casemgr.db import current, prefetch
from casemgr.errors import Conflict, InvalidState
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact
from casemgr.policy import Actor, Permission
from casemgr.referrals.models import Referral
from casemgr.referrals.queries import get_referral, list_alternatives
from casemgr.referrals.rules import OUTCOMES, ReferralState, answer_time, is_over
from casemgr.units.models import Unit
from casemgr.units.queries import list_providers

GAP_ENTRY = "service_gap"
ONCE_IN = timedelta(days=30)
"""How long looking again for the same service in the same case is no second gap."""


def record_feedback(
    actor: Actor, case_id: UUID, referral_id: UUID, feedback: str, text: str | None = None
) -> None:
    """Keep what the survivor says of a service that has ended, asked without pressing; only its code counts.

    Her words stay sealed in the case; the unit never reads them. Raises `InvalidState` while it runs.
    """
    if feedback not in lists.get("feedback"):
        raise Conflict("feedback", "unknown")
    referral = get_referral(actor, case_id, referral_id, Permission.REFERRAL_SEND)
    if not is_over(referral.state) or referral.fact_id is None:
        raise InvalidState(referral.state)
    referral.outcome = {**referral.outcome, "feedback": feedback, "feedback_text": text}
    _recount(referral)
    current().flush()
    audit.changed(actor, "referral:feedback", "referral", referral.id, scope=("case", case_id))


def _recount(referral: Referral) -> None:
    case = current().get_one(Case, referral.case_id)
    unit, state = current().get_one(Unit, referral.to_unit_id), ReferralState(referral.state)
    outcome = referral.outcome
    counted = {name: outcome[name] for name in ("needs_met", "reason", "feedback") if outcome.get(name)}
    record_fact(
        unit_id=case.unit_id,
        kind=FactKind.SERVICE,
        registered_on=clock.local(datetime.fromisoformat(outcome["at"])).date(),
        codes={
            "service": referral.request["service"],
            "outcome": OUTCOMES[state],
            "unit_kind": unit.kind,
            "answered": answer_time(referral.request, state),
            **counted,
        },
        fact_id=UUID(referral.fact_id or ""),
    )


def record_gap(actor: Actor, case_id: UUID, service: str, why: str) -> bool:
    """Count that a service was looked for and not there; once a month for the same case and service."""
    if service not in lists.get("service") or why not in lists.get("gap_reason"):
        raise Conflict("service", "unknown")
    case = get_case(actor, case_id, Permission.REFERRAL_SEND)
    if _is_known(case, service):
        return False
    fact_id = record_fact(
        unit_id=case.unit_id,
        kind=FactKind.GAP,
        registered_on=clock.today(),
        codes={"service": service, "why": why},
    )
    add_entry(actor, case.id, GAP_ENTRY, service=service, why=why, fact=str(fact_id))
    return True


def record_if_missing(actor: Actor, case_id: UUID, service: str) -> bool:
    """Count a gap when no unit in reach gives the service that was chosen; says whether none does."""
    if list_providers(actor, service):
        return False
    record_gap(actor, case_id, service, "khong_co")
    return True


def record_refusals_later(actor: Actor, case_id: UUID, referral_id: UUID) -> bool:
    """Let a page that only reads count afterwards that everybody who could be asked has said no."""
    referral = get_referral(actor, case_id, referral_id, Permission.REFERRAL_SEND)
    service = referral.request["service"]
    if referral.state != ReferralState.DECLINED or list_alternatives(actor, case_id, referral_id):
        return False
    db.afterwards(_recording(actor, case_id, service))
    return True


def _recording(actor: Actor, case_id: UUID, service: str) -> Callable[[], None]:
    def record() -> None:
        record_gap(actor, case_id, service, "khong_ai_nhan")

    return record


def _is_known(case: Case, service: str) -> bool:
    recent = select(TimelineEntry).where(
        TimelineEntry.case_id == case.id, TimelineEntry.day > clock.today() - ONCE_IN
    )
    entries = list(current().scalars(recent))
    prefetch(current(), entries, "content")
    gaps = (entry.content for entry in entries if entry.content["kind"] == GAP_ENTRY)
    return any(content["data"]["service"] == service for content in gaps)
