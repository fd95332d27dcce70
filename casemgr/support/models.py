"""Tables of support: the action as its programme knows it, and, in the case alone, which one it was."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, false, select, true
from sqlalchemy.orm import Mapped

from casemgr.cases.models import Bar
from casemgr.db import Base, Row, Scope, Versioned, current, plain, prefetch, sealed_json, sealed_text
from casemgr.policy import Actor, Reach
from casemgr.questions import read_document
from casemgr.support.rules import FORM, VERSION


class SupportAction(Row, Versioned, Base):
    """Help to a beneficiary under a programme; nothing here tells who entered it, or from where."""

    __tablename__ = "support_action"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'running', 'done', 'dropped')", name="state"),
        Index(None, "unit_id", "state", "created_day"),
    )
    __scope__ = Scope(purpose="support", attribute="id")

    code: Mapped[str] = plain("random code, made of nothing about the person", String(16), unique=True)
    unit_id: Mapped[UUID] = plain("the unit that runs the programme", ForeignKey("unit.id"))
    state: Mapped[str] = plain("where it stands, not what it is", String(8))
    created_day: Mapped[date] = plain("day of creation, not the time")
    beneficiary = sealed_text()
    answers = sealed_json()
    outcome = sealed_json()
    fact_id = sealed_text()

    @property
    def known(self) -> dict[str, Any]:
        """The answers, without the name; whoever asks for them has written down that they are read."""
        return read_document(self.answers, FORM, VERSION).answers

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach by unit; nobody is assigned to an action, but a bar of the case that began one beats it.

        Which action that was only the case knows, so the links of the cases kept from the actor are opened.
        """
        if reach < Reach.UNIT:
            return false()
        in_reach = true() if reach is Reach.ALL else cls.unit_id == actor.unit_id
        barred = select(Bar.case_id).where(Bar.account_id == actor.account_id, Bar.lifted_day.is_(None))
        links = list(current().scalars(select(SupportLink).where(SupportLink.case_id.in_(barred))))
        prefetch(current(), links, "support_id")
        kept = [UUID(link.support_id) for link in links]
        return and_(in_reach, cls.id.not_in(kept)) if kept else in_reach


class SupportLink(Row, Base):
    """That a case began an action; which one is sealed in the case, and there is no day to compare."""

    __tablename__ = "support_link"
    __scope__ = Scope(purpose="case", attribute="case_id")

    case_id: Mapped[UUID] = plain("random id", ForeignKey("case_file.id"), index=True)
    support_id = sealed_text()
