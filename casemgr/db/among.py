"""A condition that both engines answer from an index, however it is joined to others by "or"."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, CompoundSelect, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_Among":  # noqa: ARG002 - SQLAlchemy's own signature
        """It is a condition already; SQLite would compare it with 1, and look at no index."""
        return self


def among(column: Any, rows: Select[Any] | CompoundSelect[Any]) -> ColumnElement[bool]:
    """Hold where a column is one of a few values that another query finds, such as the actor's own files.

    PostgreSQL reads the whole table for `a = 1 OR b IN (SELECT …)`; with the values in an array it does not.
    """
    return _Among(column, rows.scalar_subquery())


@compiles(_Among)
def _as_list(element: _Among, compiler: Any, **options: Any) -> str:
    column, rows = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} IN {rows})"


@compiles(_Among, "postgresql")
def _as_array(element: _Among, compiler: Any, **options: Any) -> str:
    column, rows = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} = ANY (ARRAY{rows}))"
