"""Whatever is done to the log behind the product's back is found, and its place is named."""

import sqlite3
from itertools import product
from uuid import uuid4

import pytest
import sqlalchemy as sa

from casemgr import audit
from casemgr.audit.checkpoints import notes_in, public_key_from, signed_note
from casemgr.audit.service import checkpoint
from casemgr.audit.verify import Fault, verify
from casemgr.crypto.signing import new_signing_key
from casemgr.db.session import WRITES
from casemgr.errors import Locked
from tests.audit import independent
from tests.audit.conftest import Specimen
from tests.audit.tampering import CHECKPOINT, HEAD, Intruder

SIZE = 30
FIRST_CHECKPOINT = 12


@pytest.fixture
def log(work, actor):
    """A log of thirty entries, all under checkpoints."""
    case_id = uuid4()
    for size in (FIRST_CHECKPOINT, SIZE - FIRST_CHECKPOINT):
        with work():
            for number in range(size):
                audit.changed(actor, "case:change", "case", case_id, scope=("case", case_id), step=number)
        with work():
            checkpoint()


@pytest.fixture
def check(database, keys):
    """Verify the log and return faults with their places."""

    def run(**options):
        verdict = verify(database, keys, public_keys=[public_key_from(keys)], **options)
        return [(finding.fault, finding.seq) for finding in verdict.findings]

    return run


def test_a_good_log_has_no_fault(log, database, keys):
    verdict = verify(database, keys, public_keys=[public_key_from(keys)], deep=True)
    assert (verdict.exit_code, verdict.size, verdict.proven, verdict.checkpoints) == (0, SIZE, SIZE, 2)


def test_an_empty_log_has_no_fault(check):
    assert check(deep=True) == []


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("edit", [(Fault.BROKEN_ENTRY, 5)]),
        ("edit_and_hash_one", [(Fault.FORK_OR_GAP, 6)]),
        ("edit_and_hash", [(Fault.OTHER_ROOT, FIRST_CHECKPOINT)]),
        ("delete", [(Fault.FORK_OR_GAP, 5)]),
        ("delete_and_hash", [(Fault.OTHER_ROOT, FIRST_CHECKPOINT), (Fault.SHORTER, SIZE)]),
        ("swap", [(Fault.BROKEN_ENTRY, 4)]),
        ("insert", [(Fault.BROKEN_ENTRY, 5)]),
        ("duplicate", [(Fault.BROKEN_ENTRY, 6)]),
        ("cut", [(Fault.SHORTER, 5)]),
    ],
)
def test_tampering_is_found_where_it_was_done(log, database, check, kind, found):
    intruder = Intruder(database)
    getattr(intruder, kind)(4)
    intruder.write_back()
    assert check() == found


def test_a_tail_cut_off_shows_in_the_head_that_was_left(log, database, check):
    intruder = Intruder(database)
    intruder.cut(20)
    intruder.write_back(move_head=False)
    assert check() == [(Fault.FORK_OR_GAP, 21), (Fault.SHORTER, 21)]


def test_a_lost_head_is_found_and_lets_nobody_append(log, database, check, work, actor):
    with Intruder(database).past_triggers() as connection:
        connection.execute(sa.delete(HEAD))
    assert check() == [(Fault.FORK_OR_GAP, 1)]
    with pytest.raises(sa.exc.IntegrityError), work():
        audit.changed(actor, "case:change", "case", uuid4())


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_an_entry_that_cannot_be_read_is_broken(log, database, check):
    with Intruder(database).past_triggers() as connection:
        connection.exec_driver_sql("UPDATE audit_entry SET at = 'never' WHERE seq = 7")
    assert check()[0][0] is Fault.BROKEN_ENTRY


def test_a_checkpoint_signed_by_another_key_is_found(log, database, check):
    forged = signed_note(SIZE, bytes(32), new_signing_key())
    with Intruder(database).past_triggers() as connection:
        connection.execute(
            sa.update(CHECKPOINT).where(CHECKPOINT.c.size == SIZE).values(note=forged, root=bytes(32))
        )
    assert check() == [(Fault.BAD_SIGNATURE, SIZE)]


def test_a_note_kept_elsewhere_proves_a_history_that_was_replaced_with_its_checkpoints(
    log, database, check, tmp_path, work
):
    with work():
        checkpoint(tmp_path)
    intruder = Intruder(database)
    intruder.edit_and_hash(4)
    intruder.write_back()
    with intruder.past_triggers() as connection:
        connection.execute(sa.delete(CHECKPOINT))
    assert check() == []
    assert check(anchors=notes_in(tmp_path)) == [(Fault.OTHER_ROOT, SIZE)]


def test_a_checkpoint_is_good_whichever_of_the_known_keys_signed_it(database, keys, work, actor):
    key = new_signing_key()
    with work():
        audit.changed(actor, "case:change", "case", uuid4())
    with work():
        note = checkpoint(signing_key=key)
    from_keyring = public_key_from(keys)
    verdict = verify(database, keys, public_keys=[from_keyring], anchors=[note])
    assert [finding.fault for finding in verdict.findings] == [Fault.BAD_SIGNATURE] * 2


def test_entries_before_the_start_are_linked_but_not_hashed_again(log, database, check):
    intruder = Intruder(database)
    intruder.edit(4)
    intruder.write_back()
    assert check(start=6) == []


def test_an_erased_scope_leaves_the_chain_valid(log, database, keys, work, check):
    scope_id = Intruder(database).rows[0]["scope_id"]
    with work() as session:
        keys.destroy(session, "case", scope_id)
    assert check(deep=True) == []


