"""The table of intakes: an interview on its way to a case, sealed under a key of its own."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, exists, or_
from sqlalchemy.orm import Mapped

from casemgr.cases.models import Case
from casemgr.db import Base, Row, Scope, Versioned, plain, sealed_json
from casemgr.policy import Actor, Permission, Reach, visible


class Intake(Row, Versioned, Base):
    """An interview as far as it has come; its key is destroyed when it became a case or was given up."""

    __tablename__ = "intake"
    __table_args__ = (Index(None, "author_id", "state"),)
    __scope__ = Scope(purpose="intake", attribute="id")

    unit_id: Mapped[UUID] = plain("the unit that takes the report", ForeignKey("unit.id"))
    author_id: Mapped[UUID] = plain("who leads the interview", ForeignKey("account.id"))
    state: Mapped[str] = plain("open, completed or given_up; not what was told", String(12))
    started_day: Mapped[date] = plain("day of the interview, not the time")
    case_id: Mapped[UUID | None] = plain(
        "random id of the case that it completes or became", ForeignKey("case_file.id"), index=True
    )
    answers = sealed_json()

    @classmethod
    def within(cls, _: Reach, actor: Actor) -> ColumnElement[bool]:
        """Return the filter of the actor's own intakes: what is not yet a case belongs to who listens.

        One that completes or became a case is out of reach with that case: after a bar, or a new owner.
        """
        of_case = exists().where(Case.id == cls.case_id, visible(actor, Permission.CASE_CHANGE, Case))
        return and_(cls.author_id == actor.account_id, or_(cls.case_id.is_(None), of_case))

    @property
    def told(self) -> dict[str, Any]:
        """The answers by section."""
        return dict(self.answers["answers"])
