"""Every change of child records; each is checked by policy, counted as a fact and written down."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.models import Bar, Case
from casemgr.cases.queries import get_case
from casemgr.cases.service import add_entry
from casemgr.children import clocks
from casemgr.children.models import ChildBar, ChildLink, ChildRecord, ChildTask
from casemgr.children.queries import find_owner, get_child, get_link, get_task, list_workers
from casemgr.children.rules import (
    APART,
    FORM,
    TAKEN_BACK,
    VERSION,
    ChildState,
    fact_codes,
    is_in_danger,
    may_link,
)
from casemgr.db import check_version, current
from casemgr.deadlines.working_days import add_hours
from casemgr.errors import InvalidState, Refused
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact, remove_fact
from casemgr.policy import Actor, Permission
from casemgr.questions import Document, write_document
from casemgr.text.codes import CodeKind, new_code

IN_ERROR = "nhap_trung"
HOURS_TO_ASK = 24
"""How long the owner of a record has to ask the sender why a referral was taken back."""


def link_child(
    actor: Actor,
    case_id: UUID,
    *,
    owner_id: UUID,
    relation: str,
    basis: Mapping[str, Any],
    values: Mapping[str, Any],
) -> ChildRecord:
    """Open a protection record for a child of a case, give it to its owner and start the legal clocks.

    Raises Refused `consent_missing` when she does not agree and no child is in danger or abused, and
    `conflict_of_interest` when the owner is none of those who may have it.
    """
    case = get_case(actor, case_id, Permission.CHILD_LINK)
    if not may_link(basis.get("agreed"), values):
        raise Refused("consent_missing")
    if owner_id not in {person.account_id for person in list_workers(actor, case_id)}:
        raise Refused("conflict_of_interest")
    child = _open(actor, case, case.unit_id, owner_id, relation, basis, values)
    add_entry(actor, case.id, "child_linked", child=child.code)
    return child


def open_from_referral(
    actor: Actor,
    case_id: UUID,
    unit_id: UUID,
    *,
    relation: str,
    basis: Mapping[str, Any],
    values: Mapping[str, Any],
    kept_from: Collection[UUID],
) -> ChildRecord | None:
    """Open the record of a child whom a unit has just taken on by referral, and start the legal clocks.

    Only `casemgr.referrals` calls it, once it has let the unit accept. It belongs to whoever accepted, or to
    the first child-protection worker there; None where nobody is one from whom the referral is not kept.
    """
    owner_id = find_owner(actor, unit_id, kept_from)
    if owner_id is None:
        return None
    child = _open(actor, current().get_one(Case, case_id), unit_id, owner_id, relation, basis, values)
    _bar(child, kept_from)
    return child


def keep_from(actor: Actor, case_id: UUID, child_id: UUID, account_ids: Collection[UUID]) -> bool:
    """Keep a linked record from people whom the survivor leaves out since; say whether its owner is one.

    Only `casemgr.referrals` calls it, for the case whose referral the record came from; raises `NotFound`.
    """
    _, child = get_link(actor, case_id, child_id)
    _bar(child, account_ids)
    audit.changed(actor, "child:bar", "child", child.id, scope=("child", child.id))
    return child.owner_id in account_ids


def note_taken_back(actor: Actor, case_id: UUID, child_id: UUID) -> None:
    """Note that the referral a record came from was taken back; the record and its legal clocks go on.

    Its owner has a day to ask the sender what has changed. Only `casemgr.referrals` calls it, for the case
    whose referral it was; raises `NotFound`.
    """
    link, child = get_link(actor, case_id, child_id)
    link.basis = {**(link.basis or {}), TAKEN_BACK: clock.today().isoformat()}
    if child.state == ChildState.OPEN:
        _add_task(child, TAKEN_BACK, add_hours(clock.now(), HOURS_TO_ASK))
    current().flush()
    audit.changed(actor, "child:taken_back", "child", child.id, scope=("child", child.id))


def _bar(child: ChildRecord, account_ids: Collection[UUID]) -> None:
    known = set(current().scalars(select(ChildBar.account_id).where(ChildBar.child_id == child.id)))
    for account_id in set(account_ids) - known:
        current().add(ChildBar(child_id=child.id, account_id=account_id, made_day=clock.today()))
    current().flush()


def _open(
    actor: Actor,
    case: Case,
    unit_id: UUID,
    owner_id: UUID,
    relation: str,
    basis: Mapping[str, Any],
    values: Mapping[str, Any],
) -> ChildRecord:
    child = ChildRecord(
        code=new_code(CodeKind.CHILD),
        unit_id=unit_id,
        owner_id=owner_id,
        state=ChildState.OPEN,
        opened_day=clock.today(),
    )
    _fill(child, values)
    current().add(child)
    current().flush()
    _tie(case, child, relation, basis)
    _start_clocks(child, clocks.RECEIVED, in_danger=is_in_danger(values))
    audit.changed(actor, "child:open", "child", child.id, scope=("child", child.id))
    return child


def _fill(child: ChildRecord, values: Mapping[str, Any]) -> None:
    if values.get("name"):
        child.name = str(values["name"])
    child.risk_level = values.get("risk_level")
    answers = {name: value for name, value in values.items() if name not in APART}
    child.answers = write_document(Document(form=FORM, version=VERSION, answers=answers))
    _count(child)


def _count(child: ChildRecord) -> None:
    fact_id = record_fact(
        unit_id=child.unit_id,
        kind=FactKind.CHILD,
        registered_on=child.opened_day,
        codes=fact_codes(child.risk_level, child.known, child.opened_day),
        fact_id=UUID(child.fact_id) if child.fact_id else None,
    )
    child.fact_id = str(fact_id)


def _tie(case: Case, child: ChildRecord, relation: str, basis: Mapping[str, Any]) -> None:
    today = clock.today()
    current().add(
        ChildLink(case_id=case.id, child_id=child.id, linked_day=today, relation=relation, basis=dict(basis))
    )
    barred = select(Bar.account_id).where(Bar.case_id == case.id, Bar.lifted_day.is_(None))
    for account_id in set(current().scalars(barred)):
        current().add(ChildBar(child_id=child.id, account_id=account_id, made_day=today))
    current().flush()


def _start_clocks(child: ChildRecord, event: str, *, in_danger: bool) -> None:
    start = clock.now()
    tasks = current().scalars(select(ChildTask).where(ChildTask.child_id == child.id))
    known = {task.content["kind"] for task in tasks}
    for legal in clocks.list_started(event, in_danger=in_danger):
        if legal.kind not in known:
            _add_task(child, legal.kind, legal.due_at(start))
    current().flush()


def _add_task(child: ChildRecord, kind: str, due_at: datetime) -> None:
    content = {"kind": kind, "due_at": due_at.isoformat()}
    due_day = clock.local(due_at).date()
    current().add(ChildTask(child_id=child.id, due_day=due_day, state="open", content=content))


def change_child(actor: Actor, child_id: UUID, *, version: int, values: Mapping[str, Any]) -> ChildRecord:
    """Change the answers of an open record; danger that was not known before starts its clock.

    Without a name in `values` the name stays as it is. Raises `StaleVersion` and `InvalidState`.
    """
    child = _open_child(actor, child_id, version)
    was_in_danger = is_in_danger(child.known)
    _fill(child, values)
    current().flush()
    if is_in_danger(values) and not was_in_danger:
        _start_clocks(child, clocks.RECEIVED, in_danger=True)
    audit.changed(actor, "child:change", "child", child.id, scope=("child", child.id))
    return child


def finish_task(actor: Actor, child_id: UUID, task_id: UUID) -> ChildTask:
    """Note that a duty is done, and start the clock of the duty that follows it."""
    task = get_task(actor, child_id, task_id)
    child = get_child(actor, child_id, Permission.CHILD_CHANGE)
    if task.state != "open":
        raise InvalidState(task.state)
    task.state = "done"
    task.content = {**task.content, "done_at": clock.now().isoformat()}
    current().flush()
    _start_clocks(child, task.content["kind"], in_danger=is_in_danger(child.known))
    audit.changed(actor, "child:task_done", "child", child.id, scope=("child", child.id))
    return task


def close_child(
    actor: Actor,
    child_id: UUID,
    *,
    version: int,
    outcome: str,
    note: str | None = None,
    needs_met: str | None = None,
) -> ChildRecord:
    """Close a record with its outcome; open duties are dropped, an entry in error is no longer counted."""
    child = _open_child(actor, child_id, version)
    child.state = ChildState.CLOSED
    closed_on = clock.today().isoformat()
    child.closure = {"outcome": outcome, "note": note, "needs_met": needs_met, "closed_on": closed_on}
    if outcome == IN_ERROR and child.fact_id:
        remove_fact(UUID(child.fact_id))
        child.fact_id = None
    open_tasks = select(ChildTask).where(ChildTask.child_id == child.id, ChildTask.state == "open")
    for task in current().scalars(open_tasks):
        task.state = "dropped"
    current().flush()
    audit.changed(actor, "child:close", "child", child.id, scope=("child", child.id))
    return child


def reopen_child(actor: Actor, child_id: UUID, *, version: int) -> ChildRecord:
    """Open a closed record again, because the child is at risk once more."""
    child = get_child(actor, child_id, Permission.CHILD_CHANGE)
    check_version(child, version)
    if child.state != ChildState.CLOSED:
        raise InvalidState(child.state)
    child.state = ChildState.OPEN
    _count(child)
    current().flush()
    audit.changed(actor, "child:reopen", "child", child.id, scope=("child", child.id))
    return child


def _open_child(actor: Actor, child_id: UUID, version: int) -> ChildRecord:
    child = get_child(actor, child_id, Permission.CHILD_CHANGE)
    check_version(child, version)
    if child.state != ChildState.OPEN:
        raise InvalidState(child.state)
    return child
