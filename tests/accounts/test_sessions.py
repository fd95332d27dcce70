from datetime import timedelta

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.accounts import service
from casemgr.accounts.models import AccountSession, HeldPost
from casemgr.web.drafts import find_draft
from tests.accounts.conftest import MORNING
from tests.rig import staff

ACCOUNT = "/account"
IDLE = MORNING + timedelta(minutes=15)


@pytest.fixture
def signed_in(browser, worker):
    staff.sign_in(browser, worker)
    browser.open(ACCOUNT)
    assert browser.path == ACCOUNT
    return browser


def test_after_the_idle_time_the_password_alone_leads_back_to_the_same_page(signed_in, worker):
    with clock.frozen(IDLE):
        signed_in.open("/account/password")
        assert signed_in.path.startswith("/unlock?next=")
        assert "Lò Thị Mai" in signed_in.page
        before = signed_in.cookie()
        signed_in.send(password=worker.password)
    assert signed_in.path == "/account/password"
    assert signed_in.cookie() != before


def test_work_within_the_idle_time_keeps_the_session_open(signed_in):
    for minutes in (10, 20, 30):
        with clock.frozen(MORNING + timedelta(minutes=minutes)):
            signed_in.open(ACCOUNT)
            assert signed_in.path == ACCOUNT


def test_a_form_sent_while_locked_is_kept_sealed_and_sent_again_after_unlocking(signed_in, work, worker):
    other = "chim én bay thấp thì mưa"
    token = signed_in.form_token()
    with clock.frozen(IDLE):
        signed_in.post(
            "/account/password", csrf_token=token, password=worker.password, new=other, again=other, once="k1"
        )
        assert signed_in.path.startswith("/unlock")
        with work(write=False) as session:
            stored = session.scalars(select(HeldPost._sealed_content)).one()
            assert other.encode() not in stored
        signed_in.send(password=worker.password)
        assert signed_in.path.startswith("/held")
        assert "Biểu mẫu gửi lúc 05/06/2026 08:15" in signed_in.page
        signed_in.send(to="/account/password")
    assert "Đã đổi mật khẩu" in signed_in.page
    with work(write=False) as session:
        assert session.scalars(select(HeldPost)).all() == []


def test_a_held_form_that_fails_again_shows_what_was_typed_as_any_form_does(signed_in, worker):
    token = signed_in.form_token()
    with clock.frozen(IDLE):
        signed_in.post("/account/password", csrf_token=token, password="x", new="y", again="z")
        signed_in.send(password=worker.password)
        signed_in.send(to="/account/password")
    assert "Hai lần nhập mật khẩu không giống nhau" in signed_in.page


def test_a_form_sent_after_the_session_has_ended_by_age_waits_for_the_next_sign_in(signed_in, worker):
    token = signed_in.form_token()
    with clock.frozen(MORNING + timedelta(hours=10)):
        signed_in.post("/account/password", csrf_token=token, password="x", new="y", again="z")
        assert signed_in.path.startswith("/sign-in")
        assert "không mất nội dung đã nhập" in signed_in.page
        staff.sign_in(signed_in, worker)
    assert signed_in.path.startswith("/held")


def test_a_held_form_can_be_thrown_away_and_belongs_to_its_sender_alone(signed_in, new_browser, work, worker):
    token = signed_in.form_token()
    with clock.frozen(IDLE):
        signed_in.post("/account/password", csrf_token=token, password="x", new="y", again="z")
        with work():
            other = staff.add_staff("other.person")
        stranger = new_browser(address="192.0.2.5")
        staff.sign_in(stranger, other)
        assert not stranger.path.startswith("/held")
        signed_in.send(password=worker.password)
        signed_in.send(to="/held/")
    assert not signed_in.path.startswith("/held")


def test_a_script_is_told_that_the_screen_is_locked_and_nothing_is_held(signed_in, work):
    token = signed_in.form_token()
    with clock.frozen(IDLE):
        headers = {"Sec-Fetch-Dest": "empty"}
        signed_in.post("/stay", csrf_token=token, headers=headers)
    assert signed_in.status == 403
    with work(write=False) as session:
        assert session.scalars(select(HeldPost)).all() == []


def test_five_wrong_passwords_at_the_lock_end_the_session(signed_in):
    with clock.frozen(IDLE):
        signed_in.open(ACCOUNT)
        for _ in range(5):
            signed_in.send(password="wrong")
    assert signed_in.path == "/sign-in"


def test_after_ten_hours_everybody_signs_in_anew_however_busy(signed_in):
    for minutes in range(10, 600, 10):
        with clock.frozen(MORNING + timedelta(minutes=minutes)):
            signed_in.open(ACCOUNT)
            assert signed_in.path == ACCOUNT
    with clock.frozen(MORNING + timedelta(hours=10)):
        signed_in.open(ACCOUNT)
    assert signed_in.path.startswith("/sign-in")


def test_quick_exit_locks_the_session_and_shows_a_calendar_without_a_trace(signed_in, worker):
    signed_in.send(to="/leave")
    assert signed_in.path == "/away"
    assert "Tháng 6 năm 2026" in signed_in.page
    for trace in ("casemgr", "Công việc", "Lò Thị Mai", "/account", "script"):
        assert trace not in signed_in.page
    signed_in.open(ACCOUNT)
    assert signed_in.path.startswith("/unlock")
    signed_in.send(password=worker.password)
    assert signed_in.path == ACCOUNT


def test_the_calendar_locks_by_itself_because_the_request_behind_it_may_come_late(signed_in, worker):
    signed_in.open("/away")
    signed_in.open(ACCOUNT)
    assert signed_in.path.startswith("/unlock")
    signed_in.send(password=worker.password)
    assert signed_in.path == ACCOUNT


