"""The steps lead to the models on both engines, there and back, and keep what is stored."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from casemgr import clock, db
from casemgr.accounts.models import Account
from casemgr.cli.words import WORDS
from casemgr.db import migrate
from casemgr.db.session import WRITES
from casemgr.keys.service import Keyring
from tests.rig import databases
from tests.rig.office import open_office

STEPS = [step.revision for step in reversed(list(migrate._steps().walk_revisions()))]


@pytest.fixture
def bare(bare_url: str) -> Iterator[db.Database]:
    database = databases.open_database(bare_url)
    yield database
    database.close()


def tables_of(connection: sa.Connection) -> list[sa.Table]:
    """The tables as they are, bookkeeping of Alembic aside."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def rows(database: db.Database) -> dict[str, list[str]]:
    """Every row of every table as it is stored."""
    with database.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in tables_of(connection)
        }


def value_for(column: sa.Column[Any]) -> Any:
    """A value that fits a column's type and nothing else, so that a check may refuse it."""
    samples: dict[type, Any] = {
        str: "x",
        int: 1,
        bool: False,
        bytes: b"x",
        float: 1.0,
        date: clock.today(),
        datetime: clock.now(),
        UUID: uuid4(),
    }
    return {} if isinstance(column.type, sa.JSON) else samples[column.type.python_type]


def fill(database: db.Database, **states: str) -> int:
    """Put one row into each table, referring to the rows made before; return how many took one.

    `states` are those of tables by name, where a check allows no other word.
    """
    made: dict[sa.Column[Any], Any] = {}
    filled = 0
    with database.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        for table in tables_of(connection):
            values = {column: _made_value(column, made) for column in table.columns}
            if table.name in states:
                values[table.columns["state"]] = states[table.name]
            try:
                with connection.begin_nested():
                    connection.execute(
                        sa.insert(table).values({column.name: value for column, value in values.items()})
                    )
            except sa.exc.IntegrityError:
                continue
            made |= values
            filled += 1
    return filled


def _made_value(column: sa.Column[Any], made: dict[sa.Column[Any], Any]) -> Any:
    key = next(iter(column.foreign_keys), None)
    return value_for(column) if key is None else made.get(key.column)


def test_there_is_one_newest_step() -> None:
    assert migrate._steps().get_heads() == STEPS[-1:]


def test_steps_are_numbered_without_gaps() -> None:
    assert [f"{number:04d}" for number in range(1, len(STEPS) + 1)] == STEPS


def test_newest_step_gives_the_tables_of_the_models(bare: db.Database) -> None:
    migrate.upgrade(bare)

    assert migrate.is_current(bare)
    assert migrate.differences(bare) == [], "write a step: casemgr.db.migrate.revise(database, message)"


def test_every_step_can_be_undone_and_taken_again(bare: db.Database) -> None:
    migrate.upgrade(bare)
    migrate.downgrade(bare, "base")
    assert list(rows(bare)) == []

    for step in STEPS:
        migrate.upgrade(bare, step)
        assert migrate.current(bare) == step

    assert migrate.differences(bare) == []


def test_rows_survive_each_step_there_and_back(bare: db.Database) -> None:
    for older, newer in pairwise(STEPS):
        migrate.upgrade(bare, older)
        fill(bare)
        before = rows(bare)

        migrate.upgrade(bare, newer)
        migrate.downgrade(bare, older)

        assert rows(bare) == before


def test_going_back_is_refused_where_it_would_lose_what_is_stored(bare: db.Database) -> None:
    migrate.upgrade(bare)
    assert fill(bare) > 0
    before = rows(bare)

    with pytest.raises(migrate.DataWouldBeLost) as refused:
        migrate.downgrade(bare, "base")

    assert "unit" in refused.value.places
    assert migrate.is_current(bare)
    assert rows(bare) == before
    migrate.downgrade(bare, "base", loses_data=True)
    assert list(rows(bare)) == []


