"""Tables of the case file; plain columns say that there is a case and who works on it, never what about."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, exists, or_, select, true
from sqlalchemy.orm import Mapped

from casemgr import clock
from casemgr.db import Base, Row, Scope, Versioned, among, plain, sealed_json, sealed_text
from casemgr.policy import Actor, Reach


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
        """Reach by assignment or unit; a bar (conflict of interest) beats everything."""
        assignments = select(Assignment.case_id).where(
            Assignment.account_id == actor.account_id,
            Assignment.from_day <= clock.today(),
            or_(Assignment.until_day.is_(None), Assignment.until_day >= clock.today()),
        )
        assigned = among(cls.id, assignments)
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


class Bar(Row, Base):
    """A conflict of interest: this account must never see this case, whatever its roles."""

    __tablename__ = "bar"
    __table_args__ = (Index(None, "account_id", "case_id"),)
    __scope__ = Scope(purpose="case", attribute="case_id")

    case_id: Mapped[UUID] = plain("random id", ForeignKey("case_file.id"), index=True)
    account_id: Mapped[UUID] = plain(
        "who must not see the file; the filter needs it", ForeignKey("account.id")
    )
    made_day: Mapped[date] = plain("day of the record, not the time")
    lifted_day: Mapped[date | None] = plain("day on which it was lifted")
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
