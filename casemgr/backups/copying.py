"""Copies of a whole database while it is in use, from and to either engine, without any program of theirs.

Whatever the engine, a copy is one SQLite file: rows of one moment, by table.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    ForeignKeyConstraint,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    select,
)
from sqlalchemy.schema import AddConstraint, DropConstraint

from casemgr.db import Database
from casemgr.db.session import WRITES

Check = Callable[[Connection, Connection, Sequence[Table]], None]
"""Looks at origin and copy of tables, and raises to have nothing of the copy."""

STEPS_TABLE = "alembic_version"
_AT_ONCE = 500


def copy_out(database: Database, target: Path) -> None:
    """Copy a database in use into a new SQLite file, as it was at one moment."""
    if database.is_sqlite:
        _copy_file(Path(str(database.engine.url.database)), target)
        return
    engine = _file_engine(target)
    with database.engine.connect() as source, engine.connect() as sink:
        source.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        source.exec_driver_sql("SET TIME ZONE 'UTC'")
        tables = _plain_tables(_reflected(source))
        tables.create_all(sink)
        for table in tables.sorted_tables:
            _copy_rows(source, sink, table)
        sink.commit()
    engine.dispose()


def copy_file_in(source: Path, target: Path) -> None:
    """Put a copy that a SQLite database gave back in place of one, whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    _copy_file(source, part)
    part.replace(target)


def copy_rows_in(source: Path, database: Database, check: Check | None = None) -> None:
    """Put the rows of a copy into tables that are there and empty, in one transaction, after a last check.

    References between rows are not looked at meanwhile; PostgreSQL checks them all at the end.
    """
    engine = _file_engine(source)
    with (
        engine.connect() as origin,
        database.engine.connect().execution_options(**{WRITES: True}) as sink,
    ):
        if database.is_sqlite:
            raw: Any = sink.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")
        with sink.begin():
            tables = _reflected(sink)
            constraints = [] if database.is_sqlite else _references(tables)
            if not database.is_sqlite:
                sink.exec_driver_sql("SET TIME ZONE 'UTC'")
            for constraint in constraints:
                sink.execute(DropConstraint(constraint))
            plain = [table for table in _plain_tables(tables).sorted_tables if table.name != STEPS_TABLE]
            for table in plain:
                _copy_rows(origin, sink, table)
            for constraint in constraints:
                sink.execute(AddConstraint(constraint))
            if check:
                check(origin, sink, plain)
    engine.dispose()


def count_rows(path: Path) -> dict[str, int]:
    """Count the rows of each table of a copy."""
    engine = _file_engine(path)
    with engine.connect() as connection:
        counts = _counts(connection)
    engine.dispose()
    return counts


def has_rows(database: Database) -> bool:
    """Say whether a database holds anything that a restore would overwrite."""
    with database.engine.connect() as connection:
        counts = _counts(connection)
    return any(count for name, count in counts.items() if name != STEPS_TABLE)


def revision_of(path: Path) -> str | None:
    """Return the migration that the tables of a copy are at."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return None
    return str(row[0]) if row else None


def _copy_file(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target)) as sink:
        origin.backup(sink)
        sink.execute("PRAGMA journal_mode=DELETE")


def _file_engine(path: Path) -> Engine:
    return create_engine(f"sqlite:///{path}", hide_parameters=True)


def _reflected(connection: Connection) -> MetaData:
    tables = MetaData()
    tables.reflect(connection)
    return tables


def _plain_tables(tables: MetaData) -> MetaData:
    """Return the same tables with types that both engines know, and nothing but their columns."""
    plain = MetaData()
    for table in tables.tables.values():
        Table(table.name, plain, *(_plain_column(column) for column in table.columns))
    return plain


def _plain_column(column: Column[Any]) -> Column[Any]:
    kind = column.type.as_generic()
    # A missing value must stay missing and not become the JSON word null.
    return Column(column.name, JSON(none_as_null=True) if isinstance(kind, JSON) else kind)


def _references(tables: MetaData) -> list[ForeignKeyConstraint]:
    return [
        constraint
        for table in tables.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint)
    ]


def _copy_rows(source: Connection, sink: Connection, table: Table) -> None:
    with source.execute(select(table), execution_options={"yield_per": _AT_ONCE}) as rows:
        for batch in rows.mappings().partitions():
            sink.execute(insert(table), [dict(row) for row in batch])


def _counts(connection: Connection) -> dict[str, int]:
    return dict(_count_each(connection, _reflected(connection)))


def _count_each(connection: Connection, tables: MetaData) -> Iterator[tuple[str, int]]:
    for table in tables.sorted_tables:
        yield table.name, connection.scalar(select(func.count()).select_from(table)) or 0