@pytest.mark.parametrize(
    ("newer", "table", "told"),
    [
        ("0004", "bundle", {"seen": "sent", "redirected": "declined", "in_service": "arrived"}),
        ("0006", "trusted_address", {"exposed": "suspended"}),
    ],
)
def test_a_state_that_older_tables_do_not_know_keeps_them_from_coming_back_unless_that_is_wanted(
    bare: db.Database, newer: str, table: str, told: dict[str, str]
) -> None:
    older = STEPS[STEPS.index(newer) - 1]
    migrate.upgrade(bare, newer)
    first, *others = told
    assert fill(bare, **{"bundle": "sent", table: first}) > 0
    copy_rows(bare, table, *({"state": state} for state in others))
    before = rows(bare)

    with pytest.raises(migrate.DataWouldBeLost) as refused:
        migrate.downgrade(bare, older)
    assert f"{table}.state" in refused.value.places
    assert rows(bare) == before

    migrate.downgrade(bare, older, loses_data=True)
    assert states_of(bare, table) == sorted(told.values())
    migrate.upgrade(bare)
    assert states_of(bare, table) == sorted(told.values())
    after = rows(bare)
    assert all(len(after[name]) == len(found) for name, found in before.items())


def copy_rows(database: db.Database, table: str, *changes: dict[str, Any]) -> None:
    """Put rows like the one of a table beside it, each with an id and some values of its own."""
    with database.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        (found,) = [one for one in tables_of(connection) if one.name == table]
        like = dict(connection.execute(sa.select(found)).mappings().one())
        for number, changed in enumerate(changes):
            # SQLite shows ids as the texts that they are stored as.
            own = uuid4() if found.c.id.type.python_type is UUID else f"{table}{number}"
            connection.execute(sa.insert(found).values(like | {"id": own} | changed))


def test_of_several_standing_bars_one_goes_on_when_two_people_are_needed_to_lift_it(
    bare: db.Database,
) -> None:
    migrate.upgrade(bare, "0006")
    fill(bare, case_file="open", account="active")
    copy_rows(bare, "bar", {"lifted_day": None}, {"lifted_day": None}, {"lifted_day": None})

    migrate.upgrade(bare, "0007")

    with bare.engine.connect() as connection:
        (bars,) = [one for one in tables_of(connection) if one.name == "bar"]
        found = connection.execute(sa.select(bars.c.lifted_day, bars.c.made_day)).all()
    assert sum(lifted is None for lifted, _ in found) == 1
    assert all(lifted in (None, made) for lifted, made in found)
    assert len(found) == 4


def states_of(database: db.Database, table: str) -> list[str]:
    with database.engine.connect() as connection:
        (found,) = [one for one in tables_of(connection) if one.name == table]
        return sorted(connection.scalars(sa.select(found.c.state)))


def test_sealed_cells_open_after_going_back_to_each_step_and_forwards_again(
    bare: db.Database, keys: Keyring
) -> None:
    migrate.upgrade(bare)
    with db.work(bare, keys, write=True):
        office = open_office()
    for step in reversed(STEPS[:-1]):
        migrate.downgrade(bare, step, loses_data=True)
        assert migrate.current(bare) == step
        migrate.upgrade(bare)
        with db.work(bare, keys, write=False) as session:
            account = session.get(Account, office.worker.account_id)
            assert account is not None
            assert account.name == "Lan"
    assert migrate.differences(bare) == []


def test_every_step_has_a_note_for_those_who_install_it() -> None:
    missing = [step for step in STEPS if f"release.{step}" not in WORDS]
    assert not missing, "say in casemgr/cli/words/releases.py what the step brings to people"


def test_a_second_call_changes_nothing(bare: db.Database) -> None:
    migrate.upgrade(bare)
    assert fill(bare) > 0
    before = rows(bare)

    migrate.upgrade(bare)

    assert rows(bare) == before


def test_a_step_that_breaks_references_is_rolled_back(tmp_path: Path) -> None:
    database = databases.open_database(databases.sqlite_url(tmp_path / "broken.db"))
    with database.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (parent_id INTEGER REFERENCES parent (id))")

    with pytest.raises(migrate.BrokenReference), migrate._connection(database) as connection:
        connection.exec_driver_sql("INSERT INTO child VALUES (1)")

    assert rows(database)["child"] == []
    database.close()
