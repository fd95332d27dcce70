"""Who may do what to which record: one table, deny by default, two gates.

The endpoint asks whether the role ever may; every query and service asks whether this actor may
reach this row. "May I?" and "which ones?" are the same rule: a row is allowed when it is visible.
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, false, select

from casemgr import clock
from casemgr.db import asked_once, current
from casemgr.errors import Forbidden, NotFound


class Role(StrEnum):
    """What somebody is trusted with; an account may hold several."""

    CASE_WORKER = "case_worker"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    KEEPER = "keeper"
    RECIPIENT = "recipient"
    CHILD_WORKER = "child_worker"
    PROGRAMME_OFFICER = "programme_officer"
    HAMLET_HEAD = "hamlet_head"
    REPORT_OFFICER = "report_officer"
    DATA_PROTECTION = "data_protection"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """An act on a kind of record; audit entries use the same words."""

    HOME = "home:show"
    ACCOUNT_SELF = "account:self"
    CASE_LIST = "case:list"
    CASE_READ = "case:read"
    CASE_OPEN = "case:open"
    CASE_CHANGE = "case:change"
    CASE_ASSIGN = "case:assign"
    CASE_PROPOSE_CLOSURE = "case:propose_closure"
    CASE_AGREE_CLOSURE = "case:agree_closure"
    CASE_REOPEN = "case:reopen"
    CASE_ACCESS_LOG = "case:access_log"
    CASE_BAR = "case:bar"
    BAR_OVERSEE = "bar:oversee"
    CASE_DECIDE = "case:decide"
    IDENTITY_READ = "identity:read"
    REFERRAL_SEND = "referral:send"
    REFERRAL_READ = "referral:read"
    REFERRAL_INBOX = "referral:inbox"
    REFERRAL_ANSWER = "referral:answer"
    SHELTER_BOARD = "shelter:board"
    SHELTER_KEEP = "shelter:keep"
    SHELTER_MANAGE = "shelter:manage"
    STAY_FOLLOW = "stay:follow"
    CHILD_LINK = "child:link"
    CHILD_READ = "child:read"
    CHILD_CHANGE = "child:change"
    SUPPORT_LINK = "support:link"
    SUPPORT_READ = "support:read"
    SUPPORT_CHANGE = "support:change"
    CONFERENCE_CALL = "conference:call"
    CONFERENCE_ATTEND = "conference:attend"
    TIP_SEND = "tip:send"
    TIP_READ = "tip:read"
    HAMLET_REPORT = "hamlet_report:send"
    DASHBOARD_SHOW = "dashboard:show"
    STATISTICS_READ = "statistics:read"
    STATISTICS_MAKE = "statistics:make"
    STATISTICS_ATTACK = "statistics:attack"
    REPORT_READ = "report:read"
    REPORT_MAKE = "report:make"
    REPORT_APPROVE = "report:approve"
    IMPORT_RUN = "import:run"
    AUDIT_READ = "audit:read"
    DIRECTORY_READ = "directory:read"
    DIRECTORY_CALL = "directory:call"
    DIRECTORY_KEEP = "directory:keep"
    DUTY_READ = "duty:read"
    DUTY_MANAGE = "duty:manage"
    DUTY_LEAVE = "duty:leave"
    DUTY_VERIFY = "duty:verify"
    UNIT_READ = "unit:read"
    UNIT_MANAGE = "unit:manage"
    ACCOUNT_MANAGE = "account:manage"
    ACCOUNT_RELEASE = "account:release"
    KEYS_STATUS = "keys:status"
    JOB_MANAGE = "job:manage"


class Reach(IntEnum):
    """How far a permission goes; each step says which rows, never that a row exists."""

    NONE = 0
    ASSIGNED = 1
    ADDRESSED = 2
    UNIT = 3
    ALL = 4


_SELF = {
    Permission.HOME: Reach.ALL,
    Permission.ACCOUNT_SELF: Reach.ALL,
    Permission.DIRECTORY_READ: Reach.UNIT,
}
_ROTA = {Permission.DUTY_READ: Reach.ADDRESSED, Permission.DUTY_LEAVE: Reach.ASSIGNED}
_OWN_ROTA = {
    **_ROTA,
    Permission.DUTY_MANAGE: Reach.ADDRESSED,
    Permission.DIRECTORY_KEEP: Reach.ADDRESSED,
}

GRANTS: dict[Role, dict[Permission, Reach]] = {
    Role.CASE_WORKER: {
        **_SELF,
        Permission.DASHBOARD_SHOW: Reach.ASSIGNED,
        Permission.CASE_LIST: Reach.ASSIGNED,
        Permission.CASE_READ: Reach.ASSIGNED,
        Permission.CASE_OPEN: Reach.UNIT,
        Permission.CASE_CHANGE: Reach.ASSIGNED,
        Permission.CASE_PROPOSE_CLOSURE: Reach.ASSIGNED,
        Permission.CASE_ACCESS_LOG: Reach.ASSIGNED,
        Permission.CASE_BAR: Reach.ASSIGNED,
        Permission.IDENTITY_READ: Reach.ASSIGNED,
        Permission.REFERRAL_SEND: Reach.ASSIGNED,
        Permission.REFERRAL_READ: Reach.ASSIGNED,
        Permission.SHELTER_BOARD: Reach.UNIT,
        Permission.STAY_FOLLOW: Reach.ASSIGNED,
        Permission.CHILD_LINK: Reach.ASSIGNED,
        Permission.CHILD_READ: Reach.ASSIGNED,
        Permission.SUPPORT_LINK: Reach.ASSIGNED,
        Permission.CONFERENCE_CALL: Reach.ASSIGNED,
        Permission.CONFERENCE_ATTEND: Reach.ADDRESSED,
        Permission.TIP_READ: Reach.UNIT,
        Permission.UNIT_READ: Reach.UNIT,
        **_ROTA,
        Permission.DIRECTORY_CALL: Reach.UNIT,
        Permission.DUTY_VERIFY: Reach.UNIT,
    },
    Role.SUPERVISOR: {
        **_SELF,
        Permission.DASHBOARD_SHOW: Reach.UNIT,
        Permission.CASE_LIST: Reach.UNIT,
        Permission.CASE_READ: Reach.UNIT,
        Permission.CASE_OPEN: Reach.UNIT,
        Permission.CASE_CHANGE: Reach.UNIT,
        Permission.CASE_ASSIGN: Reach.UNIT,
        Permission.CASE_PROPOSE_CLOSURE: Reach.UNIT,
        Permission.CASE_AGREE_CLOSURE: Reach.UNIT,
        Permission.CASE_REOPEN: Reach.UNIT,
        Permission.CASE_ACCESS_LOG: Reach.UNIT,
        Permission.CASE_BAR: Reach.UNIT,
        Permission.IDENTITY_READ: Reach.UNIT,
        Permission.REFERRAL_SEND: Reach.UNIT,
        Permission.REFERRAL_READ: Reach.UNIT,
        Permission.SHELTER_BOARD: Reach.UNIT,
        Permission.SHELTER_MANAGE: Reach.UNIT,
        Permission.STAY_FOLLOW: Reach.UNIT,
        Permission.CHILD_LINK: Reach.UNIT,
        Permission.CHILD_READ: Reach.ASSIGNED,
        Permission.SUPPORT_LINK: Reach.UNIT,
        Permission.CONFERENCE_CALL: Reach.UNIT,
        Permission.CONFERENCE_ATTEND: Reach.ADDRESSED,
        Permission.TIP_READ: Reach.UNIT,
        Permission.STATISTICS_READ: Reach.UNIT,
        Permission.UNIT_READ: Reach.UNIT,
        Permission.IMPORT_RUN: Reach.UNIT,
        Permission.ACCOUNT_RELEASE: Reach.UNIT,
        Permission.BAR_OVERSEE: Reach.UNIT,
        **_OWN_ROTA,
        Permission.DUTY_LEAVE: Reach.UNIT,
        Permission.DIRECTORY_CALL: Reach.UNIT,
        Permission.DUTY_VERIFY: Reach.UNIT,
    },
    Role.LEADER: {
        **_SELF,
        Permission.DASHBOARD_SHOW: Reach.UNIT,
        Permission.CASE_DECIDE: Reach.UNIT,
        Permission.CONFERENCE_ATTEND: Reach.ADDRESSED,
        Permission.STATISTICS_READ: Reach.UNIT,
        Permission.REPORT_READ: Reach.UNIT,
        Permission.REPORT_APPROVE: Reach.UNIT,
        Permission.UNIT_READ: Reach.UNIT,
        **_ROTA,
        Permission.DIRECTORY_CALL: Reach.UNIT,
    },
    Role.KEEPER: {
        **_SELF,
        Permission.REFERRAL_INBOX: Reach.ADDRESSED,
        Permission.REFERRAL_ANSWER: Reach.ADDRESSED,
        Permission.CONFERENCE_ATTEND: Reach.ADDRESSED,
        Permission.SHELTER_KEEP: Reach.ADDRESSED,
        Permission.STAY_FOLLOW: Reach.ADDRESSED,
        **_OWN_ROTA,
    },
    Role.RECIPIENT: {
        **_SELF,
        Permission.REFERRAL_INBOX: Reach.ADDRESSED,
        Permission.REFERRAL_ANSWER: Reach.ADDRESSED,
        **_OWN_ROTA,
        Permission.DIRECTORY_CALL: Reach.UNIT,
        Permission.CONFERENCE_ATTEND: Reach.ADDRESSED,
    },
    Role.CHILD_WORKER: {
        **_SELF,
        Permission.CHILD_READ: Reach.ASSIGNED,
        Permission.CHILD_CHANGE: Reach.ASSIGNED,
        Permission.REFERRAL_INBOX: Reach.ADDRESSED,
        Permission.REFERRAL_ANSWER: Reach.ADDRESSED,
        **_ROTA,
        Permission.DIRECTORY_CALL: Reach.UNIT,
        Permission.CONFERENCE_ATTEND: Reach.ADDRESSED,
    },
    Role.PROGRAMME_OFFICER: {
        **_SELF,
        Permission.DASHBOARD_SHOW: Reach.UNIT,
        Permission.STATISTICS_READ: Reach.UNIT,
        Permission.SUPPORT_READ: Reach.UNIT,
        Permission.SUPPORT_CHANGE: Reach.UNIT,
        **_ROTA,
        Permission.DIRECTORY_CALL: Reach.UNIT,
    },
    Role.HAMLET_HEAD: {
        **_SELF,
        Permission.TIP_SEND: Reach.UNIT,
        Permission.HAMLET_REPORT: Reach.UNIT,
    },
    Role.REPORT_OFFICER: {
        **_SELF,
        Permission.DASHBOARD_SHOW: Reach.UNIT,
        Permission.STATISTICS_READ: Reach.UNIT,
        Permission.STATISTICS_MAKE: Reach.UNIT,
        Permission.REPORT_READ: Reach.UNIT,
        Permission.REPORT_MAKE: Reach.UNIT,
        Permission.UNIT_READ: Reach.UNIT,
    },
    Role.DATA_PROTECTION: {
        **_SELF,
        Permission.DASHBOARD_SHOW: Reach.UNIT,
        Permission.AUDIT_READ: Reach.ALL,
        Permission.ACCOUNT_RELEASE: Reach.ALL,
        Permission.BAR_OVERSEE: Reach.ALL,
        Permission.STATISTICS_READ: Reach.UNIT,
        Permission.STATISTICS_ATTACK: Reach.UNIT,
        Permission.KEYS_STATUS: Reach.ALL,
        Permission.UNIT_READ: Reach.UNIT,
    },
    Role.ADMINISTRATOR: {
        **_SELF,
        Permission.UNIT_READ: Reach.ALL,
        Permission.UNIT_MANAGE: Reach.ALL,
        Permission.ACCOUNT_MANAGE: Reach.ALL,
        Permission.KEYS_STATUS: Reach.ALL,
        Permission.JOB_MANAGE: Reach.ALL,
        Permission.DIRECTORY_KEEP: Reach.ALL,
    },
}
"""Role → permission → reach. What it does not name is denied."""

_CONFIDENTIAL = ("case", "identity", "referral", "conference", "child", "support", "tip", "audit")
"""Kinds of records that whoever gives out roles never has to do with."""


def is_confidential(role: Role) -> bool:
    """Say whether a role has to do with people's records, or watches over the log."""
    return any(permission.split(":")[0] in _CONFIDENTIAL for permission in GRANTS[role])


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: an account in its unit, with its roles, and through which door."""

    account_id: UUID
    unit_id: UUID
    roles: frozenset[Role]
    session_id: UUID | None = None
    door: str = field(default="page")


class _Anybody:
    """Has no roles: a condition that depends on them cannot be written once for all."""

    account_id = bindparam("actor_account_id", type_=Uuid())
    unit_id = bindparam("actor_unit_id", type_=Uuid())


ANYBODY = cast("Actor", _Anybody())
"""Stands for the actor in a statement that is written once a process; `asked_by` says who asks this time.

