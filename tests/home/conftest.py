"""An office with its people, in the database of the test and at browsers."""

from pathlib import Path

import pytest

from casemgr import db
from casemgr.accounts.service import digests
from casemgr.keys.service import Keyring
from tests.rig import staff
from tests.rig.desk import Desk
from tests.rig.office import Office, open_office


@pytest.fixture
def office(work) -> Office:
    """A commune office with two workers, a supervisor, a leader, and a stranger from elsewhere."""
    with work():
        return open_office()


@pytest.fixture
def desk(
    work,
    database: db.Database,
    keys: Keyring,
    tmp_path: Path,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """The application of the office."""
    monkeypatch.setattr(digests, "COST", staff.CHEAP)
    return Desk(work, database, keys, tmp_path, office)
