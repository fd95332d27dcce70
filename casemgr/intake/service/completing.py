"""Turning an intake into a case, in one transaction; or, without consent, into an anonymous tally."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from casemgr import clock
from casemgr.cases.models import Case
from casemgr.cases.queries import get_case
from casemgr.cases.rules import CaseState
from casemgr.cases.service import add_task, bar_account, change_summary, finish_tasks_of_kind, open_case
from casemgr.db import check_version, current
from casemgr.errors import Conflict
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact
from casemgr.incidents import rules as incident_rules
from casemgr.incidents.counted import fact_codes
from casemgr.incidents.rules import WIZARD
from casemgr.incidents.service import add_incident
from casemgr.intake import rules
from casemgr.intake.models import Intake
from casemgr.intake.queries import get_intake
from casemgr.intake.rules import FORM, IN_SUMMARY, VERSION, IntakeState
from casemgr.intake.service.leading import finish
from casemgr.policy import Actor, Permission
from casemgr.questions import Document, write_document
from casemgr.survivors.queries import get_survivor, has_consent
from casemgr.survivors.rules import Purpose, age_on, birth_year
from casemgr.survivors.service import (
    add_survivor,
    change_survivor,
    flag_duplicates_elsewhere,
    record_consent,
    refuse,
)
from casemgr.tips.queries import list_excluded


def complete_intake(actor: Actor, intake_id: UUID, version: int) -> Case | None:
    """Open (or complete) the case of an intake and destroy the intake's key.

    Makes the record of the person, the consents, the incident with its fact, the alleged perpetrators and the
    tasks. Without consent, and without an exception of the law, there is no case and None is returned; an
    incident that the law makes a commune count leaves a fact of codes. Raises Conflict for an open question.
    """
    intake = get_intake(actor, intake_id)
    check_version(intake, version)
    missing = rules.find_missing(intake.told, has_case=intake.case_id is not None)
    if missing:
        raise Conflict(missing[0], "required")
    if rules.opens_file(intake.told):
        case: Case | None = _make_case(actor, intake)
    else:
        case = _decline(actor, intake)
    finish(actor, intake, IntakeState.COMPLETED)
    return case


def _decline(actor: Actor, intake: Intake) -> Case | None:
    """Keep nothing that was told; a case that an emergency opened is only told of the refusal."""
    _tally(intake)
    if intake.case_id is None:
        return None
    case = get_case(actor, intake.case_id, Permission.CASE_CHANGE)
    refuse(actor, case.id, purpose=Purpose.CASE_FILE)
    add_task(actor, case.id, "close_refused", due_day=clock.today())
    return case


def _make_case(actor: Actor, intake: Intake) -> Case:
    told = intake.told
    survivor_id = _make_person(actor, told)
    case = _open_or_complete(actor, intake, survivor_id)
    _keep_from_excluded(actor, case, told)
    _record_consents(actor, case.id, told.get("consent") or {})
    core_type = _add_incident(actor, case.id, told)
    intake.case_id = case.id
    age = age_on(get_survivor(actor, survivor_id, Permission.CASE_CHANGE).values, clock.today())
    due = rules.tasks_of(told, clock.today(), age=age, core_type=core_type)
    for kind, due_day in due.items():
        add_task(actor, case.id, kind, due_day=due_day)
    flag_duplicates_elsewhere(actor, case.id)
    return case


def _keep_from_excluded(actor: Actor, case: Case, told: Mapping[str, Any]) -> None:
    """Whoever must not see the tip must not see the case that came of it."""
    for account_id in list_excluded(actor, UUID(told["tip_id"])) if told.get("tip_id") else ():
        bar_account(actor, case.id, account_id, "Người gửi tin báo đề nghị (asked for by the sender)")


def _make_person(actor: Actor, told: Mapping[str, Any]) -> UUID:
    values = rules.person_values(told)
    if not told.get("survivor_id"):
        return add_survivor(actor, values).id
    known = get_survivor(actor, UUID(told["survivor_id"]), Permission.CASE_CHANGE)
    return change_survivor(actor, known.id, known.version, {**known.values, **values}).id


def _open_or_complete(actor: Actor, intake: Intake, survivor_id: UUID) -> Case:
    told = intake.told
    answers = rules.flat(told, IN_SUMMARY)
    level = rules.risk_level(told.get("danger") or {})
    if intake.case_id is None:
        summary = write_document(Document(form=FORM, version=VERSION, answers=answers))
        return open_case(actor, summary=summary, risk_level=level, survivor_id=survivor_id)
    finish_tasks_of_kind(actor, intake.case_id, "complete_intake")
    case = get_case(actor, intake.case_id, Permission.CASE_CHANGE)
    answers = {**case.summary["answers"], **answers}
    return change_summary(
        actor,
        case.id,
        version=case.version,
        summary=write_document(Document(form=FORM, version=VERSION, answers=answers)),
        risk_level=level,
        survivor_id=survivor_id,
        state=CaseState.OPEN,
    )


def _record_consents(actor: Actor, case_id: UUID, consent: Mapping[str, Any]) -> None:
    how = consent.get("how") or "loi_noi"
    asked = {
        Purpose.CASE_FILE: consent.get("agrees_file"),
        Purpose.REPORTING: consent.get("agrees_reporting"),
        Purpose.CONTACT: consent.get("agrees_contact"),
        Purpose.CONFERENCE: consent.get("agrees_conference"),
    }
    # In an emergency the limits were told together with the consent to the file.
    limits_read = consent.get("limits_read") == "yes" or has_consent(actor, case_id, Purpose.CASE_FILE)
    for purpose, answer in asked.items():
        if answer == "yes" and limits_read and not has_consent(actor, case_id, purpose):
            record_consent(actor, case_id, purpose=purpose, how=how, limits_read=True)
        elif answer == "no":
            note = _exception(consent) if purpose is Purpose.CASE_FILE else None
            refuse(actor, case_id, purpose=purpose, how=how, note=note)
    for service in consent.get("services") or [] if limits_read else []:
        if not has_consent(actor, case_id, Purpose.REFERRAL, service):
            about = {"purpose": Purpose.REFERRAL, "service": service}
            record_consent(actor, case_id, how=how, limits_read=True, **about)


def _exception(consent: Mapping[str, Any]) -> str | None:
    if not consent.get("exception"):
        return None
    return f"{consent['exception']}: {consent['exception_reason']}"


def _reported_on(told: Mapping[str, Any]) -> date:
    stored = (told.get("report") or {}).get("reported_on")
    return date.fromisoformat(stored) if stored else clock.today()


def _split(incident: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part the answers about what happened from those of the classification."""
    values = {name: value for name, value in incident.items() if name not in WIZARD}
    return values, {name: incident[name] for name in WIZARD if name in incident}


