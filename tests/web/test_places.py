"""The places of the navigation: at most one of them is where somebody is."""

import re

import pytest

from casemgr import clock, db
from casemgr.factory import create_app
from casemgr.policy import Role
from tests.rig.browsing import Browser
from tests.rig.staff import add_staff, cheap_passwords, settings_for, sign_in


@pytest.fixture
def browser(database, keys, engine_url, tmp_path):
    """Somebody who has two places each of tips and of shelters, and cases."""
    cheap_passwords()
    roles = (Role.SUPERVISOR, Role.HAMLET_HEAD, Role.KEEPER)
    with clock.frozen(clock.now()):
        app = create_app(settings_for(engine_url, tmp_path), database, keys)
        with db.work(database, keys, write=True):
            staff = add_staff("mai", *roles)
        browser = Browser(app)
        sign_in(browser, staff)
        yield browser


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/", "/"),
        ("/cases?state=closed", "/cases"),
        ("/tips", "/tips"),
        ("/tips/new", "/tips/new"),
        ("/tips/sent", "/tips"),
        ("/shelters/register", "/shelters"),
        ("/shelters/own", "/shelters/own"),
        ("/account", None),
        ("/nothing", None),
    ],
)
def test_the_navigation_marks_the_one_place_that_the_page_belongs_to(browser, path, here):
    page = browser.open(path)

    rail = page[page.index('<ul class="places">') : page.index("</ul>")]
    assert re.findall(r'href="([^"]+)" aria-current="page"', rail) == ([here] if here else [])
