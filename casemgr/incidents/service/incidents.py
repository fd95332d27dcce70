"""Adding, changing and classifying incidents."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.queries import get_case
from casemgr.cases.service import add_entry
from casemgr.codes import lists
from casemgr.db import check_version, current
from casemgr.errors import Conflict
from casemgr.incidents import rules
from casemgr.incidents.models import Incident, Perpetrator
from casemgr.incidents.queries import get_incident
from casemgr.incidents.service.counting import count
from casemgr.policy import Actor, Permission
from casemgr.questions import Document, write_document
from casemgr.text.codes import CodeKind, draw_codes


def add_incident(
    actor: Actor,
    case_id: UUID,
    *,
    values: Mapping[str, Any],
    wizard: Mapping[str, Any] | None = None,
    registered_on: date | None = None,
    perpetrators: Sequence[Mapping[str, Any]] = (),
) -> Incident:
    """Add an incident to a case and count it in the same transaction.

    `values` are answers of the incident form, `wizard` those of the classification, `registered_on` the day
    of the report to us (today unless told), which stays. Raises `NotFound`, and Conflict for a later day.
    """
    registered_on = registered_on or clock.today()
    if registered_on > clock.today():
        raise Conflict("registered_on", "future")
    return _add(actor, case_id, values, wizard or {}, registered_on, perpetrators, str(uuid4()))


def change_incident(
    actor: Actor,
    case_id: UUID,
    incident_id: UUID,
    version: int,
    *,
    values: Mapping[str, Any],
    wizard: Mapping[str, Any] | None = None,
) -> Incident:
    """Replace the answers about an incident and correct its count; raises `NotFound` and `StaleVersion`."""
    incident = get_incident(actor, case_id, incident_id, Permission.CASE_CHANGE)
    check_version(incident, version)
    before = incident.answers
    incident.document = incident_document(values)
    if wizard is not None:
        incident.classification = rules.reclassify(incident.classification, wizard)
    fields = sorted(name for name in {*before, *values} if before.get(name) != values.get(name))
    _finish(actor, incident, "incident:change", fields=fields)
    return incident


def override_classification(
    actor: Actor, case_id: UUID, incident_id: UUID, version: int, *, core_type: str, reason: str
) -> Incident:
    """Let a supervisor put another core type in place of the derived one; the reason is kept.

    Raises `NotFound`, `StaleVersion`, and Conflict for an unknown type or a missing reason.
    """
    incident = get_incident(actor, case_id, incident_id, Permission.CASE_ASSIGN)
    check_version(incident, version)
    if core_type not in lists.get("gbvims_type"):
        raise Conflict("core_type", "unknown")
    if not reason.strip():
        raise Conflict("reason", "required")
    before = incident.classification or rules.classify({})
    incident.classification = rules.override(
        before, core_type=core_type, reason=reason, by=str(actor.account_id), on=clock.today()
    )
    _finish(actor, incident, "incident:override", core_type=core_type)
    return incident


def add_same_event(
    actor: Actor,
    from_case_id: UUID,
    incident_id: UUID,
    to_case_id: UUID,
    *,
    registered_on: date | None = None,
) -> Incident:
    """Record in another survivor's case the event of an incident in this one; the actor works on both.

    When and where it happened are copied, and of the perpetrators what names nobody. The two files share
    nothing but the sealed event key, so that neither shows the way to the other.
    """
    source = get_incident(actor, from_case_id, incident_id, Permission.CASE_CHANGE)
    if from_case_id == to_case_id:
        raise Conflict("case", "same")
    answers = source.answers
    values = {name: answers[name] for name in rules.COPIED if name in answers}
    about = select(Perpetrator).where(Perpetrator.incident_id == source.id)
    perpetrators = [_nameless(one.answers) for one in current().scalars(about)]
    day = registered_on or clock.today()
    return _add(actor, to_case_id, values, {}, day, perpetrators, source.event_key or str(uuid4()))


def _nameless(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answers[name] for name in rules.COPIED_OF_PERPETRATOR if name in answers}


def _add(
    actor: Actor,
    case_id: UUID,
    values: Mapping[str, Any],
    wizard: Mapping[str, Any],
    registered_on: date,
    perpetrators: Sequence[Mapping[str, Any]],
    event_key: str,
) -> Incident:
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    incident = Incident(
        code=unused_codes(1)[0],
        case_id=case.id,
        created_day=clock.today(),
        document=incident_document(values),
        classification=rules.classify(wizard),
        registered_on=registered_on.isoformat(),
        event_key=event_key,
    )
    current().add(incident)
    current().flush()
    for answers in perpetrators:
        current().add(Perpetrator(case_id=case.id, incident_id=incident.id, document=about_document(answers)))
    current().flush()
    _finish(actor, incident, "incident:add")
    add_entry(actor, case.id, "incident_added", code=incident.code)
    return incident


def about_document(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is sealed about an alleged perpetrator."""
    form, version = rules.PERPETRATOR_FORM, rules.PERPETRATOR_VERSION
    return write_document(Document(form=form, version=version, answers=dict(answers)))


def incident_document(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is sealed about an incident."""
    return write_document(Document(form=rules.FORM, version=rules.VERSION, answers=dict(values)))


def _finish(actor: Actor, incident: Incident, action: str, **detail: Any) -> None:
    current().flush()
    count(incident)
    audit.changed(actor, action, "incident", incident.id, scope=("case", incident.case_id), **detail)


def unused_codes(count: int) -> list[str]:
    """Draw codes that no incident has."""
    return draw_codes(
        CodeKind.INCIDENT,
        count,
        lambda codes: current().scalars(select(Incident.code).where(Incident.code.in_(codes))),
    )
