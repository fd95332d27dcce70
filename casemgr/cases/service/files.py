"""Every change of a case file; each is checked by policy and written down."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.audit.rules import INSTALLATION
from casemgr.cases.models import Assignment, Bar, Case, Task, TimelineEntry
from casemgr.cases.queries import get_case, get_task, is_case_staff
from casemgr.cases.rules import CaseState, may_become
from casemgr.cases.service.bars import keep_bars
from casemgr.db import check_version, current
from casemgr.db.sealed import keyring_of
from casemgr.errors import InvalidState, Refused
from casemgr.policy import Actor, Permission, require_role
from casemgr.text.codes import CodeKind, draw_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file as it comes out of a line list; why the work on it ended may not be known."""

    survivor_id: UUID
    reported_on: date
    note: str
    is_closed: bool
    closure_reason: str | None = None


def open_case(
    actor: Actor,
    *,
    summary: Mapping[str, Any],
    state: CaseState = CaseState.OPEN,
    risk_level: str | None = None,
    survivor_id: UUID | None = None,
    owner_id: UUID | None = None,
) -> Case:
    """Open a case file in the actor's unit, owned by the actor unless said otherwise."""
    require_role(actor, Permission.CASE_OPEN)
    case = Case(
        code=draw_codes(CodeKind.CASE_FILE, 1, _find_taken)[0],
        unit_id=actor.unit_id,
        survivor_id=survivor_id,
        owner_id=owner_id or actor.account_id,
        state=state,
        opened_day=clock.today(),
        risk_level=risk_level,
        summary=dict(summary),
    )
    current().add(case)
    current().flush()
    _assign(case, case.owner_id, "owner")
    keep_bars(actor, case)
    add_entry(actor, case.id, "opened")
    audit.changed(actor, "case:open", "case", case.id, scope=("case", case.id))
    return case


def _assign(case: Case, account_id: UUID, kind: str, until_day: date | None = None) -> None:
    current().add(
        Assignment(
            case_id=case.id, account_id=account_id, kind=kind, from_day=clock.today(), until_day=until_day
        )
    )
    current().flush()


def open_imported(actor: Actor, files: Sequence[ImportedFile], *, owner_id: UUID) -> list[Case]:
    """Open many case files of a line list in the actor's unit, in their order; the caller writes it down."""
    require_role(actor, Permission.IMPORT_RUN)
    codes = draw_codes(CodeKind.CASE_FILE, len(files), _find_taken)
    cases = [_imported(actor, file, code, owner_id) for file, code in zip(files, codes, strict=True)]
    keyring = keyring_of(current())
    keyring.prepare(current(), "case", [case.id for case in cases])
    current().add_all(cases)
    current().flush()
    at, today = clock.now().isoformat(), clock.today()
    for case, file in zip(cases, files, strict=True):
        content = {"at": at, "kind": "imported", "text": file.note}
        entry = TimelineEntry(case_id=case.id, author_id=actor.account_id, day=today, content=content)
        owner = Assignment(case_id=case.id, account_id=owner_id, kind="owner", from_day=today)
        current().add_all([entry, owner])
    current().flush()
    return cases


def _imported(actor: Actor, file: ImportedFile, code: str, owner_id: UUID) -> Case:
    return Case(
        code=code,
        unit_id=actor.unit_id,
        survivor_id=file.survivor_id,
        owner_id=owner_id,
        state=CaseState.CLOSED if file.is_closed else CaseState.OPEN,
        opened_day=file.reported_on,
        closed_day=file.reported_on if file.is_closed else None,
        summary={},
        closure={"reason": file.closure_reason} if file.closure_reason else None,
    )


def remove_imported(actor: Actor, case_ids: Collection[UUID]) -> None:
    """Remove files of a line list on which nobody has worked; what hangs on them must be gone already."""
    require_role(actor, Permission.IMPORT_RUN)
    of_cases = (
        delete(TimelineEntry).where(TimelineEntry.case_id.in_(case_ids)),
        delete(Assignment).where(Assignment.case_id.in_(case_ids)),
        delete(Case).where(Case.id.in_(case_ids), Case.unit_id == actor.unit_id),
    )
    for statement in of_cases:
        current().execute(statement.execution_options(synchronize_session=False))


def _find_taken(codes: Collection[str]) -> Iterable[str]:
    return current().scalars(select(Case.code).where(Case.code.in_(codes)))


