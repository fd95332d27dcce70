"""Tables of conferences: what the units share under its own key, and in the case alone whose it is."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    exists,
    or_,
)
from sqlalchemy.orm import Mapped

from casemgr import clock
from casemgr.cases.models import Bar
from casemgr.conferences.rules import LIVE, SeatState
from casemgr.db import Base, Row, Scope, Versioned, plain, sealed_json
from casemgr.policy import Actor, Reach
from casemgr.survivors.models import Consent
from casemgr.survivors.rules import ConsentState


class Conference(Row, Versioned, Base):
    """A meeting of units about a number; its key is destroyed when it ends or she takes her consent back."""

    __tablename__ = "conference"
    __table_args__ = (
        CheckConstraint("state IN ('called', 'held', 'closed', 'cancelled', 'withdrawn')", name="state"),
        Index(None, "state", "meets_day"),
    )
    __scope__ = Scope(purpose="conference", attribute="id")

    code: Mapped[str] = plain("random code, made of nothing about the case", String(16), unique=True)
    from_unit_id: Mapped[UUID] = plain("random id of the unit that calls", ForeignKey("unit.id"))
    state: Mapped[str] = plain("where it stands, not what about", String(10))
    meets_day: Mapped[date] = plain("day of the meeting, not the hour")
    expires_day: Mapped[date] = plain("last day on which the units can read it")
    plan = sealed_json()
    """{"at", "place", "phone", "called", "topics", "needs", "moved_on"}"""
    minutes = sealed_json()
    """{"text", "present", "at", "by"}"""

    @classmethod
    def within(cls, _: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach what the own unit is invited to while her consent stands; an exclusion or a bar beats all."""
        agreed = exists().where(
            ConferenceFile.conference_id == cls.id,
            Consent.id == ConferenceFile.consent_id,
            Consent.state == ConsentState.GIVEN,
        )
        live = and_(cls.state.in_(LIVE), cls.expires_day >= clock.today())
        return and_(live, agreed.correlate(cls), cls.is_for(actor))

    @classmethod
    def is_over(cls) -> ColumnElement[bool]:
        """Return the filter of what nobody has ended although its last day is over."""
        return and_(cls.state.in_(LIVE), cls.expires_day < clock.today())

    @classmethod
    def is_for(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the filter of what the actor's unit is or was invited to, and the actor not kept from."""
        invited = exists().where(
            ConferenceSeat.conference_id == cls.id,
            ConferenceSeat.unit_id == actor.unit_id,
            ConferenceSeat.state != SeatState.REMOVED,
        )
        excluded = exists().where(
            ConferenceExclusion.conference_id == cls.id, ConferenceExclusion.account_id == actor.account_id
        )
        barred = exists().where(
            ConferenceFile.conference_id == cls.id,
            Bar.case_id == ConferenceFile.case_id,
            Bar.account_id == actor.account_id,
            Bar.lifted_day.is_(None),
        )
        kept_from = or_(excluded.correlate(cls), barred.correlate(cls))
        return and_(invited.correlate(cls), ~kept_from)


class ConferenceFile(Row, Base):
    """Whose conference it is, by whose consent; and, once it is over, what the case keeps of it."""

    __tablename__ = "conference_file"
    __scope__ = Scope(purpose="case", attribute="case_id")

    case_id: Mapped[UUID] = plain("random id", ForeignKey("case_file.id"), index=True)
    conference_id: Mapped[UUID] = plain(
        "random id of the shared part", ForeignKey("conference.id"), unique=True
    )
    consent_id: Mapped[UUID] = plain("random id; access ends with the consent", ForeignKey("consent.id"))
    convener_id: Mapped[UUID] = plain("who called, works for the unit", ForeignKey("account.id"))
    kept = sealed_json()
    """{"plan", "minutes", "seats", "actions"} once it is over"""


class ConferenceSeat(Row, Versioned, Base):
    """A unit that is invited, and what it answered."""

    __tablename__ = "conference_seat"
    __table_args__ = (
        CheckConstraint("state IN ('invited', 'coming', 'absent', 'removed')", name="state"),
        UniqueConstraint("conference_id", "unit_id"),
        Index(None, "unit_id", "state"),
    )
    __scope__ = Scope(purpose="conference", attribute="conference_id")

    conference_id: Mapped[UUID] = plain("random id", ForeignKey("conference.id"))
    unit_id: Mapped[UUID] = plain("random id of the unit that is invited", ForeignKey("unit.id"))
    state: Mapped[str] = plain("what it answered, not why", String(10))
    answer = sealed_json()
    """{"who", "note", "by_phone", "at", "by"}"""


class ConferenceExclusion(Row, Base):
    """An account for which a conference does not exist."""

    __tablename__ = "conference_exclusion"
    __table_args__ = (UniqueConstraint("conference_id", "account_id"),)

    conference_id: Mapped[UUID] = plain("random id", ForeignKey("conference.id"))
    account_id: Mapped[UUID] = plain("who must not see it; the filter needs it", ForeignKey("account.id"))


class ConferenceAction(Row, Versioned, Base):
    """What a unit is to do by a day, as it was agreed; it is a task of the unit, not of a person."""

    __tablename__ = "conference_action"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
        Index(None, "conference_id"),
        Index(None, "unit_id", "state", "due_day"),
    )
    __scope__ = Scope(purpose="conference", attribute="conference_id")

    conference_id: Mapped[UUID] = plain("random id", ForeignKey("conference.id"))
    unit_id: Mapped[UUID] = plain("random id of the unit whose work it is", ForeignKey("unit.id"))
    due_day: Mapped[date] = plain("due day, not the hour and not for what")
    state: Mapped[str] = plain("open, done or dropped", String(8))
    content = sealed_json()
    """{"text", "done_at", "note", "by_phone"}"""

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach what is the work of one's own unit, in conferences that it still may read."""
        readable = exists().where(Conference.id == cls.conference_id, Conference.within(reach, actor))
        return and_(cls.unit_id == actor.unit_id, readable.correlate(cls))
