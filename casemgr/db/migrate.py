"""Brings a database's tables to the models, one numbered step after the other, forwards and back.

A step runs in one transaction with all the others of the same call: after a failure or a power cut
the tables are as they were.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module  # noqa: TID251 - features are above this package, and env.py needs their tables
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, func, select, text

from casemgr.db.base import Base, UTCDateTime
from casemgr.db.session import ADVISORY_LOCK, WRITES, Database
from casemgr.errors import CasemgrError

PACKAGE = Path(__file__).parents[1]
STEPS = PACKAGE.parent / "migrations"
_STEPS_TABLE = "alembic_version"
_STATE = "state"


class BrokenReference(CasemgrError):
    """A migration left rows that point at rows which are gone; it was rolled back."""


class DataWouldBeLost(CasemgrError):
    """Going back would remove what is stored in `places`: tables, or columns as table.column.

    A state that older tables do not know counts as lost too: an address that somebody dangerous knows must
    not become one that merely rests.
    """

    def __init__(self, places: list[str]) -> None:
        super().__init__(", ".join(places))
        self.places = places


def load_models() -> MetaData:
    """Import the tables of every feature and return them all."""
    for path in sorted(PACKAGE.glob("*/models.py")):
        import_module(f"casemgr.{path.parent.name}.models")
    return Base.metadata


def upgrade(database: Database, revision: str = "head") -> None:
    """Run every step up to a revision; one process at a time, others wait and find nothing to do."""
    with _connection(database) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str, *, loses_data: bool = False) -> None:
    """Undo every step above a revision; `base` removes all tables.

    Raises `DataWouldBeLost` and leaves everything as it was when tables or columns that hold something would
    go, unless that is what is wanted.
    """
    with _connection(database) as connection:
        before = _tables(connection)
        filled = {} if loses_data else _filled(connection, before)
        states = {} if loses_data else _states(connection, before)
        command.downgrade(_config(connection), revision)
        after = _states(connection, _tables(connection))
        changed = [
            f"{table}.{_STATE}" for table in states if states[table] != after.get(table, states[table])
        ]
        kept = {table.name: set(table.columns.keys()) for table in _tables(connection).tables.values()}
        lost = [
            f"{table}.{column}" if table in kept else table
            for table, columns in filled.items()
            for column in columns
            if column not in kept.get(table, ())
        ]
        if lost or changed:
            raise DataWouldBeLost(sorted({*lost, *changed}))


def revise(database: Database, message: str) -> str:
    """Write the next numbered step from the difference between the tables and the models; return its path."""
    number = f"{len(list(_steps().walk_revisions())) + 1:04d}"
    with _connection(database) as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=number)
    return str(next((STEPS / "versions").glob(f"{number}_*.py")))


def current(database: Database) -> str | None:
    """Return the revision that the tables are at, or None for a database that was never set up."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """Return the newest revision that this program knows."""
    return _steps().get_current_head()


def is_current(database: Database) -> bool:
    """Whether this program may run on the tables as they are."""
    return current(database) == head()


def steps_after(revision: str | None) -> list[str]:
    """Return the steps above a revision that this program knows, oldest first; all for None."""
    steps = [step.revision for step in reversed(list(_steps().walk_revisions()))]
    return steps[steps.index(revision) + 1 :] if revision in steps else steps


def is_older(database: Database) -> bool:
    """Whether the tables are at a step that this program knows and can lead further."""
    found = current(database)
    return not is_current(database) and any(step.revision == found for step in _steps().walk_revisions())


def differences(database: Database) -> list[str]:
    """Describe every way in which the tables differ from the models; an empty list means none."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options())
        return [str(difference) for difference in compare_metadata(context, load_models())]


def options() -> dict[str, Any]:
    """Return how tables are compared and written, alike for every caller."""
    return {
        "compare_type": True,
        "compare_server_default": True,
        "render_as_batch": True,
        "render_item": _render,
        "transactional_ddl": True,
    }


def _tables(connection: Connection) -> MetaData:
    tables = MetaData()
    tables.reflect(connection)
    return tables


def _filled(connection: Connection, tables: MetaData) -> dict[str, list[str]]:
    """Return the columns of each table in which any row holds anything."""
    found = {}
    for table in tables.tables.values():
        if table.name == _STEPS_TABLE:
            continue
        counts = connection.execute(select(*(func.count(column) for column in table.columns))).one()
        found[table.name] = [name for name, count in zip(table.columns.keys(), counts, strict=True) if count]
    return found


def _states(connection: Connection, tables: MetaData) -> dict[str, dict[str, int]]:
    """Count the rows of each table by their state, where they have one."""
    found = {}
    for table in tables.tables.values():
        if _STATE in table.columns:
            column = table.columns[_STATE]
            counts = connection.execute(select(column, func.count()).group_by(column))
            found[table.name] = {row[0]: row[1] for row in counts}
    return found


def _render(kind: str, item: Any, _: Any) -> str | bool:
    """Write steps without names of this package, so that old steps run whatever the package becomes."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _steps() -> ScriptDirectory:
    return ScriptDirectory(str(STEPS))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connection(database: Database) -> Iterator[Connection]:
    """Open one writing transaction, alone on the tables, and commit it at the end."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            # Rebuilding a table drops the old one, which would count as deleting all its rows. SQLite takes
            # this setting only outside a transaction; the check below makes up for it.
            _set_foreign_keys(connection, on=False)
        try:
            with connection.execution_options(**{WRITES: True}).begin():
                if not database.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
                yield connection
                if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise BrokenReference
        finally:
            if database.is_sqlite:
                _set_foreign_keys(connection, on=True)


def _set_foreign_keys(connection: Connection, *, on: bool) -> None:
    raw: Any = connection.connection.dbapi_connection
    raw.execute(f"PRAGMA foreign_keys={int(on)}")