def add_entry(
    actor: Actor, case_id: UUID, kind: str, *, text: str | None = None, **data: Any
) -> TimelineEntry:
    """Write an entry into the timeline: words of a person, or the values of an automatic one."""
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    content: dict[str, Any] = {"at": clock.now().isoformat(), "kind": kind}
    content |= {"text": text} if text else {}
    content |= {"data": data} if data else {}
    entry = TimelineEntry(case_id=case.id, author_id=actor.account_id, day=clock.today(), content=content)
    current().add(entry)
    current().flush()
    audit.changed(actor, "case:note", "case", case.id, scope=("case", case.id), entry=kind)
    return entry


def add_task(
    actor: Actor,
    case_id: UUID,
    kind: str,
    *,
    due_day: date,
    text: str | None = None,
    assignee_id: UUID | None = None,
) -> Task:
    """Put something to be done on the list of the case's owner, or of somebody else who works on it."""
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    task = Task(
        case_id=case.id,
        assignee_id=assignee_id or case.owner_id,
        due_day=due_day,
        state="open",
        content={"kind": kind, "text": text},
    )
    current().add(task)
    current().flush()
    audit.changed(actor, "task:add", "task", task.id, scope=("case", case.id))
    return task


def note_from_outside(
    actor: Actor,
    case_id: UUID,
    kind: str,
    *,
    about: UUID,
    tasks: Sequence[tuple[str, date]] = (),
    due_at: datetime | None = None,
    also: Sequence[UUID] = (),
    beside: bool = False,
    **data: Any,
) -> None:
    """Write what became of a referral into a case that the actor may be unable to open.

    Only `casemgr.referrals` calls it, after it has checked that the actor may answer or follow the referral.
    Open tasks about the same referral are done with it, unless the new ones come `beside` them; `tasks` are
    kinds and due days of what follows, and `due_at` is their hour where there is one. They are the owner's,
    and of those who are `also` told.
    """
    case = current().get_one(Case, case_id)
    for task in _list_open(case_id):
        if task.content.get("about") == str(about) and not beside:
            task.state = "done"
    _write_move(actor, case, kind, about=str(about), **data)
    for task_kind, due_day in tasks:
        content = {"kind": task_kind, "text": None, "about": str(about)}
        content |= {"due_at": due_at.isoformat()} if due_at else {}
        current().add_all(
            Task(case_id=case_id, assignee_id=assignee_id, due_day=due_day, state="open", content=content)
            for assignee_id in (case.owner_id, *also)
        )
    current().flush()


def finish_task(actor: Actor, case_id: UUID, task_id: UUID, *, state: str = "done") -> Task:
    """Mark a task as done, or as dropped because it is no longer needed."""
    task = get_task(actor, case_id, task_id)
    if task.state != "open":
        raise InvalidState(task.state)
    task.state = state
    add_entry(actor, case_id, f"task_{state}", task=task.content["kind"])
    audit.changed(actor, f"task:{state}", "task", task.id, scope=("case", case_id))
    return task


def finish_tasks_of_kind(actor: Actor, case_id: UUID, kind: str, about: UUID | None = None) -> None:
    """Close the open tasks that an act has just fulfilled, all of a kind or those about one thing."""
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    for task in _list_open(case.id):
        is_about = about is None or task.content.get("about") == str(about)
        if task.content["kind"] == kind and is_about:
            finish_task(actor, case_id, task.id)


def _list_open(case_id: UUID) -> list[Task]:
    return list(current().scalars(select(Task).where(Task.case_id == case_id, Task.state == "open")))


def change_summary(
    actor: Actor,
    case_id: UUID,
    *,
    version: int,
    summary: Mapping[str, Any] | None = None,
    risk_level: str | None = None,
    survivor_id: UUID | None = None,
    state: CaseState | None = None,
) -> Case:
    """Change the head of a case: only what is given."""
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    check_version(case, version)
    if summary is not None:
        case.summary = dict(summary)
    if risk_level is not None:
        case.risk_level = risk_level
    if survivor_id is not None and survivor_id != case.survivor_id:
        case.survivor_id = survivor_id
        keep_bars(actor, case)
    if state is not None and state != case.state:
        _move(case, state)
    current().flush()
    audit.changed(actor, "case:change", "case", case.id, scope=("case", case.id))
    return case


