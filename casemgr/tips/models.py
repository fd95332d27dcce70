"""Tables of tips: the plain columns say that a unit got a tip on a day, not from whom and not about what."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, exists, false, true
from sqlalchemy.orm import Mapped

from casemgr.db import Base, Row, Scope, Versioned, plain, sealed_json, sealed_text
from casemgr.policy import Actor, Reach


class Tip(Row, Versioned, Base):
    """What somebody told a unit; content, reporter and sender are sealed each for itself."""

    __tablename__ = "tip"
    __table_args__ = (
        CheckConstraint("state IN ('new', 'checked', 'closed')", name="state"),
        Index(None, "unit_id", "state", "received_day"),
    )
    __scope__ = Scope(purpose="tip", attribute="id")

    code: Mapped[str] = plain("random code, made of nothing about the tip", String(16), unique=True)
    unit_id: Mapped[UUID] = plain("random id of the unit that follows it up", ForeignKey("unit.id"))
    state: Mapped[str] = plain("new, checked or closed; lists filter by it", String(8))
    received_day: Mapped[date] = plain("day of receipt, not the time")
    content = sealed_json()
    """The document of the sections about what was seen, with the hamlet and the moment of sending."""

    reporter = sealed_json()
    """The document of the section about who told it and whether to call back."""

    sender = sealed_text()
    """The account that sent it, for that account's own figures."""

    handling = sealed_json()
    """{"check": document, "outcome": document}, as far as they are recorded"""

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach the tips of one's own unit, but for those that the sender keeps from this account."""
        excluded = exists().where(TipExclusion.tip_id == cls.id, TipExclusion.account_id == actor.account_id)
        reached = {Reach.UNIT: cls.unit_id == actor.unit_id, Reach.ALL: true()}.get(reach, false())
        return and_(reached, ~excluded)


class TipExclusion(Row, Base):
    """An account from which the sender keeps a tip: for it the tip does not exist."""

    __tablename__ = "tip_exclusion"
    __table_args__ = (Index(None, "account_id", "tip_id", unique=True),)

    tip_id: Mapped[UUID] = plain("random id of the tip", ForeignKey("tip.id"), index=True)
    account_id: Mapped[UUID] = plain(
        "who must not see the tip; the filter needs it", ForeignKey("account.id")
    )
