"""The fact that counts an incident, written anew whenever anything changes that it is made of."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.db import current
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact
from casemgr.incidents.counted import fact_codes
from casemgr.incidents.models import Incident, Perpetrator
from casemgr.policy import Actor
from casemgr.survivors.models import Consent, Survivor
from casemgr.survivors.rules import Purpose, find_standing


def recount(actor: Actor, case_ids: Sequence[UUID]) -> None:
    """Correct the facts of the incidents of these cases, also of one that the actor may not see.

    A person's sex or age was corrected in one of her files; what counts her other files follows.
    """
    query = select(Incident).where(Incident.case_id.in_(case_ids))
    for incident in current().scalars(query):
        count(incident)
        audit.changed(actor, "incident:recount", "incident", incident.id, scope=("case", incident.case_id))


def count(incident: Incident) -> None:
    """Write or correct the fact of one incident; the day of registration stays as it was."""
    case = current().get_one(Case, incident.case_id)
    survivor = current().get(Survivor, case.survivor_id) if case.survivor_id else None
    person = survivor.values if survivor is not None else {}
    about = select(Perpetrator).where(Perpetrator.incident_id == incident.id)
    codes = fact_codes(
        answers=incident.answers,
        core_type=(incident.classification or {}).get("type"),
        person=person,
        report=(case.summary or {}).get("answers") or {},
        reported_on=incident.reported_on,
        perpetrators=[one.answers for one in current().scalars(about)],
    )
    codes |= {
        "event": incident.event_key,
        "hamlet": person.get("hamlet"),
        "reporting_consent": "yes" if _has_reporting_consent(case.id) else "no",
    }
    fact_id = record_fact(
        unit_id=case.unit_id,
        kind=FactKind.INCIDENT,
        registered_on=incident.reported_on,
        codes=codes,
        fact_id=UUID(incident.fact_id) if incident.fact_id else None,
    )
    if incident.fact_id != str(fact_id):
        incident.fact_id = str(fact_id)
    current().flush()


def _has_reporting_consent(case_id: UUID) -> bool:
    consents = current().scalars(select(Consent).where(Consent.case_id == case_id))
    return find_standing(consents, Purpose.REPORTING, None, clock.today()) is not None
