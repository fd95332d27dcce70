"""Reading the audit, which is itself written down; and the plain streams that its verification walks."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session

from casemgr import clock
from casemgr.audit.chain import COVERED, GENESIS
from casemgr.audit.models import AuditCheckpoint, AuditEntry, AuditHead
from casemgr.audit.notes import noted
from casemgr.audit.rules import OWN, Outcome
from casemgr.db import Base, current
from casemgr.db.sealed import keyring_of
from casemgr.errors import SealError
from casemgr.policy import Actor, Permission, require_role

BATCH = 1000
_HEAD = select(AuditHead.size, AuditHead.entry_hash)
SEARCHES = {"case": ("survivor:search", "survivor:compare")}
"""Searches for one kind of record that show another: whose, stands in their detail under its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as its readers see it; `detail` is None when there is none or its key was erased."""

    seq: int
    at: datetime
    actor_id: UUID | None
    unit_id: UUID | None
    session_id: UUID | None
    door: str
    action: str
    object_kind: str
    object_id: UUID | None
    outcome: Outcome
    request_id: str | None
    detail: Mapping[str, Any] | None
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Which entries to list, newest first; `before` is the number of the last entry of the page before."""

    actor_id: UUID | None = None
    actions: tuple[str, ...] | None = None
    object_kind: str | None = None
    object_id: UUID | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """How long the log is, how much of it the last checkpoint covers, since when the rest waits for one."""

    size: int
    signed_size: int
    signed_at: datetime | None
    unsigned_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far the log was, and that it was this log."""

    size: int
    entry_hash: bytes


Act = tuple[str, UUID | None]


def follow(actor: Actor, actions: Sequence[str], since: Mark | None) -> tuple[Mark, list[Act] | None]:
    """Return how far the log is, and which of some acts there were since a mark, about which record.

    None in place of the acts where there is no mark, or the log is not the one that was marked. It is for
    what is remembered between requests: an act is in the log in the moment in which it is done.
    """
    require_role(actor, Permission.ACCOUNT_SELF)
    head = current().execute(_HEAD).one_or_none()
    now = Mark(size=head.size, entry_hash=head.entry_hash) if head else Mark(size=0, entry_hash=GENESIS)
    if since is None or since == now:
        return now, None if since is None else []
    at_mark = current().scalar(select(AuditEntry.entry_hash).where(AuditEntry.seq == since.size))
    if since.size and at_mark != since.entry_hash:
        return now, None
    later = (AuditEntry.action.in_(actions), AuditEntry.seq > since.size)
    acts = current().execute(select(AuditEntry.action, AuditEntry.object_id).where(*later))
    return now, [(action, object_id) for action, object_id in acts]


def list_entries(actor: Actor, criteria: Criteria) -> list[Entry]:
    """Return entries for the data-protection officer, newest first.

    Raises `Forbidden` for everybody else.
    """
    require_role(actor, Permission.AUDIT_READ)
    asked = {name: value for name, value in asdict(criteria).items() if value is not None}
    noted(actor, "audit:list", "audit", outcome=Outcome.SEEN, asked=asked)
    return _entries(and_(*_conditions(criteria)), criteria.limit)


def list_readers_of(
    actor: Actor, kind: str, object_id: UUID, *, listed_since: datetime | None = None, limit: int = 200
) -> list[Entry]:
    """Return who read or changed an object or anything under its key, newest first.

    With `listed_since` the lists and searches that showed it from then on are among them: what they showed
    only stands inside the seal of their one entry, so these are opened. The caller has checked that the
    actor may see the object and its readers.
    """
    noted(actor, f"{kind}:access_log", kind, object_id, outcome=Outcome.SEEN)
    itself = and_(AuditEntry.object_kind == kind, AuditEntry.object_id == object_id)
    beneath = and_(AuditEntry.scope_purpose == kind, AuditEntry.scope_id == object_id)
    happened = AuditEntry.outcome.in_((Outcome.SEEN.value, Outcome.DONE.value))
    direct = _entries(and_(or_(itself, beneath), happened), limit)
    if listed_since is None:
        return direct
    found = [*direct, *_listings(kind, object_id, listed_since, limit)]
    return sorted(found, key=lambda entry: entry.seq, reverse=True)[:limit]


def _listings(kind: str, object_id: UUID, since: datetime, limit: int) -> Iterator[Entry]:
    """Yield the lists that showed an object, newest first, each without what else it showed.

    One a day for each reader and kind of list: a first page that is looked at all day would bury the others.
    """
    session, wanted = current(), str(object_id)
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.object_id.is_(None),
            AuditEntry.outcome == Outcome.SEEN.value,
            AuditEntry.detail_sealed.is_not(None),
            AuditEntry.at >= since,
            or_(AuditEntry.object_kind == kind, AuditEntry.action.in_(SEARCHES.get(kind, ()))),
        )
        .order_by(AuditEntry.seq.desc())
    )
    told: set[object] = set()
    for entry in session.scalars(query.execution_options(yield_per=BATCH)):
        sight = (entry.actor_id, entry.action, clock.local(entry.at).date())
        if sight in told or len(told) == limit:
            continue
        detail = _opened(session, entry) or {}
        if wanted in detail.get("ids" if entry.object_kind == kind else kind, ()):
            told.add(sight)
            yield replace(_shown(session, entry), detail={"fields": detail.get("fields", [])})


def _conditions(criteria: Criteria) -> Iterator[ColumnElement[bool]]:
    for column in (AuditEntry.actor_id, AuditEntry.object_kind, AuditEntry.object_id):
        value = getattr(criteria, column.key)
        if value is not None:
            yield column == value
    if criteria.actions is not None:
        yield AuditEntry.action.in_(criteria.actions)
    if criteria.outcome is not None:
        yield AuditEntry.outcome == criteria.outcome.value
    if criteria.since is not None:
        yield AuditEntry.at >= criteria.since
    if criteria.until is not None:
        yield AuditEntry.at < criteria.until
    yield AuditEntry.seq < (criteria.before or 1 << 62)


def _entries(condition: ColumnElement[bool], limit: int) -> list[Entry]:
    session = current()
    query = select(AuditEntry).where(condition).order_by(AuditEntry.seq.desc()).limit(limit)
    entries = list(session.scalars(query))
    keyring_of(session).prefetch(session, [entry.detail_sealed for entry in entries if entry.detail_sealed])
    return [_shown(session, entry) for entry in entries]


def _shown(session: Session, entry: AuditEntry) -> Entry:
    detail = _opened(session, entry)
    return Entry(
        seq=entry.seq,
        at=entry.at,
        actor_id=entry.actor_id,
        unit_id=entry.unit_id,
        session_id=entry.session_id,
        door=entry.door,
        action=entry.action,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        outcome=Outcome(entry.outcome),
        request_id=entry.request_id,
        detail=detail,
        erased=detail is None and entry.detail_sealed is not None,
    )


def _opened(session: Session, entry: AuditEntry) -> Mapping[str, Any] | None:
    if entry.detail_sealed is None:
        return None
    place: dict[str, Any] = {"table": AuditEntry.__tablename__, "column": "detail", "row": entry.entry_id}
    for scope in filter(None, (entry.scope_id, OWN[1])):
        try:
            text = keyring_of(session).open(session, entry.detail_sealed, scope=scope, **place)
        except SealError:
            continue
        opened: dict[str, Any] = json.loads(text)
        return opened
    return None


def open_writes(session: Session, entry_id: UUID, blob: bytes) -> bytes:
    """Open the digests of the cells that an entry's change wrote; raises `SealError`."""
    place: dict[str, Any] = {"table": AuditEntry.__tablename__, "column": "writes", "row": entry_id}
    return keyring_of(session).open(session, blob, scope=OWN[1], **place)


