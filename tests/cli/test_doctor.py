import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from casemgr import clock, db
from casemgr.cli import doctor, signs
from casemgr.crypto.providers import PassphraseProvider
from casemgr.db.session import WRITES
from casemgr.health import notebook, rules
from casemgr.health.notebook import Notes
from casemgr.health.rules import Jump, Reading
from casemgr.jobs import service as jobs
from casemgr.keys.service import Keyring
from tests.cli.conftest import ADMIN, COMMUNE, PASSPHRASE
from tests.rig import databases

TWICE = f"{PASSPHRASE}\n{PASSPHRASE}\n"


def findings(shell, code=0, **options):
    return {one["check"]: one for one in shell.json("doctor", code=code, **options)}


@pytest.fixture
def healthy(sqlite_shell):
    """An installation with nothing wrong."""
    sqlite_shell.run("init", *COMMUNE, *ADMIN, typed=TWICE)
    return sqlite_shell


def test_a_healthy_installation_has_nothing_wrong(set_up):
    found = findings(set_up)

    assert all(one["ok"] is not False for one in found.values())
    assert {"settings", "address", "files", "keys", "clock", "space", "tables", "log", "backup"} <= set(found)
    assert {"worker", "jobs", "checkpoint", "clock_set"} <= set(found)
    assert ("wal" in found) == set_up.environment["CASEMGR_DATABASE_URL"].startswith("sqlite")
    assert "Không thấy vấn đề nào" in set_up.run("doctor")


def test_before_init_it_says_what_is_missing(sqlite_shell):
    found = findings(sqlite_shell, code=1)

    assert found["files"]["ok"] is False
    assert found["keys"]["ok"] is False
    assert found["tables"]["ok"] is False
    assert not sqlite_shell.directory.exists()


def test_wrong_settings_are_findings(sqlite_shell):
    found = findings(sqlite_shell, code=1, CASEMGR_PORT="many")

    assert found["settings"]["ok"] is False


def test_a_folder_that_others_can_read_is_found(healthy):
    healthy.directory.chmod(0o755)
    (healthy.directory / "root.keys").chmod(0o644)

    found = findings(healthy, code=1)

    assert found["files"]["ok"] is False
    assert found["keys"]["ok"] is False


def test_an_address_that_others_reach_without_a_proxy_is_found(healthy):
    assert findings(healthy, code=1, CASEMGR_ADDRESS="0.0.0.0")["address"]["ok"] is False  # noqa: S104
    assert findings(healthy, CASEMGR_ADDRESS="0.0.0.0", CASEMGR_PROXY_HOPS="1")["address"]["ok"]  # noqa: S104


def test_a_passphrase_file_that_does_not_open_the_keys_is_found(healthy, tmp_path):
    file = tmp_path / "passphrase"
    file.write_text("something else altogether", encoding="utf-8")
    file.chmod(0o600)

    assert findings(healthy, code=1, CASEMGR_PASSPHRASE_FILE=str(file))["keys"]["ok"] is False


def test_tables_of_another_version_are_found(healthy):
    database = databases.open_database(healthy.environment["CASEMGR_DATABASE_URL"])
    with database.engine.connect().execution_options(**{WRITES: True}) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
        connection.commit()
    database.close()

    assert findings(healthy, code=1)["tables"]["ok"] is False


def test_a_log_whose_end_was_cut_off_is_found(healthy):
    database = databases.open_database(healthy.environment["CASEMGR_DATABASE_URL"])
    with database.engine.connect().execution_options(**{WRITES: True}) as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_entry_no_delete")
        connection.exec_driver_sql("DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)")
        connection.commit()
    database.close()

    assert findings(healthy, code=1)["log"]["ok"] is False


def test_a_clock_that_was_set_back_is_found(healthy):
    with clock.frozen(doctor.FIRST_DAY):
        assert findings(healthy, code=1)["log"]["ok"] is False
    with clock.frozen(datetime(2001, 1, 1, tzinfo=UTC)):
        assert findings(healthy, code=1)["clock"]["ok"] is False


def test_a_full_disk_is_found(healthy, monkeypatch):
    monkeypatch.setattr(rules, "LEAST_FREE", 1 << 60)

    assert findings(healthy, code=1)["space"]["ok"] is False


def test_a_network_disk_is_found(healthy, monkeypatch):
    monkeypatch.setattr(doctor, "_file_system", lambda _: "nfs4")

    assert findings(healthy, code=1)["disk"]["ok"] is False


def test_the_last_backup_is_told(healthy, tmp_path):
    assert findings(healthy)["backup"]["ok"] is None
    healthy.run("backup", str(tmp_path / "stick"), typed=f"{PASSPHRASE}\n")

    assert findings(healthy)["backup"]["ok"] is True
    with clock.frozen(clock.now() + rules.LONGEST_WITHOUT_BACKUP * 2):
        assert findings(healthy)["backup"]["ok"] is None


@contextmanager
def work_in(shell):
    database = databases.open_database(shell.environment["CASEMGR_DATABASE_URL"])
    root_keys = PassphraseProvider(shell.directory / "root.keys", PASSPHRASE).root_keys()
    with db.work(database, Keyring(root_keys), write=True):
        yield
    database.close()


def test_jobs_that_wait_while_no_worker_lives_are_a_fault_of_a_server_and_late_ones_of_any(set_up):
    is_server = not set_up.environment["CASEMGR_DATABASE_URL"].startswith("sqlite")
    with work_in(set_up):
        jobs.order("test.kind", uuid4(), {}, due_at=clock.now() - timedelta(minutes=16))
    found = findings(set_up, code=1 if is_server else 0)
    assert found["worker"]["ok"] is (False if is_server else None)

    with work_in(set_up):
        jobs.show_alive(uuid4())
    found = findings(set_up, code=1)
    assert (found["worker"]["ok"], found["jobs"]["ok"]) == (True, False)


def test_a_clock_that_somebody_set_is_told_with_when_and_how_far(healthy):
    jump = Jump(noticed_at=clock.now(), by=timedelta(minutes=-90))
    reading = Reading(at=clock.now(), uptime=timedelta(hours=1))
    notebook.write_notes(healthy.directory, Notes(reading=reading, jumps=(jump,)))

    assert "lùi 90.0 phút" in findings(healthy, code=1)["clock_set"]["text"]


def test_a_checkpoint_that_was_taken_away_and_one_longer_than_the_log_are_found(healthy):
    healthy.run("audit", "checkpoint", str(healthy.directory.parent / "stick"), typed=f"{PASSPHRASE}\n")
    assert findings(healthy)["checkpoint"]["ok"] is True
    (note,) = (healthy.directory / "checkpoints").iterdir()
    note.unlink()
    assert findings(healthy, code=1)["checkpoint"]["ok"] is False


def test_a_write_ahead_log_that_only_grows_is_found(healthy, monkeypatch):
    monkeypatch.setattr(signs, "LARGEST_WAL", -1)

    assert findings(healthy, code=1)["wal"]["ok"] is False


def test_files_that_root_left_behind_are_found(healthy, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("only root can leave such files")
    os.chown(healthy.directory / "root.keys", 1, 1)

    assert "chown" in findings(healthy, code=1)["files"]["text"]


def test_it_changes_nothing(healthy):
    before = {
        path: path.stat().st_mtime_ns for path in healthy.directory.rglob("*") if path.suffix != ".db-shm"
    }

    findings(healthy)

    after = {
        path: path.stat().st_mtime_ns for path in healthy.directory.rglob("*") if path.suffix != ".db-shm"
    }
    assert after == before