def assign(
    actor: Actor, case_id: UUID, account_id: UUID, *, kind: str = "owner", until_day: date | None = None
) -> None:
    """Give a case to somebody; a new owner takes the place of the old one, who keeps no access.

    Raises Refused `not_case_staff` for an account that is shut, not enrolled, or that works on no cases.
    """
    case = get_case(actor, case_id, Permission.CASE_ASSIGN)
    if not is_case_staff(actor, account_id):
        raise Refused("not_case_staff")
    barred = select(Bar.id).where(
        Bar.case_id == case.id, Bar.account_id == account_id, Bar.lifted_day.is_(None)
    )
    if current().scalar(barred) is not None:
        raise Refused("conflict_of_interest")
    if kind == "owner":
        _end_ownership(case, account_id)
        case.owner_id = account_id
    _assign(case, account_id, kind, until_day)
    _write_move(actor, case, "assigned", to=str(account_id), role=kind)


def _end_ownership(case: Case, following: UUID) -> None:
    owners = select(Assignment).where(
        Assignment.case_id == case.id, Assignment.kind == "owner", Assignment.until_day.is_(None)
    )
    for assignment in current().scalars(owners):
        assignment.until_day = clock.today() - timedelta(days=1)
    open_tasks = select(Task).where(
        Task.case_id == case.id, Task.state == "open", Task.assignee_id == case.owner_id
    )
    for task in current().scalars(open_tasks):
        task.assignee_id = following


def propose_closure(
    actor: Actor, case_id: UUID, *, version: int, reason: str, checks: Mapping[str, Any], note: str | None
) -> Case:
    """Ask the supervisor to agree that the work on a case is done."""
    case = get_case(actor, case_id, Permission.CASE_PROPOSE_CLOSURE)
    check_version(case, version)
    _move(case, CaseState.CLOSURE_PROPOSED)
    case.closure = {
        "reason": reason,
        "checks": dict(checks),
        "note": note,
        "proposed_by": str(actor.account_id),
        "proposed_on": clock.today().isoformat(),
    }
    _write_move(actor, case, "closure_proposed", reason=reason)
    return case


def agree_closure(actor: Actor, case_id: UUID, *, version: int) -> Case:
    """Close a case; whoever proposed it cannot agree to it alone."""
    case = get_case(actor, case_id, Permission.CASE_AGREE_CLOSURE)
    check_version(case, version)
    if case.closure and case.closure["proposed_by"] == str(actor.account_id):
        raise Refused("own_proposal")
    _move(case, CaseState.CLOSED)
    case.closed_day = clock.today()
    case.closure = {**case.closure, "agreed_by": str(actor.account_id)}
    _drop_open_tasks(case)
    _write_move(actor, case, "closed")
    return case


def return_closure(actor: Actor, case_id: UUID, *, version: int, note: str) -> Case:
    """Send a proposed closing back to the case worker, with the reason."""
    case = get_case(actor, case_id, Permission.CASE_AGREE_CLOSURE)
    check_version(case, version)
    if case.state != CaseState.CLOSURE_PROPOSED:
        raise InvalidState(case.state)
    _move(case, CaseState.OPEN)
    _write_move(actor, case, "closure_returned", note=note)
    return case


def reopen(actor: Actor, case_id: UUID, *, version: int, reason: str) -> Case:
    """Open a closed case again."""
    case = get_case(actor, case_id, Permission.CASE_REOPEN)
    check_version(case, version)
    if case.state != CaseState.CLOSED:
        raise InvalidState(case.state)
    _move(case, CaseState.OPEN)
    case.closed_day = None
    _write_move(actor, case, "reopened", reason=reason)
    return case


def _move(case: Case, state: CaseState) -> None:
    if not may_become(case.state, state):
        raise InvalidState(case.state)
    case.state = state


def _drop_open_tasks(case: Case) -> None:
    for task in current().scalars(select(Task).where(Task.case_id == case.id, Task.state == "open")):
        task.state = "dropped"


def _write_move(actor: Actor, case: Case, kind: str, **data: Any) -> None:
    current().flush()
    content: dict[str, Any] = {"at": clock.now().isoformat(), "kind": kind, "data": data}
    author_id = None if actor.account_id == INSTALLATION else actor.account_id
    current().add(TimelineEntry(case_id=case.id, author_id=author_id, day=clock.today(), content=content))
    current().flush()
    audit.changed(actor, f"case:{kind}", "case", case.id, scope=("case", case.id))
