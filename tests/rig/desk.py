"""People of the office at their browsers, signed in."""

from pathlib import Path
from typing import Any

from casemgr.db import Database
from casemgr.factory import create_app
from casemgr.keys.service import Keyring
from casemgr.policy import Role
from tests.rig import staff
from tests.rig.browsing import Browser
from tests.rig.office import Office
from tests.rig.staff import Staff, Work


class Desk:
    """An application for the office, and the people who sit at it."""

    def __init__(self, work: Work, database: Database, keys: Keyring, folder: Path, office: Office) -> None:
        self.app = create_app(staff.settings_for(database.url, folder), database, keys)
        self.office = office
        self._work = work
        self.people: dict[str, Staff] = {}

    def seat(self, name: str, *roles: Role) -> Browser:
        """Give somebody an account of the office and return their browser, signed in."""
        with self._work():
            person = staff.add_staff(name, *roles, unit_id=self.office.unit_id, sheet=True, shown_name=name)
        self.people[name] = person
        browser = Browser(self.app)
        staff.sign_in(browser, person)
        assert browser.status == 200, browser.page
        return browser

    def actor(self, name: str) -> Any:
        """Return who acts with an account that was seated."""
        return self.people[name].actor


def send(browser: Browser, path: str, **fields: Any) -> str:
    """Open a page, fill in its form and send it."""
    browser.open(path)
    return browser.send(**fields)
