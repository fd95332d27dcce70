"""A demonstration with few cases, made once: SQLite only, as the demonstration itself."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casemgr import clock, db
from casemgr.accounts.service import digests
from casemgr.crypto.providers import FileProvider
from casemgr.demo import content
from casemgr.demo.organisation import found_organisation
from casemgr.demo.stage import Cast, find_cast
from casemgr.keys.service import Keyring
from tests.rig import databases, staff

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
FEW = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A demonstration as it stands at its present moment."""

    database: db.Database
    keyring: Keyring
    cast: Cast

    def open(self) -> AbstractContextManager[Session]:
        """Open a unit of work on it."""
        return db.work(self.database, self.keyring, write=False)


@pytest.fixture(scope="session")
def make_demo(sqlite_tables: Path) -> Iterator[Callable[[Path], Demo]]:
    """Makes a demonstration in a folder; the same moment gives the same one."""
    made: list[Demo] = []

    def make(folder: Path) -> Demo:
        database = databases.open_database(databases.copy_file(sqlite_tables, folder / "casemgr.db"))
        keyring = Keyring(FileProvider.create(folder / "root.key").root_keys())
        founder = staff.founder()
        with pytest.MonkeyPatch.context() as patch, clock.frozen(NOW):
            patch.setattr(digests, "COST", staff.CHEAP)
            found_organisation(database, keyring, founder)
            content.fill(database, keyring, founder, cases=FEW)
        with db.work(database, keyring, write=False):
            cast = find_cast(founder)
        made.append(Demo(database=database, keyring=keyring, cast=cast))
        return made[-1]

    yield make
    for demo in made:
        demo.database.close()


@pytest.fixture(scope="session")
def filled(make_demo: Callable[[Path], Demo], tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demonstration that these tests look at."""
    return make_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def demo(filled: Demo) -> Iterator[Demo]:
    """The demonstration, with a reading unit of work open at its present moment."""
    with clock.frozen(NOW), filled.open():
        yield filled
