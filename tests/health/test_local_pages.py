"""Pages for programs on this machine: a few fixed words, to nobody else, whatever the database does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from casemgr import clock, db
from casemgr.db import migrate
from casemgr.db.session import WRITES
from casemgr.factory import create_app
from casemgr.jobs import service as jobs
from casemgr.keys.service import Keyring
from casemgr.web.headers import HEADERS
from tests.rig import databases, staff

PAGES = ("/healthz", "/readyz", "/metrics")
Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def served(database: db.Database) -> db.Database:
    """A database that the migrations have set up, by what it says."""
    with database.engine.connect().execution_options(**{WRITES: True}) as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32))")
        connection.exec_driver_sql("DELETE FROM alembic_version")
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": migrate.head()})
        connection.commit()
    return database


def asking(database: db.Database, keys: Keyring | None, folder: Path, **settings: object) -> Ask:
    """Return how to ask an application for a path."""
    app = create_app(replace(staff.settings_for(database.url, folder), **settings), database, keys)

    def ask(path: str, address: str = "127.0.0.1", method: str = "GET", **headers: str) -> tuple[int, str]:
        answer = app.test_client().open(
            path, method=method, headers=headers, environ_base={"REMOTE_ADDR": address}
        )
        assert HEADERS.items() <= dict(answer.headers).items()
        return answer.status_code, answer.text

    return ask


def words(text: str) -> dict[str, str]:
    return dict(line.split() for line in text.splitlines())


def test_a_ready_process_says_so_and_shows_that_no_worker_lives(served, keys, tmp_path) -> None:
    ask = asking(served, keys, tmp_path)

    assert ask("/healthz") == (200, "ok\n")
    status, said = ask("/readyz")
    assert status == 200
    assert words(said) == {
        "database": "ok",
        "tables": "ok",
        "keys": "ok",
        "worker": "none",
        "jobs": "ok",
        "disk": "ok",
    }


def test_a_worker_and_a_late_job_are_seen(served, keys, work, tmp_path) -> None:
    ask = asking(served, keys, tmp_path)
    with work():
        jobs.show_alive(uuid4())
        jobs.order("test.kind", uuid4(), {}, due_at=clock.now() - timedelta(minutes=16))

    status, said = ask("/readyz")

    assert (status, words(said)["worker"], words(said)["jobs"]) == (200, "ok", "late")


def test_without_keys_or_with_other_tables_it_is_not_ready(served, keys, tmp_path) -> None:
    status, said = asking(served, None, tmp_path)("/readyz")
    assert (status, words(said)["keys"]) == (503, "away")

    with served.engine.connect().execution_options(**{WRITES: True}) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    status, said = asking(served, keys, tmp_path)("/readyz")
    assert (status, words(said)["tables"]) == (503, "other")


def test_while_the_database_is_away_the_process_is_alive_but_not_ready(keys, tmp_path) -> None:
    for url in (
        databases.sqlite_url(tmp_path / "no such folder" / "casemgr.db"),
        f"postgresql+psycopg://casemgr@/none?host={tmp_path}",
    ):
        database = db.Database(url)
        ask = asking(database, keys, tmp_path, metrics=True)

        assert ask("/healthz") == (200, "ok\n")
        status, said = ask("/readyz")
        assert (status, words(said)["database"]) == (503, "away")
        assert "casemgr_database_up 0.0" in ask("/metrics")[1]
        database.close()


@pytest.mark.parametrize("path", PAGES)
def test_from_elsewhere_or_through_any_proxy_there_is_nothing(served, keys, tmp_path, path: str) -> None:
    for settings in ({}, {"proxy_hops": 1}):
        ask = asking(served, keys, tmp_path, metrics=True, **settings)
        asked = [
            ask(path, "203.0.113.9"),
            ask(path, ""),
            ask(path, **{"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"}),
            ask(path, Forwarded="for=127.0.0.1"),
        ]
        assert asked == [(404, "not found\n")] * 4
        assert ask(path)[0] == 200
        assert ask(path, "::ffff:127.0.0.1")[0] == 200


def test_they_are_only_read(served, keys, tmp_path) -> None:
    ask = asking(served, keys, tmp_path)

    assert ask("/readyz", method="POST")[0] == 405
    assert ask("/healthz", method="HEAD") == (200, "")


def test_figures_are_there_only_where_a_setting_wants_them(served, keys, tmp_path) -> None:
    assert asking(served, keys, tmp_path)("/metrics")[0] == 404

    ask = asking(served, keys, tmp_path, metrics=True)
    ask("/sign-in?name=quantri")
    ask(f"/cases/{uuid4()}")
    said = ask("/metrics")[1]

    assert 'casemgr_answers_total{status="2xx"} 1.0' in said
    assert "casemgr_workers 0.0" in said
    assert "casemgr_disk_free_bytes" in said
    labels = {part.split("=")[0] for line in said.splitlines() if "{" in line for part in _labels(line)}
    assert labels <= {"status", "le"}


def _labels(line: str) -> list[str]:
    return line.partition("{")[2].partition("}")[0].split(",")
