"""A day in June after a half-year, and a commune whose officer writes its report."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from casemgr import clock
from casemgr.factory import create_app
from casemgr.policy import Role
from tests.rig import counted_town as towns
from tests.rig import staff
from tests.rig.browsing import Browser

FIRST, LAST = date(2025, 12, 1), date(2026, 5, 31)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    staff.cheap_passwords()
    with clock.frozen(datetime(2026, 6, 2, 1, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def app(database, keys, tmp_path):
    return create_app(staff.settings_for(database.url, tmp_path), database, keys)


@pytest.fixture
def commune(work, app):
    with work():
        return towns.add_commune()


@pytest.fixture
def busy(work, commune):
    """The commune with sixty incidents in its half-year."""
    with work():
        facts = towns.invent_incidents(commune, 120, year=2026)
        towns.record(commune, [(day, codes) for day, codes in facts if day <= LAST])
    return commune


@pytest.fixture
def sign_in(app, work, commune):
    """Call it with roles for a signed-in browser of the commune."""

    def open_browser(*roles: Role) -> Browser:
        with work():
            person = staff.add_staff("-".join(roles), *roles, unit_id=commune.id)
        browser = Browser(app)
        staff.sign_in(browser, person)
        return browser

    return open_browser
