"""Every reading of case files; each is filtered by what the actor may see, bars included."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, or_, select

from casemgr import clock
from casemgr.accounts.models import Account
from casemgr.audit import service as audit
from casemgr.audit.queries import Entry, list_readers_of
from casemgr.cases.models import Bar, BarLift, Case, Task, TimelineEntry
from casemgr.cases.rules import LIVE, CaseState
from casemgr.db import Page, asked_once, current, only, prefetch, take_page
from casemgr.db.paging import PAGE, Key
from casemgr.duty.models import Absence
from casemgr.errors import NotFound
from casemgr.policy import (
    ANYBODY,
    Actor,
    Permission,
    Reach,
    Role,
    asked_by,
    reach_of,
    require_role,
    visible,
)
from casemgr.units.models import Unit

MOST = 200
"""How many tasks stand on one page at the most; what is due later waits until these are done."""
_ENTRIES_OF = select(TimelineEntry).where(TimelineEntry.case_id == bindparam("case_id"))
_TASKS_OF = (
    select(Task)
    .where(Task.case_id == bindparam("case_id"), Task.state == "open")
    .order_by(Task.due_day, Task.id)
)
_OPEN_LIFT = and_(BarLift.bar_id == Bar.id, BarLift.state == "open")
OF_BARS = frozenset({"case:bar", "case:propose_lift", "case:lift_bar", "case:refuse_lift"})
"""Acts that tell whom a case was kept from: who is let in again must not learn of it from the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as lists show it: by code, without a name."""

    id: UUID
    code: str
    state: str
    owner_id: UUID
    opened_day: date
    risk_level: str | None
    next_due: date | None


def get_case(actor: Actor, case_id: UUID, permission: Permission = Permission.CASE_READ) -> Case:
    """Return a case on which the actor has the permission, or raise `NotFound`."""
    # Which rows are in reach depends on the permission by how far it reaches, and by nothing else.
    reach = reach_of(actor, permission)

    def ask() -> Case:
        query = _one_case(reach, clock.today())
        found = current().scalar(query, {"case_id": case_id, **asked_by(actor)})
        if found is None:
            raise NotFound
        return found

    if reach is Reach.NONE:
        raise NotFound
    return asked_once((Case, actor, reach, case_id), ask)


@lru_cache(maxsize=8)
def _one_case(reach: Reach, _today: date) -> Select[Case]:
    """Write down once a day how one case is read; the day stands in the condition."""
    return select(Case).where(Case.id == bindparam("case_id"), Case.holds(reach, ANYBODY)).limit(1)


def open_page(actor: Actor, case_id: UUID, *fields: str) -> Case:
    """Return a case to be shown, and write down that its sealed fields were read."""
    case = get_case(actor, case_id)
    audit.seen(actor, "case", case.id, scope=("case", case.id), fields=fields)
    return case


def list_cases(
    actor: Actor, *, states: Sequence[str] = tuple(LIVE), before: Key | None = None
) -> Page[CaseRow]:
    """Return one page of the cases in reach, newest first; the risk word of each is a sealed reading."""
    reach = reach_of(actor, Permission.CASE_LIST)
    if reach is Reach.NONE:
        return Page()
    query, who = _listed(reach, clock.today()), {"states": list(states), **asked_by(actor)}
    cases = take_page(query, Case.opened_day, before, who)
    return cases.told_as(_rows(actor, cases))


def list_own(actor: Actor) -> list[CaseRow]:
    """Return every live case that the actor leads, newest first; nobody else's, whatever the roles."""
    query = (
        select(Case)
        .where(visible(actor, Permission.CASE_LIST, Case), Case.owner_id == actor.account_id)
        .where(Case.state.in_(tuple(LIVE)))
        .options(only(Case, "code", "state", "owner_id", "opened_day", "risk_level"))
    )
    return _rows(actor, list(current().scalars(query.order_by(Case.opened_day.desc(), Case.id))))


def _rows(actor: Actor, cases: Sequence[Case]) -> list[CaseRow]:
    """Return cases as lists show them; the risk word of each is a sealed reading, which is written down."""
    prefetch(current(), cases, "risk_level")
    due = _next_due([case.id for case in cases])
    rows = [
        CaseRow(
            id=case.id,
            code=case.code,
            state=case.state,
            owner_id=case.owner_id,
            opened_day=case.opened_day,
            risk_level=case.risk_level,
            next_due=due.get(case.id),
        )
        for case in cases
    ]
    if rows:
        audit.listed(actor, "case", [row.id for row in rows], fields=("risk_level",))
    return rows


