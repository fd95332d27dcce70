"""Tables of accounts: who may sign in, what proves it, and which sessions are open."""

from datetime import date, datetime
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
    false,
    select,
    text,
    true,
)
from sqlalchemy.orm import Mapped

from casemgr.db import Base, Row, Scope, bucket, plain, sealed_json, sealed_text
from casemgr.policy import Actor, Reach, Role
from casemgr.units.models import Unit

UNAUDITED = {"audited": False}
"""Sessions and held forms change with every click; what matters about them is noted as an act of its own."""


class Account(Row, Base):
    """Somebody of the staff; names are sealed because they say who works with survivors."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("state IN ('invited', 'active', 'disabled')", name="state"),)
    __scope__ = Scope(purpose="account", attribute="id")

    name_digest: Mapped[bytes] = bucket(
        "keyed digest of the folded sign-in name, at full length: a name of staff is unique, found at once",
        LargeBinary(32),
        unique=True,
    )
    unit_id: Mapped[UUID] = plain(
        "random id of the unit; rows are filtered by it", ForeignKey("unit.id"), index=True
    )
    roles_text: Mapped[str] = plain("what somebody is trusted with; each request reads it", String(300))
    state: Mapped[str] = plain("invited, active or disabled; read at each request", String(10))
    failures: Mapped[int] = plain("wrong passwords and codes in a row", Integer, default=0)
    created_on: Mapped[date] = plain("day only, for the review of accounts")
    enrolled_on: Mapped[date | None] = plain("day on which its owner last finished an enrolment")

    sign_in_name = sealed_text()
    name = sealed_text()
    password_hash = sealed_text()
    language = sealed_text()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of the account."""
        return frozenset(Role(name) for name in self.roles_text.split(",") if name)

    @roles.setter
    def roles(self, roles: frozenset[Role]) -> None:
        self.roles_text = ",".join(sorted(roles))

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Return the filter of the accounts that the actor reaches; `ASSIGNED` is the actor's own."""
        if reach is Reach.ALL:
            return true()
        if reach is Reach.UNIT:
            return cls.unit_id == actor.unit_id
        return cls.id == actor.account_id if reach is Reach.ASSIGNED else false()


