"""Opening a case at once: danger, a safe number, how many people, what is needed; everything else later."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.cases.rules import CaseState
from casemgr.cases.service import add_task, open_case
from casemgr.intake.rules import EMERGENCY_FORM, VERSION, services_for
from casemgr.policy import Actor
from casemgr.questions import Document, write_document
from casemgr.survivors.rules import Purpose
from casemgr.survivors.service import record_consent, refuse


def open_emergency(actor: Actor, values: Mapping[str, Any]) -> Case:
    """Open a case in state emergency from the few answers of the emergency page; nothing is required.

    A spoken consent (`consent` "given") covers the file and each service that the needs ask for. Without
    consent nothing is recorded as allowed; a referral then names the exception of the law.
    """
    document = Document(form=EMERGENCY_FORM, version=VERSION, answers=dict(values))
    in_danger = values.get("danger_now") == "yes"
    case = open_case(
        actor,
        state=CaseState.EMERGENCY,
        summary=write_document(document),
        risk_level="cao" if in_danger else "chua_danh_gia",
    )
    _record_consent(actor, case, values)
    add_task(actor, case.id, "complete_intake", due_day=clock.today() + timedelta(days=1))
    audit.changed(actor, "case:emergency", "case", case.id, scope=("case", case.id))
    return case


def _record_consent(actor: Actor, case: Case, values: Mapping[str, Any]) -> None:
    if values.get("consent") == "given":
        record_consent(actor, case.id, purpose=Purpose.CASE_FILE, how="loi_noi", limits_read=True)
        for service in services_for(values.get("urgent_needs") or []):
            record_consent(
                actor,
                case.id,
                purpose=Purpose.REFERRAL,
                service=service,
                how="loi_noi",
                limits_read=True,
            )
    elif values.get("consent") == "refused":
        refuse(actor, case.id, purpose=Purpose.CASE_FILE)
