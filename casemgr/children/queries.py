"""Every reading of child records: by owner, by what the law lets a linked case know, and by nobody else."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import bindparam, select

from casemgr import clock
from casemgr.accounts.models import Account
from casemgr.accounts.queries import Person, list_staff
from casemgr.audit import service as audit
from casemgr.audit.queries import Entry, list_readers_of
from casemgr.cases.models import Bar, Case
from casemgr.cases.queries import get_case
from casemgr.children.models import ChildLink, ChildRecord, ChildTask
from casemgr.children.rules import TAKEN_BACK, ChildState
from casemgr.db import Page, current, only, prefetch, take_page
from casemgr.db.paging import Key
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission, Role, require_role, visible

MOST = 200
"""How many duties stand on one page at the most; what is due later waits until these are done."""

_STATES_OF = (
    select(ChildRecord.state)
    .join(ChildLink, ChildLink.child_id == ChildRecord.id)
    .where(ChildLink.case_id == bindparam("case_id"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRow:
    """A record as its owner's list shows it: by code, without a name."""

    id: UUID
    code: str
    state: str
    opened_day: date
    risk_level: str | None
    next_due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFromCase:
    """What a case may know of a linked record: that it is, whose it is, how grave, whether it is open."""

    id: UUID
    code: str
    owner_id: UUID
    risk_level: str | None
    state: str
    linked_day: date
    relation: str | None
    is_reachable: bool
    taken_back_day: date | None
    """When the referral that the record came from was taken back; the record goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFromChild:
    """What a record may know of a linked case: its code and who answers for it."""

    code: str
    owner_id: UUID
    linked_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A legal duty of a record and when it ends."""

    id: UUID
    kind: str
    state: str
    due_at: datetime
    done_at: datetime | None


def get_child(actor: Actor, child_id: UUID, permission: Permission = Permission.CHILD_READ) -> ChildRecord:
    """Return a record on which the actor has the permission, or raise `NotFound`."""
    here = (ChildRecord.id == child_id, visible(actor, permission, ChildRecord))
    found = current().scalar(select(ChildRecord).where(*here))
    if found is None:
        raise NotFound
    return found


def open_page(actor: Actor, child_id: UUID, *fields: str) -> ChildRecord:
    """Return a record to be shown, and write down that its sealed fields were read."""
    child = get_child(actor, child_id)
    audit.seen(actor, "child", child.id, fields, scope=("child", child.id))
    return child


def list_children(
    actor: Actor, state: ChildState = ChildState.OPEN, *, before: Key | None = None
) -> Page[ChildRow]:
    """Return one page of the actor's own records, newest first."""
    query = (
        select(ChildRecord)
        .where(visible(actor, Permission.CHILD_READ, ChildRecord), ChildRecord.state == state)
        .options(only(ChildRecord, "code", "state", "opened_day", "risk_level"))
    )
    children = take_page(query, ChildRecord.opened_day, before)
    prefetch(current(), children, "risk_level")
    due = _next_due([child.id for child in children])
    if children:
        audit.listed(actor, "child", [child.id for child in children], fields=("risk_level",))
    rows = [
        ChildRow(
            id=child.id,
            code=child.code,
            state=child.state,
            opened_day=child.opened_day,
            risk_level=child.risk_level,
            next_due=due.get(child.id),
        )
        for child in children
    ]
    return children.told_as(rows)


def _next_due(child_ids: Sequence[UUID]) -> dict[UUID, date]:
    query = select(ChildTask.child_id, ChildTask.due_day).where(
        ChildTask.child_id.in_(child_ids), ChildTask.state == "open"
    )
    days: dict[UUID, list[date]] = defaultdict(list)
    for child_id, day in current().execute(query):
        days[child_id].append(day)
    return {child_id: min(found) for child_id, found in days.items()}


def list_duties(actor: Actor, child_id: UUID) -> list[Duty]:
    """Return the legal duties of a record, the next due first; the page has written the reading down."""
    child = get_child(actor, child_id)
    tasks = current().scalars(select(ChildTask).where(ChildTask.child_id == child.id))
    return sorted(map(_duty, tasks), key=lambda duty: duty.due_at)


def list_my_duties(actor: Actor, until: date) -> list[tuple[Duty, UUID, str]]:
    """Return the open duties of the actor's own records up to a day, with id and code of their record."""
    query = (
        select(ChildTask, ChildRecord.id, ChildRecord.code)
        .join(ChildRecord, ChildRecord.id == ChildTask.child_id)
        .where(
            ChildTask.state == "open",
            ChildTask.due_day <= until,
            visible(actor, Permission.CHILD_CHANGE, ChildRecord),
        )
        .order_by(ChildTask.due_day, ChildTask.id)
        .limit(MOST)
    )
    rows = [(task, child_id, code) for task, child_id, code in current().execute(query)]
    prefetch(current(), [task for task, _, _ in rows], "content")
    found = [(_duty(task), child_id, code) for task, child_id, code in rows]
    if found:
        audit.listed(actor, "child", [child_id for _, child_id, _ in found], fields=("tasks",))
    return sorted(found, key=lambda item: item[0].due_at)