def _add_incident(actor: Actor, case_id: UUID, told: Mapping[str, Any]) -> str | None:
    if not rules.tells_incident(told):
        return None
    values, wizard = _split(rules.flat(told, rules.OF_INCIDENT))
    incident = add_incident(
        actor,
        case_id,
        values=values,
        wizard=wizard,
        registered_on=_reported_on(told),
        perpetrators=told.get("perpetrators") or [],
    )
    core_type: str | None = incident.classification["type"]
    return core_type


def _tally(intake: Intake) -> None:
    """Count what the law makes a commune count, by codes, without a place and without anybody's name."""
    told, reported_on = intake.told, _reported_on(intake.told)
    values, wizard = _split(rules.flat(told, rules.OF_INCIDENT))
    person = rules.person_values(told)
    person |= {"age_stated_on": clock.today().isoformat()} if birth_year(person) is None else {}
    age = incident_rules.age_at_incident(person, values, reported_on)
    acts, basis = values.get("dv_acts") or [], values.get("relationship_basis")
    track = values.get("legal_track") or incident_rules.suggest_track(basis, acts, age)
    if track not in incident_rules.COUNTED_TRACKS:
        return
    codes = fact_codes(
        answers=values,
        core_type=incident_rules.classify(wizard)["type"],
        person=person,
        report=told.get("report") or {},
        reported_on=reported_on,
        perpetrators=told.get("perpetrators") or [],
    )
    codes |= {"event": str(uuid4()), "hamlet": None, "reporting_consent": "no"}
    record_fact(unit_id=intake.unit_id, kind=FactKind.INCIDENT, registered_on=reported_on, codes=codes)
    current().flush()
