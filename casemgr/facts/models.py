"""The table of facts: unit and year in the clear, everything else sealed under the unit's facts key."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped

from casemgr.db import Base, Row, Scope, plain, sealed_json
from casemgr.policy import Actor, Reach


class Fact(Row, Base):
    """One thing that happened, in codes: no case, no survivor, no text."""

    __tablename__ = "fact"
    __table_args__ = (Index(None, "unit_id", "year"),)
    __scope__ = Scope(purpose="facts", attribute="unit_id")

    unit_id: Mapped[UUID] = plain("facts are counted by unit", ForeignKey("unit.id"))
    year: Mapped[int] = plain("facts are opened by year; the day is sealed", Integer)
    content = sealed_json()

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Counting reaches the actor's unit, or everything."""
        condition: Any = cls.unit_id == actor.unit_id if reach < Reach.ALL else cls.unit_id.is_not(None)
        return condition  # type: ignore[no-any-return]
