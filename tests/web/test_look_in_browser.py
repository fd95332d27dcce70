"""The gallery in a real browser under the real content policy: widths, axe, keyboard, scripts."""

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import request
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from casemgr.web import headers
from casemgr.web.assets import Bundling
from tests.rig.look import STATIC, context_for, environment_for

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 768, 1280)
LOW = 470
"""At this height the bar below does not float, so that axe sees no target half under it."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SWITCHES = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


class Site:
    """A server with the gallery and the addresses its scripts post to."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, dict[str, str]]] = []
        self.draft_status = 204
        app = Bundling("look", static_folder=str(STATIC))
        headers.install(app)
        app.add_url_rule("/gallery", view_func=self._show_gallery)
        app.add_url_rule("/weather", view_func=lambda: "<title>Thời tiết</title>")
        app.add_url_rule("/<path:name>", "post", self._take, methods=["POST"])
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def _show_gallery(self) -> str:
        locale = request.args.get("lang", "vi")
        context = context_for(locale)
        context["frame"]["lock_after"] = request.args.get("lock", "900")
        return environment_for(locale).get_template("gallery/show_gallery.html").render(context)

    def _take(self, name: str) -> tuple[str, int]:
        self.posted.append((name, dict(request.form)))
        return "", self.draft_status if name == "draft" else 204

    def names(self) -> list[str]:
        """Return what was posted to, in order."""
        return [name for name, _ in self.posted]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium here; sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, daemon=True)
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


def _open(browser: Browser, site: Site, query: str = "", **options: Any) -> Page:
    options.setdefault("viewport", {"width": 1280, "height": 900})
    context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options)
    page = context.new_page()
    page.goto(f"{site.address}/gallery{query}")
    return page


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_gallery_fits_the_width_and_axe_finds_nothing(
    browser: Browser, site: Site, locale: str, width: int
) -> None:
    troubles: list[str] = []
    page = _open(browser, site, viewport={"width": width, "height": LOW})
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))

    page.goto(f"{site.address}/gallery?lang={locale}")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert troubles == []
    page.context.close()


def test_wider_letters_and_larger_type_lose_nothing(browser: Browser, site: Site) -> None:
    page = _open(browser, site, viewport={"width": 320, "height": 640}, bypass_csp=True)

    page.add_style_tag(content="* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important }")

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.context.close()


def test_the_keyboard_reaches_skip_link_then_quick_exit(browser: Browser, site: Site) -> None:
    page = _open(browser, site)

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".exit")).to_be_focused()
    page.context.close()


def test_nothing_focused_lies_wholly_under_the_bars(browser: Browser, site: Site) -> None:
    page = _open(browser, site, viewport={"width": 320, "height": 640})
    hidden = """() => {
      const focused = document.activeElement, box = focused.getBoundingClientRect();
      if (focused.closest(".topbar, .bottombar, .skip")) return "";
      const above = document.querySelector(".topbar").getBoundingClientRect();
      const below = document.querySelector(".bottombar").getBoundingClientRect();
      const seen = box.bottom > above.bottom && box.top < below.top;
      return seen ? "" : focused.outerHTML;
    }"""

    found = []
    for _ in range(60):
        page.keyboard.press("Tab")
        found.append(page.evaluate(hidden))

    assert [element for element in found if element] == []
    page.context.close()


def test_three_presses_of_shift_leave_at_once_and_keep_what_was_typed(browser: Browser, site: Site) -> None:
    page = _open(browser, site)
    page.locator("#nickname").fill("Thu")

    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/weather")
    page.go_back()

    assert not page.url.endswith("/gallery")
    assert sorted(site.names()) == ["draft", "exit"]
    assert dict(site.posted)["draft"]["nickname"] == "Thu"
    page.context.close()


def test_shift_between_other_keys_does_not_leave(browser: Browser, site: Site) -> None:
    page = _open(browser, site)

    page.locator("#nickname").press_sequentially("Lò Thị Mai AN")

    assert page.url.endswith("/gallery")
    page.context.close()


def test_quick_exit_is_an_ordinary_form_without_scripts(browser: Browser, site: Site) -> None:
    page = _open(browser, site, java_script_enabled=False)

    with page.expect_request("**/exit") as sent:
        page.locator(".exit").click()

    assert sent.value.method == "POST"
    page.context.close()


def test_typing_is_saved_and_said_so(browser: Browser, site: Site) -> None:
    page = _open(browser, site)

    page.locator("#nickname").fill("Thu")
    page.locator("#born").focus()

    expect(page.locator("[data-save-state]")).to_contain_text("Đã lưu lúc")
    draft = dict(site.posted)["draft"]
    assert draft["nickname"] == "Thu"
    assert "password" not in draft
    assert "once" not in draft
    page.context.close()


def test_without_connection_the_text_stays_and_is_sent_again(browser: Browser, site: Site) -> None:
    page = _open(browser, site)
    page.context.set_offline(True)
    page.locator("#nickname").fill("Thu")
    page.locator("#born").focus()
    expect(page.locator("[data-save-state]")).to_contain_text("mất kết nối")

    page.context.set_offline(False)

    expect(page.locator("[data-save-state]")).to_contain_text("Đã lưu lúc", timeout=15_000)
    assert dict(site.posted)["draft"]["nickname"] == "Thu"
    page.context.close()


def test_a_newer_version_of_somebody_else_is_said(browser: Browser, site: Site) -> None:
    site.draft_status = 409
    page = _open(browser, site, "?lang=en")

    page.locator("#nickname").fill("Thu")
    page.locator("#born").focus()

    expect(page.locator("[data-save-state]")).to_contain_text("somebody else saved a newer version")
    page.context.close()


def test_a_question_whose_condition_does_not_hold_is_hidden(browser: Browser, site: Site) -> None:
    page = _open(browser, site)
    expect(page.locator("#danger_note")).to_be_visible()

    page.locator("label[for='danger_now-2']").click()

    expect(page.locator("#danger_note")).to_be_hidden()
    page.context.close()


def test_the_lock_is_announced_and_can_be_put_off(browser: Browser, site: Site) -> None:
    page = _open(browser, site, "?lock=61")

    expect(page.locator("[data-lock-warning] button")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("[data-lock-warning]")).to_be_hidden()
    page.context.close()


def test_without_activity_the_session_is_locked(browser: Browser, site: Site) -> None:
    page = _open(browser, site)

    with page.expect_request("**/lock") as sent:
        page.goto(f"{site.address}/gallery?lock=1")

    assert sent.value.method == "POST"
    page.context.close()


def test_a_form_is_sent_once(browser: Browser, site: Site) -> None:
    page = _open(browser, site, bypass_csp=True)
    page.evaluate("""() => {
      window.sent = 0;
      addEventListener("submit", (event) => {
        window.sent += !event.defaultPrevented;
        event.preventDefault();
      });
    }""")

    for _ in range(3):
        page.locator("form[action='#accept'] button").click(force=True)

    assert page.evaluate("window.sent") == 1
    page.context.close()
