"""Incidents out of a line list, many at once, each counted as it is added; the caller writes it down."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from casemgr import clock
from casemgr.db import current, prefetch
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact, remove_facts
from casemgr.incidents import rules
from casemgr.incidents.counted import fact_codes
from casemgr.incidents.models import Incident, Perpetrator
from casemgr.incidents.service.incidents import about_document, incident_document, unused_codes
from casemgr.policy import Actor, Permission, require_role


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedIncident:
    """An incident of a line list: what happened, to whom, its core type and why it has that type."""

    case_id: UUID
    person: Mapping[str, Any]
    values: Mapping[str, Any]
    perpetrator: Mapping[str, Any]
    core_type: str
    reason: str
    registered_on: date
    has_reporting_consent: bool


def add_imported(actor: Actor, incidents: Sequence[ImportedIncident]) -> None:
    """Add one incident to each of many new cases in the actor's unit, and count them.

    The type was decided elsewhere: it is kept as a supervisor's override of an unanswered classification.
    """
    require_role(actor, Permission.IMPORT_RUN)
    added = [
        _incident(actor, one, code) for one, code in zip(incidents, unused_codes(len(incidents)), strict=True)
    ]
    current().add_all(added)
    current().flush()
    for incident, one in zip(added, incidents, strict=True):
        if one.perpetrator:
            document = about_document({"is_primary": "yes", **one.perpetrator})
            current().add(Perpetrator(case_id=one.case_id, incident_id=incident.id, document=document))
    current().flush()


def remove_imported(actor: Actor, case_ids: Collection[UUID]) -> None:
    """Remove the incidents of these cases, who is said to have caused them, and what counts them."""
    require_role(actor, Permission.IMPORT_RUN)
    incidents = list(current().scalars(select(Incident).where(Incident.case_id.in_(case_ids))))
    prefetch(current(), incidents, "fact_id")
    remove_facts([UUID(one.fact_id) for one in incidents if one.fact_id])
    for table in (Perpetrator, Incident):
        gone = delete(table).where(table.case_id.in_(case_ids))
        current().execute(gone.execution_options(synchronize_session=False))


def _incident(actor: Actor, one: ImportedIncident, code: str) -> Incident:
    today = clock.today()
    decided = rules.override(
        rules.classify({}), core_type=one.core_type, reason=one.reason, by=str(actor.account_id), on=today
    )
    event_key = str(uuid4())
    return Incident(
        code=code,
        case_id=one.case_id,
        created_day=today,
        document=incident_document(one.values),
        classification=decided,
        registered_on=one.registered_on.isoformat(),
        event_key=event_key,
        fact_id=str(_count(actor, one, event_key)),
    )


def _count(actor: Actor, one: ImportedIncident, event_key: str) -> UUID:
    codes = fact_codes(
        answers=one.values,
        core_type=one.core_type,
        person=one.person,
        report={},
        reported_on=one.registered_on,
        perpetrators=[one.perpetrator] if one.perpetrator else [],
    )
    codes |= {
        "event": event_key,
        "hamlet": one.person.get("hamlet"),
        "reporting_consent": "yes" if one.has_reporting_consent else "no",
    }
    return record_fact(
        unit_id=actor.unit_id, kind=FactKind.INCIDENT, registered_on=one.registered_on, codes=codes
    )
