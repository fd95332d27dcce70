"""Every column is sealed, or says why it need not be; nothing is loaded behind a reader's back."""

import ast

import sqlalchemy as sa

from casemgr.db import Base, UTCDateTime
from casemgr.db.migrate import load_models
from tests.rig import source

CLASSES = {"plain", "bucket", "sealed"}
SHORTEST_REASON = 8
MOMENT_NAMES = ("_at", "_until")
DAY_NAMES = ("_on", "_day", "_from", "_to", "_until")


def columns() -> list[sa.Column]:
    return [column for table in load_models().sorted_tables for column in table.columns]


def test_every_column_is_sealed_or_says_why_not() -> None:
    unclassified = [
        str(column)
        for column in columns()
        if column.info.get("class") not in CLASSES
        or (column.info["class"] != "sealed" and len(column.info.get("why", "")) < SHORTEST_REASON)
    ]
    assert not unclassified, (
        "declare with sealed_…(), or with plain(why, …) or bucket(why, …) and a reason that convinces:\n"
        + "\n".join(unclassified)
    )


def test_names_of_columns_tell_moments_from_days() -> None:
    wrong = [str(column) for column in columns() if not f"_{column.name}".endswith(_endings(column.type))]
    assert not wrong, f"moments end in {MOMENT_NAMES}, days in {DAY_NAMES}:\n" + "\n".join(wrong)


def _endings(kind: sa.types.TypeEngine) -> tuple[str, ...]:
    if isinstance(kind, sa.DateTime | UTCDateTime):
        return MOMENT_NAMES
    return DAY_NAMES if isinstance(kind, sa.Date) else ("",)


def test_relationships_never_load_by_themselves() -> None:
    lazy = [
        str(relationship)
        for mapper in Base.registry.mappers
        for relationship in mapper.relationships
        if relationship.lazy != "raise"
    ]
    assert not lazy, 'declare with lazy="raise", or better without a relationship:\n' + "\n".join(lazy)


def test_tables_stand_in_models_modules() -> None:
    astray = [
        f"{module.name}.{node.name}"
        for module in source.list_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and _has_table(node) and module.last_part != "models"
    ]
    assert not astray, "migrations look into casemgr/*/models.py only:\n" + "\n".join(astray)


def _has_table(node: ast.ClassDef) -> bool:
    targets = [
        target for statement in node.body if isinstance(statement, ast.Assign) for target in statement.targets
    ]
    return any(isinstance(target, ast.Name) and target.id == "__tablename__" for target in targets)
