"""Quick exit in a real browser: nothing of a case comes back, and signing out leaves no cookie."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.rig.demonstration import Office, Person, come

pytestmark = pytest.mark.browser

NAME = "Người Mẫu Thoát Nhanh"
SESSION = "__Host-s"


def _open_a_case(worker: Person) -> str:
    """Open a case through its list, so that there is something to go back to; return its code."""
    worker.follow("Hồ sơ", within="body")
    code = str(worker.page.locator("main table a").first.inner_text())
    worker.tap(worker.page.locator("main table a").first)
    worker.page.locator("main textarea[name='text']").fill(NAME)
    return code


@pytest.mark.parametrize("scripts", [True, False])
def test_after_quick_exit_no_way_back_shows_the_case(
    browser: Browser, open_office: Callable[[], Office], scripts: bool
) -> None:
    worker = come(browser, open_office(), "canbo1", scripts=scripts).sign_in()
    code = _open_a_case(worker)
    case = worker.path

    worker.page.get_by_role("button", name="Thoát nhanh").click()
    worker.page.wait_for_url("**/away")
    shown = [worker.page.content()]
    for _ in range(3):
        worker.page.go_back()
        shown.append(worker.page.content())
    worker.open(case)
    shown.append(worker.page.content())

    assert [text for text in shown if code in text or NAME in text] == []
    assert "case" not in shown[0]
    assert worker.path.startswith(("/unlock", "/sign-in"))
    assert worker.troubles == []
    worker.leave()


def test_the_password_alone_brings_back_what_was_being_written(
    browser: Browser, open_office: Callable[[], Office]
) -> None:
    office = open_office()
    worker = come(browser, office, "canbo1").sign_in()
    _open_a_case(worker)
    case = worker.path
    for _ in range(3):
        worker.page.keyboard.press("Shift")
    worker.page.wait_for_url("**/away")

    worker.open(case)
    worker.write(password=office.accounts["canbo1"]["password"])
    worker.tap(worker.page.locator("main form button").first)

    assert worker.path == case
    assert worker.page.locator("main textarea[name='text']").input_value() == NAME
    worker.leave()


def test_signing_out_clears_the_cookies_and_the_way_back(
    browser: Browser, open_office: Callable[[], Office]
) -> None:
    worker = come(browser, open_office(), "canbo1").sign_in()
    code = _open_a_case(worker)
    names = {cookie["name"] for cookie in worker.context.cookies()}
    worker.press("Đăng xuất", within="body")
    after = {cookie["name"] for cookie in worker.context.cookies()}
    worker.page.go_back()

    assert SESSION in names
    assert SESSION not in after
    assert code not in worker.page.content()
    worker.leave()
