import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.accounts import returns
from casemgr.accounts.models import Account, Factor, Throttle
from casemgr.audit.models import AuditEntry
from tests.accounts.conftest import MORNING
from tests.rig import staff

SIGNED_IN = "/account"


def without_token(page):
    return re.sub(r'name="(csrf_token|once)" value="[^"]*"', "", page)


def outcomes(work, action):
    with work(write=False) as session:
        found = select(AuditEntry.outcome).where(AuditEntry.action == action).order_by(AuditEntry.seq)
        return list(session.scalars(found))


def test_name_password_and_code_open_the_page_that_was_asked_for(browser, worker):
    browser.open(SIGNED_IN)
    browser.send(name=worker.name, password=worker.password)
    browser.send(code=worker.code())
    assert (browser.path, browser.status) == (SIGNED_IN, 200)
    assert "hoa.nguyen" in browser.page


def test_the_password_alone_opens_nothing(browser, worker):
    browser.open("/sign-in")
    browser.send(name=worker.name, password=worker.password)
    browser.open(SIGNED_IN)
    assert browser.path.startswith("/sign-in/code")


def test_an_unknown_name_and_a_wrong_password_get_the_same_bytes(new_browser, worker):
    pages, headers = [], []
    for number, name in enumerate(["hoa.nguyen", "hoa.nguyem"]):
        browser = new_browser(address=f"192.0.2.{number}")
        browser.open("/sign-in")
        page = browser.send(name=name, password="con bò gặm cỏ non")
        pages.append(without_token(page).replace(name, "name"))
        headers.append({k: v for k, v in browser.answer.headers if k not in {"Set-Cookie", "Content-Length"}})
    assert pages[0] == pages[1]
    assert headers[0] == headers[1]
    assert "Tên hoặc mật khẩu chưa đúng." in pages[0]


def test_disabled_and_invited_accounts_answer_like_unknown_ones(browser, work, worker):
    with work() as session:
        session.scalars(select(Account)).one().state = "disabled"
    browser.open("/sign-in")
    browser.send(name=worker.name, password=worker.password)
    assert "Tên hoặc mật khẩu chưa đúng." in browser.page
    assert browser.cookie() is None


def test_composed_and_decomposed_letters_are_one_password(browser, worker):
    browser.open("/sign-in")
    browser.send(name=worker.name, password=unicodedata.normalize("NFD", worker.password))
    assert browser.path.startswith("/sign-in/code")


@pytest.mark.parametrize("name", ["hoa.nguyen", "nobody.here"])
def test_the_sixth_try_waits_for_known_and_unknown_names_alike(browser, worker, name):
    browser.open("/sign-in")
    for _ in range(5):
        browser.send(name=name, password="wrong")
        assert browser.status == 200
    browser.send(name=name, password=worker.password)
    assert browser.status == 429
    assert "Chờ 2 giây" in browser.page


def test_after_the_wait_the_right_password_works_and_the_count_starts_anew(browser, work, worker):
    browser.open("/sign-in")
    for _ in range(6):
        browser.send(name=worker.name, password="wrong")
    with clock.frozen(MORNING + timedelta(seconds=3)):
        staff.sign_in(browser, worker)
        browser.open(SIGNED_IN)
    assert browser.path == SIGNED_IN
    with work(write=False) as session:
        assert session.scalars(select(Account.failures)).one() == 0


def test_one_address_may_fail_thirty_times_a_minute_over_all_names(new_browser, worker):
    browser = new_browser(address="192.0.2.77")
    browser.open("/sign-in")
    for number in range(30):
        browser.send(name=f"name{number}", password="wrong")
    assert browser.status == 200
    browser.send(name=worker.name, password=worker.password)
    assert browser.status == 429
    other = new_browser(address="192.0.2.78")
    staff.sign_in(other, worker)
    other.open(SIGNED_IN)
    assert other.path == SIGNED_IN


def test_counters_hold_neither_names_nor_addresses(browser, work, worker):
    browser.open("/sign-in")
    browser.send(name=worker.name, password="wrong")
    with work(write=False) as session:
        keys = list(session.scalars(select(Throttle.key)))
    assert len(keys) >= 2
    assert all(len(key) == 32 and b"hoa" not in key and b"192" not in key for key in keys)


def test_after_a_hundred_failures_a_password_is_off_until_a_reset(browser, work, worker):
    with work() as session:
        session.scalars(select(Account)).one().failures = 100
    browser.open("/sign-in")
    browser.send(name=worker.name, password=worker.password)
    assert "Tên hoặc mật khẩu chưa đúng." in browser.page


def test_a_code_of_the_app_works_once(new_browser, worker):
    code = worker.code()
    first, second = new_browser(), new_browser(address="192.0.2.2")
    staff.sign_in(first, worker, code=code)
    staff.sign_in(second, worker, code=code)
    assert second.path.startswith("/sign-in/code")
    assert "đã dùng rồi" in second.page


def test_the_code_typed_at_enrolment_does_not_sign_in_again(browser, worker):
    staff.sign_in(browser, worker, code=worker.code(later=0))
    assert "đã dùng rồi" in browser.page


def test_each_code_of_the_sheet_works_once(new_browser, work, app):
    with work():
        keeper = staff.add_staff("keeper", sheet=True)
    first, second = new_browser(), new_browser(address="192.0.2.2")
    staff.sign_in(first, keeper, code=keeper.sheet[3].lower().replace("-", " "))
    first.open(SIGNED_IN)
    assert first.path == SIGNED_IN
    staff.sign_in(second, keeper, code=keeper.sheet[3])
    assert second.path.startswith("/sign-in/code")
    second.send(code=keeper.sheet[4])
    second.open(SIGNED_IN)
    assert second.path == SIGNED_IN


