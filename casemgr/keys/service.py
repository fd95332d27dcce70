"""The keyring: seals and opens cells under the data key of their scope, and turns keys over or destroys them.

Opened data keys live in the session that needed them, or in the one that writes down what it read, and die
with it. Statements here are Core statements on
purpose: sealing happens in the middle of a flush, where the session must not flush again.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, event, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Bundle, Session, SessionTransaction, aliased

from casemgr import clock
from casemgr.crypto.derivation import KEY_LENGTH, derive_key
from casemgr.crypto.rootkeys import RootKeys
from casemgr.crypto.seal import KEY_ID_LENGTH, CellKey, dek_id_of, field_key
from casemgr.crypto.wrapping import Wrapping
from casemgr.errors import SealError
from casemgr.keys.models import ACTIVE, DESTROYED, DataKey

_KEYS = cast("Table", DataKey.__table__)
_UNWRAPPING = ("id", "scope_id", "purpose", "root_key_id", "wrapped", "state")
"""What unwrapping needs of a row."""
_WRAPPED = tuple(_KEYS.c[name] for name in _UNWRAPPING)

_BY_ID = select(*_WRAPPED).where(
    _KEYS.c.id.in_(bindparam("ids", expanding=True)), _KEYS.c.wrapped.is_not(None)
)
_OF_SCOPE = select(*_WRAPPED).where(
    _KEYS.c.purpose == bindparam("purpose"), _KEYS.c.scope_id == bindparam("scope")
)
_ACTIVE = select(*_WRAPPED).where(
    _KEYS.c.purpose == bindparam("purpose"),
    _KEYS.c.scope_id.in_(bindparam("scopes", expanding=True)),
    _KEYS.c.state == ACTIVE,
)
"""Written down once: every page fetches keys, and to write a statement costs more than to send it."""

_CACHE = "data_keys"
_FETCHED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCount:
    """How many data keys share a purpose, a state and a root key."""

    purpose: str
    state: str
    root_key_id: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenKey:
    key_id: bytes
    scope: UUID
    cells: CellKey = field(repr=False)


@dataclass(slots=True)
class _OpenKeys:
    by_id: dict[bytes, _OpenKey] = field(default_factory=dict)
    active: dict[tuple[str, UUID], _OpenKey] = field(default_factory=dict)
    closed: set[bytes] = field(default_factory=set)
    """Keys that were asked for and are not to be had, so that a list asks once for what was erased."""


class Keyring:
    """Seals and opens cells; holds the root keys while the system is unlocked, and no opened data key."""

    def __init__(self, root_keys: RootKeys) -> None:
        self._root_keys = root_keys
        self._wrappings = {key_id: Wrapping(key, key_id) for key_id, key in root_keys.versions.items()}

    def seal(
        self,
        session: Session,
        *,
        purpose: str,
        scope: UUID,
        table: str,
        column: str,
        row: UUID,
        plaintext: bytes,
    ) -> bytes:
        """Seal the value of one cell; the first seal of a scope makes its data key.

        Raises SealError when the scope's key was destroyed: what is erased cannot be written to again.
        """
        key = _open_keys(session).active.get((purpose, scope))
        if key is None:
            key = self._find_active(session, purpose, scope) or self._make(session, purpose, scope)
            _open_keys(session).active[purpose, scope] = key
            _open_keys(session).by_id[key.key_id] = key
        return key.cells.seal(plaintext, table=table, column=column, row=row, scope=scope)

    def open(
        self, session: Session, blob: bytes, *, table: str, column: str, row: UUID, scope: UUID
    ) -> bytes:
        """Open the value of one cell.

        Raises SealError when the data key is unknown, destroyed or another scope's, or the cell was changed.
        """
        key_id, known = dek_id_of(blob), _open_keys(session)
        key = known.by_id.get(key_id)
        if key is None and key_id not in known.closed:
            self._fetch(session, [key_id])
            key = known.by_id.get(key_id)
        if key is None or key.scope != scope:
            raise SealError
        return key.cells.open(blob, table=table, column=column, row=row, scope=scope)

    def prefetch(self, session: Session, blobs: Iterable[bytes]) -> None:
        """Open the data keys of many cells with few queries, before a scan; unknown ones show when opened."""
        known = _open_keys(session)
        wanted = dict.fromkeys(_key_ids(blobs))
        missing = [key_id for key_id in wanted if key_id not in known.by_id and key_id not in known.closed]
        for start in range(0, len(missing), _FETCHED_AT_ONCE):
            self._fetch(session, missing[start : start + _FETCHED_AT_ONCE])

    def prepare(self, session: Session, purpose: str, scopes: Sequence[UUID]) -> None:
        """Fetch or make the data keys of many scopes with few queries, before much is sealed.

        A scope whose key was destroyed is left to the first seal, which refuses it.
        """
        missing = self._open_active(session, purpose, scopes)
        if not missing:
            return
        here = (_KEYS.c.purpose == purpose) & _KEYS.c.scope_id.in_(missing)
        known = set(session.scalars(select(_KEYS.c.scope_id).where(here)))
        fresh = [self._drawn(purpose, scope) for scope in missing if scope not in known]
        if fresh:
            session.execute(_insert(session).on_conflict_do_nothing(), fresh)
            # Another process may have been first; only a key that stands in the table may seal.
            self._open_active(session, purpose, missing)

    def take(self, session: Session, rows: Iterable[Any]) -> None:
        """Open data keys that another query has read along with what they seal, by `key_beside`."""
        self._take(_open_keys(session), (row for row in rows if row.id is not None))

    def _open_active(self, session: Session, purpose: str, scopes: Sequence[UUID]) -> list[UUID]:
        """Open the active keys of scopes with one query and return the scopes that have none."""
        known = _open_keys(session)
        wanted = [scope for scope in dict.fromkeys(scopes) if (purpose, scope) not in known.active]
        if not wanted:
            return []
        rows = session.connection().execute(_ACTIVE, {"purpose": purpose, "scopes": wanted}).all()
        # What a damaged key would seal is refused then.
        self._take(known, rows)
        found = {row.scope_id for row in rows}
        return [scope for scope in wanted if scope not in found]

    def destroy(self, session: Session, purpose: str, scope: UUID) -> tuple[UUID, ...]:
        """Destroy all data keys of a scope, so that nothing sealed under them opens ever again.

        Returns their ids for the erasure ledger, which a restored backup must apply with `destroy_listed`.
        """
        return _destroy(session, (_KEYS.c.purpose == purpose) & (_KEYS.c.scope_id == scope))

    def destroy_many(self, session: Session, purpose: str, scopes: Sequence[UUID]) -> tuple[UUID, ...]:
        """Destroy all data keys of many scopes at once; returns their ids as `destroy` does."""
        return _destroy(session, (_KEYS.c.purpose == purpose) & _KEYS.c.scope_id.in_(scopes))

    def destroy_listed(self, session: Session, key_ids: Sequence[UUID]) -> tuple[UUID, ...]:
        """Destroy data keys named in the erasure ledger; returns those that were not destroyed yet."""
        return _destroy(session, _KEYS.c.id.in_(key_ids))

    def rewrap(self, session: Session, batch: int) -> int:
        """Wrap up to `batch` data keys under the current root key and return how many were moved.

        Call it in one unit of work after another until it returns 0; it may stop and go on at any point, and
        a key that somebody else changes meanwhile is left to them. Raises SealError for a damaged key.
        """
        others = [key_id for key_id in self._root_keys.versions if key_id != self._root_keys.current_id]
        old = _KEYS.c.wrapped.is_not(None) & _KEYS.c.root_key_id.in_(others)
        rows = session.execute(select(_KEYS).where(old).order_by(_KEYS.c.id).limit(batch)).all()
        return self._move(session, rows) if rows else 0

    def _move(self, session: Session, rows: Sequence[Any]) -> int:
        wrapped = [
            {
                "row_id": row.id,
                "before": row.wrapped,
                **self._wrapped(self._data_key(row), row.id.bytes, row.purpose, row.scope_id),
            }
            for row in rows
        ]
        # One statement for all: building one for each key would cost more than wrapping it.
        unchanged = (_KEYS.c.id == bindparam("row_id")) & (_KEYS.c.wrapped == bindparam("before"))
        return session.connection().execute(update(_KEYS).where(unchanged), wrapped).rowcount

    def status(self, session: Session) -> list[KeyCount]:
        """Count data keys by purpose, state and root key."""
        groups = (_KEYS.c.purpose, _KEYS.c.state, _KEYS.c.root_key_id)
        rows = session.execute(select(*groups, func.count()).group_by(*groups).order_by(*groups))
        return [KeyCount(purpose=row[0], state=row[1], root_key_id=row[2], count=row[3]) for row in rows]

    def derive(self, purpose: str) -> bytes:
        """Derive the fixed subkey of a purpose (pepper, index, audit signer, session seal)."""
        return derive_key(self._root_keys.derivation_key, b"subkey", purpose.encode())

    def _find_active(self, session: Session, purpose: str, scope: UUID) -> _OpenKey | None:
        rows = session.connection().execute(_OF_SCOPE, {"purpose": purpose, "scope": scope}).all()
        if any(row.state == DESTROYED for row in rows):
            raise SealError
        active = next((row for row in rows if row.state == ACTIVE), None)
        return None if active is None else self._unwrapped(active)

    def _make(self, session: Session, purpose: str, scope: UUID) -> _OpenKey:
        statement = _insert(session).values(**self._drawn(purpose, scope)).on_conflict_do_nothing()
        row = session.execute(statement.returning(*_WRAPPED)).one_or_none()
        # Another process may have been first; whichever key now stands in the table is the scope's key.
        made = self._unwrapped(row) if row is not None else self._find_active(session, purpose, scope)
        if made is None:
            raise SealError
        return made

    def _drawn(self, purpose: str, scope: UUID) -> dict[str, Any]:
        dek, key_id = os.urandom(KEY_LENGTH), os.urandom(KEY_ID_LENGTH)
        return {
            "id": UUID(bytes=key_id),
            "scope_id": scope,
            "purpose": purpose,
            "created_day": clock.today(),
            "state": ACTIVE,
            **self._wrapped(dek, key_id, purpose, scope),
        }

    def _fetch(self, session: Session, key_ids: list[bytes]) -> None:
        wanted, known = [UUID(bytes=key_id) for key_id in key_ids], _open_keys(session)
        self._take(known, session.connection().execute(_BY_ID, {"ids": wanted}).all())
        known.closed.update(set(key_ids) - known.by_id.keys())

    def _take(self, known: _OpenKeys, rows: Iterable[Any]) -> None:
        for row in rows:
            # A damaged key must not stop a scan of others; its cells are refused when they are opened.
            with suppress(SealError):
                key = known.by_id[row.id.bytes] = self._unwrapped(row)
                if row.state == ACTIVE:
                    known.active[row.purpose, key.scope] = key

    def _wrapped(self, dek: bytes, key_id: bytes, purpose: str, scope: UUID) -> dict[str, Any]:
        current = self._root_keys.current_id
        wrapped = self._wrappings[current].wrap(dek, dek_id=key_id, purpose=purpose, scope=scope)
        return {"root_key_id": current, "wrapped": wrapped}

    def _data_key(self, row: Any) -> bytes:
        wrapping = self._wrappings.get(row.root_key_id)
        if wrapping is None:
            raise SealError
        return wrapping.unwrap(row.wrapped, dek_id=row.id.bytes, purpose=row.purpose, scope=row.scope_id)

    def _unwrapped(self, row: Any) -> _OpenKey:
        key_id = row.id.bytes
        return _OpenKey(
            key_id=key_id, scope=row.scope_id, cells=CellKey(field_key(self._data_key(row), key_id), key_id)
        )


def _key_ids(blobs: Iterable[bytes]) -> Iterator[bytes]:
    for blob in blobs:
        try:
            yield dek_id_of(blob)
        except SealError:
            # A damaged cell must not stop a scan of others; it is refused when it is opened.
            continue


def _insert(session: Session) -> sqlite.Insert | postgresql.Insert:
    is_sqlite = session.connection().dialect.name == "sqlite"
    return sqlite.insert(_KEYS) if is_sqlite else postgresql.insert(_KEYS)


def key_beside(purpose: str, scope: Any) -> tuple[Bundle[Any], Any, ColumnElement[bool]]:
    """Return what reads the active key of a scope along in a query: its columns, its table, the join."""
    key = aliased(DataKey)
    columns: Bundle[Any] = Bundle(f"{purpose}_key", *(getattr(key, name) for name in _UNWRAPPING))
    return columns, key, and_(key.purpose == purpose, key.scope_id == scope, key.state == ACTIVE)


def opened_in(session: Session) -> object:
    """Return the keys that a session opened, for the one that only writes down what was read in it."""
    return _open_keys(session)


def hand_over(session: Session, opened: object) -> None:
    """Give a session the keys that another one of the same request has opened."""
    session.info[_CACHE] = opened


def _open_keys(session: Session) -> _OpenKeys:
    return cast("_OpenKeys", session.info.setdefault(_CACHE, _OpenKeys()))


def _forget(session: Session) -> None:
    session.info.pop(_CACHE, None)


def _destroy(session: Session, which: ColumnElement[bool]) -> tuple[UUID, ...]:
    alive = which & (_KEYS.c.state != DESTROYED)
    gone = {"state": DESTROYED, "wrapped": None, "destroyed_on": clock.today()}
    statement = update(_KEYS).where(alive).values(**gone).returning(_KEYS.c.id)
    key_ids = sorted(session.scalars(statement))
    _forget(session)
    return tuple(key_ids)


@event.listens_for(Session, "after_soft_rollback")
def _forget_rolled_back(session: Session, _: SessionTransaction) -> None:
    # A key that was made in a transaction that never was must not seal anything in the next one.
    _forget(session)
