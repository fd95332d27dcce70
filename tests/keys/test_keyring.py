"""What the keyring promises: a key per scope, nothing opens elsewhere, erased is erased, rotation resumes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select, update

from casemgr import clock, db
from casemgr.crypto.providers import FileProvider
from casemgr.crypto.seal import dek_id_of
from casemgr.errors import SealError
from casemgr.keys.models import DataKey
from casemgr.keys.service import KeyCount, Keyring

KEYS = DataKey.__table__
CASE, OTHER_CASE, ROW = uuid4(), uuid4(), uuid4()
CELL = {"table": "note", "column": "text", "row": ROW}


def seal(keys, session, text=b"secret", *, purpose="case", scope=CASE):
    return keys.seal(session, purpose=purpose, scope=scope, plaintext=text, **CELL)


def stored(session):
    return session.execute(select(KEYS).order_by(KEYS.c.created_day, KEYS.c.id)).all()


@pytest.fixture
def provider(tmp_path):
    """The provider behind the rotating keyrings."""
    return FileProvider.create(tmp_path / "rotating.keys")


def test_a_cell_opens_in_a_later_unit_of_work(work, keys):
    with work() as session:
        blob = seal(keys, session)
    with work(write=False) as session:
        assert keys.open(session, blob, scope=CASE, **CELL) == b"secret"


def test_a_scope_gets_one_key_at_its_first_seal(work, keys):
    with clock.frozen(datetime(2026, 3, 8, 20, 0, tzinfo=UTC)), work() as session:
        first = [dek_id_of(seal(keys, session)) for _ in range(3)]
    with work() as session:
        later = dek_id_of(seal(keys, session))
        (row,) = stored(session)
    assert {*first, later} == {row.id.bytes}
    assert (row.purpose, row.scope_id, row.state, row.root_key_id) == ("case", CASE, "active", "k1")
    assert (row.created_day, row.destroyed_on, len(row.wrapped)) == (date(2026, 3, 9), None, 60)


def test_purposes_and_scopes_have_keys_of_their_own(work, keys):
    with work() as session:
        ids = {
            dek_id_of(seal(keys, session, purpose=purpose, scope=scope))
            for purpose in ("case", "facts")
            for scope in (CASE, OTHER_CASE)
        }
    assert len(ids) == 4


@pytest.mark.parametrize(
    "moved", [{"table": "task"}, {"column": "title"}, {"row": uuid4()}, {"scope": OTHER_CASE}]
)
def test_a_cell_moved_elsewhere_does_not_open(work, keys, moved):
    with work() as session:
        blob = seal(keys, session)
        seal(keys, session, scope=OTHER_CASE)
        with pytest.raises(SealError):
            keys.open(session, blob, **({**CELL, "scope": CASE} | moved))


def test_an_unknown_key_id_or_no_cell_at_all_is_refused(work, keys):
    with work() as session:
        blob = seal(keys, session)
        for broken in (blob[:4] + bytes(16) + blob[20:], b"", b"plain text", blob[:-1]):
            with pytest.raises(SealError):
                keys.open(session, broken, scope=CASE, **CELL)


def test_a_key_id_of_another_scope_is_refused_without_trying_its_key(work, keys):
    with work() as session:
        blob, other = seal(keys, session), seal(keys, session, scope=OTHER_CASE)
        with pytest.raises(SealError):
            keys.open(session, other[:20] + blob[20:], scope=CASE, **CELL)


def test_a_wrapped_key_put_into_another_row_opens_nothing(work, keys):
    with work() as session:
        seal(keys, session)
        other = seal(keys, session, scope=OTHER_CASE)
        wrapped = session.scalar(select(KEYS.c.wrapped).where(KEYS.c.scope_id == CASE))
        session.execute(update(KEYS).where(KEYS.c.scope_id == OTHER_CASE).values(wrapped=wrapped))
    with work(write=False) as session, pytest.raises(SealError):
        keys.open(session, other, scope=OTHER_CASE, **CELL)


def test_opened_keys_end_with_their_session(database, keys):
    with db.work(database, keys, write=True) as session:
        blob = seal(keys, session)
    with db.work(database, keys, write=True) as session:
        session.execute(update(KEYS).values(root_key_id="k9"))
    with db.work(database, keys, write=False) as session, pytest.raises(SealError):
        keys.open(session, blob, scope=CASE, **CELL)


def test_a_key_made_in_a_transaction_that_never_was_seals_nothing_in_the_next(work, keys):
    with work() as session:
        lost = dek_id_of(seal(keys, session))
        session.rollback()
    with work() as session:
        assert stored(session) == []
        first = session.begin_nested()
        in_savepoint = dek_id_of(seal(keys, session))
        first.rollback()
        kept = dek_id_of(seal(keys, session))
        assert [row.id.bytes for row in stored(session)] == [kept]
    assert len({lost, in_savepoint, kept}) == 3


def test_a_few_queries_fetch_all_keys_of_a_scan(work, keys):
    scopes = [UUID(int=number) for number in range(1200)]
    with work() as session:
        cells = {scope: seal(keys, session, str(scope).encode(), scope=scope) for scope in scopes}
        session.execute(update(KEYS).where(KEYS.c.scope_id == scopes[7]).values(wrapped=b"damaged"))
    with work(write=False) as session:
        queries = []

        def note(*arguments):
            queries.append(arguments[2])

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        keys.prefetch(session, cells.values())
        event.remove(connection, "before_cursor_execute", note)
        assert len(queries) == 3
        fetched = session.info["data_keys"].by_id
        assert len(fetched) == len(scopes) - 1
        for scope, blob in cells.items():
            if scope != scopes[7]:
                assert keys.open(session, blob, scope=scope, **CELL) == str(scope).encode()
        with pytest.raises(SealError):
            keys.open(session, cells[scopes[7]], scope=scopes[7], **CELL)


def test_destroying_a_scope_ends_its_cells_and_no_others(work, keys):
    with work() as session:
        blob, other = seal(keys, session), seal(keys, session, scope=OTHER_CASE)
        facts = seal(keys, session, purpose="facts")
    with clock.frozen(datetime(2026, 3, 8, 5, 0, tzinfo=UTC)), work() as session:
        destroyed = keys.destroy(session, "case", CASE)
        assert destroyed == (UUID(bytes=dek_id_of(blob)),)
        with pytest.raises(SealError):
            keys.open(session, blob, scope=CASE, **CELL)
    with work(write=False) as session:
        with pytest.raises(SealError):
            keys.open(session, blob, scope=CASE, **CELL)
        assert keys.open(session, other, scope=OTHER_CASE, **CELL) == b"secret"
        assert keys.open(session, facts, scope=CASE, **CELL) == b"secret"
        row = session.execute(select(KEYS).where(KEYS.c.id == destroyed[0])).one()
        assert (row.state, row.wrapped, row.destroyed_on) == ("destroyed", None, date(2026, 3, 8))


def test_what_is_erased_cannot_be_written_to_again(work, keys):
    with work() as session:
        seal(keys, session)
        keys.destroy(session, "case", CASE)
        with pytest.raises(SealError):
            seal(keys, session)
        assert keys.destroy(session, "case", CASE) == ()


def test_a_restored_backup_forgets_what_the_erasure_ledger_names(work, keys):
    with work() as session:
        blob, other = seal(keys, session), seal(keys, session, scope=OTHER_CASE)
        ledger = [UUID(bytes=dek_id_of(blob)), uuid4()]
        assert keys.destroy_listed(session, ledger) == (ledger[0],)
        assert keys.destroy_listed(session, ledger) == ()
        with pytest.raises(SealError):
            keys.open(session, blob, scope=CASE, **CELL)
        assert keys.open(session, other, scope=OTHER_CASE, **CELL) == b"secret"


def test_rewrapping_moves_every_key_in_batches_and_cells_stay_as_they_are(database, provider):
    keys = Keyring(provider.root_keys())
    scopes = [uuid4() for _ in range(7)]
    with db.work(database, keys, write=True) as session:
        cells = {scope: seal(keys, session, scope=scope) for scope in scopes}
        keys.destroy(session, "case", scopes[0])
    provider.add_root_key()
    rotated = Keyring(provider.root_keys())
    moved = []
    while not moved or moved[-1]:
        with db.work(database, rotated, write=True) as session:
            moved.append(rotated.rewrap(session, 4))
    assert moved == [4, 2, 0]
    provider.remove_root_key("k1")
    after = Keyring(provider.root_keys())
    with db.work(database, after, write=False) as session:
        for scope in scopes[1:]:
            assert after.open(session, cells[scope], scope=scope, **CELL) == b"secret"
        assert after.status(session) == [
            KeyCount(purpose="case", state="active", root_key_id="k2", count=6),
            KeyCount(purpose="case", state="destroyed", root_key_id="k1", count=1),
        ]


def test_between_batches_old_and_new_wraps_open_side_by_side(database, provider):
    keys = Keyring(provider.root_keys())
    scopes = [uuid4() for _ in range(4)]
    with db.work(database, keys, write=True) as session:
        cells = {scope: seal(keys, session, scope=scope) for scope in scopes}
    provider.add_root_key()
    rotated = Keyring(provider.root_keys())
    with db.work(database, rotated, write=True) as session:
        assert rotated.rewrap(session, 2) == 2
    with db.work(database, rotated, write=False) as session:
        assert {count.root_key_id: count.count for count in rotated.status(session)} == {"k1": 2, "k2": 2}
        for scope, blob in cells.items():
            assert rotated.open(session, blob, scope=scope, **CELL) == b"secret"


def test_a_key_that_changed_meanwhile_is_left_to_whoever_changed_it(database, provider):
    keys = Keyring(provider.root_keys())
    with db.work(database, keys, write=True) as session:
        seal(keys, session)
    provider.add_root_key()
    rotated = Keyring(provider.root_keys())
    with db.work(database, rotated, write=True) as session:
        (stale,) = stored(session)
        keys.destroy(session, "case", CASE)
        assert rotated._move(session, [stale]) == 0
        assert stored(session)[0].wrapped is None


def test_without_its_root_key_a_data_key_opens_nothing_and_is_not_moved(database, provider, keys):
    own = Keyring(provider.root_keys())
    with db.work(database, own, write=True) as session:
        blob = seal(own, session)
    with db.work(database, keys, write=True) as session:
        with pytest.raises(SealError):
            keys.open(session, blob, scope=CASE, **CELL)
        with pytest.raises(SealError):
            seal(keys, session)
        assert keys.rewrap(session, 10) == 0


def test_subkeys_differ_by_purpose_and_stay_through_a_rotation(provider):
    before = Keyring(provider.root_keys())
    provider.add_root_key()
    provider.remove_root_key("k1")
    after = Keyring(provider.root_keys())
    purposes = ("pepper", "index", "audit", "session")
    assert [before.derive(purpose) for purpose in purposes] == [after.derive(purpose) for purpose in purposes]
    assert len({before.derive(purpose) for purpose in purposes}) == 4
    assert len(before.derive("pepper")) == 32


def test_two_writers_at_once_share_the_key_of_a_scope(database, keys):
    scopes = [uuid4() for _ in range(10)]
    together = Barrier(2)

    def write(_):
        together.wait(timeout=30)
        with db.work(database, keys, write=True) as session:
            return [dek_id_of(seal(keys, session, scope=scope)) for scope in scopes]

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(write, range(2))
    assert one == other


def test_the_table_holds_one_active_key_per_scope_when_two_make_it_at_once(work, keys):
    with work() as session:
        seal(keys, session)
        session.info.pop("data_keys")
        second = keys._make(session, "case", CASE)
        (row,) = stored(session)
        assert row.id.bytes == second.key_id
