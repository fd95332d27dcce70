"""An application with one case worker, and browsers for it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casemgr import clock, db
from casemgr.accounts.service import digests
from casemgr.factory import create_app
from casemgr.keys.service import Keyring
from casemgr.web.application import CaseApplication
from tests.rig import staff
from tests.rig.browsing import Browser
from tests.rig.staff import Staff, Work

MORNING = datetime(2026, 6, 5, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "COST", staff.CHEAP)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.frozen(MORNING):
        yield


@pytest.fixture
def app(database: db.Database, keys: Keyring, tmp_path: Path) -> CaseApplication:
    return create_app(staff.settings_for(database.url, tmp_path), database, keys)


@pytest.fixture
def worker(work: Work, app: CaseApplication) -> Staff:
    with work():
        return staff.add_staff("hoa.nguyen")


@pytest.fixture
def new_browser(app: CaseApplication) -> Callable[..., Browser]:
    return lambda **options: Browser(app, **options)


@pytest.fixture
def browser(app: CaseApplication) -> Browser:
    return Browser(app)
