"""Tables of the page platform: unsent drafts, and posts that were already answered."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casemgr.audit.service import UNAUDITED
from casemgr.db import Base, Row, Scope, plain, sealed_json


class Draft(Row, Base):
    """What somebody has typed into a form and not yet sent, sealed under the account's key."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("account_id", "form", "object_id"), {"info": UNAUDITED})
    __scope__ = Scope(purpose="account", attribute="account_id")

    account_id: Mapped[UUID] = plain("whose draft it is", ForeignKey("account.id"))
    form: Mapped[str] = plain("which form, not what was typed", String(60))
    object_id: Mapped[UUID] = plain("random id of the record that the form is about")
    saved_day: Mapped[date] = plain("day of saving, for the purge after thirty days")
    content = sealed_json()


class AnsweredPost(Row, Base):
    """A form that was already taken: sent twice, it gets the same answer and has no second effect."""

    __tablename__ = "answered_post"
    __table_args__ = (UniqueConstraint("account_id", "post_key"), {"info": UNAUDITED})

    account_id: Mapped[UUID] = plain("who sent it", ForeignKey("account.id"))
    post_key: Mapped[str] = plain("random key of the form", String(64))
    digest: Mapped[bytes] = plain("keyed digest of what was sent, to tell a different form", LargeBinary(32))
    location: Mapped[str] = plain("address of the answer, with random ids only", String(300))
    answered_day: Mapped[date] = plain("day of the answer, for the purge after seven days")
