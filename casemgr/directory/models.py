"""The table of the directory: what units publish about themselves, and sealed how colleagues reach them."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, aliased

from casemgr.db import Base, Row, Scope, Versioned, among, plain, sealed_json
from casemgr.policy import Actor, Reach
from casemgr.units.models import Unit

PUBLISHED = "a fact that the unit publishes: "


class DirectoryEntry(Row, Versioned, Base):
    """What a public unit says of itself; an entry of an address that is hidden is never shown."""

    __tablename__ = "directory_entry"
    __table_args__ = (CheckConstraint("availability IN ('mo', 'day', 'dong')", name="availability"),)
    __scope__ = Scope(purpose="unit", attribute="unit_id")

    unit_id: Mapped[UUID] = plain("random id of the unit", ForeignKey("unit.id"), unique=True)
    services: Mapped[str] = plain(PUBLISHED + "codes of its services", String(300))
    open_days: Mapped[str | None] = plain(PUBLISHED + "on which days it is open", String(12))
    opens: Mapped[str | None] = plain(PUBLISHED + "hour of opening", String(5))
    closes: Mapped[str | None] = plain(PUBLISHED + "hour of closing", String(5))
    hours_note: Mapped[str | None] = plain(PUBLISHED + "what else to know of its hours", String(200))
    contact: Mapped[str | None] = plain(PUBLISHED + "how the public reaches it", String(300))
    answered_by: Mapped[str | None] = plain(PUBLISHED + "which post answers", String(200))
    capacity: Mapped[str | None] = plain(PUBLISHED + "how many people it can help", String(200))
    languages: Mapped[str] = plain(PUBLISHED + "codes of the languages spoken there", String(200))
    access: Mapped[str] = plain(PUBLISHED + "codes of the access for disabled people", String(200))
    cost: Mapped[str | None] = plain(PUBLISHED + "whether it is free", String(12))
    availability: Mapped[str] = plain(PUBLISHED + "whether it takes people at present", String(8))
    closed_until: Mapped[date | None] = plain(PUBLISHED + "last day of a closure")
    valid_from: Mapped[date | None] = plain(PUBLISHED + "since when this holds")
    valid_to: Mapped[date | None] = plain(PUBLISHED + "last day on which this holds")
    confirmed_day: Mapped[date] = plain("day on which somebody last confirmed all this")
    confirmed_by: Mapped[UUID | None] = plain("who confirmed it", ForeignKey("account.id"))
    staff = sealed_json()
    """{"staff_contact", "staff_phone"}: how colleagues of other units reach it."""

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach the entries of units near and of those there for one's commune, or only one's own."""
        if reach is Reach.NONE:
            return false()
        if reach < Reach.UNIT:
            return cls.unit_id == actor.unit_id
        near = among(cls.unit_id, select(Unit.id).where(Unit.within(reach, actor)))
        return true() if reach is Reach.ALL else or_(near, cls.covers_commune_of(actor))

    @classmethod
    def covers_commune_of(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the filter of the entries that name the commune of the actor's unit."""
        return among(cls.unit_id, DirectoryArea.unit_ids_for(actor))


class DirectoryArea(Row, Base):
    """A commune that a unit is there for, beside or instead of the one in which it lies."""

    __tablename__ = "directory_area"
    __table_args__ = (UniqueConstraint("unit_id", "commune_code"), Index(None, "commune_code"))

    unit_id: Mapped[UUID] = plain("random id of the unit", ForeignKey("unit.id"))
    commune_code: Mapped[str] = plain(PUBLISHED + "official code of a commune", String(5))

    @classmethod
    def unit_ids_for(cls, actor: Actor) -> Select[UUID]:
        """Return the ids of the units that are there for the commune of the actor's unit."""
        home = aliased(Unit)
        commune = select(home.commune_code).where(home.id == actor.unit_id)
        return select(cls.unit_id).where(among(cls.commune_code, commune))
