"""Reading intakes; each belongs to the one who leads it until it is a case."""

from uuid import UUID

from sqlalchemy import select

from casemgr.audit import service as audit
from casemgr.cases.queries import get_case
from casemgr.cases.rules import CaseState
from casemgr.db import current
from casemgr.errors import InvalidState, NotFound
from casemgr.intake.models import Intake
from casemgr.intake.rules import IntakeState
from casemgr.policy import Actor, Permission, visible


def list_open(actor: Actor) -> list[Intake]:
    """Return the actor's intakes that are not finished, the latest first; opens nothing."""
    mine = (visible(actor, Permission.CASE_OPEN, Intake), Intake.state == IntakeState.OPEN)
    query = select(Intake).where(*mine).order_by(Intake.started_day.desc(), Intake.id)
    return list(current().scalars(query))


def open_intake(actor: Actor, intake_id: UUID) -> Intake:
    """Return an unfinished intake to be read, and write that down; raises `NotFound`."""
    intake = get_intake(actor, intake_id)
    audit.seen(actor, "intake", intake.id, ("answers",))
    return intake


def get_intake(actor: Actor, intake_id: UUID) -> Intake:
    """Return an unfinished intake of the actor, or raise `NotFound`; `InvalidState` when it is finished."""
    mine = (Intake.id == intake_id, visible(actor, Permission.CASE_OPEN, Intake))
    intake = current().scalar(select(Intake).where(*mine))
    if intake is None:
        raise NotFound
    if intake.state != IntakeState.OPEN:
        raise InvalidState(intake.state)
    return intake


def find_for_case(actor: Actor, case_id: UUID) -> Intake | None:
    """Return the actor's unfinished intake that completes an emergency case, if there is one."""
    case = get_case(actor, case_id)
    mine = (visible(actor, Permission.CASE_OPEN, Intake), Intake.state == IntakeState.OPEN)
    return current().scalar(select(Intake).where(*mine, Intake.case_id == case.id).limit(1))


def is_emergency(actor: Actor, case_id: UUID) -> bool:
    """Say whether a case was opened in an emergency and its intake is still to come."""
    return get_case(actor, case_id).state == CaseState.EMERGENCY
