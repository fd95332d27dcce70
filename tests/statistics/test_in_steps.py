"""Made behind the page: computed outside any transaction, released only on the ledger that was read."""

import pytest

from casemgr import db
from casemgr.policy import Role
from casemgr.statistics import making, service
from casemgr.statistics.making import Wish
from casemgr.statistics.service import LedgerMoved, Tier
from tests.rig import counted_town as towns
from tests.statistics.sdc import YEAR


@pytest.fixture
def town(work):
    with work():
        found = towns.add_commune()
        towns.record(found, towns.invent_incidents(found, 60))
        return found


def wish_of(town, name="incidents"):
    return Wish(table_names=(name,), unit_id=town.id, period=YEAR, tier=Tier.PUBLIC)


def test_nothing_is_open_while_it_computes_and_others_write(work, town, database, keys) -> None:
    officer, seen = town.actor(Role.REPORT_OFFICER), []

    def step(done: int, total: int) -> None:
        seen.append((done, total, db.is_working()))
        with work():
            towns.record(town, [])

    (made,) = making.make(database, keys, lambda: officer, wish_of(town), making.release_tables, step)

    assert seen == [(0, 1, False)]
    assert made.is_new
    with work():
        (again,) = service.make_tables(officer, ("incidents",), town.id, YEAR, Tier.PUBLIC)
    assert (again.id, again.is_new, again.table) == (made.id, False, made.table)


def test_what_was_computed_beside_an_older_ledger_is_not_released(work, town) -> None:
    officer = town.actor(Role.REPORT_OFFICER)
    with work(write=False) as session:
        prepared = service.prepare(officer, ("services",), town.id, YEAR, Tier.PUBLIC)
        session.expunge_all()
    computed = service.compute(prepared)
    with work():
        service.make_table(officer, "incidents", town.id, YEAR, Tier.PUBLIC)

    with work(), pytest.raises(LedgerMoved):
        service.release(officer, computed)


def test_it_is_computed_again_when_the_ledger_has_moved(work, town, database, keys) -> None:
    officer, begun = town.actor(Role.REPORT_OFFICER), []

    def step(done: int, total: int) -> None:
        begun.append(done)
        if len(begun) == 1:
            with work():
                service.make_table(officer, "incidents", town.id, YEAR, Tier.PUBLIC)

    (made,) = making.make(
        database, keys, lambda: officer, wish_of(town, "services"), making.release_tables, step
    )

    assert (len(begun), made.is_new) == (2, True)
    with work(write=False):
        assert service.list_broken(officer, town.id) == []
