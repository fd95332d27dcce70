"""The hash of an entry, the digests of cells and the guards of the tables, each by itself."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from casemgr import audit, db
from casemgr.audit import writes
from casemgr.audit.chain import COVERED, GENESIS, entry_hash
from casemgr.audit.models import AuditEntry, guard_sql
from casemgr.crypto.merkle import Frontier, merkle_root
from casemgr.db.session import WRITES
from casemgr.errors import Locked
from tests.audit import independent
from tests.audit.tampering import Intruder

ID = UUID("11111111-1111-4111-8111-111111111111")
AT = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)


def test_a_published_entry_keeps_its_hash():
    entry = dict.fromkeys(COVERED) | {"seq": 1, "entry_id": ID, "at": AT, "door": "page", "outcome": "seen"}
    entry |= {"action": "case:read", "object_kind": "case", "object_id": ID, "detail_sealed": b"\xc5\x01"}
    expected = "1ee64c4dadc4c65b4a8ad4db862d3eea3686ce161e435f2aa363ec2ec567937e"
    assert entry_hash(GENESIS, entry).hex() == expected
    raw = {name: str(value) if isinstance(value, UUID) else value for name, value in entry.items()}
    raw |= {"at": "2026-03-04 05:06:07.000089", "prev_hash": GENESIS}
    assert independent.digest_of(raw).hex() == expected


def test_every_column_but_the_hashes_is_under_the_hash():
    assert {*COVERED, "prev_hash", "entry_hash"} == set(AuditEntry.__table__.columns.keys())


@pytest.mark.parametrize("size", range(9))
def test_a_tree_goes_on_growing_from_what_was_kept_of_it(size):
    leaves = [bytes([number]) * 32 for number in range(12)]
    start = Frontier()
    for leaf in leaves[:size]:
        start.append(leaf)
    later = Frontier(start.size, start.subtrees)
    for leaf in leaves[size:]:
        later.append(leaf)
    assert later.root() == merkle_root(leaves) == independent.tree_root(leaves)


def test_a_tree_is_not_taken_up_from_the_wrong_number_of_subtrees():
    with pytest.raises(ValueError, match="binary digit"):
        Frontier(3, bytes(32))


def test_the_last_digest_of_a_cell_counts_and_a_removed_row_has_none():
    first, second = uuid4(), uuid4()
    written = [
        ("t", first, "name", b"\x01" * 32),
        ("t", first, "name", b"\x02" * 32),
        ("t", second, "name", b"\x03" * 32),
        ("t", second, writes.REMOVED, writes.NOTHING),
    ]
    for bulk in (False, True):
        claims = {claim.row: claim for claim in writes.load(writes.dump(written, bulk=bulk))}
        assert claims[first].holds({"name": b"\x02" * 32})
        assert not claims[first].holds({"name": b"\x01" * 32})
        assert claims[second].columns == (writes.REMOVED,)


def test_a_row_written_again_after_its_removal_is_there():
    row = uuid4()
    written = [("t", row, writes.REMOVED, writes.NOTHING), ("t", row, "name", b"\x01" * 32)]
    (claim,) = writes.load(writes.dump(written, bulk=False))
    assert claim.columns == ("name",)


def test_a_migration_can_repeat_the_guards(database, work, actor):
    with Intruder(database).past_triggers() as connection:
        if not database.is_sqlite:
            triggers = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            for name, table in connection.execute(sa.text(triggers)).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
        for statement in guard_sql(connection.dialect.name):
            connection.exec_driver_sql(statement)
    with work():
        audit.changed(actor, "case:change", "case", ID)
    engine = database.engine.execution_options(**{WRITES: True})
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_entry")


def test_without_keys_only_entries_without_detail_can_be_written(database, work):
    with db.work(database, None, write=True):
        audit.noted(None, "account:sign_in", outcome="refused")
    with pytest.raises(Locked), db.work(database, None, write=True):
        audit.noted(None, "account:sign_in", outcome="refused", reason="locked")
    assert len(Intruder(database).rows) == 1
