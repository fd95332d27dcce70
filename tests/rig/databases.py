"""Databases for single tests: a copied file on SQLite, an emptied database on PostgreSQL."""

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import event

from casemgr.db import Database
from casemgr.db.migrate import load_models
from casemgr.db.session import WRITES


def open_database(url: str) -> Database:
    """Open a database whose commits may be lost with the machine: a test has nothing to lose."""
    database = Database(url)
    if database.is_sqlite:
        event.listen(database.engine, "connect", _hurry)
    return database


def create_tables(url: str) -> None:
    """Create the tables of all features as the models declare them."""
    metadata = load_models()
    database = open_database(url)
    with database.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        metadata.create_all(connection)
    database.close()


def prepare_file(path: Path) -> Path:
    """Create a SQLite file with all tables, in one piece so that it can be copied."""
    create_tables(sqlite_url(path))
    return path


def copy_file(source: Path, target: Path) -> str:
    """Copy a prepared file and return the address of the copy."""
    shutil.copyfile(source, target)
    return sqlite_url(target)


def sqlite_url(path: Path) -> str:
    """Return the address of a SQLite file."""
    return f"sqlite:///{path}"


def _hurry(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
