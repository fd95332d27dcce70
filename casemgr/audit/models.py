"""Tables of the audit: entries in a hash chain, its head, and signed checkpoints."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    event,
)
from sqlalchemy.orm import Mapped

from casemgr.audit.triggers import append_only_sql, head_sql
from casemgr.db import Base, plain

HASH = "digest that chains the entries"


class AuditEntry(Base):
    """One act: who, when, through which door, on what, with which outcome. Never changed, never removed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("outcome IN ('done', 'seen', 'refused', 'failed')", name="outcome"),
        CheckConstraint("(scope_purpose IS NULL) = (scope_id IS NULL)", name="scope"),
        Index("ix_audit_entry_object", "object_id", "seq"),
        Index("ix_audit_entry_scope_id", "scope_id", "seq"),
        Index("ix_audit_entry_actor_id", "actor_id", "seq"),
        Index("ix_audit_entry_action", "action", "seq"),
    )

    seq: Mapped[int] = plain("number in the log", BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID] = plain("random id, the place that the sealed detail is bound to", unique=True)
    at: Mapped[datetime] = plain("when it happened; the log must be readable without keys")
    actor_id: Mapped[UUID | None] = plain("random id of the account, unknown before sign-in")
    session_id: Mapped[UUID | None] = plain("random id of the session")
    unit_id: Mapped[UUID | None] = plain("random id of the actor's unit")
    door: Mapped[str] = plain("page or command: how the act came in", String(80))
    action: Mapped[str] = plain("word of the permission table", String(60))
    object_kind: Mapped[str] = plain("kind of record", String(40))
    object_id: Mapped[UUID | None] = plain("random id of the record")
    outcome: Mapped[str] = plain("done, seen, refused or failed", String(10))
    request_id: Mapped[str | None] = plain("random number of the request", String(40))
    scope_purpose: Mapped[str | None] = plain("kind of scope whose key seals the detail", String(20))
    scope_id: Mapped[UUID | None] = plain("random id of the case or other scope that the act belongs to")
    detail_sealed: Mapped[bytes | None] = plain("ciphertext: which fields, why", LargeBinary)
    writes_sealed: Mapped[bytes | None] = plain("ciphertext: digests of the cells written", LargeBinary)
    prev_hash: Mapped[bytes] = plain(HASH, LargeBinary(32))
    entry_hash: Mapped[bytes] = plain(HASH, LargeBinary(32))


class AuditHead(Base):
    """The end of the log, one row: locked by whoever appends, so that the chain cannot fork."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = plain("always 1", Integer, primary_key=True, autoincrement=False)
    size: Mapped[int] = plain("number of entries", BigInteger)
    entry_hash: Mapped[bytes] = plain(HASH, LargeBinary(32))
    subtrees: Mapped[bytes] = plain(
        "Merkle subtrees, so that a checkpoint need not read the log", LargeBinary
    )
    checkpointed: Mapped[int] = plain("number of entries under the last checkpoint", BigInteger)


class AuditCheckpoint(Base):
    """A signed statement of how long the log was and what its Merkle root was."""

    __tablename__ = "audit_checkpoint"

    size: Mapped[int] = plain("number of entries", BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = plain("RFC 6962 root over the entry hashes", LargeBinary(32))
    note: Mapped[str] = plain("C2SP signed note, holds the same and the signature", Text)
    made_at: Mapped[datetime] = plain("when it was signed")


def guard_sql(dialect: str) -> list[str]:
    """Return every statement that a migration must run after it has made these tables."""
    tables = (AuditEntry.__tablename__, AuditCheckpoint.__tablename__)
    return [sql for table in tables for sql in append_only_sql(dialect, table)] + head_sql(dialect)


def _install(table: Table, statements: list[str], dialect: str) -> None:
    for statement in statements:
        guard = DDL(statement)  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", guard.execute_if(dialect=dialect))


def _install_guards() -> None:
    tables = Base.metadata.tables
    for dialect in ("sqlite", "postgresql"):
        for name in (AuditEntry.__tablename__, AuditCheckpoint.__tablename__):
            _install(tables[name], append_only_sql(dialect, name), dialect)
        _install(tables[AuditHead.__tablename__], head_sql(dialect), dialect)


_install_guards()