class AccountRequest(Row, Base):
    """An act by which somebody could come to read in another's place: it waits for a second person.

    Until it is released nothing of the account changes. The code that lets its owner enrol has two halves:
    the first is given to whoever asks, the second to whoever releases, so that neither enrols in her place.
    """

    __tablename__ = "account_request"
    __table_args__ = (
        CheckConstraint("kind IN ('invite', 'reset', 'enable', 'roles')", name="kind"),
        CheckConstraint(
            "state IN ('open', 'released', 'unreleased', 'refused', 'withdrawn')",
            name="state",
        ),
        Index(
            "uq_account_request_open",
            "account_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(None, "state", "asked_at"),
    )
    __scope__ = Scope(purpose="account", attribute="account_id")

    account_id: Mapped[UUID] = plain("random id of the account", ForeignKey("account.id"), index=True)
    asked_by: Mapped[UUID] = plain("random id of the administrator, or of the installation")
    kind: Mapped[str] = plain("invite, reset, enable or roles", String(10))
    roles_text: Mapped[str] = plain("the roles that the account would have then", String(300))
    state: Mapped[str] = plain("open, or how it was decided", String(10))
    asked_at: Mapped[datetime] = plain("the waiting time is reckoned from it")
    decided_by: Mapped[UUID | None] = plain("random id of whoever decided")
    decided_at: Mapped[datetime | None] = plain("when it was decided, for the review of accounts")

    first_half = sealed_text()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that the account would have."""
        return frozenset(Role(name) for name in self.roles_text.split(",") if name)

    @classmethod
    def within(cls, reach: Reach, actor: Actor) -> ColumnElement[bool]:
        """Return the filter of the requests that the actor may decide: never one's own, nor about oneself."""
        others = and_(cls.account_id != actor.account_id, cls.asked_by != actor.account_id)
        if reach is Reach.ALL:
            return others
        if reach is Reach.UNIT:
            near = select(Account.id).where(Account.unit_id.in_(Unit.ids_looked_after_by(actor.unit_id)))
            return and_(others, cls.account_id.in_(near))
        return false()


class Factor(Row, Base):
    """Something that proves who signs in beside the password: a TOTP seed, or one code that works once."""

    __tablename__ = "factor"
    __table_args__ = (
        CheckConstraint("kind IN ('totp', 'sheet', 'recovery', 'invitation')", name="kind"),
        UniqueConstraint("account_id", "kind", "number"),
        Index("ix_factor_digest", "account_id", "digest"),
    )
    __scope__ = Scope(purpose="account", attribute="account_id")

    account_id: Mapped[UUID] = plain("random id of the account", ForeignKey("account.id"))
    kind: Mapped[str] = plain("totp, sheet, recovery or invitation", String(10))
    number: Mapped[int] = plain("place on the printed sheet", Integer, default=0)
    digest: Mapped[bytes | None] = plain("keyed digest of a random code, useless once used", LargeBinary(32))
    last_step: Mapped[int | None] = plain("30-second step of the last accepted code, against replay", Integer)
    valid_until: Mapped[datetime | None] = plain("end of an invitation")
    used_at: Mapped[datetime | None] = plain("when the code was spent")

    seed = sealed_text()


class AccountSession(Row, Base):
    """One browser that is signing in or signed in; the browser holds the token, the table its digest."""

    __tablename__ = "account_session"
    __table_args__ = (
        CheckConstraint("stage IN ('code', 'enrol', 'open')", name="stage"),
        Index("ix_account_session_account_id", "account_id"),
        {"info": UNAUDITED},
    )
    __scope__ = Scope(purpose="account", attribute="account_id")

    account_id: Mapped[UUID] = plain("random id of the account", ForeignKey("account.id"))
    token_digest: Mapped[bytes] = plain("SHA-256 of a random token of 256 bits", LargeBinary(32), unique=True)
    stage: Mapped[str] = plain("code, enrol or open: how far the sign-in has come", String(10))
    started_at: Mapped[datetime] = plain("end of a session is reckoned from it; of staff, not of survivors")
    last_seen_at: Mapped[datetime] = plain("idle lock is reckoned from it, to the minute")
    proven_at: Mapped[datetime] = plain("when a factor was last shown, for grave acts")
    locked_at: Mapped[datetime | None] = plain("when the screen was locked by hand")
    ended_at: Mapped[datetime | None] = plain("when the session ended")
    unlock_failures: Mapped[int] = plain("wrong passwords at the lock page", Integer, default=0)

    device = sealed_text()
    shown = sealed_json()
    """Seed and codes while they are being written down by their owner; nothing afterwards."""


class Throttle(Base):
    """How often somebody failed lately, by name or by address."""

    __tablename__ = "throttle"

    key: Mapped[bytes] = bucket("keyed digest of a name or an address", LargeBinary(32), primary_key=True)
    failures: Mapped[int] = plain("failures since `since_at`", Integer)
    since_at: Mapped[datetime] = plain("begin of the counting; removed when it is over")
    until_at: Mapped[datetime | None] = plain("no try is looked at before")


class HeldPost(Row, Base):
    """A form that was sent while the screen was locked, kept until its owner sends it again or drops it."""

    __tablename__ = "held_post"
    __table_args__ = (Index("ix_held_post_account_id", "account_id"), {"info": UNAUDITED})
    __scope__ = Scope(purpose="account", attribute="account_id")

    account_id: Mapped[UUID] = plain("random id of the account", ForeignKey("account.id"))
    held_at: Mapped[datetime] = plain("shown to the owner, and removed after three days")

    content = sealed_json()