def test_the_calendar_comes_even_while_nothing_can_be_written(signed_in, worker, database, tmp_path):
    database.closed = tmp_path / "moved-away"
    database.closed.touch()
    try:
        signed_in.open("/away")
    finally:
        database.closed = None
    assert (signed_in.status, signed_in.path) == (200, "/away")
    assert "Tháng 6 năm 2026" in signed_in.page
    assert "Công việc" not in signed_in.page


def test_quick_exit_in_the_middle_of_signing_in_ends_it(browser, worker):
    browser.open("/sign-in")
    browser.send(name=worker.name, password=worker.password)
    browser.send(to="/leave")
    assert browser.path == "/away"
    browser.open(ACCOUNT)
    assert browser.path.startswith("/sign-in?")


def test_the_script_can_lock_at_once(signed_in):
    signed_in.post("/lock")
    assert signed_in.status == 204
    signed_in.open(ACCOUNT)
    assert signed_in.path.startswith("/unlock")


def test_signing_out_ends_the_session_and_clears_the_browser(signed_in):
    token = signed_in.cookie()
    signed_in.post("/sign-out", follow=False)
    assert signed_in.answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert signed_in.cookie() is None
    signed_in.client.set_cookie("__Host-s", token, domain="localhost")
    signed_in.open(ACCOUNT)
    assert signed_in.path.startswith("/sign-in")


def test_other_sessions_are_listed_and_can_be_ended(signed_in, new_browser, worker):
    with clock.frozen(MORNING + timedelta(minutes=2)):
        phone = new_browser(address="192.0.2.8", agent="Chrome Android")
        staff.sign_in(phone, worker)
        signed_in.open(ACCOUNT)
        assert "Chrome · Android" in signed_in.page
        signed_in.send(to="/account/sessions/end")
        assert "Đã kết thúc 1 phiên khác." in signed_in.page
        phone.open(ACCOUNT)
    assert phone.path.startswith("/sign-in")


def test_of_four_sessions_the_oldest_ends(new_browser, worker):
    browsers = []
    for number in range(4):
        with clock.frozen(MORNING + timedelta(minutes=number)):
            browsers.append(new_browser(address=f"192.0.2.{number}"))
            staff.sign_in(browsers[-1], worker)
    with clock.frozen(MORNING + timedelta(minutes=5)):
        for browser in browsers:
            browser.open(ACCOUNT)
    assert [browser.path.startswith("/sign-in") for browser in browsers] == [True, False, False, False]


def test_the_password_alone_ends_nobody_elses_session(signed_in, new_browser, worker):
    with clock.frozen(MORNING + timedelta(minutes=2)):
        for number in range(4):
            thief = new_browser(address=f"192.0.2.{number}")
            thief.open("/sign-in")
            thief.send(name=worker.name, password=worker.password)
        signed_in.open(ACCOUNT)
    assert signed_in.path == ACCOUNT


def test_a_new_password_ends_the_other_sessions_and_needs_the_old_one(signed_in, new_browser, worker):
    other = "chim én bay thấp thì mưa"
    with clock.frozen(MORNING + timedelta(minutes=2)):
        phone = new_browser(address="192.0.2.8")
        staff.sign_in(phone, worker)
        signed_in.open("/account/password")
        signed_in.send(password="wrong", new=other, again=other)
        assert "Mật khẩu hiện tại chưa đúng." in signed_in.page
        signed_in.send(password=worker.password, new=other, again=other)
        assert signed_in.path == ACCOUNT
        phone.open(ACCOUNT)
    assert phone.path.startswith("/sign-in")


def test_grave_acts_ask_for_the_password_after_five_minutes_and_then_go_on(signed_in, worker):
    with clock.frozen(MORNING + timedelta(minutes=6)):
        signed_in.open(ACCOUNT)
        signed_in.send(to="/account/factors", kind="sheet")
        assert signed_in.path.startswith("/confirm")
        signed_in.send(password=worker.password)
        assert signed_in.path.startswith("/held")
        signed_in.send(to="/account/factors")
    assert signed_in.path == "/first/sheet"


def test_freshness_ends_after_the_minutes_that_were_asked_for(signed_in, work, worker):
    with work(write=False) as session:
        row = session.scalars(select(AccountSession).where(AccountSession.ended_at.is_(None))).one()
        actor = worker.actor.__class__(
            account_id=row.account_id, unit_id=worker.actor.unit_id, roles=frozenset(), session_id=row.id
        )
        assert service.is_fresh(actor)
        with clock.frozen(MORNING + timedelta(minutes=5)):
            assert not service.is_fresh(actor)
            assert service.is_fresh(actor, minutes=10)


def test_what_was_typed_is_kept_when_the_lock_overtakes_it_but_not_later(signed_in, work, worker):
    token = signed_in.form_token()
    address = f"/drafts/case_note/{worker.actor.account_id}"
    fetched = {"Sec-Fetch-Dest": "empty"}
    signed_in.post("/leave", csrf_token=token)
    signed_in.post(address, csrf_token=token, text="Đang viết dở", headers=fetched)
    assert signed_in.status == 204
    with clock.frozen(MORNING + timedelta(minutes=1)):
        signed_in.post(address, csrf_token=token, text="Người lạ viết", headers=fetched)
        assert signed_in.status == 403
    with work(write=False):
        assert find_draft(worker.actor, "case_note", worker.actor.account_id) == {"text": ["Đang viết dở"]}
    signed_in.open(ACCOUNT)
    assert signed_in.path.startswith("/unlock")
