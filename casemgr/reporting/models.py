"""Tables of periodic reports: whose, which days, for whom, how far; the words are sealed."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Integer, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped

from casemgr.db import Base, Row, Scope, Versioned, plain, sealed_json
from casemgr.policy import Actor, Reach
from casemgr.units.models import Unit


class PeriodicReport(Row, Versioned, Base):
    """One report of a unit for one audience; its figures are releases, its words one sealed document."""

    __tablename__ = "periodic_report"
    __table_args__ = (
        UniqueConstraint("unit_id", "tier", "period_from", "period_to"),
        CheckConstraint("tier IN ('T1', 'T2')", name="tier"),
        CheckConstraint("state IN ('draft', 'approved')", name="state"),
        CheckConstraint("(state = 'approved') = (approved_on IS NOT NULL)", name="approved"),
    )
    __scope__ = Scope(purpose="unit", attribute="unit_id")

    unit_id: Mapped[UUID] = plain("whose report it is", ForeignKey("unit.id"))
    line: Mapped[str] = plain("half-year, annual or other: a public duty", String(20))
    tier: Mapped[str] = plain("audience: T1 restricted, T2 public", String(2))
    period_from: Mapped[date] = plain("first day covered, printed on the report")
    period_to: Mapped[date] = plain("last day covered, printed on the report")
    cut_off_on: Mapped[date] = plain("day up to which recorded facts were counted")
    state: Mapped[str] = plain("draft or approved", String(10))
    made_on: Mapped[date] = plain("day on which it was begun")
    author_id: Mapped[UUID] = plain("random id of the account that began it")
    approved_on: Mapped[date | None] = plain("day of approval, printed on the report")
    approver_id: Mapped[UUID | None] = plain("random id of the account that approved it")
    narrative = sealed_json()

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach the reports of the actor's unit and of the offices right under it, or all."""
        return true() if reach is Reach.ALL else cls.unit_id.in_(Unit.ids_from(actor))


class ReportRelease(Base):
    """Which released table stands in a report, and where."""

    __tablename__ = "report_release"

    report_id: Mapped[UUID] = plain("the report", ForeignKey("periodic_report.id"), primary_key=True)
    position: Mapped[int] = plain("order in the report", Integer, primary_key=True, autoincrement=False)
    release_id: Mapped[UUID] = plain("the released table", ForeignKey("release.id"))
