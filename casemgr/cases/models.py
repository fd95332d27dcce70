"""Tables of the case file; plain columns say that there is a case and who works on it, never what about."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ForeignKey,
    Index,
    String,
    and_,
    exists,
    false,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import Mapped, aliased

from casemgr import clock
from casemgr.accounts.models import Account
from casemgr.db import Base, Row, Scope, Versioned, among, plain, sealed_json, sealed_text
from casemgr.duty.models import Absence
from casemgr.policy import Actor, Reach, Role
from casemgr.units.models import Unit


class Case(Row, Versioned, Base):
    """A case file: one survivor, one or several incidents, one owner."""

    __tablename__ = "case_file"
    __table_args__ = (Index(None, "unit_id", "state", "opened_day"),)
    __scope__ = Scope(purpose="case", attribute="id")

    code: Mapped[str] = plain("random code, made of nothing about the case", String(16), unique=True)
    unit_id: Mapped[UUID] = plain("the unit that keeps the file", ForeignKey("unit.id"))
    survivor_id: Mapped[UUID | None] = plain(
        "random id; absent until she is recorded", ForeignKey("survivor.id"), index=True
    )
    owner_id: Mapped[UUID] = plain("who answers for the file", ForeignKey("account.id"))
    state: Mapped[str] = plain("where the work stands, not what it is about", String(20))
    opened_day: Mapped[date] = plain("day of opening, not the time")
    closed_day: Mapped[date | None] = plain("day of closing, not the time")
    risk_level = sealed_text()
    summary = sealed_json()

    closure = sealed_json()

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach by assignment, one's own or that of somebody for whom one stands in, or by unit.

        A bar (conflict of interest) beats everything.
        """
        return cls._reached(reach, actor, among(cls.id, Assignment.case_ids_of(actor)))

    @classmethod
    def holds(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Say the same of cases that are named: looked up one by one, not among all that the actor has."""
        return cls._reached(
            reach, actor, exists().where(Assignment.case_id == cls.id, Assignment.is_of(actor))
        )

    @classmethod
    def _reached(cls, reach: Reach, actor: Actor, assigned: ColumnElement[bool]) -> ColumnElement[bool]:
        barred = exists().where(
            Bar.case_id == cls.id, Bar.account_id == actor.account_id, Bar.lifted_day.is_(None)
        )
        in_reach: Any = {
            Reach.ASSIGNED: assigned,
            Reach.UNIT: or_(assigned, cls.unit_id == actor.unit_id),
            Reach.ALL: true(),
        }[reach]
        return and_(in_reach, ~barred)


class Assignment(Row, Base):
    """Somebody works on a case, from a day and perhaps until a day; ended rows stay as history."""

    __tablename__ = "assignment"
    __table_args__ = (Index(None, "account_id", "case_id"),)

    case_id: Mapped[UUID] = plain("random id", ForeignKey("case_file.id"), index=True)
    account_id: Mapped[UUID] = plain("who may work on the file", ForeignKey("account.id"))
    kind: Mapped[str] = plain("owner, assigned or covering", String(12))
    from_day: Mapped[date] = plain("day from which the access holds")
    until_day: Mapped[date | None] = plain("last day of the access")

    @classmethod
    def is_of(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the filter of what the actor, or somebody for whom she stands in, works on today."""
        mine = or_(cls.account_id == actor.account_id, Absence.is_for(cls.account_id, actor))
        return and_(mine, cls._holds_today())

    @classmethod
    def case_ids_of(cls, actor: Actor) -> CompoundSelect[UUID]:
        """Return the ids of the cases of `is_of`, in two parts: for an "or" SQLite reads the whole table."""
        own = select(cls.case_id).where(cls.account_id == actor.account_id, cls._holds_today())
        covered = (
            select(cls.case_id)
            .join(Absence, Absence.account_id == cls.account_id)
            .where(Absence.is_covered_by(actor), cls._holds_today())
        )
        return union_all(own, covered)

    @classmethod
    def _holds_today(cls) -> ColumnElement[bool]:
        today = clock.today()
        return and_(cls.from_day <= today, or_(cls.until_day.is_(None), cls.until_day >= today))


class Bar(Row, Base):
    """A conflict of interest: this account must never see this case, whatever its roles."""

    __tablename__ = "bar"
    __table_args__ = (
        Index(None, "account_id", "case_id"),
        Index(
            "uq_bar_live",
            "case_id",
            "account_id",
            unique=True,
            sqlite_where=text("lifted_day IS NULL"),
            postgresql_where=text("lifted_day IS NULL"),
        ),
    )
    __scope__ = Scope(purpose="case", attribute="case_id")

    case_id: Mapped[UUID] = plain("random id", ForeignKey("case_file.id"), index=True)
    account_id: Mapped[UUID] = plain(
        "who must not see the file; the filter needs it", ForeignKey("account.id")
    )
    made_by: Mapped[UUID | None] = plain("who made it, for those who watch over it without seeing the case")
    made_day: Mapped[date] = plain("day of the record, not the time")
    lifted_day: Mapped[date | None] = plain("day on which it was lifted")
    reason = sealed_text()

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach the bars that leave a case without any supervisor, from outside, but where one is barred."""
        units = select(Unit.id) if reach is Reach.ALL else Unit.ids_below(actor.unit_id)
        other, file, left, kept = aliased(cls), aliased(Case), aliased(Account), aliased(Account)
        of_case = select(other.account_id).where(other.lifted_day.is_(None))
        supervised = (
            select(left.id)
            .where(
                left.unit_id == file.unit_id,
                left.state == "active",
                left.roles_text.contains(Role.SUPERVISOR.value),
                left.id.not_in(of_case.where(other.case_id == file.id).correlate(file)),
            )
            .correlate(file)
            .exists()
        )
        alone = select(file.id).where(file.unit_id.in_(units), ~supervised)
        about = select(other.case_id).where(other.account_id == actor.account_id, other.lifted_day.is_(None))
        of_supervisor = select(kept.id).where(kept.roles_text.contains(Role.SUPERVISOR.value))
        if reach < Reach.UNIT:
            return false()
        return and_(
            cls.lifted_day.is_(None),
            cls.account_id.in_(of_supervisor),
            cls.case_id.in_(alone),
            cls.case_id.not_in(about),
        )


class BarLift(Row, Base):
    """The proposal to lift a bar, and what somebody else answered."""

    __tablename__ = "bar_lift"
    __table_args__ = (
        Index(
            "uq_bar_lift_open",
            "bar_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    __scope__ = Scope(purpose="case", attribute="case_id")

    bar_id: Mapped[UUID] = plain("random id", ForeignKey("bar.id"))
    case_id: Mapped[UUID] = plain("random id", ForeignKey("case_file.id"), index=True)
    proposed_by: Mapped[UUID] = plain("the first of the two who lift it", ForeignKey("account.id"))
    proposed_day: Mapped[date] = plain("day of the proposal, not the time")
    state: Mapped[str] = plain("open, agreed or refused", String(8))
    answered_by: Mapped[UUID | None] = plain("the second of the two", ForeignKey("account.id"))
    reason = sealed_text()


class TimelineEntry(Row, Base):
    """Something that happened in a case: a note, a contact, a change of state; corrected, never edited."""

    __tablename__ = "timeline_entry"
    __scope__ = Scope(purpose="case", attribute="case_id")

    case_id: Mapped[UUID] = plain("random id", ForeignKey("case_file.id"), index=True)
    author_id: Mapped[UUID | None] = plain(
        "who wrote it; nobody where time alone did", ForeignKey("account.id")
    )
    day: Mapped[date] = plain("day, not the time")
    corrects_id: Mapped[UUID | None] = plain("random id of the entry that this one corrects")
    content = sealed_json()
    """{"at": moment, "kind": note|contact|…, "text": words or "data": values of an automatic entry}"""


class Task(Row, Versioned, Base):
    """Something to be done on a case by a day."""

    __tablename__ = "task"
    __table_args__ = (Index(None, "assignee_id", "state", "due_day"),)
    __scope__ = Scope(purpose="case", attribute="case_id")

    case_id: Mapped[UUID] = plain("random id", ForeignKey("case_file.id"), index=True)
    assignee_id: Mapped[UUID] = plain("whose work it is", ForeignKey("account.id"))
    due_day: Mapped[date] = plain("due day, not the hour and not for what")
    state: Mapped[str] = plain("open, done or dropped", String(8))
    content = sealed_json()
    """{"kind": task kind, "text": words, "due_at": moment or absent}"""
