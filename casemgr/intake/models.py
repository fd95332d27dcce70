"""The table of intakes: an interview on its way to a case, sealed under a key of its own."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped

from casemgr.db import Base, Row, Scope, Versioned, plain, sealed_json
from casemgr.policy import Actor, Reach


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
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Return the filter of the actor's own intakes: what is not yet a case belongs to who listens."""
        return cls.author_id == actor.account_id if reach > Reach.NONE else false()

    @property
    def told(self) -> dict[str, Any]:
        """The answers by section."""
        return dict(self.answers["answers"])
