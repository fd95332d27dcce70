"""Tables of referrals: one row in the case, and apart from it, under its own key, what the recipient gets."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    and_,
    exists,
    or_,
)
from sqlalchemy.orm import Mapped, aliased

from casemgr import clock
from casemgr.cases.models import Bar
from casemgr.db import Base, Row, Scope, Versioned, plain, sealed_json, sealed_text
from casemgr.duty.models import Absence
from casemgr.policy import Actor, Reach
from casemgr.referrals.rules import LIVE, TAKEN_BACK
from casemgr.shelters.models import Stay
from casemgr.shelters.rules import StayState


class Referral(Row, Versioned, Base):
    """A referral as the case knows it: what was asked of which unit and why, and how it ended."""

    __tablename__ = "referral"
    __table_args__ = (Index(None, "state", "answer_due_day"),)
    __scope__ = Scope(purpose="case", attribute="case_id")

    case_id: Mapped[UUID] = plain("random id", ForeignKey("case_file.id"), index=True)
    bundle_id: Mapped[UUID] = plain("random id of the recipient's copy", ForeignKey("bundle.id"), unique=True)
    sender_id: Mapped[UUID] = plain("who sent it, works for the unit", ForeignKey("account.id"))
    to_unit_id: Mapped[UUID] = plain("random id of the unit that is asked", ForeignKey("unit.id"))
    state: Mapped[str] = plain("where it stands, not what for", String(14))
    sent_day: Mapped[date] = plain("day of sending, not the time")
    answer_due_day: Mapped[date] = plain("due day, not the hour")
    request = sealed_json()
    """{"service", "urgency", "danger_level", "sent_at", "due_at", "shared", "note", "asked", …}"""
    outcome = sealed_json()
    """{"code", "at", "reason", "text", "by_phone", "spoke_with", "needs_met", "next_unit"}"""
    fact_id = sealed_text()


class Bundle(Row, Versioned, Base):
    """What the recipient gets: a copy under a key of its own, which is destroyed when the referral ends."""

    __tablename__ = "bundle"
    __table_args__ = (
        CheckConstraint(
            "state IN ('sent', 'seen', 'accepted', 'declined', 'redirected', 'arrived', 'did_not_come', "
            "'in_service', 'completed', 'recalled', 'expired', 'withdrawn')",
            name="state",
        ),
        Index(None, "to_unit_id", "state"),
    )
    __scope__ = Scope(purpose="bundle", attribute="id")

    from_unit_id: Mapped[UUID] = plain("random id of the unit that asks", ForeignKey("unit.id"))
    to_unit_id: Mapped[UUID] = plain("random id of the unit that is asked", ForeignKey("unit.id"))
    state: Mapped[str] = plain("where it stands, not what for", String(14))
    sent_day: Mapped[date] = plain("day of sending, not the time")
    expires_day: Mapped[date] = plain("last day on which it can be read, or is said to be taken back")
    named_id: Mapped[UUID | None] = plain(
        "the one account it is for, where the law or she wants one; the filter needs it",
        ForeignKey("account.id"),
    )
    offer = sealed_json()
    """What the unit must know to answer, names no one; `corrected` says what was put right, and when."""
    content = sealed_json()
    """What the survivor consented to share; shown once the unit has accepted."""
    answer = sealed_json()
    """{"at", "by"}: when the unit said yes, and which of its accounts; its words go to the case alone."""

    @classmethod
    def within(cls, _: Reach, actor: Actor) -> ColumnElement[bool]:
        """Reach what is addressed to one's own unit while it is live; an exclusion or a bar beats all.

        What is for one named person is there for nobody else, but for who stands in while she is away.
        """
        return and_(cls._is_for(actor), cls.is_readable())

    @classmethod
    def is_readable(cls) -> ColumnElement[bool]:
        """Return the filter of what its unit can read today."""
        return and_(cls.state.in_(LIVE), or_(cls.expires_day >= clock.today(), cls.is_lived_in()))

    @classmethod
    def is_taken_back_from(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the filter of what the actor could have read until it was taken back lately."""
        return and_(cls._is_for(actor), cls.state.in_(TAKEN_BACK), cls.expires_day >= clock.today())

    @classmethod
    def _is_for(cls, actor: Actor) -> ColumnElement[bool]:
        excluded = exists().where(
            BundleExclusion.bundle_id == cls.id, BundleExclusion.account_id == actor.account_id
        )
        barred = exists().where(
            Referral.bundle_id == cls.id,
            Bar.case_id == Referral.case_id,
            Bar.account_id == actor.account_id,
            Bar.lifted_day.is_(None),
        )
        for_me = or_(
            cls.named_id.is_(None), cls.named_id == actor.account_id, Absence.is_for(cls.named_id, actor)
        )
        return and_(cls.to_unit_id == actor.unit_id, for_me, ~excluded, ~barred)

    @classmethod
    def is_lived_in(cls) -> ColumnElement[bool]:
        """Return the filter of bundles whose people stay at an address now: no clock ends those."""
        here = aliased(Stay)
        return exists().where(here.bundle_id == cls.id, here.state == StayState.ARRIVED)


class BundleExclusion(Row, Base):
    """An account of the recipient unit for which a bundle does not exist."""

    __tablename__ = "bundle_exclusion"
    __table_args__ = (UniqueConstraint("bundle_id", "account_id"),)

    bundle_id: Mapped[UUID] = plain("random id", ForeignKey("bundle.id"))
    account_id: Mapped[UUID] = plain("who must not see it; the filter needs it", ForeignKey("account.id"))


class PartnerLetter(Row, Base):
    """The letter to a unit without accounts: its number on paper, and the code that answers to it once."""

    __tablename__ = "partner_letter"
    __scope__ = Scope(purpose="bundle", attribute="bundle_id")

    bundle_id: Mapped[UUID] = plain("random id of what it is about", ForeignKey("bundle.id"), unique=True)
    made_day: Mapped[date] = plain("day on which its codes were drawn")
    failures: Mapped[int] = plain("wrong codes since they were drawn", Integer)
    number_digest: Mapped[bytes] = plain("keyed digest of a random number", LargeBinary(32), unique=True)
    code_digest: Mapped[bytes | None] = plain(
        "keyed digest of a random code, none once used", LargeBinary(32)
    )
    number = sealed_text()
    """Printed on the letter, typed by whoever answers; says nothing of the case."""
