"""Units of work: one database, one session per unit, one transaction per change."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session, UOWTransaction

from casemgr.db.sealed import Keyring, seal_pending
from casemgr.errors import OtherTables

WRITES = "casemgr_writes"
ADVISORY_LOCK = 0x6361_7365
"""Held alone by whoever changes the tables, shared by those who write into them, on PostgreSQL."""

_LOCK_SHARED = text("SELECT pg_advisory_xact_lock_shared(:key)")
_VERSION = text("SELECT version_num FROM alembic_version")

_current: ContextVar[Session] = ContextVar("session")

Answer = TypeVar("Answer")


class Database:
    """One engine, set up alike on SQLite and PostgreSQL: safe durability, explicit transactions.

    `expected` is the migration that this program writes into; None for a program that makes the tables.
    `closed` is the file that forbids writing where it stands, because all was moved elsewhere; None for a
    command that ends by itself.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.expected: str | None = None
        self.closed: Path | None = None
        self.is_sqlite = url.startswith("sqlite")
        self.engine: Engine = create_engine(url, hide_parameters=True)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            event.listen(self.engine, "begin", _begin_postgresql)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Durable and strict: a power cut must not lose what was acknowledged, erased pages are overwritten."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=15000",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the write lock before they read, so that check and act are one; readers cannot write."""
    writes = connection.get_execution_options().get(WRITES, False)
    # Straight to the driver: every page begins one or two transactions, and there is nothing to compile.
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA query_only={0 if writes else 1}")
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if not connection.get_execution_options().get(WRITES, False):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


@event.listens_for(Session, "before_flush")
def _seal(session: Session, _: UOWTransaction, __: object) -> None:
    seal_pending(session, [*session.new, *session.dirty])


def current() -> Session:
    """Return the session of the unit of work that is running; raises LookupError outside one."""
    return _current.get()


def is_working() -> bool:
    """Say whether a unit of work is running here."""
    return _current.get(None) is not None


def asked_once(question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """Return the answer to a question; a unit of work that only reads asks the database once.

    A page checks for each of its parts whether a record is in reach. Where something may be written, and bar
    or take away what was in reach, every check asks anew.
    """
    info = current().info
    if info.get("writes", True):
        return ask()
    answers: dict[Hashable, Any] = info.setdefault("answers", {})
    if question not in answers:
        answers[question] = ask()
    return cast("Answer", answers[question])


def afterwards(act: Callable[[], None]) -> None:
    """Leave an act to be done in a short write transaction after this unit, whether it commits or not.

    For what must survive a refusal or a read-only request: throttle counters, used one-time codes, the
    last sign of life of a session.
    """
    current().info.setdefault("afterwards", []).append(act)


def take_afterwards(info: dict[str, Any]) -> list[Callable[[], None]]:
    """Return and forget the acts that a unit of work left to be done after it."""
    acts: list[Callable[[], None]] = info.pop("afterwards", [])
    return acts


@contextmanager
def work(database: Database, keyring: Keyring | None, *, write: bool) -> Iterator[Session]:
    """Run one transaction: committed after a writing block, rolled back after a reading one or an error.

    Raises `OtherTables` before a writing block when the tables were changed for another program, or all was
    moved elsewhere, meanwhile.
    """
    session = Session(database.engine, expire_on_commit=False, autoflush=True)
    session.info.update(keyring=keyring, writes=write)
    token = _current.set(session)
    try:
        session.connection(execution_options={WRITES: write})
        if write and database.expected is not None:
            _require(session, database.expected)
        if write and database.closed is not None:
            _require_open(database.closed)
        yield session
        if write:
            session.commit()
        else:
            session.rollback()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
        _current.reset(token)


def _require(session: Session, expected: str) -> None:
    """Refuse to write into tables of another program; until the commit nobody can change them."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        connection.execute(_LOCK_SHARED, {"key": ADVISORY_LOCK})
    # A statement of its own: what the lock waited for is seen only by the next one.
    if connection.scalar(_VERSION) != expected:
        raise OtherTables


def _require_open(closed: Path) -> None:
    if closed.exists():
        raise OtherTables


def wait_for_writers() -> None:
    """Wait until all who write at this moment have ended; SQLite let no other in since the block began."""
    if current().connection().dialect.name != "sqlite":
        current().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