def _duty(task: ChildTask) -> Duty:
    return Duty(
        id=task.id,
        kind=task.content["kind"],
        state=task.state,
        due_at=datetime.fromisoformat(task.content["due_at"]),
        done_at=_moment(task.content.get("done_at")),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def get_task(actor: Actor, child_id: UUID, task_id: UUID) -> ChildTask:
    """Return a duty of a record that the actor may change, or raise `NotFound`."""
    child = get_child(actor, child_id, Permission.CHILD_CHANGE)
    found = current().scalar(select(ChildTask).where(ChildTask.id == task_id, ChildTask.child_id == child.id))
    if found is None:
        raise NotFound
    return found


def list_cases_of(actor: Actor, child_id: UUID) -> list[SeenFromChild]:
    """Return the cases that a record is linked to, as far as its owner may know them."""
    child = get_child(actor, child_id)
    query = (
        select(Case.code, Case.owner_id, ChildLink.linked_day)
        .join(ChildLink, ChildLink.case_id == Case.id)
        .where(ChildLink.child_id == child.id)
        .order_by(ChildLink.linked_day, Case.code)
    )
    return [
        SeenFromChild(code=code, owner_id=owner_id, linked_day=day)
        for code, owner_id, day in current().execute(query)
    ]


def list_children_of(actor: Actor, case_id: UUID) -> list[SeenFromCase]:
    """Return the records linked to a case, as far as those on the case may know them; both sides log it."""
    case = get_case(actor, case_id)
    query = (
        select(ChildLink, ChildRecord)
        .join(ChildRecord, ChildRecord.id == ChildLink.child_id)
        .where(ChildLink.case_id == case.id)
        .order_by(ChildLink.linked_day, ChildRecord.code)
    )
    found = [(link, child) for link, child in current().execute(query)]
    children = [child for _, child in found]
    prefetch(current(), children, "risk_level")
    audit.seen(actor, "case", case.id, ("children",), scope=("case", case.id))
    for child in children:
        audit.seen(actor, "child", child.id, ("risk_level",), scope=("child", child.id))
    here = (
        ChildRecord.id.in_([child.id for child in children]),
        visible(actor, Permission.CHILD_READ, ChildRecord),
    )
    reachable = set(current().scalars(select(ChildRecord.id).where(*here)))
    return [_seen_from_case(link, child, is_reachable=child.id in reachable) for link, child in found]


def _seen_from_case(link: ChildLink, child: ChildRecord, *, is_reachable: bool) -> SeenFromCase:
    taken_back = (link.basis or {}).get(TAKEN_BACK)
    return SeenFromCase(
        id=child.id,
        code=child.code,
        owner_id=child.owner_id,
        risk_level=child.risk_level,
        state=child.state,
        linked_day=link.linked_day,
        relation=link.relation,
        is_reachable=is_reachable,
        taken_back_day=date.fromisoformat(taken_back) if taken_back else None,
    )


def list_states_of(actor: Actor, case_id: UUID) -> list[str]:
    """Return the states of the records linked to a case, without opening anything."""
    case = get_case(actor, case_id)
    return list(current().scalars(_STATES_OF, {"case_id": case.id}))


def list_workers(actor: Actor, case_id: UUID) -> list[Person]:
    """Return the child-protection workers of the unit from whom the case is not kept."""
    case = get_case(actor, case_id, Permission.CHILD_LINK)
    barred = set(
        current().scalars(select(Bar.account_id).where(Bar.case_id == case.id, Bar.lifted_day.is_(None)))
    )
    return [person for person in list_staff(actor, Role.CHILD_WORKER) if person.account_id not in barred]


def find_owner(actor: Actor, unit_id: UUID, kept_from: Collection[UUID]) -> UUID | None:
    """Return who would own a record that comes by referral: the actor, else the first one by name."""
    require_role(actor, Permission.ACCOUNT_SELF)
    here = select(Account).where(Account.unit_id == unit_id, Account.state == "active")
    workers = [
        account
        for account in current().scalars(here)
        if Role.CHILD_WORKER in account.roles and account.id not in kept_from
    ]
    prefetch(current(), workers, "name")
    first = sorted(workers, key=lambda one: (one.id != actor.account_id, one.name or "", str(one.id)))
    return first[0].id if first else None


def get_link(actor: Actor, case_id: UUID, child_id: UUID) -> tuple[ChildLink, ChildRecord]:
    """Return how a record hangs on a case that the actor may link children to, or raise `NotFound`."""
    case = get_case(actor, case_id, Permission.CHILD_LINK)
    found = select(ChildLink).where(ChildLink.case_id == case.id, ChildLink.child_id == child_id)
    link = current().scalar(found)
    if link is None:
        raise NotFound
    return link, current().get_one(ChildRecord, child_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a case may know of a record that its referral became: how far it is, and whether it helped."""

    has_begun: bool
    has_ended: bool
    needs_met: str | None


def find_progress(actor: Actor, case_id: UUID, child_id: UUID) -> Progress:
    """Return how far a record is that came by referral, for the case it came from; raises `NotFound`."""
    _, child = get_link(actor, case_id, child_id)
    done = select(ChildTask.id).where(ChildTask.child_id == child_id, ChildTask.state == "done").limit(1)
    is_over = child.state == ChildState.CLOSED
    return Progress(
        has_begun=current().scalar(done) is not None,
        has_ended=is_over,
        needs_met=(child.closure or {}).get("needs_met") if is_over else None,
    )


def list_readers(actor: Actor, child_id: UUID) -> list[Entry]:
    """Return who opened or changed a record, newest first."""
    child = get_child(actor, child_id, Permission.CHILD_CHANGE)
    since = datetime.combine(child.opened_day, time(), clock.LOCAL)
    return list_readers_of(actor, "child", child.id, listed_since=since)
