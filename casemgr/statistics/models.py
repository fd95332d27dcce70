"""Tables of the release ledger: what was let out, cell by cell, never changed and never removed."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    true,
)
from sqlalchemy.orm import Mapped

from casemgr.audit.triggers import append_only_sql
from casemgr.db import Base, Row, Scope, Versioned, plain, sealed_json
from casemgr.policy import Actor, Reach
from casemgr.units.models import Unit

HASH = "digest that chains the releases of a unit"


class Release(Row, Base):
    """One protected table that left: for whom, about which days, by which rules; chained to the one before.

    Sealed are the certificate (small cells and what an attacker could learn of them), what was frozen, and
    the figures of a restricted table.
    """

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("unit_id", "seq"),
        UniqueConstraint("unit_id", "tier", "table_name", "period_from", "period_to"),
        CheckConstraint("tier IN ('T1', 'T2')", name="tier"),
        Index(None, "unit_id", "measure"),
    )
    __scope__ = Scope(purpose="facts", attribute="unit_id")

    unit_id: Mapped[UUID] = plain("the unit whose facts were counted", ForeignKey("unit.id"))
    seq: Mapped[int] = plain("number in the ledger of the unit", Integer)
    tier: Mapped[str] = plain("audience: T1 restricted, T2 public", String(2))
    table_name: Mapped[str] = plain("name of a public table of the catalogue", String(60))
    measure: Mapped[str] = plain("kind of fact that was counted", String(20))
    period_from: Mapped[date] = plain("first day counted, printed on the table")
    period_to: Mapped[date] = plain("last day counted, printed on the table")
    cut_off_on: Mapped[date] = plain("day up to which recorded facts were counted")
    made_on: Mapped[date] = plain("day of release, no time")
    declaration: Mapped[str] = plain("dimensions and codes of the table, all from public lists", Text)
    parameters: Mapped[str] = plain("rules under which it was protected, for later audits", Text)
    prev_hash: Mapped[bytes] = plain(HASH, LargeBinary(32))
    entry_hash: Mapped[bytes] = plain(HASH, LargeBinary(32))
    certificate = sealed_json()
    frozen = sealed_json()
    restricted_values = sealed_json()

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach the releases of the actor's unit and of the offices right under it, or all."""
        return true() if reach is Reach.ALL else cls.unit_id.in_(Unit.ids_from(actor))


class ReleaseCell(Base):
    """One cell of a release: a figure that was let out, or a hidden one without any value.

    The figures of a restricted table stand sealed with their release instead.
    """

    __tablename__ = "release_cell"
    __table_args__ = (
        CheckConstraint("status IN ('published', 'restricted', 'suppressed')", name="status"),
        CheckConstraint("(status = 'published') = (value IS NOT NULL)", name="value"),
    )

    release_id: Mapped[UUID] = plain("the release it belongs to", ForeignKey("release.id"), primary_key=True)
    position: Mapped[int] = plain("order in the table", Integer, primary_key=True, autoincrement=False)
    codes: Mapped[str] = plain("codes of public lists that name the cell", String(400))
    status: Mapped[str] = plain(
        "published, restricted or suppressed; all hidden cells look alike", String(10)
    )
    value: Mapped[int | None] = plain("a figure that was published under disclosure control", Integer)


class SendingMapping(Row, Versioned, Base):
    """Where a unit's released figures go in DHIS2, as its report officer wrote it; one for each unit."""

    __tablename__ = "sending_mapping"

    unit_id: Mapped[UUID] = plain("whose figures are sent", ForeignKey("unit.id"), unique=True)
    content: Mapped[str] = plain("identifiers of another system and codes of public lists", Text)
    changed_on: Mapped[date] = plain("day of the last change, no time")


def guard_sql(dialect: str) -> list[str]:
    """Return every statement that a migration must run after it has made these tables."""
    names = (Release.__tablename__, ReleaseCell.__tablename__)
    return [statement for name in names for statement in append_only_sql(dialect, name)]


def _install_guards() -> None:
    for name in (Release.__tablename__, ReleaseCell.__tablename__):
        table: Table = Base.metadata.tables[name]
        for dialect in ("sqlite", "postgresql"):
            for statement in append_only_sql(dialect, name):
                guard = DDL(statement)  # type: ignore[no-untyped-call]
                event.listen(table, "after_create", guard.execute_if(dialect=dialect))


_install_guards()
