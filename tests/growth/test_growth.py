"""A page costs what its reader has to do with, not what has piled up: it asks alike for 5 rows and for 50."""

import re
from collections import Counter as Counts
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from casemgr.db import Base
from casemgr.survivors.queries import find_possible_duplicates, list_hidden, search
from tests.growth.conftest import Counter, Statement

SIGNED_IN = re.compile(r"^/(sign-|unlock|first|enrol|recover|code)")

WHOLE = re.compile(r"^/administration")
"""Pages about the whole installation: its staff, its units, its log. No case worker waits for them."""

SMALL = {"audit_head", "CONSTANT", "account_1", "job_worker"}
"""A table of one row, SQLite's word for none, the staff in which an overseer looks, a handful of workers."""


def _counts(counter: Counter) -> dict[tuple[str, str], int]:
    asked = {page: counter.ask(*page) for page in counter.pages() if not SIGNED_IN.match(page[1])}
    return {page: len(list(filter(_is_reading, sent))) for page, sent in asked.items() if sent is not None}


def _is_reading(statement: Statement) -> bool:
    return statement[0].startswith("SELECT")


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_a_page_asks_the_database_as_often_for_fifty_rows_as_for_five(work, counter: Counter) -> None:
    found = []
    for more in (5, 45):
        with work():
            counter.crowd.grow(more)
        with work():
            counter.crowd.erase()
        found.append(_counts(counter))
    few, many = found
    assert len(few) > 60
    assert {page: (few[page], count) for page, count in many.items() if count > few[page]} == {}
    assert max(many.values()) < 60


def test_nothing_asked_reads_a_table_from_end_to_end(work, counter: Counter) -> None:
    with work():
        counter.crowd.grow(1)
    asked = [(path, counter.ask(name, path)) for name, path in counter.pages() if not WHOLE.match(path)]
    assert _asked_again(asked) == []
    asked += _searches(work, counter)
    statements = {sent[0]: (place, sent[1]) for place, sent in _flat(asked) if _is_reading(sent)}
    found = {
        f"{place}: {statement}": scanned
        for statement, (place, parameters) in statements.items()
        if (scanned := set(_scanned(counter, statement, parameters)) - SMALL)
    }
    assert len(statements) > 80
    assert found == {}


def _asked_again(asked: list[tuple[str, list[Statement] | None]]) -> list[str]:
    """Return the pages that ask twice whether a case is in reach, as each of their parts wants to know."""
    return [
        path
        for path, statements in asked
        for (statement, _), times in Counts(
            (sent[0], str(sent[1])) for sent in statements or () if _is_reading(sent)
        ).items()
        if times > 1 and re.search(r"FROM case_file\s+WHERE case_file\.id = ", statement)
    ]


def _flat(asked: list[tuple[str, list[Statement] | None]]) -> Iterator[tuple[str, Statement]]:
    return ((place, statement) for place, statements in asked for statement in statements or ())


def _searches(work, counter: Counter) -> Iterator[tuple[str, list[Statement]]]:
    """Yield what a search by each kind of word asks, and what is compared before somebody is entered."""
    for name in ("worker", "supervisor"):
        actor = counter.crowd.actor(name)
        with work(write=False), counter.kept() as statements:
            for asked in ("HS-2345-6789-X", "0912 345 678", "Bùi Thị Na"):
                search(actor, asked)
            find_possible_duplicates(actor, {"full_name": "Bùi Thị Na"})
            list_hidden(actor)
        yield f"search of {name}", statements


def _scanned(counter: Counter, statement: str, parameters: object) -> list[str]:
    """Return the tables that a statement reads whole, because no index leads to what it wants."""
    with counter.database.engine.connect() as connection:
        if counter.database.is_sqlite:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            return [found[1] for row in plan if (found := re.match(r"SCAN (\w+)", row.detail))]
        for shunned in ("seqscan", "hashjoin", "mergejoin"):
            connection.execute(text(f"SET LOCAL enable_{shunned} = off"))
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
        return list(_unindexed(plan[0]["Plan"]))


def _partial() -> set[str]:
    """Return the names of the indexes that hold no more than what is open or active."""
    indexes = (index for table in Base.metadata.tables.values() for index in table.indexes)
    return {str(index.name) for index in indexes if index.dialect_options["postgresql"]["where"] is not None}


def _unindexed(node: dict[str, Any]) -> Iterator[str]:
    """Yield what PostgreSQL reads without a condition on an index, though it was told to shun that."""
    kind, has_condition = node["Node Type"], "Index Cond" in node or node.get("Index Name") in _partial()
    if "Scan" in kind and "Relation Name" in node and kind != "Bitmap Heap Scan" and not has_condition:
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _unindexed(below)
