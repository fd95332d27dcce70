"""A commune with an administrator and a data-protection officer, and an application for them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casemgr import clock, db
from casemgr.accounts.service import digests
from casemgr.factory import create_app
from casemgr.keys.service import Keyring
from casemgr.web.application import CaseApplication
from tests.rig import staff
from tests.rig.browsing import Browser
from tests.rig.caretakers import MORNING, Commune, open_commune
from tests.rig.staff import Staff, Work


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
def commune(work: Work) -> Commune:
    with work():
        return open_commune()


@pytest.fixture
def sign_in(app: CaseApplication) -> Callable[[Staff], Browser]:
    """Call it with somebody for the browser in which they are signed in."""
    browsers: dict[str, Browser] = {}

    def open_browser(person: Staff) -> Browser:
        if person.name not in browsers:
            browsers[person.name] = Browser(app)
            staff.sign_in(browsers[person.name], person)
        return browsers[person.name]

    return open_browser