Writing a statement down costs several times what it costs to bind and send it.
"""


def asked_by(actor: Actor) -> dict[str, UUID]:
    """Return what a statement written for `ANYBODY` is to be executed with."""
    return {"actor_account_id": actor.account_id, "actor_unit_id": actor.unit_id}


class Reachable(Protocol):
    """A table that can say which of its rows lie within an actor's reach, bars included."""

    id: Any

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Return the filter of the rows that the actor reaches; a bar always narrows it."""


def reach_of(actor: Actor, permission: Permission) -> Reach:
    """Return the furthest reach that any of the actor's roles grants."""
    return max((GRANTS[role].get(permission, Reach.NONE) for role in actor.roles), default=Reach.NONE)


def may(actor: Actor, permission: Permission) -> bool:
    """Say whether the actor's roles ever include the permission."""
    return reach_of(actor, permission) > Reach.NONE


def require_role(actor: Actor, permission: Permission) -> None:
    """Raise `Forbidden` unless the actor's roles include the permission."""
    if not may(actor, permission):
        raise Forbidden(permission)


def visible(actor: Actor, permission: Permission, table: type[Reachable]) -> ColumnElement[bool]:
    """Return the filter of the rows on which the actor has the permission."""
    reach = reach_of(actor, permission)
    if reach is Reach.NONE:
        return false()
    # A page asks the same of one table a dozen times; writing the condition down costs more than binding it.
    # Some conditions are made of what the database says, so a unit that may write makes them anew.
    return asked_once(("filter", table, reach, actor, clock.today()), lambda: table.within(reach, actor))


def allows(actor: Actor, permission: Permission, record: Reachable) -> bool:
    """Say whether the actor has the permission on this row."""
    table: Any = type(record)
    found = select(table.id).where(table.id == record.id, visible(actor, permission, table))
    return current().scalar(found) is not None


def require(actor: Actor, permission: Permission, record: Reachable) -> None:
    """Raise `NotFound` unless the actor has the permission on this row: refused looks like missing."""
    if not allows(actor, permission, record):
        raise NotFound
