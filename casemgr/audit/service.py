"""The audit: what a unit of work noted is sealed, chained and stored as the last thing before commit."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Delete, Table, bindparam, insert, select, true, update
from sqlalchemy import event as events
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from casemgr import clock
from casemgr.audit import writes
from casemgr.audit.chain import GENESIS, entry_hash
from casemgr.audit.checkpoints import put_note, signed_note, signing_key_of
from casemgr.audit.models import AuditCheckpoint, AuditEntry, AuditHead
from casemgr.audit.notes import (
    BULK,
    WAITING,
    changed,
    give,
    in_bulk,
    listed,
    name_request,
    noted,
    refused,
    seen,
    take,
)
from casemgr.audit.rules import (
    CHECKPOINT_EVERY,
    OWN,
    Note,
    Outcome,
    Scope,
    merged,
    survives_rollback,
)
from casemgr.crypto.merkle import Frontier
from casemgr.db import Base, Database, Keyring, current, work
from casemgr.db.sealed import Sealing, keyring_of
from casemgr.errors import SealError

__all__ = [
    "changed",
    "checkpoint",
    "give",
    "in_bulk",
    "listed",
    "name_request",
    "noted",
    "reading",
    "refused",
    "seen",
    "take",
]

_ENTRIES, _HEAD = cast("Table", AuditEntry.__table__), cast("Table", AuditHead.__table__)
_LOCK_HEAD = select(_HEAD).with_for_update()
_MOVE_HEAD = update(_HEAD).values(
    size=bindparam("new_size"), entry_hash=bindparam("last"), subtrees=bindparam("new_subtrees")
)
_INSERT = insert(_ENTRIES)
WRITES = "sealed_writes"
CHAINED = "audit_chained"
MARKS = "audit_marks"
UNAUDITED = {"audited": False}
"""Table info of drafts and the like, which change all the time and are no record: no cell is noted."""


@contextmanager
def reading(database: Database, keyring: Keyring | None) -> Iterator[Session]:
    """Run a reading unit of work for a command, then write down what it read, even when it failed midway.

    A command prints after the block: what could not be written down must not be shown.
    """
    notes: list[Note] = []
    try:
        with work(database, keyring, write=False) as session:
            try:
                yield session
            finally:
                notes = take(session)
    finally:
        if notes:
            with work(database, keyring, write=True) as writing:
                give(writing, notes)


def checkpoint(directory: Path | None = None, *, signing_key: bytes | None = None) -> str | None:
    """Sign the log as it stands and return the note, or None while there is nothing to sign.

    Signs with the installation's own key unless another is given. The unit of work must be a writing one;
    what it has noted itself comes after this checkpoint.
    """
    session = current()
    head = _locked_head(session)
    if not head["size"]:
        return None
    found = session.scalar(select(AuditCheckpoint.note).where(AuditCheckpoint.size == head["size"]))
    note = found or _sign(session, head, signing_key)
    if directory is not None:
        put_note(directory, head["size"], note)
    return note


def _sign(session: Session, head: dict[str, Any], signing_key: bytes | None = None) -> str:
    root = Frontier(head["size"], head["subtrees"]).root()
    note = signed_note(head["size"], root, signing_key or signing_key_of(keyring_of(session)))
    values = {"size": head["size"], "root": root, "note": note, "made_at": clock.now()}
    session.execute(insert(AuditCheckpoint), [values])
    session.execute(update(_HEAD).values(checkpointed=head["size"]))
    return note


def _locked_head(session: Session) -> dict[str, Any]:
    """Lock the end of the log; a missing one is made empty, which fails at once if there are entries."""
    connection = session.connection()
    found = connection.execute(_LOCK_HEAD).mappings().one_or_none()
    if found is None:
        make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        empty = {"id": 1, "size": 0, "entry_hash": GENESIS, "subtrees": b"", "checkpointed": 0}
        connection.execute(make(_HEAD).values(empty).on_conflict_do_nothing())
        found = connection.execute(_LOCK_HEAD).mappings().one()
    return dict(found)


@events.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    """Seal, number, hash and insert everything noted; what fails here takes the whole change with it."""
    if session.in_nested_transaction():
        return
    session.flush()
    notes = merged(session.info.get(WAITING, ()))
    cells = [write for write in session.info.get(WRITES, ()) if _is_audited(write[0])]
    if cells and not any(note.outcome is Outcome.DONE for note in notes):
        notes.append(_unannounced(session, notes))
    if not notes:
        return
    # Sealing may make a new key, and must wait for nobody while it holds the head: so it comes first.
    _prepare(session, [note.scope for note in notes if note.scope and note.detail])
    entries = [_entry(session, note, own) for note, own in zip(notes, _shares(notes, cells), strict=True)]
    session.flush()
    _append(session, entries)
    session.info[CHAINED] = True


def _prepare(session: Session, scopes: Iterable[Scope]) -> None:
    """Fetch the keys of many records at once: a page may have read parts of dozens of them."""
    by_purpose: dict[str, list[UUID]] = defaultdict(list)
    for purpose, scope_id in scopes:
        by_purpose[purpose].append(scope_id)
    for purpose, scope_ids in by_purpose.items():
        keyring_of(session).prepare(session, purpose, scope_ids)


def _append(session: Session, entries: Sequence[dict[str, Any]]) -> None:
    head = _locked_head(session)
    tree = Frontier(head["size"], head["subtrees"])
    last = head["entry_hash"]
    for entry in entries:
        entry["seq"] = tree.size + 1
        entry["prev_hash"] = last
        last = entry["entry_hash"] = entry_hash(last, entry)
        tree.append(last)
    connection = session.connection()
    connection.execute(_INSERT, entries)
    head.update(size=tree.size, entry_hash=last, subtrees=tree.subtrees)
    moved = {"new_size": tree.size, "last": last, "new_subtrees": tree.subtrees}
    connection.execute(_MOVE_HEAD, moved)
    due = head["size"] - head["checkpointed"] >= CHECKPOINT_EVERY
    if due and session.info.get("keyring") is not None:
        _sign(session, head)


def _entry(session: Session, note: Note, cells: list[writes.Write]) -> dict[str, Any]:
    entry_id = uuid4()
    purpose, scope_id = note.scope or (None, None)
    detail = json.dumps(note.detail, ensure_ascii=False, sort_keys=True, default=str).encode()
    written = writes.dump(cells, bulk=bool(session.info.get(BULK))) if cells else b""
    return {
        "entry_id": entry_id,
        "at": note.at,
        "actor_id": note.actor_id,
        "session_id": note.session_id,
        "unit_id": note.unit_id,
        "door": note.door,
        "action": note.action,
        "object_kind": note.object_kind,
        "object_id": note.object_id,
        "outcome": note.outcome.value,
        "request_id": note.request_id,
        "scope_purpose": purpose,
        "scope_id": scope_id,
        "detail_sealed": _sealed_detail(session, note.scope, entry_id, detail) if note.detail else None,
        "writes_sealed": _sealed(session, OWN, "writes", entry_id, written) if written else None,
    }


def _sealed_detail(session: Session, scope: Scope | None, row: UUID, plaintext: bytes) -> bytes:
    """Seal under the scope's key, or under the installation's own once that key was erased."""
    try:
        return _sealed(session, scope or OWN, "detail", row, plaintext)
    except SealError:
        return _sealed(session, OWN, "detail", row, plaintext)


def _sealed(session: Session, scope: Scope, column: str, row: UUID, plaintext: bytes) -> bytes:
    place: dict[str, Any] = {"table": AuditEntry.__tablename__, "column": column, "row": row}
    keyring = keyring_of(session)
    return keyring.seal(session, purpose=scope[0], scope=scope[1], plaintext=plaintext, **place)


def _shares(notes: Sequence[Note], cells: Sequence[writes.Write]) -> list[list[writes.Write]]:
    """Give each entry the cells of its own record; all others belong to the last change."""
    shares: list[list[writes.Write]] = [[] for _ in notes]
    done = [place for place, note in enumerate(notes) if note.outcome is Outcome.DONE]
    owners = {notes[place].object_id: place for place in done}
    for cell in cells:
        shares[owners.get(cell[1], done[-1])].append(cell)
    return shares


def _unannounced(session: Session, notes: Sequence[Note]) -> Note:
    """Stand in for a change that nobody noted, so that no sealed cell changes without an entry."""
    known = notes[-1] if notes else None
    return Note(
        at=clock.now(),
        actor_id=known.actor_id if known else None,
        session_id=known.session_id if known else None,
        unit_id=known.unit_id if known else None,
        door=known.door if known else "system",
        action="cells:write",
        object_kind="cells",
        object_id=None,
        outcome=Outcome.DONE,
        request_id=session.info.get("request_id"),
    )


def _is_audited(table: str) -> bool:
    return bool(Base.metadata.tables[table].info.get("audited", True))


@events.listens_for(Session, "after_flush")
def _note_removed(session: Session, _: UOWTransaction) -> None:
    """Note rows that go, so that one removed behind the product's back is told from them."""
    for row in session.deleted:
        if isinstance(row, Sealing):
            _removed(session, type(row), [row.id])