def stream_chain(session: Session) -> Iterator[Row[Any]]:
    """Return both hashes of every entry and then its covered columns, in the order of the log."""
    covered = [getattr(AuditEntry, name) for name in COVERED]
    query = select(AuditEntry.prev_hash, AuditEntry.entry_hash, *covered).order_by(AuditEntry.seq)
    with session.execute(query, execution_options={"yield_per": BATCH}) as rows:
        yield from rows


def find_head(session: Session) -> tuple[int, bytes] | None:
    """Return the length of the log and its last hash as the head says, or None in an empty log."""
    found = session.execute(select(AuditHead.size, AuditHead.entry_hash)).one_or_none()
    return None if found is None else (found.size, found.entry_hash)


def find_log_state(session: Session) -> LogState:
    """Return how the log stands, as its head and its stored checkpoints say."""
    head = find_head(session)
    largest = select(func.max(AuditCheckpoint.size)).scalar_subquery()
    last = select(AuditCheckpoint.size, AuditCheckpoint.made_at).where(AuditCheckpoint.size == largest)
    signed = session.execute(last).one_or_none()
    size = signed.size if signed else 0
    rest = select(AuditEntry.at).where(AuditEntry.seq > size).order_by(AuditEntry.seq).limit(1)
    return LogState(
        size=head[0] if head else 0,
        signed_size=size,
        signed_at=signed.made_at if signed else None,
        unsigned_since=session.scalar(rest),
    )


def list_checkpoints(session: Session) -> list[tuple[int, bytes, str]]:
    """Return size, root and note of every stored checkpoint, smallest first."""
    query = select(AuditCheckpoint.size, AuditCheckpoint.root, AuditCheckpoint.note)
    return [(row.size, row.root, row.note) for row in session.execute(query.order_by(AuditCheckpoint.size))]


def stream_cells(session: Session, table_name: str) -> Iterator[tuple[UUID, dict[str, bytes]]]:
    """Return the sealed cells of a table row by row, by attribute; nothing for a table that is no more."""
    table = Base.metadata.tables.get(table_name)
    if table is None:
        return
    columns = [column for column in table.columns if column.info.get("class") == "sealed"]
    names = [column.name.removesuffix("_sealed") for column in columns]
    query = select(table.c.id, *columns)
    with session.execute(query, execution_options={"yield_per": BATCH}) as rows:
        for row in rows:
            yield row[0], dict(zip(names, row[1:], strict=True))
