"""What is remembered between searches gives away nothing that the database does not give at this moment."""

import threading
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemgr.cases import service as cases
from casemgr.db.sealed import keyring_of
from casemgr.survivors import queries, remembered, service
from casemgr.text.name_book import NameBook
from casemgr.text.names import match_rank
from tests.rig.office import Office

NAME = "Nguyễn Thị Ẩn"


@pytest.fixture(autouse=True)
def _remember_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "WORTH_IT", 1)


@pytest.fixture
def survivor_id(work, office: Office) -> UUID:
    """Somebody whose name a supervisor has found, so that it is remembered."""
    with work():
        survivor = service.add_survivor(office.worker, {"full_name": NAME})
        cases.open_case(office.worker, summary={}, survivor_id=survivor.id)
        cases.open_case(
            office.worker,
            summary={},
            survivor_id=service.add_survivor(office.worker, {"full_name": "Lò Thị Bun"}).id,
        )
    assert _found(work, office) == [survivor.id]
    assert _found(work, office) == [survivor.id]
    return survivor.id


def _found(work, office: Office, text: str = "nguyen thi an") -> list[UUID]:
    with work():
        return [hit.survivor_id for hit in queries.search(office.supervisor, text)]


def test_a_name_is_opened_once_for_many_searches(work, office: Office, keys, survivor_id: UUID) -> None:
    assert len(remembered.remembered_by(keys, 1)) == 2
    assert _found(work, office, "bun") != [survivor_id]


def test_whoever_is_barred_finds_nobody_from_that_moment_on(work, office: Office, survivor_id: UUID) -> None:
    with work():
        case = queries.search(office.worker, "an")[0].cases[0]
        cases.bar_account(office.worker, case.id, office.supervisor.account_id, "em chồng")
    assert _found(work, office) == []


def test_a_destroyed_key_is_no_longer_found_in_the_next_search(
    work, office: Office, survivor_id: UUID
) -> None:
    with work() as session:
        keyring_of(session).destroy(session, "survivor", survivor_id)
    assert _found(work, office) == []
    assert len(_found(work, office, "bun")) == 1


def test_a_name_that_was_changed_is_found_and_the_old_one_is_not(
    work, office: Office, survivor_id: UUID
) -> None:
    with work():
        service.change_survivor(office.worker, survivor_id, 1, {"full_name": "Hà Thị Mới"})
    assert _found(work, office) == []
    assert _found(work, office, "ha moi") == [survivor_id]


def test_a_change_of_somebody_who_is_not_remembered_drops_nobody(
    work, office: Office, survivor_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_names, opened = queries._open_names, []

    def count(ids):
        opened.extend(ids)
        return open_names(ids)

    monkeypatch.setattr(queries, "_open_names", count)
    with work():
        new = service.add_survivor(office.worker, {})
        cases.open_case(office.worker, summary={}, survivor_id=new.id)
    with work():
        service.change_survivor(office.worker, new.id, 1, {"full_name": "Hà Thị Mới"})
    assert _found(work, office, "ha moi") == [new.id]
    assert len(opened) == 1


def test_a_change_that_was_taken_back_is_not_remembered(work, office: Office, survivor_id: UUID) -> None:
    with pytest.raises(ZeroDivisionError), work():
        service.change_survivor(office.worker, survivor_id, 1, {"full_name": "Hà Thị Mới"})
        assert len(queries.search(office.supervisor, "ha moi")) == 1
        _ = 1 / 0
    assert _found(work, office, "ha moi") == []
    assert _found(work, office) == [survivor_id]


def test_of_few_names_nothing_outlives_the_search(
    work, office: Office, survivor_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "WORTH_IT", 1_000)
    before = set(threading.enumerate())
    for _ in range(3):
        assert _found(work, office) == [survivor_id]
    assert [thread for thread in threading.enumerate() if thread not in before] == []


def test_names_are_forgotten_when_nobody_searches(
    keys, survivor_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = remembered.remembered_by(keys, 1)
    known.purge()
    assert len(known) == 2
    monkeypatch.setattr(remembered, "IDLE_SECONDS", 0.0)
    known.purge()
    assert len(known) == 0


_WORDS = st.sampled_from(
    ("Hà", "Ha", "H'Nhi", "Hnhi", "Thị", "Thi", "My", "Mi", "Lanh", "Lan", "Nguyễn", "đ")
)
_NAMES = st.lists(_WORDS, max_size=4).map(" ".join)


@given(names=st.lists(_NAMES, max_size=12), query=_NAMES, dropped=st.integers(0, 3))
@settings(max_examples=150)
def test_the_book_finds_what_a_comparison_name_by_name_finds(
    names: list[str], query: str, dropped: int
) -> None:
    book = NameBook()
    for place, name in enumerate(names):
        book.put(str(place), "Trước Đây")
        book.put(str(place), name)
    book.drop(str(dropped))
    asked = {str(place) for place in range(len(names)) if place % 5}
    ranks = {str(place): match_rank(query, name) for place, name in enumerate(names)}
    wanted = {one: rank for one, rank in ranks.items() if rank is not None and one in asked}
    wanted.pop(str(dropped), None)
    assert book.find(query, asked) == wanted