def read_raw(path):
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    entries = [dict(row) for row in connection.execute("SELECT * FROM audit_entry ORDER BY seq")]
    head = tuple(connection.execute("SELECT size, entry_hash FROM audit_head").fetchone())
    points = [tuple(row) for row in connection.execute("SELECT size, root, note FROM audit_checkpoint")]
    connection.close()
    return entries, head, points


KINDS = (
    "edit",
    "edit_and_hash_one",
    "edit_and_hash",
    "delete",
    "delete_and_hash",
    "swap",
    "insert",
    "duplicate",
    "cut",
)


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_no_tampering_at_any_place_is_missed_and_an_independent_verifier_agrees(
    log, database, keys, tmp_path
):
    public_key, file = public_key_from(keys), tmp_path / "casemgr.db"
    assert independent.check(*read_raw(file), [], public_key) == 0
    intruder = Intruder(database)
    good = intruder.rows
    missed, disputed = [], []
    for kind, place, move_head in product(KINDS, range(SIZE), (True, False)):
        intruder.rows = [dict(row) for row in good]
        getattr(intruder, kind)(place)
        intruder.write_back(move_head=move_head)
        exit_code = verify(database, keys, public_keys=[public_key]).exit_code
        agreed = independent.check(*read_raw(file), [], public_key) == exit_code
        missed += [] if exit_code else [(kind, place, move_head)]
        disputed += [] if agreed else [(kind, place, move_head)]
    assert (missed, disputed) == ([], [])


def specimen_cell(database, statement):
    engine = database.engine.execution_options(**{WRITES: True})
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_cell_put_back_to_its_old_value_is_found(database, work, actor, new_specimen, check, keys):
    with work():
        specimen = new_specimen(name="Hoa", phone="0901")
        audit.changed(actor, "case:open", "case", specimen.case_id)
    with work() as session:
        old = session.scalar(sa.select(Specimen._sealed_name))
    with work() as session:
        session.get(Specimen, specimen.id).name = "Huệ"
        audit.changed(actor, "case:change", "case", specimen.case_id)
    assert check(deep=True) == []
    with work() as session:
        session.execute(sa.update(Specimen.__table__).values(name_sealed=old))
    (finding,) = verify(database, keys, public_keys=[public_key_from(keys)], deep=True).findings
    assert (finding.fault, finding.table, finding.row) == (Fault.OTHER_CELL, "specimen", specimen.id)
    assert finding.columns == ("name",)


def test_a_change_that_nobody_noted_gets_an_entry_of_its_own(work, new_specimen, check, database):
    with work():
        new_specimen(name="Hoa")
    assert [row["action"] for row in Intruder(database).rows] == ["cells:write"]
    assert check(deep=True) == []


def test_drafts_and_the_like_need_no_entry(work, new_specimen, database, monkeypatch):
    monkeypatch.setitem(Specimen.__table__.info, "audited", False)
    with work():
        new_specimen(name="Hoa")
    assert Intruder(database).rows == []


def test_a_row_removed_by_the_product_is_told_from_one_that_vanished(
    work, actor, new_specimen, check, database
):
    with work():
        first, second, _ = (new_specimen(name=name) for name in ("Hoa", "Huệ", "Lan"))
        audit.changed(actor, "case:open", "case", first.case_id)
    with work() as session:
        session.delete(session.get(Specimen, first.id))
        session.execute(sa.delete(Specimen).where(Specimen.id == second.id))
        audit.changed(actor, "case:change", "case", first.case_id)
    assert check(deep=True) == []
    specimen_cell(database, "DELETE FROM specimen")
    assert {fault for fault, _ in check(deep=True)} == {Fault.OTHER_CELL}


def test_a_change_taken_back_to_a_savepoint_is_not_claimed(work, actor, new_specimen, check):
    with work() as session:
        specimen = new_specimen(name="Hoa")
        audit.changed(actor, "case:open", "case", specimen.case_id)
        session.flush()
        savepoint = session.begin_nested()
        new_specimen(name="Huệ")
        session.flush()
        savepoint.rollback()
    assert check(deep=True) == []


def test_bulk_work_keeps_one_digest_a_row_in_one_entry(work, actor, new_specimen, check, database, keys):
    with work() as session:
        session.info["bulk"] = True
        rows = [new_specimen(name=f"Hoa {number}", phone="") for number in range(200)]
        audit.changed(actor, "import:run", "import", None, rows=len(rows))
    assert len(Intruder(database).rows) == 1
    assert len(Intruder(database).rows[0]["writes_sealed"]) < 200 * 80
    with work() as session:
        session.get(Specimen, rows[0].id).name = "Huệ"
        audit.changed(actor, "case:change", "case", rows[0].case_id)
    verdict = verify(database, keys, public_keys=[public_key_from(keys)], deep=True)
    assert (verdict.exit_code, verdict.cells, verdict.cells_unproven) == (0, 399, 1)
    with work() as session:
        swapped = sa.update(Specimen.__table__).where(Specimen.__table__.c.id == rows[7].id)
        session.execute(swapped.values(phone_sealed=rows[8]._sealed_phone))
    (finding,) = verify(database, keys, public_keys=[public_key_from(keys)], deep=True).findings
    assert (finding.row, finding.columns) == (rows[7].id, ("name", "phone"))


def test_cells_are_checked_only_with_the_keys_at_hand(database, keys, work, new_specimen):
    with work():
        new_specimen(name="Hoa")
    with pytest.raises(Locked):
        verify(database, None, public_keys=[public_key_from(keys)], deep=True)