def list_reachable(actor: Actor, case_ids: Sequence[UUID]) -> list[UUID]:
    """Return those of some cases that the actor may work on; a case that was taken away since is left out."""
    if not case_ids:
        return []
    here = (Case.id.in_(case_ids), visible(actor, Permission.CASE_CHANGE, Case))
    reachable = set(current().scalars(select(Case.id).where(*here)))
    return [case_id for case_id in case_ids if case_id in reachable]


def find_by_code(actor: Actor, code: str) -> Case | None:
    """Return the case with this code if it is in reach."""
    return current().scalar(select(Case).where(Case.code == code, visible(actor, Permission.CASE_LIST, Case)))


def list_entries(actor: Actor, case: Case) -> list[TimelineEntry]:
    """Return the timeline of a case that `open_page` returned, newest first."""
    entries = list(current().scalars(_ENTRIES_OF, {"case_id": get_case(actor, case.id).id}))
    prefetch(current(), entries, "content")
    return sorted(entries, key=lambda entry: (entry.day, entry.content["at"]), reverse=True)


def list_tasks(actor: Actor, case: Case) -> list[Task]:
    """Return the open tasks of a case, the next due first.

    Of what the owner and others are told alike only one stands there: the actor's own, else the owner's.
    """
    tasks = list(current().scalars(_TASKS_OF, {"case_id": get_case(actor, case.id).id}))
    prefetch(current(), tasks, "content")
    mine = {_told(task) for task in tasks if task.assignee_id == actor.account_id}
    return [task for task in tasks if _is_shown(task, actor, case, mine)]


def _told(task: Task) -> tuple[str, str | None]:
    return task.content["kind"], task.content.get("about")


def _is_shown(task: Task, actor: Actor, case: Case, mine: set[tuple[str, str | None]]) -> bool:
    if task.assignee_id == actor.account_id or "about" not in task.content:
        return True
    return task.assignee_id == case.owner_id and _told(task) not in mine


def get_task(actor: Actor, case_id: UUID, task_id: UUID) -> Task:
    """Return a task of a case that the actor may change, or raise `NotFound`."""
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    task = current().scalar(select(Task).where(Task.id == task_id, Task.case_id == case.id))
    if task is None:
        raise NotFound
    return task


def list_my_tasks(actor: Actor, until: date) -> list[tuple[Task, UUID, str]]:
    """Return the actor's open tasks up to a day with id and code of their case, the next due first.

    Those of somebody for whom the actor stands in are among them: nothing waits for who is on leave.
    """
    query = (
        select(Task, Case.id, Case.code)
        .join(Case, Case.id == Task.case_id)
        .where(
            or_(Task.assignee_id == actor.account_id, Absence.is_for(Task.assignee_id, actor)),
            Task.state == "open",
            Task.due_day <= until,
            visible(actor, Permission.CASE_LIST, Case),
        )
        .order_by(Task.due_day, Task.id)
        .limit(MOST)
    )
    rows = [(task, case_id, code) for task, case_id, code in current().execute(query)]
    prefetch(current(), [task for task, _, _ in rows], "content")
    if rows:
        audit.listed(actor, "case", sorted({case_id for _, case_id, _ in rows}), fields=("tasks",))
    return rows


def list_overdue(actor: Actor, today: date) -> list[tuple[Case, date]]:
    """Return the live cases in reach with an open task whose day is over, and that day; the oldest first."""
    day = func.min(Task.due_day)
    query = (
        select(Case, day)
        .join(Task, Task.case_id == Case.id)
        .options(only(Case, "code", "owner_id"))
        .where(Task.state == "open", Task.due_day < today, visible(actor, Permission.CASE_ASSIGN, Case))
        .group_by(Case.id)
        .order_by(day, Case.id)
        .limit(PAGE)
    )
    return [(case, found) for case, found in current().execute(query)]


def list_uncovered(actor: Actor) -> list[Case]:
    """Return the live cases in reach whose owner is away today, and which nobody who stands in may open."""
    today = clock.today()
    of_unit = select(Absence).where(
        Absence.unit_id == actor.unit_id, Absence.from_day <= today, Absence.until_day >= today
    )
    covers: dict[UUID, set[UUID]] = defaultdict(set)
    for absence in current().scalars(of_unit):
        covers[absence.account_id].add(absence.cover_id)
    if not covers:
        return []
    query = (
        select(Case)
        .where(
            Case.unit_id == actor.unit_id,
            Case.state.in_(LIVE),
            Case.owner_id.in_(covers),
            visible(actor, Permission.CASE_ASSIGN, Case),
        )
        .options(only(Case, "code", "owner_id"))
    )
    cases = list(current().scalars(query.order_by(Case.opened_day, Case.id)))
    standing = select(Bar.case_id, Bar.account_id).where(
        Bar.case_id.in_([case.id for case in cases]), Bar.lifted_day.is_(None)
    )
    bars = {(case_id, account_id) for case_id, account_id in current().execute(standing)}
    return [case for case in cases if all((case.id, cover) in bars for cover in covers[case.owner_id])]


