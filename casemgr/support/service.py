"""Every change of support actions; one begun from a case is made exactly like one of the programme itself."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.accounts.queries import list_staff
from casemgr.audit import service as audit
from casemgr.cases.models import Bar, Case
from casemgr.cases.queries import get_case
from casemgr.db import check_version, current
from casemgr.errors import InvalidState, Refused
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact
from casemgr.policy import Actor, Permission, Role, require_role
from casemgr.questions import Document, write_document
from casemgr.support.models import SupportAction, SupportLink
from casemgr.support.queries import get_support, has_list
from casemgr.support.rules import (
    FORM,
    LIVE,
    NAME,
    VERSION,
    SupportState,
    ends_as,
    fact_codes,
    service_of,
)
from casemgr.survivors.queries import has_consent
from casemgr.survivors.rules import Purpose
from casemgr.survivors.service import record_consent
from casemgr.text.codes import CodeKind, new_code


def add_support(actor: Actor, values: Mapping[str, Any]) -> SupportAction:
    """Plan an action for a beneficiary of a programme.

    The entry in the log names no record, because an action begun from a case has none of its own either.
    """
    require_role(actor, Permission.SUPPORT_CHANGE)
    action = _make(actor.unit_id, values)
    audit.changed(actor, "support:add", "support", None)
    return action


def add_from_case(
    actor: Actor, case_id: UUID, values: Mapping[str, Any], *, how: str | None, limits_read: bool
) -> SupportAction:
    """Plan an action for the survivor of a case, who appears to the programme as a beneficiary.

    Raises Refused `consent_missing` without her consent to the service (given here, or standing already),
    and `conflict_of_interest` while somebody from whom the case is kept reads the programme's lists.
    """
    case = get_case(actor, case_id, Permission.SUPPORT_LINK)
    _check_readers(actor, case)
    _check_consent(actor, case, service_of(str(values["kind"])), how, limits_read=limits_read)
    action = _make(case.unit_id, values)
    current().add(SupportLink(case_id=case.id, support_id=str(action.id)))
    current().flush()
    # The entry names the case and no action, and says no more than that the case changed: the log of
    # accesses must not lead from a programme's list to a survivor.
    audit.changed(actor, "case:change", "case", case.id, scope=("case", case.id))
    return action


def add_from_referral(
    actor: Actor, case_id: UUID, unit_id: UUID, values: Mapping[str, Any], kept_from: Collection[UUID]
) -> SupportAction | None:
    """Plan what a unit has just taken on by referral, in its own list and like all others there.

    Only `casemgr.referrals` calls it, once it has let the unit accept. None where nobody of the unit keeps
    such a list, or where somebody works who must not learn of the referral.
    """
    if not has_list(actor, unit_id, kept_from):
        return None
    action = _make(unit_id, values)
    current().add(SupportLink(case_id=case_id, support_id=str(action.id)))
    current().flush()
    audit.changed(actor, "case:change", "case", case_id, scope=("case", case_id))
    return action


def _check_readers(actor: Actor, case: Case) -> None:
    barred = select(Bar.account_id).where(Bar.case_id == case.id, Bar.lifted_day.is_(None))
    kept_from = set(current().scalars(barred))
    if any(person.account_id in kept_from for person in list_staff(actor, Role.PROGRAMME_OFFICER)):
        raise Refused("conflict_of_interest")


def _check_consent(actor: Actor, case: Case, service: str, how: str | None, *, limits_read: bool) -> None:
    if has_consent(actor, case.id, Purpose.REFERRAL, service):
        return
    if not how or not limits_read:
        raise Refused("consent_missing")
    record_consent(
        actor, case.id, purpose=Purpose.REFERRAL, service=service, how=how, limits_read=limits_read
    )


def _make(unit_id: UUID, values: Mapping[str, Any]) -> SupportAction:
    action = SupportAction(
        code=new_code(CodeKind.SUPPORT),
        unit_id=unit_id,
        state=SupportState.PLANNED,
        created_day=clock.today(),
    )
    _fill(action, values)
    current().add(action)
    current().flush()
    return action


def _fill(action: SupportAction, values: Mapping[str, Any]) -> None:
    if values.get(NAME):
        action.beneficiary = str(values[NAME])
    answers = {name: value for name, value in values.items() if name != NAME}
    action.answers = write_document(Document(form=FORM, version=VERSION, answers=answers))


def start_support(actor: Actor, support_id: UUID, *, version: int) -> SupportAction:
    """Note that a planned action has begun."""
    action = _live(actor, support_id, version)
    if action.state != SupportState.PLANNED:
        raise InvalidState(action.state)
    action.state = SupportState.RUNNING
    current().flush()
    audit.changed(actor, "support:start", "support", action.id, scope=("support", action.id))
    return action


def change_support(
    actor: Actor, support_id: UUID, *, version: int, values: Mapping[str, Any]
) -> SupportAction:
    """Change an action that is not finished; without a name in `values` the name stays as it is."""
    action = _live(actor, support_id, version)
    _fill(action, values)
    current().flush()
    audit.changed(actor, "support:change", "support", action.id, scope=("support", action.id))
    return action


def finish_support(
    actor: Actor,
    support_id: UUID,
    *,
    version: int,
    outcome: str,
    finished_on: date,
    amount_paid: int | None = None,
    needs_met: str | None = None,
) -> SupportAction:
    """Finish an action with its outcome; a completed one is counted."""
    action = _live(actor, support_id, version)
    action.state = ends_as(outcome)
    action.outcome = {
        "outcome": outcome,
        "finished_on": finished_on.isoformat(),
        "amount_paid": amount_paid,
        "needs_met": needs_met,
    }
    if action.state == SupportState.DONE:
        fact_id = record_fact(
            unit_id=action.unit_id,
            kind=FactKind.SUPPORT,
            registered_on=clock.today(),
            codes=fact_codes(action.known),
        )
        action.fact_id = str(fact_id)
    current().flush()
    audit.changed(actor, "support:finish", "support", action.id, scope=("support", action.id))
    return action


def _live(actor: Actor, support_id: UUID, version: int) -> SupportAction:
    action = get_support(actor, support_id, Permission.SUPPORT_CHANGE)
    check_version(action, version)
    if action.state not in LIVE:
        raise InvalidState(action.state)
    return action