def test_a_used_code_stays_used_when_the_rest_of_the_request_fails(
    browser, new_browser, work, app, monkeypatch
):
    with work():
        keeper = staff.add_staff("keeper", sheet=True)

    def fail(_):
        raise RuntimeError("disk full")

    monkeypatch.setattr("casemgr.accounts.sessions.renew_visitor", fail)
    staff.sign_in(browser, keeper, code=keeper.sheet[0])
    assert browser.status == 500
    monkeypatch.undo()
    with work(write=False) as session:
        used = session.scalars(
            select(Factor.number).where(Factor.used_at.is_not(None), Factor.kind == "sheet")
        )
        assert sorted(used) == [1, 2]


def test_a_recovery_code_signs_in_once(browser, work, app, monkeypatch):
    kept = []
    monkeypatch.setattr(
        "casemgr.crypto.onetime.new_recovery_codes",
        lambda: kept or kept.extend(["0000-1111-2222-3333-4444-5555-6666"]) or kept,
    )
    with work():
        worker = staff.add_staff("hoa.nguyen")
    staff.sign_in(browser, worker, code="0000 1111 2222 3333 4444 5555 6666")
    browser.open(SIGNED_IN)
    assert "0 mã chưa dùng" in browser.page


def test_wrong_codes_are_throttled_like_wrong_passwords(browser, worker):
    browser.open("/sign-in")
    browser.send(name=worker.name, password=worker.password)
    for _ in range(5):
        browser.send(code="000000")
    browser.send(code=worker.code())
    assert browser.status == 429


def test_the_second_step_must_follow_within_ten_minutes(browser, worker):
    browser.open("/sign-in")
    browser.send(name=worker.name, password=worker.password)
    with clock.frozen(MORNING + timedelta(minutes=10)):
        browser.send(code=worker.code())
    assert browser.path == "/sign-in"


def test_the_session_cookie_is_bound_to_host_and_hidden_from_scripts(browser, worker):
    browser.open("/sign-in")
    _, fields = browser.form()
    browser.post("/sign-in", follow=False, **{**fields, "name": worker.name, "password": worker.password})
    cookie = next(
        value for value in browser.answer.headers.getlist("Set-Cookie") if value.startswith("__Host-s=")
    )
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert parts == {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"}


def test_each_step_gives_a_new_token_and_the_old_one_is_void(browser, worker):
    browser.open("/sign-in")
    browser.send(name=worker.name, password=worker.password)
    half = browser.cookie()
    browser.send(code=worker.code())
    whole = browser.cookie()
    assert half != whole
    browser.client.set_cookie("__Host-s", half, domain="localhost")
    browser.open(SIGNED_IN)
    assert browser.path.startswith("/sign-in")


def test_a_form_without_token_is_refused(browser, worker):
    browser.open("/sign-in")
    browser.post("/sign-in", token=False, name=worker.name, password=worker.password)
    assert browser.status == 400
    assert browser.cookie() is None


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "signed?"])
def test_no_address_given_by_others_is_followed(browser, worker, target):
    browser.open(f"/sign-in?next={target}")
    browser.send(name=worker.name, password=worker.password)
    browser.send(code=worker.code())
    assert "evil" not in browser.path
    browser.post("/language", language="en", back=target)
    assert "evil" not in browser.path


def test_a_signed_way_back_is_a_page_of_ours(app):
    with app.test_request_context("/", base_url="https://localhost"):
        token = returns.sign_route("accounts.show_help")
        assert returns.open_return(token) == "/help"
        assert returns.open_return(token[:-2]) is None
        assert returns.open_return(returns.sign_route("no.such")) is None


def test_every_try_is_written_down_without_the_name(browser, work, worker):
    browser.open("/sign-in")
    browser.send(name=worker.name, password="wrong")
    browser.send(name=worker.name, password=worker.password)
    browser.send(code="000000")
    browser.send(code=worker.code())
    assert outcomes(work, "account:sign_in") == ["refused", "done"]
    assert outcomes(work, "account:enter_code") == ["refused"]


def test_the_language_is_kept_for_the_next_sign_in(new_browser, worker):
    browser = new_browser()
    staff.sign_in(browser, worker)
    browser.open(SIGNED_IN)
    browser.send(to="/language")
    assert (browser.path, "My account" in browser.page) == (SIGNED_IN, True)
    with clock.frozen(MORNING + timedelta(minutes=5)):
        other = new_browser(address="192.0.2.9")
        staff.sign_in(other, worker)
        other.open(SIGNED_IN)
    assert "My account" in other.page


def together(*acts):
    """Run acts at the same moment, each with the clock of the test."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(copy_context().run, act) for act in acts]]


def test_a_sheet_code_sent_twice_at_the_same_moment_opens_one_session(new_browser, work, app):
    with work():
        keeper = staff.add_staff("keeper", sheet=True)
    browsers = [new_browser(address=f"192.0.2.{number}") for number in range(2)]
    for browser in browsers:
        browser.open("/sign-in")
        browser.send(name="keeper", password=keeper.password)
    together(*(partial(browser.send, code=keeper.sheet[0]) for browser in browsers))
    for browser in browsers:
        browser.open(SIGNED_IN)
    assert sorted(browser.path == SIGNED_IN for browser in browsers) == [False, True]


def test_guesses_sent_at_the_same_moment_are_all_counted(new_browser, worker):
    browsers = [new_browser(address=f"192.0.2.{number}") for number in range(8)]
    for browser in browsers:
        browser.open("/sign-in")
    together(*(partial(browser.send, name=worker.name, password="wrong") for browser in browsers))
    assert sorted(browser.status for browser in browsers) == [200] * 5 + [429] * 3
