"""Reading incidents and alleged perpetrators, always by way of their case."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.cases.queries import get_case
from casemgr.db import current
from casemgr.errors import NotFound
from casemgr.incidents import rules
from casemgr.incidents.models import Incident, Perpetrator
from casemgr.policy import Actor, Permission, visible
from casemgr.survivors.models import Survivor

_IDS_OF = select(Incident.id).where(Incident.case_id == bindparam("case_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What follows from the answers of an incident; codes of the lists of the same names."""

    core_type: str | None
    forms: tuple[str, ...]
    age: int | None
    age_band_gbvims: str
    age_band_vn: str
    report_delay: str
    perpetrator_number: str
    contexts: tuple[str, ...]
    acts_not_covered: tuple[str, ...]
    suggested_track: str | None


def list_incidents(actor: Actor, case_id: UUID) -> list[Incident]:
    """Return the incidents of a case, the latest report first, and write down that they were read."""
    case = get_case(actor, case_id)
    found = list(current().scalars(select(Incident).where(Incident.case_id == case.id)))
    audit.seen(actor, "case", case.id, ("incidents",), scope=("case", case.id))
    return sorted(found, key=lambda incident: (incident.registered_on or "", incident.id), reverse=True)


def count_incidents(actor: Actor, case_id: UUID) -> int:
    """Return how many incidents a case has; opens nothing."""
    case = get_case(actor, case_id)
    return len(current().scalars(_IDS_OF, {"case_id": case.id}).all())


def open_incident(actor: Actor, case_id: UUID, incident_id: UUID) -> Incident:
    """Return one incident of a case to be read, and write that down; raises `NotFound`."""
    incident = get_incident(actor, case_id, incident_id, Permission.CASE_READ)
    audit.seen(actor, "incident", incident.id, ("document", "classification"), scope=("case", case_id))
    return incident


def get_incident(actor: Actor, case_id: UUID, incident_id: UUID, permission: Permission) -> Incident:
    """Return one incident of a case on which the actor has the permission, or raise `NotFound`."""
    case = get_case(actor, case_id, permission)
    found = current().scalar(select(Incident).where(Incident.id == incident_id, Incident.case_id == case.id))
    if found is None:
        raise NotFound
    return found


def find_by_code(actor: Actor, code: str) -> Incident | None:
    """Return the incident with this code if its case is one that the actor may change."""
    mine = visible(actor, Permission.CASE_CHANGE, Case)
    query = select(Incident).join(Case, Case.id == Incident.case_id).where(Incident.code == code, mine)
    return current().scalar(query)


def list_perpetrators(actor: Actor, case_id: UUID, incident_id: UUID) -> list[Perpetrator]:
    """Return the alleged perpetrators of an incident, the primary one first; writes down the reading."""
    incident = get_incident(actor, case_id, incident_id, Permission.CASE_READ)
    audit.seen(actor, "incident", incident.id, ("perpetrators",), scope=("case", case_id))
    return _perpetrators(incident)


def get_perpetrator(
    actor: Actor, case_id: UUID, incident_id: UUID, perpetrator_id: UUID, permission: Permission
) -> Perpetrator:
    """Return one alleged perpetrator of an incident, or raise `NotFound`."""
    incident = get_incident(actor, case_id, incident_id, permission)
    here = (Perpetrator.id == perpetrator_id, Perpetrator.incident_id == incident.id)
    found = current().scalar(select(Perpetrator).where(*here))
    if found is None:
        raise NotFound
    return found


def derive(actor: Actor, incident: Incident) -> Derived:
    """Return what follows from the answers of an incident that was opened before."""
    case = get_case(actor, incident.case_id)
    answers, about = incident.answers, [one.answers for one in _perpetrators(incident)]
    core_type = (incident.classification or {}).get("type")
    age = rules.age_at_incident(_person_of(case), answers, incident.reported_on)
    relations = [one["relation"] for one in about if one.get("relation")]
    acts, basis = answers.get("dv_acts") or [], answers.get("relationship_basis")
    return Derived(
        core_type=core_type,
        forms=tuple(rules.forms_of(answers)),
        age=age,
        age_band_gbvims=rules.band("age_band_gbvims", age),
        age_band_vn=rules.band("age_band_vn", age),
        report_delay=rules.delay_band(rules.happened_on(answers), incident.reported_on),
        perpetrator_number=rules.perpetrator_number(len(about), answers.get("perpetrator_number")),
        contexts=tuple(sorted(rules.contexts(core_type, age, answers, relations))),
        acts_not_covered=tuple(rules.acts_not_covered(basis, acts)),
        suggested_track=None if answers.get("legal_track") else rules.suggest_track(basis, acts, age),
    )


def _person_of(case: Case) -> dict[str, Any]:
    survivor = current().get(Survivor, case.survivor_id) if case.survivor_id else None
    return survivor.values if survivor is not None else {}


def _perpetrators(incident: Incident) -> list[Perpetrator]:
    found = list(current().scalars(select(Perpetrator).where(Perpetrator.incident_id == incident.id)))
    return sorted(found, key=lambda one: (one.answers.get("is_primary") != "yes", one.id))
