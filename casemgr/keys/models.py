"""The table of wrapped data keys."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped

from casemgr.db import Base, plain

ACTIVE = "active"
DESTROYED = "destroyed"


class DataKey(Base):
    """One data key, wrapped; destroying it makes everything sealed under it unreadable for ever."""

    __tablename__ = "data_key"
    __table_args__ = (
        # A scope has one key to write with, also when two processes meet at its first use.
        Index(
            "uq_data_key_active",
            "purpose",
            "scope_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index("ix_data_key_scope", "purpose", "scope_id"),
        Index("ix_data_key_root_key_id", "root_key_id"),
        CheckConstraint("state IN ('active', 'retired', 'destroyed')", name="state"),
        CheckConstraint("(state = 'destroyed') = (wrapped IS NULL)", name="wrapped"),
        CheckConstraint("(state = 'destroyed') = (destroyed_on IS NOT NULL)", name="destroyed_on"),
    )

    id: Mapped[UUID] = plain("random key id, stands in every ciphertext", primary_key=True)
    scope_id: Mapped[UUID] = plain("random id of what the key belongs to")
    purpose: Mapped[str] = plain("kind of scope: case, survivor, unit…", String(20))
    root_key_id: Mapped[str] = plain("version of the root key, needed to unwrap", String(10))
    wrapped: Mapped[bytes | None] = plain("the key itself, encrypted under the root key", LargeBinary)
    created_day: Mapped[date] = plain("day only, for key age and the backup window")
    state: Mapped[str] = plain("active, retired or destroyed", String(10))
    destroyed_on: Mapped[date | None] = plain("day of erasure, for the erasure certificate")
