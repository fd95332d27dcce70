"""Fixtures for every test: databases on both engines, throw-away keys, units of work.

With CASEMGR_NO_SKIP=1, as in continuous integration, a skipped test is a failed one.
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casemgr import db
from casemgr.crypto.providers import FileProvider
from casemgr.keys.service import Keyring
from tests.rig import databases
from tests.rig.postgresql import Cluster, find_binaries

NO_SKIP = os.environ.get("CASEMGR_NO_SKIP") == "1"
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]

Work = Callable[..., AbstractContextManager[Session]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where nothing may be skipped."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the skip of a whole module into a failure where nothing may be skipped."""
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if NO_SKIP and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, though CASEMGR_NO_SKIP=1 forbids it: {report.longrepr}"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server that lives as long as this test process."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server here; sudo apt-get install postgresql")
    cluster = Cluster(binaries)
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def postgresql_tables(cluster: Cluster) -> str:
    """The name of a PostgreSQL database with all tables."""
    databases.create_tables(cluster.create("tables"))
    return "tables"


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables."""
    return databases.prepare_file(tmp_path_factory.mktemp("sqlite") / "tables.db")


@pytest.fixture(params=ENGINES)
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with all tables and no rows, on each engine in turn."""
    if request.param == "sqlite":
        return databases.copy_file(request.getfixturevalue("sqlite_tables"), tmp_path / "casemgr.db")
    cluster: Cluster = request.getfixturevalue("cluster")
    name = request.getfixturevalue("postgresql_tables")
    cluster.empty(name)
    return cluster.url(name)


@pytest.fixture(params=ENGINES)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, on each engine in turn."""
    if request.param == "sqlite":
        yield databases.sqlite_url(tmp_path / "bare.db")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    yield cluster.create("bare")
    cluster.drop("bare")


@pytest.fixture
def database(engine_url: str) -> Iterator[db.Database]:
    """A database with all tables and no rows."""
    database = databases.open_database(engine_url)
    yield database
    database.close()


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    """A keyring whose root key nobody will need again."""
    return Keyring(FileProvider.create(tmp_path / "root.keys").root_keys())


@pytest.fixture
def work(database: db.Database, keys: Keyring) -> Work:
    """Call it in a `with` statement for a unit of work; it writes unless told `write=False`."""

    def open_work(*, write: bool = True) -> AbstractContextManager[Session]:
        return db.work(database, keys, write=write)

    return open_work
