"""Tables of the rota, of absences with whoever stands in, and of numbers that were called to be verified."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, and_, false, select
from sqlalchemy.orm import Mapped

from casemgr import clock
from casemgr.db import Base, Row, among, plain
from casemgr.policy import Actor, Reach


class Shift(Row, Base):
    """Somebody is on duty in a unit, on some days and at some hours of them."""

    __tablename__ = "duty_shift"
    __table_args__ = (Index(None, "unit_id", "until_day"),)

    unit_id: Mapped[UUID] = plain("random id of the unit", ForeignKey("unit.id"))
    account_id: Mapped[UUID] = plain("who is on duty, as the rota on the wall says", ForeignKey("account.id"))
    part: Mapped[str] = plain("code of list duty_part: by day, by night or both", String(12))
    from_day: Mapped[date] = plain("first day of the shift, as the rota on the wall says")
    until_day: Mapped[date] = plain("last day of the shift, as the rota on the wall says")

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach the rota of one's own unit."""
        return cls.unit_id == actor.unit_id if reach is not Reach.NONE else false()


class Absence(Row, Base):
    """Somebody is away for some days, and who stands in; never why."""

    __tablename__ = "absence"
    __table_args__ = (
        Index(None, "cover_id", "until_day"),
        Index(None, "account_id", "until_day"),
        Index(None, "unit_id", "until_day"),
    )

    unit_id: Mapped[UUID] = plain("random id of the unit", ForeignKey("unit.id"))
    account_id: Mapped[UUID] = plain("who is away; reach is reckoned from it", ForeignKey("account.id"))
    cover_id: Mapped[UUID] = plain("who stands in; reach is reckoned from it", ForeignKey("account.id"))
    entered_by: Mapped[UUID | None] = plain(
        "who entered it, for the one who is away and her supervisor", ForeignKey("account.id")
    )
    from_day: Mapped[date] = plain("first day away")
    until_day: Mapped[date] = plain("last day away")

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach the absences of the own unit, or only one's own."""
        if reach >= Reach.UNIT:
            return cls.unit_id == actor.unit_id
        return cls.account_id == actor.account_id if reach is not Reach.NONE else false()

    @classmethod
    def ids_covered_by(cls, actor: Actor) -> Select[UUID]:
        """Return the ids of the accounts for which the actor stands in today."""
        return select(cls.account_id).where(cls.is_covered_by(actor))

    @classmethod
    def is_covered_by(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the filter of the absences of today in which the actor stands in."""
        today = clock.today()
        return and_(cls.cover_id == actor.account_id, cls.from_day <= today, cls.until_day >= today)

    @classmethod
    def is_for(cls, column: object, actor: Actor) -> ColumnElement[bool]:
        """Return the filter of rows whose owner is somebody for whom the actor stands in today."""
        return among(column, cls.ids_covered_by(actor))

    @classmethod
    def ids_away(cls) -> Select[UUID]:
        """Return the ids of the accounts that are away today."""
        return select(cls.account_id).where(cls.from_day <= clock.today(), cls.until_day >= clock.today())


class PhoneCheck(Row, Base):
    """On which day somebody last called a duty number and was answered."""

    __tablename__ = "phone_check"

    subject: Mapped[str] = plain("unit or hotline whose public number it is", String(60), unique=True)
    number: Mapped[str] = plain("the public number that was called; another one is not verified", String(20))
    checked_day: Mapped[date] = plain("day of the call, not the hour")
    checked_by: Mapped[UUID] = plain("who called", ForeignKey("account.id"))