def list_awaiting_agreement(actor: Actor) -> list[Case]:
    """Return the cases whose closing waits for this supervisor."""
    query = select(Case).where(
        Case.state == CaseState.CLOSURE_PROPOSED, visible(actor, Permission.CASE_AGREE_CLOSURE, Case)
    )
    shown = query.options(only(Case, "code"))
    return list(current().scalars(shown.order_by(Case.opened_day, Case.id).limit(PAGE)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A bar that stands, and the proposal to lift it, if there is one."""

    bar: Bar
    lift: BarLift | None


def list_bars(actor: Actor, case: Case) -> list[Standing]:
    """Return whom a case is kept from, with the reasons, and write down that they were read."""
    here = (Bar.case_id == get_case(actor, case.id, Permission.CASE_BAR).id, Bar.lifted_day.is_(None))
    query = select(Bar, BarLift).outerjoin(BarLift, _OPEN_LIFT).where(*here)
    found = current().execute(query.order_by(Bar.made_day, Bar.id))
    bars = [Standing(bar=bar, lift=lift) for bar, lift in found]
    if bars:
        audit.seen(actor, "case", case.id, scope=("case", case.id), fields=("bars",))
    return bars


def get_bar(actor: Actor, case_id: UUID, bar_id: UUID) -> Bar:
    """Return a bar that stands, of a case on which the actor may make and lift them; or raise `NotFound`."""
    case = get_case(actor, case_id, Permission.CASE_BAR)
    here = (Bar.id == bar_id, Bar.case_id == case.id, Bar.lifted_day.is_(None))
    found = current().scalar(select(Bar).where(*here))
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Overseen:
    """A bar that leaves a case without a supervisor: its unit and code, nothing of what it is about."""

    bar: Bar
    lift: BarLift | None
    code: str
    unit_name: str


def list_overseen(actor: Actor) -> list[Overseen]:
    """Return the bars that leave cases without a supervisor, for those who watch over them from outside.

    Only by code and unit: nothing of the case is read.
    """
    require_role(actor, Permission.BAR_OVERSEE)
    query = select(Bar, BarLift, Case.code, Unit.name).join(Case, Case.id == Bar.case_id)
    query = query.join(Unit, Unit.id == Case.unit_id).outerjoin(BarLift, _OPEN_LIFT)
    seen = query.where(visible(actor, Permission.BAR_OVERSEE, Bar)).order_by(Bar.made_day, Bar.id)
    return [
        Overseen(bar=bar, lift=lift, code=code, unit_name=name)
        for bar, lift, code, name in current().execute(seen)
    ]


def get_overseen(actor: Actor, bar_id: UUID) -> Bar:
    """Return a bar that the actor watches over from outside, or raise `NotFound`."""
    found = next((one.bar for one in list_overseen(actor) if one.bar.id == bar_id), None)
    if found is None:
        raise NotFound
    return found


def is_case_staff(actor: Actor, account_id: UUID) -> bool:
    """Say whether an account is in use and its roles let it work on case files at all."""
    require_role(actor, Permission.CASE_LIST)
    account = current().get(Account, account_id)
    if account is None or account.state != "active":
        return False
    return bool(account.roles & {Role.CASE_WORKER, Role.SUPERVISOR})


@lru_cache(maxsize=8)
def _listed(reach: Reach, _today: date) -> Select[Case]:
    """Write down once a day how cases are listed."""
    shown = only(Case, "code", "state", "owner_id", "opened_day", "risk_level")
    in_states = Case.state.in_(bindparam("states", expanding=True))
    return select(Case).where(Case.within(reach, ANYBODY), in_states).options(shown)


_OPEN_TASKS = select(Task.case_id, Task.due_day).where(
    Task.case_id.in_(bindparam("case_ids", expanding=True)), Task.state == "open"
)


def _next_due(case_ids: Sequence[UUID]) -> dict[UUID, date]:
    due: dict[UUID, date] = {}
    for case_id, day in current().execute(_OPEN_TASKS, {"case_ids": case_ids}):
        due[case_id] = min(day, due.get(case_id, day))
    return due


def list_readers(actor: Actor, case: Case) -> list[Entry]:
    """Return who opened or changed a case, newest first; the owner sees it, and so may the survivor."""
    owned = get_case(actor, case.id, Permission.CASE_ACCESS_LOG)
    since = datetime.combine(owned.opened_day, time(), clock.LOCAL)
    found = list_readers_of(actor, "case", owned.id, listed_since=since)
    return [entry for entry in found if entry.action not in OF_BARS]
