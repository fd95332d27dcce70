"""Every page in both languages, seen by axe, on a phone and at a desk, by those who have it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request
from werkzeug.routing import Map

from casemgr import clock
from casemgr.cli.demo import Demonstration
from casemgr.crypto.onetime import current_code
from casemgr.factory import create_app
from tests.rig.demonstration import Office, Person, come
from tests.rig.walking import (
    DESK,
    PHONE,
    TELLING,
    Explorer,
    find_rule,
    send_nonsense,
    sideways,
    troubles_of,
)

pytestmark = pytest.mark.browser

PEOPLE = (
    *("canbo1", "phutrach", "lanhdao", "diachi2", "congan", "treem", "chuongtrinh", "thon1", "baocao"),
    *("quantri", "dulieu"),
)
"""One of the demonstration for each role."""
AGAIN = {"home.show_home", "cases.show_case", "referrals.show_bundle", "reporting.show_report"}
"""Pages that look different to different people: each of them looks."""
NO_PAGE = {
    "static": "sheets and scripts come with every page",
    "home.tell_job": "tells a script how far a job is",
    "accounts.continue_enrolment": "only goes on to the next step of the first sign-in",
    "stays.download_immediate": "a letter in PDF that stands only where a stay has ended; its text is tested",
}
"""What answers GET but never stands on a screen, and why."""
CANNOT_FAIL = {
    "cases.agree_closure": "agreeing needs no word",
    "conferences.cancel_conference": "one button, nothing is typed",
    "children.show_name": "one button, nothing is typed",
    "imports.take_out": "one button, nothing is typed",
    "intake.choose_survivor": "choosing nobody says that she is new",
    "referrals.expose_address": "one button, nothing is typed",
    "referrals.redirect_bundle": "the demonstration has no second published unit for what its requests ask",
    "reporting.edit_narrative": "every part of the text may be empty",
    "support.show_name": "one button, nothing is typed",
    "survivors.search_survivors": "anything may be looked for",
    "survivors.show_identity": "one button, nothing is typed",
}
"""Forms that take whatever is sent, and why."""
FIRST_PAGE = 6
"""How many requests the very first page may need on a slow line."""
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
FILE_NAME = re.compile(r'|inline|attachment; filename="?[A-Za-z0-9_.-]+"?')
HALF = re.compile(r"^[0-9A-Z]{4,}(-[0-9A-Z]+)*$")
PASSWORD = "con trâu gặm cỏ non"
NOBODY = "00000000-0000-4000-8000-000000000000"
SEND = """([path, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = path;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    [field.type, field.name, field.value] = ["hidden", name, value];
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""
TOKEN = "document.querySelector('[name=csrf_token]').value"
LOCK = f"""fetch("/lock", {{ method: "POST", body: new URLSearchParams({{ csrf_token: {TOKEN} }}) }})"""


@dataclass(slots=True)
class Tour:
    """What was seen so far, and what was wrong with it."""

    browser: Browser
    office: Office
    pages: Map
    seen: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)
    half: str = ""
    """The half of an invitation's code that the administrator hands over."""

    def endpoints(self, *methods: str) -> set[str]:
        """Return the endpoints that answer all these methods."""
        return {rule.endpoint for rule in self.pages.iter_rules() if {*methods} <= (rule.methods or set())}

    def come(self, name: str) -> Person:
        """Somebody opens a browser, on a phone."""
        person = come(self.browser, self.office, name, width=PHONE["width"])
        person.page.set_viewport_size(PHONE)
        return person

    def look(self, person: Person, language: str, what: str = "") -> None:
        """Look at what is on somebody's screen: in Vietnamese on a phone, in English at a desk as well."""
        rule = find_rule(self.pages, person.path)
        where = f"{person.name} at {rule.endpoint if rule else person.path} {what}"
        if language == "en":
            person.page.set_viewport_size(DESK)
        found = troubles_of(person.page, language)
        person.page.set_viewport_size(PHONE)
        self.troubles += [f"{where}: {trouble}" for trouble in found + sideways(person.page)]
        if rule is not None and not what:
            self.seen.add(rule.endpoint)

    def look_twice(self, person: Person, what: str = "") -> None:
        """Look in Vietnamese, change to English on this very page, look again and change back."""
        path = person.path
        for language in ("vi", "en"):
            self.look(person, language, what)
            speak(person)
            assert person.path == path

    def fail(self, person: Person) -> None:
        """Send the form of the page on the screen with nonsense; look at what it then says."""
        rule = find_rule(self.pages, person.path)
        if rule is None or rule.endpoint in self.failed or not send_nonsense(person.page):
            return
        if person.page.locator(".error-summary").count():
            self.failed.add(rule.endpoint)
            self.look(person, "vi", "after nonsense")

    def leave(self, person: Person) -> None:
        """Close the browser; what it complained about counts, but for the refusals that were asked for."""
        self.troubles += [trouble for trouble in person.troubles if not REFUSED.search(trouble)]
        person.leave()


@pytest.fixture
def pages(made: Path) -> Map:
    """Every address of the application."""
    demonstration = Demonstration(made)
    found = create_app(demonstration.settings, demonstration.database, demonstration.keyring).url_map
    demonstration.close()
    return found


def test_every_page_is_whole_in_both_languages_for_whoever_has_it(
    browser: Browser, open_office: Callable[..., Office], pages: Map
) -> None:
    # Without a worker what is ordered waits, and the page that says so can be seen.
    tour = Tour(browser, open_office(has_worker=False), pages)

    arrive(tour)
    for name in PEOPLE:
        person = tour.come(name).sign_in()
        walk(tour, person)
        if name in ERRANDS:
            ERRANDS[name](tour, person)
        tour.leave(person)

    assert tour.troubles == []
    assert tour.endpoints("GET") - tour.seen == NO_PAGE.keys()
    assert tour.endpoints("GET", "POST") - tour.failed == CANNOT_FAIL.keys()


def speak(person: Person) -> None:
    """Change to the other language with the button below the page."""
    person.tap(person.page.locator(".foot button[lang]"))


def arrive(tour: Tour) -> None:
    """See what somebody sees who is not signed in, and sign in by all steps."""
    person, asked = tour.come("canbo2"), []

    def hear(request: Request) -> None:
        asked.append(request.url)

    person.page.on("request", hear)
    person.open("/sign-in")
    person.page.wait_for_load_state("networkidle")
    assert len(asked) <= FIRST_PAGE, asked
    for path in ("/sign-in", "/first", "/help", "/reply"):
        person.open(path)
        tour.look_twice(person)
        tour.fail(person)
    person.open("/away")
    tour.look(person, "vi")
    person.open("/sign-in")
    person.write(name=person.name, password=tour.office.accounts[person.name]["password"])
    person.press("Tiếp tục")
    tour.look_twice(person)
    tour.fail(person)
    tour.leave(person)


def walk(tour: Tour, person: Person) -> None:
    """Find what somebody can reach, then see what is new of it, first in one language, then in the other."""
    explorer = Explorer(person, tour.pages)
    explorer.explore("/")
    explorer.guess(tour.endpoints("GET") - {*tour.seen, *explorer.found, *NO_PAGE})
    new = [endpoint for endpoint in explorer.found if endpoint not in tour.seen or endpoint in AGAIN]
    answers = [explorer.largest(endpoint) for endpoint in new]
    tour.seen |= {answer.endpoint for answer in answers if not answer.is_page}
    tour.troubles += [
        f"{answer.endpoint}: {answer.file}"
        for answer in answers
        if not FILE_NAME.fullmatch(answer.file) or TELLING.search(answer.file.replace(" ", ""))
    ]
    for language in ("vi", "en"):
        for answer in answers:
            if answer.is_page:
                person.open(answer.address)
                tour.look(person, language)
        person.open("/help")
        speak(person)
    fail_everywhere(tour, explorer)


def fail_everywhere(tour: Tour, explorer: Explorer) -> None:
    """Send nonsense to every form that was found, until each has refused some once."""
    for endpoint in tour.endpoints("GET", "POST") & explorer.found.keys():
        for answer in explorer.found[endpoint]:
            if endpoint not in {*tour.failed, *CANNOT_FAIL}:
                explorer.person.open(answer.address)
                tour.fail(explorer.person)


def be_refused(tour: Tour, person: Person) -> None:
    """See the pages of errors: nothing there, not for this role, not from our page, too late."""
    person.open(f"/cases/{NOBODY}")
    tour.look_twice(person, "what is not there")
    person.open("/administration")
    tour.look_twice(person, "what is for others")
    send(person, "/language", csrf_token="wrong")
    tour.look(person, "vi", "without a token")
    person.open("/cases")
    person.tap(person.page.locator("main table a").first)
    token = person.page.evaluate(TOKEN)
    fields = {"csrf_token": token, "version": "0", "reason": "dat_muc_tieu", "told_may_return": "yes"}
    send(person, f"{person.path}/propose-closure", **fields, safety_plan_reviewed="yes")
    tour.look(person, "vi", "too late")


def send(person: Person, path: str, **fields: str) -> None:
    """Send a form that is on no page."""
    with person.page.expect_navigation():
        person.page.evaluate(SEND, [path, fields])


def be_locked_out(tour: Tour, person: Person) -> None:
    """See the lock, then the form that was sent meanwhile; see a name opened."""
    be_refused(tour, person)
    person.open("/cases")
    person.tap(person.page.locator("main table a").first)
    person.page.evaluate(LOCK)
    person.write(text="Đã gọi điện")
    person.press("Lưu ghi chú")
    tour.look_twice(person)
    tour.fail(person)
    person.write(password=tour.office.accounts[person.name]["password"])
    person.tap(person.page.locator("main form button").first)
    tour.look_twice(person)
    person.open("/cases")
    cases = person.page.locator("main table a").evaluate_all("links => links.map(one => one.pathname)")
    see_the_name(tour, person, next(named(person, cases)))


def named(person: Person, cases: list[str]) -> Iterator[str]:
    """Yield where the names of those cases are opened that have one."""
    for case in cases:
        person.open(f"{case}/identity")
        if person.page.get_by_role("button", name="Hiện tên").count():
            yield person.path


def see_the_name(tour: Tour, person: Person, address: str) -> None:
    """Open a name, which only the answer to a form shows."""
    for language, words in (("vi", "Hiện tên"), ("en", "Show the name")):
        person.open(address)
        person.press(words)
        tour.look(person, language)
        speak(person)


def see_a_name_of_a_list(tour: Tour, person: Person) -> None:
    """Open the name of the first record of the place where somebody works."""
    place = {"treem": "/children", "chuongtrinh": "/support"}[person.name]
    person.open(place)
    person.tap(person.page.locator(f"main a[href^='{place}/']:not([href$='/new'])").first)
    see_the_name(tour, person, person.path)


def order(tour: Tour, person: Person) -> None:
    """See how far a table is that was ordered."""
    person.open("/statistics/new")
    person.follow("6 tháng")
    person.tick(table="stays", tier="T2")
    person.press("Kiểm tra và phát hành bảng")
    tour.look_twice(person)


def invite(tour: Tour, person: Person) -> None:
    """Add an account and draw its invitation; somebody else must let the newcomer in."""
    person.open("/administration/accounts/add")
    person.write(name="Người Mẫu Mới", sign_in_name="nguoi.moi")
    person.tick(roles="recipient")
    person.page.locator("main select[name='unit_id']").select_option(index=1)
    person.press("Thêm và tạo giấy mời")
    tour.look_twice(person)
    explorer = Explorer(person, tour.pages)
    explorer.explore(f"{person.path}.pdf")
    tour.seen |= explorer.found.keys()
    tour.half = person.page.locator("dd", has_text=HALF).inner_text()


def release(tour: Tour, person: Person) -> None:
    """Let the newcomer in as the second person, who has the other half of the code."""
    person.open("/administration/requests")
    person.tap(person.page.locator("main .work a").first)
    tour.look_twice(person)
    person.press("Duyệt")
    tour.look_twice(person)
    enrol(tour, tour.half + person.page.locator("dd", has_text=HALF).inner_text())


def enrol(tour: Tour, code: str) -> None:
    """Take the steps of the first sign-in."""
    newcomer = tour.come("nguoi.moi")
    newcomer.open("/first")
    newcomer.write(name=newcomer.name, code=code)
    newcomer.press("Tiếp tục")
    see_step(tour, newcomer)
    newcomer.write(new=PASSWORD, again=PASSWORD)
    newcomer.press("Lưu mật khẩu")
    see_step(tour, newcomer)
    for kind in ("sheet", "app"):
        newcomer.open("/first/factor")
        newcomer.tick(kind=kind)
        newcomer.press("Tiếp tục")
        see_step(tour, newcomer)
    seed = newcomer.page.locator(".setup-steps .code").inner_text().replace(" ", "")
    newcomer.write(code=current_code(seed, clock.now()))
    newcomer.tap(newcomer.page.locator("main form button").first)
    see_step(tour, newcomer)
    newcomer.tick(kept="yes")
    newcomer.press("Hoàn tất")
    tour.leave(newcomer)


def see_step(tour: Tour, newcomer: Person) -> None:
    """See a page in both languages, then what it says to nonsense."""
    tour.look_twice(newcomer)
    path = newcomer.path
    tour.fail(newcomer)
    assert newcomer.path == path


ERRANDS: dict[str, Callable[[Tour, Person], None]] = {
    "canbo1": be_locked_out,
    "treem": see_a_name_of_a_list,
    "chuongtrinh": see_a_name_of_a_list,
    "baocao": order,
    "quantri": invite,
    "dulieu": release,
}
"""What some do besides, so that pages appear to which no link leads."""
