"""An intake from its first question until it is finished or given up."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.cases.queries import get_case
from casemgr.cases.rules import CaseState
from casemgr.db import check_version, current
from casemgr.db.sealed import keyring_of
from casemgr.errors import Conflict, InvalidState, NotFound
from casemgr.intake.models import Intake
from casemgr.intake.queries import find_for_case, get_intake
from casemgr.intake.rules import FORM, SECTIONS, VERSION, IntakeState
from casemgr.policy import Actor, Permission, require_role
from casemgr.questions import Document, write_document
from casemgr.survivors.queries import get_survivor
from casemgr.survivors.rules import SECTIONS as OF_SURVIVOR
from casemgr.tips.queries import get_tip


def start_intake(
    actor: Actor, danger: Mapping[str, Any], *, case_id: UUID | None = None, tip_id: UUID | None = None
) -> Intake:
    """Begin an intake; the one question that needs an answer is whether somebody is in danger now.

    With a case that was opened in an emergency, what was asked then is carried over, and an intake of that
    case which the actor has begun is continued. A tip that led here is remembered, so that whomever it is
    kept from never sees the case. Raises Conflict `danger_now`, `NotFound`, `InvalidState`.
    """
    require_role(actor, Permission.CASE_OPEN)
    if danger.get("danger_now") not in ("yes", "no"):
        raise Conflict("danger_now", "required")
    begun = find_for_case(actor, case_id) if case_id else None
    if begun is not None:
        return begun
    told: dict[str, Any] = {"danger": dict(danger)}
    if tip_id is not None:
        told["tip_id"] = str(get_tip(actor, tip_id).id)
    if case_id is not None:
        told = _carried_over(_emergency(actor, case_id), told)
    intake = Intake(
        unit_id=actor.unit_id,
        author_id=actor.account_id,
        state=IntakeState.OPEN,
        started_day=clock.today(),
        case_id=case_id,
    )
    _tell(intake, told)
    current().add(intake)
    current().flush()
    audit.changed(actor, "intake:start", "intake", intake.id)
    return intake


def save_section(
    actor: Actor, intake_id: UUID, version: int, section: str, values: Mapping[str, Any]
) -> Intake:
    """Keep the answers of one section, finished or not; raises `NotFound` and `StaleVersion`."""
    if section not in SECTIONS or section == "perpetrators":
        raise NotFound
    intake = _begun(actor, intake_id, version)
    return _save(actor, intake, intake.told | {section: dict(values)})


def save_perpetrator(
    actor: Actor, intake_id: UUID, version: int, place: int | None, values: Mapping[str, Any]
) -> Intake:
    """Keep the answers about one alleged perpetrator: a new one without a place, else in that place."""
    intake = _begun(actor, intake_id, version)
    people = list(intake.told.get("perpetrators") or [])
    if place is None:
        place = len(people)
        people.append({})
    if not 0 <= place < len(people):
        raise NotFound
    if values.get("is_primary") == "yes":
        people = [{**one, "is_primary": "no"} if "is_primary" in one else one for one in people]
    people[place] = dict(values)
    return _save(actor, intake, intake.told | {"perpetrators": people})


def remove_perpetrator(actor: Actor, intake_id: UUID, version: int, place: int) -> Intake:
    """Drop what was noted about one alleged perpetrator; raises `NotFound`."""
    intake = _begun(actor, intake_id, version)
    people = list(intake.told.get("perpetrators") or [])
    if not 0 <= place < len(people):
        raise NotFound
    del people[place]
    return _save(actor, intake, intake.told | {"perpetrators": people})


def choose_survivor(actor: Actor, intake_id: UUID, version: int, survivor_id: UUID | None) -> Intake:
    """Say that the person has a record already, or (None) that she has not; raises `NotFound`."""
    intake = _begun(actor, intake_id, version)
    if survivor_id is not None:
        get_survivor(actor, survivor_id, Permission.CASE_CHANGE)
    chosen = str(survivor_id) if survivor_id else None
    return _save(actor, intake, intake.told | {"survivor_id": chosen, "looked_for": "yes"})


def give_up_intake(actor: Actor, intake_id: UUID, version: int) -> None:
    """End an intake without a case; what was told is destroyed, that there was an intake stays."""
    intake = _begun(actor, intake_id, version)
    finish(actor, intake, IntakeState.GIVEN_UP)


def finish(actor: Actor, intake: Intake, state: IntakeState) -> None:
    """Close an intake and destroy its key, so that nothing told in it can ever be read again."""
    intake.state = state
    current().flush()
    keyring = keyring_of(current())
    keyring.destroy(current(), "intake", intake.id)
    audit.changed(actor, f"intake:{state}", "intake", intake.id)


def _begun(actor: Actor, intake_id: UUID, version: int) -> Intake:
    intake = get_intake(actor, intake_id)
    check_version(intake, version)
    return intake


def _save(actor: Actor, intake: Intake, told: Mapping[str, Any]) -> Intake:
    _tell(intake, told)
    current().flush()
    audit.changed(actor, "intake:save", "intake", intake.id)
    return intake


def _tell(intake: Intake, told: Mapping[str, Any]) -> None:
    intake.answers = write_document(Document(form=FORM, version=VERSION, answers=dict(told)))


def _emergency(actor: Actor, case_id: UUID) -> Case:
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    if case.state != CaseState.EMERGENCY:
        raise InvalidState(case.state)
    return case


def _carried_over(case: Case, told: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    asked = case.summary["answers"]
    contact = {name: asked[name] for name in OF_SURVIVOR["safe_contact"] if name in asked}
    needs = {name: asked[name] for name in ("urgent_needs", "adults", "children") if name in asked}
    return told | {"contact": contact, "needs": needs}