@events.listens_for(Session, "do_orm_execute")
def _note_bulk_removed(state: ORMExecuteState) -> None:
    """A bulk statement removes rows that the session never sees, so their ids are read just before."""
    mapper = state.bind_mapper
    if state.is_delete and mapper is not None and issubclass(mapper.class_, Sealing):
        where = cast("Delete", state.statement).whereclause
        query = select(mapper.class_.id).where(true() if where is None else where)
        _removed(state.session, mapper.class_, state.session.scalars(query))


def _removed(session: Session, table: type, row_ids: Iterable[UUID]) -> None:
    name: str = cast("Any", table).__tablename__
    if _is_audited(name):
        gone = [(name, row_id, writes.REMOVED, writes.NOTHING) for row_id in row_ids]
        session.info.setdefault(WRITES, []).extend(gone)


@events.listens_for(Session, "after_commit")
def _forget(session: Session) -> None:
    if session.info.pop(CHAINED, False):
        for name in (WAITING, WRITES, MARKS):
            session.info.pop(name, None)


@events.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        counts = (len(session.info.get(WAITING, ())), len(session.info.get(WRITES, ())))
        session.info.setdefault(MARKS, {})[transaction] = counts


@events.listens_for(Session, "after_soft_rollback")
def _take_back(session: Session, transaction: SessionTransaction) -> None:
    """A savepoint rolled back takes its changes out of the audit too, but not its reads and refusals."""
    noted_before, written_before = session.info.get(MARKS, {}).pop(transaction, (None, None))
    if noted_before is not None:
        waiting = session.info.get(WAITING, [])
        waiting[noted_before:] = [note for note in waiting[noted_before:] if survives_rollback(note)]
        del session.info.get(WRITES, [])[written_before:]
