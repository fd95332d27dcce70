"""Tables of trusted addresses and of the stays in them; where a hidden address lies is always sealed."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Integer, String, select
from sqlalchemy.orm import Mapped

from casemgr.db import Base, Row, Scope, Versioned, among, plain, sealed_json
from casemgr.policy import Actor, Reach
from casemgr.shelters.rules import Capacity, People
from casemgr.units.models import Unit


class TrustedAddress(Row, Versioned, Base):
    """A trusted address or shelter in the commune's register: decision, beds, and sealed the way there."""

    __tablename__ = "trusted_address"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'suspended', 'closing', 'closed', 'exposed')", name="state"),
        CheckConstraint("adult_beds >= 0 AND child_beds >= 0 AND held_beds >= 0", name="beds"),
    )
    __scope__ = Scope(purpose="unit", attribute="unit_id")

    unit_id: Mapped[UUID] = plain("random id of the unit", ForeignKey("unit.id"), unique=True)
    is_public: Mapped[bool] = plain("whether the decision publishes this address")
    state: Mapped[str] = plain("whether it takes people in; the board filters by it", String(12))
    adult_beds: Mapped[int] = plain("beds that were declared, says nothing of who is there", Integer)
    child_beds: Mapped[int] = plain("children's beds that were declared", Integer)
    held_beds: Mapped[int] = plain("places held back by the keeper, for no stated reason", Integer)
    details = sealed_json()
    """{"decision_number", "place", "way", "contact_phone", "note"}"""

    @property
    def capacity(self) -> Capacity:
        """What can be promised at this address."""
        return Capacity(adult_beds=self.adult_beds, child_beds=self.child_beds, held_beds=self.held_beds)

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Keepers reach their own address, others those of the units that they may see."""
        if reach <= Reach.ADDRESSED:
            return cls.unit_id == actor.unit_id
        return among(cls.unit_id, select(Unit.id).where(Unit.within(reach, actor)))


class Stay(Row, Versioned, Base):
    """Beds promised to the people of one accepted referral, and what became of it; never who they are."""

    __tablename__ = "stay"
    __table_args__ = (
        CheckConstraint("state IN ('promised', 'arrived', 'left', 'released')", name="state"),
        Index(None, "unit_id", "state"),
    )
    __scope__ = Scope(purpose="unit", attribute="unit_id")

    unit_id: Mapped[UUID] = plain("random id of the unit that takes them in", ForeignKey("unit.id"))
    bundle_id: Mapped[UUID] = plain("random id of what the keeper was sent", unique=True)
    state: Mapped[str] = plain("promised, arrived, left or released: beds are counted by it", String(10))
    promised_day: Mapped[date] = plain("day of the promise, not the time")
    arrived_day: Mapped[date | None] = plain("day of arrival, not the time")
    left_day: Mapped[date | None] = plain("last day, not the time")
    group = sealed_json()
    """{"adults", "children", "needs", "exceeds", "until"}"""
    leaving = sealed_json()
    """{"reason", "safety", "nights", "fact_id", "cost", "supplies", "extensions"}: nothing about a person"""

    @property
    def people(self) -> People:
        """How many persons the beds are for."""
        return People(adults=self.group["adults"], children=self.group["children"])

    @property
    def until_day(self) -> date | None:
        """To which day the stay goes as it was agreed; nobody is put out by it."""
        until = self.group.get("until")
        return date.fromisoformat(until) if until else None

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Keepers reach the stays at their own address, others those of the units that they may see."""
        if reach <= Reach.ADDRESSED:
            return cls.unit_id == actor.unit_id
        return among(cls.unit_id, select(Unit.id).where(Unit.within(reach, actor)))


class StayPerson(Row, Base):
    """One of those who came, under the key of the referral's bundle; removed when the stay is over."""

    __tablename__ = "stay_person"
    __scope__ = Scope(purpose="bundle", attribute="bundle_id")

    stay_id: Mapped[UUID] = plain("random id of the stay", ForeignKey("stay.id"), index=True)
    bundle_id: Mapped[UUID] = plain("random id of what the keeper was sent; names the key")
    person = sealed_json()
    """{"kind", "called", "sex", "age_band", "needs", "came_on", "left_on"}"""


class StayEntry(Row, Base):
    """What was given, needed, extended or handed over; removed when the stay is over."""

    __tablename__ = "stay_entry"
    __scope__ = Scope(purpose="bundle", attribute="bundle_id")

    stay_id: Mapped[UUID] = plain("random id of the stay", ForeignKey("stay.id"), index=True)
    bundle_id: Mapped[UUID] = plain("random id of what the keeper was sent; names the key")
    made_day: Mapped[date] = plain("day it was written, not the time")
    content = sealed_json()
    """{"kind", "at", "by", …}: its kind is sealed with it"""


class AddressIncident(Row, Versioned, Base):
    """Something that happened at an address, told to the supervisors alone, and what they decided."""

    __tablename__ = "address_incident"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'settled')", name="state"),
        Index(None, "unit_id", "state"),
    )
    __scope__ = Scope(purpose="unit", attribute="unit_id")

    unit_id: Mapped[UUID] = plain("random id of the address", ForeignKey("unit.id"))
    bundle_id: Mapped[UUID | None] = plain("random id of the stay it touches; a bar needs it")
    state: Mapped[str] = plain("whether the supervisor has decided", String(8))
    told_day: Mapped[date] = plain("day it was told, not the time")
    content = sealed_json()
    """{"incident", "happened_on", "what", "done", "at", "by"}"""
    decision = sealed_json()
    """{"decision", "text", "at", "by"}"""

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach what was told about addresses of the units that the actor may see."""
        return among(cls.unit_id, select(Unit.id).where(Unit.within(reach, actor)))
