"""Tables of child protection: the record under its own key, its links to cases, who must not see it."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    exists,
    false,
    or_,
    true,
)
from sqlalchemy.orm import Mapped

from casemgr.cases.models import Bar
from casemgr.children.rules import FORM, VERSION
from casemgr.db import Base, Row, Scope, Versioned, plain, sealed_json, sealed_text
from casemgr.duty.models import Absence
from casemgr.policy import Actor, Reach
from casemgr.questions import read_document


class ChildRecord(Row, Versioned, Base):
    """A child who is protected, with an owner who need not know the case, and a key apart from the case's."""

    __tablename__ = "child_record"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        Index(None, "owner_id", "state", "opened_day"),
    )
    __scope__ = Scope(purpose="child", attribute="id")

    code: Mapped[str] = plain("random code, made of nothing about the child", String(16), unique=True)
    unit_id: Mapped[UUID] = plain("the unit that keeps the record", ForeignKey("unit.id"))
    owner_id: Mapped[UUID] = plain("who answers for the record", ForeignKey("account.id"))
    state: Mapped[str] = plain("open or closed, not what happened", String(8))
    opened_day: Mapped[date] = plain("day of opening, not the time")
    name = sealed_text()
    risk_level = sealed_text()
    answers = sealed_json()
    closure = sealed_json()
    fact_id = sealed_text()

    @property
    def known(self) -> dict[str, Any]:
        """The answers, without the name; whoever asks for them has written down that they are read."""
        return read_document(self.answers, FORM, VERSION).answers

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach by ownership in the own unit, or by standing in for the owner.

        A bar of the record or of a linked case beats everything.
        """
        mine = or_(cls.owner_id == actor.account_id, Absence.is_for(cls.owner_id, actor))
        own = and_(mine, cls.unit_id == actor.unit_id)
        reached: dict[Reach, Any] = {
            Reach.ASSIGNED: own,
            Reach.UNIT: cls.unit_id == actor.unit_id,
            Reach.ALL: true(),
        }
        copied = exists().where(ChildBar.child_id == cls.id, ChildBar.account_id == actor.account_id)
        # Bars that a case got after the link was made are not copied, so they are looked up.
        later = exists().where(
            ChildLink.child_id == cls.id,
            Bar.case_id == ChildLink.case_id,
            Bar.account_id == actor.account_id,
            Bar.lifted_day.is_(None),
        )
        return and_(reached.get(reach, false()), ~or_(copied, later))


class ChildLink(Row, Base):
    """A case and a child record know of each other; how they belong together only the case knows."""

    __tablename__ = "child_link"
    __table_args__ = (UniqueConstraint("case_id", "child_id"),)
    __scope__ = Scope(purpose="case", attribute="case_id")

    case_id: Mapped[UUID] = plain("random id; the link is a fact for both owners", ForeignKey("case_file.id"))
    child_id: Mapped[UUID] = plain(
        "random id; the link is a fact for both owners", ForeignKey("child_record.id"), index=True
    )
    linked_day: Mapped[date] = plain("day of the link, not the time")
    relation = sealed_text()
    basis = sealed_json()
    """{"agreed", "reason", "told", "not_told_reason"}: her consent, or why the law did not wait for it."""


class ChildBar(Row, Base):
    """Somebody kept from a linked case is kept from the record too, even when the case is gone."""

    __tablename__ = "child_bar"
    __table_args__ = (UniqueConstraint("child_id", "account_id"),)

    child_id: Mapped[UUID] = plain("random id", ForeignKey("child_record.id"))
    account_id: Mapped[UUID] = plain(
        "who must not see the record; the filter needs it", ForeignKey("account.id")
    )
    made_day: Mapped[date] = plain("day of the record, not the time")


class ChildTask(Row, Base):
    """A duty that the law sets a term for."""

    __tablename__ = "child_task"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
        Index(None, "child_id", "state", "due_day"),
    )
    __scope__ = Scope(purpose="child", attribute="child_id")

    child_id: Mapped[UUID] = plain("random id", ForeignKey("child_record.id"))
    due_day: Mapped[date] = plain("due day, not the hour and not for what")
    state: Mapped[str] = plain("open, done or dropped", String(8))
    content = sealed_json()
    """{"kind": legal clock, "due_at": moment, "done_at": moment}"""
