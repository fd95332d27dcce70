"""What is noted is chained with the change it belongs to, and with nothing else."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from casemgr import audit, db
from casemgr.audit.models import AuditCheckpoint, AuditEntry, AuditHead
from casemgr.audit.service import checkpoint, name_request
from casemgr.policy import Actor, Role

ACTOR = Actor(account_id=uuid4(), unit_id=uuid4(), roles=frozenset({Role.CASE_WORKER}), session_id=uuid4())


def entries(session):
    return session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()


def test_an_entry_says_who_did_what_when_and_through_which_door(work):
    case_id = uuid4()
    with work() as session:
        name_request(session, "r1")
        audit.changed(ACTOR, "case:change", "case", case_id, scope=("case", case_id), fields=["urgency"])
    with work() as session:
        (entry,) = entries(session)
    assert (entry.seq, entry.actor_id, entry.unit_id) == (1, ACTOR.account_id, ACTOR.unit_id)
    assert (entry.action, entry.object_kind, entry.object_id) == ("case:change", "case", case_id)
    assert (entry.outcome, entry.door, entry.request_id) == ("done", "page", "r1")
    assert (entry.scope_purpose, entry.scope_id) == ("case", case_id)


def test_a_unit_of_work_with_nothing_to_audit_writes_no_entry(work):
    with work():
        pass
    with work() as session:
        assert entries(session) == []


def test_an_entry_is_taken_back_with_its_change(work):
    with suppress(LookupError), work():
        audit.changed(ACTOR, "case:change", "case", uuid4())
        raise LookupError
    with work() as session:
        assert entries(session) == []


def test_what_a_reading_unit_noted_can_be_carried_into_a_writing_one(work):
    case_id = uuid4()
    with work(write=False) as reading:
        audit.seen(ACTOR, "case", case_id, ("name",))
        notes = audit.take(reading)
    with work() as session:
        audit.give(session, notes)
    with work() as session:
        assert [(entry.action, entry.outcome) for entry in entries(session)] == [("case:read", "seen")]


def test_after_a_rollback_only_reads_and_refusals_remain(work):
    kept = []
    with suppress(LookupError), work() as session:
        audit.seen(ACTOR, "case", uuid4())
        audit.changed(ACTOR, "case:change", "case", uuid4())
        audit.refused(ACTOR, "case:change", "case", uuid4())
        kept = audit.take(session, rolled_back=True)
        raise LookupError
    assert [note.outcome for note in kept] == ["seen", "refused"]


def test_a_savepoint_taken_back_takes_its_changes_out_of_the_audit(work):
    with work() as session:
        audit.changed(ACTOR, "case:open", "case", uuid4())
        savepoint = session.begin_nested()
        audit.changed(ACTOR, "case:change", "case", uuid4())
        audit.refused(ACTOR, "case:read", "case", uuid4())
        savepoint.rollback()
        with session.begin_nested():
            audit.changed(ACTOR, "case:assign", "case", uuid4())
    with work() as session:
        assert [entry.action for entry in entries(session)] == ["case:open", "case:read", "case:assign"]


def test_reading_one_object_twice_makes_one_entry(work):
    case_id = uuid4()
    with work():
        audit.seen(ACTOR, "case", case_id, ("name",))
        audit.seen(ACTOR, "case", case_id, ("phone",))
    with work() as session:
        assert len(entries(session)) == 1


def test_a_command_writes_down_what_it_read_even_when_it_fails(database, keys, work):
    with suppress(LookupError), audit.reading(database, keys):
        audit.seen(ACTOR, "case", uuid4())
        raise LookupError
    with work() as session:
        assert len(entries(session)) == 1


def test_a_sign_in_of_nobody_known_is_noted(work):
    with work():
        audit.noted(None, "account:sign_in", outcome="failed", reason="unknown")
    with work() as session:
        (entry,) = entries(session)
    assert (entry.actor_id, entry.outcome) == (None, "failed")


def test_writers_in_parallel_do_not_fork_the_chain(database, keys, work):
    def write(number: int) -> None:
        for _ in range(5):
            with db.work(database, keys, write=True):
                audit.changed(ACTOR, "case:change", "case", UUID(int=number), step=number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    with work() as session:
        found = entries(session)
        head = session.scalars(select(AuditHead)).one()
    assert [entry.seq for entry in found] == list(range(1, 31))
    assert [entry.prev_hash for entry in found[1:]] == [entry.entry_hash for entry in found[:-1]]
    assert (head.size, head.entry_hash) == (30, found[-1].entry_hash)


def test_every_hundred_entries_a_checkpoint_is_signed(work):
    with work():
        for _ in range(99):
            audit.changed(ACTOR, "case:change", "case", uuid4())
    with work() as session:
        assert session.scalars(select(AuditCheckpoint)).all() == []
        audit.changed(ACTOR, "case:change", "case", uuid4())
    with work() as session:
        assert [point.size for point in session.scalars(select(AuditCheckpoint))] == [100]


def test_a_checkpoint_is_signed_when_asked_and_laid_into_a_directory(work, tmp_path):
    with work():
        assert checkpoint(tmp_path) is None
        audit.changed(ACTOR, "case:change", "case", uuid4())
    with work():
        note = checkpoint(tmp_path)
    assert [path.read_text() for path in tmp_path.glob("*.checkpoint")] == [note]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'nothing'",
        "DELETE FROM audit_entry",
        "UPDATE audit_checkpoint SET note = ''",
        "DELETE FROM audit_checkpoint",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET size = 0",
    ],
)
def test_the_database_refuses_to_change_what_is_on_record(work, statement):
    with work():
        audit.changed(ACTOR, "case:change", "case", uuid4())
    with work():
        checkpoint()
    with pytest.raises(DatabaseError, match=r"append-only|only grows"), work() as session:
        session.execute(text(statement))


@pytest.mark.postgres
@pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["audit_entry", "audit_checkpoint", "audit_head"])
def test_the_database_refuses_to_empty_the_log_at_one_stroke(work, table):
    with pytest.raises(DatabaseError, match=r"append-only|only grows"), work() as session:
        session.execute(text(f"TRUNCATE {table}"))
