"""Optimistic concurrency: a change names the version that its form showed."""

import sqlite3
from typing import Any

from sqlalchemy import Integer
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, declared_attr

from casemgr.db.base import plain
from casemgr.errors import StaleVersion

_UNIQUE_VIOLATION = "23505"
"""What PostgreSQL calls it, by the SQL standard."""


class Versioned:
    """Mixin of rows that people edit in forms: the version counts up with each change."""

    version: Mapped[int] = plain("counts changes, says nothing of their content", Integer, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy's own convention
        return {"version_id_col": cls.version}


def check_version(record: Versioned, version: int) -> None:
    """Raise `StaleVersion` unless the form was opened on the record as it is now."""
    if record.version != version:
        raise StaleVersion


def is_taken(error: IntegrityError) -> bool:
    """Say whether somebody wrote the same thing a moment earlier, which only a unique rule saw."""
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorcode", None)
    return code in {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE_VIOLATION}
