"""Adding, changing and removing alleged perpetrators of an incident."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr.audit import service as audit
from casemgr.db import check_version, current
from casemgr.incidents.models import Incident, Perpetrator
from casemgr.incidents.queries import get_incident, get_perpetrator
from casemgr.incidents.service.counting import count
from casemgr.incidents.service.incidents import about_document
from casemgr.policy import Actor, Permission


def add_perpetrator(actor: Actor, case_id: UUID, incident_id: UUID, values: Mapping[str, Any]) -> Perpetrator:
    """Record an alleged perpetrator of an incident; only one is primary, the last that was marked."""
    incident = get_incident(actor, case_id, incident_id, Permission.CASE_CHANGE)
    added = Perpetrator(case_id=case_id, incident_id=incident.id, document=about_document(values))
    current().add(added)
    _finish(actor, incident, added, "perpetrator:add")
    return added


def change_perpetrator(
    actor: Actor,
    case_id: UUID,
    incident_id: UUID,
    perpetrator_id: UUID,
    version: int,
    values: Mapping[str, Any],
) -> Perpetrator:
    """Replace the answers about an alleged perpetrator; raises `NotFound` and `StaleVersion`."""
    perpetrator = get_perpetrator(actor, case_id, incident_id, perpetrator_id, Permission.CASE_CHANGE)
    check_version(perpetrator, version)
    perpetrator.document = about_document(values)
    incident = get_incident(actor, case_id, incident_id, Permission.CASE_CHANGE)
    _finish(actor, incident, perpetrator, "perpetrator:change")
    return perpetrator


def remove_perpetrator(actor: Actor, case_id: UUID, incident_id: UUID, perpetrator_id: UUID) -> None:
    """Remove somebody who was recorded in error; raises `NotFound`."""
    perpetrator = get_perpetrator(actor, case_id, incident_id, perpetrator_id, Permission.CASE_CHANGE)
    incident = get_incident(actor, case_id, incident_id, Permission.CASE_CHANGE)
    current().delete(perpetrator)
    _finish(actor, incident, None, "perpetrator:remove")


def _finish(actor: Actor, incident: Incident, marked: Perpetrator | None, action: str) -> None:
    current().flush()
    if marked is not None and marked.answers.get("is_primary") == "yes":
        _unmark_others(incident, marked)
    count(incident)
    audit.changed(actor, action, "incident", incident.id, scope=("case", incident.case_id))


def _unmark_others(incident: Incident, marked: Perpetrator) -> None:
    others = select(Perpetrator).where(Perpetrator.incident_id == incident.id, Perpetrator.id != marked.id)
    for other in current().scalars(others):
        answers = other.answers
        if answers.get("is_primary") == "yes":
            other.document = about_document({**answers, "is_primary": "no"})
    current().flush()
