import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.accounts import service
from casemgr.accounts.models import Account, AccountSession, Factor
from casemgr.crypto import onetime
from casemgr.policy import Role
from tests.accounts.conftest import MORNING
from tests.rig import staff

PASSWORD = "chim én bay thấp thì mưa"
CODE = re.compile(r'<span class="code">([0-9A-Z-]+)</span>')


@pytest.fixture
def invitation(work, app):
    with work():
        chief = staff.founder()
        account_id = service.add_account(
            chief, sign_in_name="Lan.Tran", name="Trần Thị Lan", unit_id=staff.add_unit(), roles={Role.KEEPER}
        )
        return service.invite(chief, account_id).code


def choose_password(browser, invitation, password=PASSWORD):
    browser.open("/first")
    browser.send(name="lan.tran", code=invitation)
    assert browser.path == "/first/password"
    browser.send(new=password, again=password)


def shown_seed(page):
    return re.search(r'translate="no">([A-Z2-7 ]+)</span>', page)[1].replace(" ", "")


def enrol_with_app(browser, invitation):
    choose_password(browser, invitation)
    browser.send(kind="app")
    seed = shown_seed(browser.page)
    browser.send(code=onetime.current_code(seed, clock.now()))
    return seed


def test_an_invited_person_enrols_with_an_app_and_can_sign_in_again(browser, new_browser, invitation):
    seed = enrol_with_app(browser, invitation)
    assert browser.path == "/first/recovery"
    assert len(CODE.findall(browser.page)) == 10
    browser.send(kept="yes")
    browser.open("/account")
    assert browser.path == "/account"
    again = new_browser(address="192.0.2.3")
    again.open("/sign-in")
    again.send(name="lan.tran", password=PASSWORD)
    again.send(code=onetime.current_code(seed, clock.now() + timedelta(seconds=30)))
    again.open("/account")
    assert again.path == "/account"


def test_somebody_without_a_smartphone_enrols_with_a_printed_sheet(browser, new_browser, invitation):
    choose_password(browser, invitation)
    browser.send(kind="sheet")
    codes = CODE.findall(browser.page)
    assert len(codes) == len(set(codes)) == 50
    browser.send(code=codes[0])
    browser.send(kept="yes")
    again = new_browser(address="192.0.2.3")
    again.open("/sign-in")
    again.send(name="lan.tran", password=PASSWORD)
    again.send(code=codes[0])
    assert "đã dùng rồi" in again.page
    again.send(code=codes[1])
    again.open("/account")
    assert "48 mã chưa dùng" in again.page


def test_nothing_opens_before_the_last_step(browser, invitation):
    for step in ("/account", "/first/factor"):
        choose_password(browser, invitation) if step == "/account" else None
        browser.open("/account")
        assert browser.path == "/first/factor"


def test_the_seed_stays_readable_until_a_code_confirms_it_and_never_after(browser, work, invitation):
    choose_password(browser, invitation)
    browser.send(kind="app")
    seed = shown_seed(browser.page)
    browser.send(code="000000")
    assert "Mã chưa đúng" in browser.page
    assert shown_seed(browser.page) == seed
    browser.send(code=onetime.current_code(seed, clock.now()))
    browser.send(kept="yes")
    for path in ("/first/app", "/first/recovery", "/account"):
        browser.open(path)
        assert seed not in browser.page.replace(" ", "")
        assert not CODE.findall(browser.page)
    with work(write=False) as session:
        assert all(row.shown is None for row in session.scalars(select(AccountSession)))


def test_the_picture_for_the_camera_needs_no_script_and_no_other_host(browser, invitation):
    choose_password(browser, invitation)
    browser.send(kind="app")
    assert '<img class="qr" src="data:image/svg+xml' in browser.page


def test_an_enrolment_cut_off_by_a_power_cut_goes_on_at_the_next_sign_in(browser, new_browser, invitation):
    choose_password(browser, invitation)
    again = new_browser(address="192.0.2.3")
    again.open("/sign-in")
    again.send(name="lan.tran", password=PASSWORD)
    assert again.path == "/first/factor"
    again.send(kind="app")
    seed = shown_seed(again.page)
    again.send(code=onetime.current_code(seed, clock.now()))
    third = new_browser(address="192.0.2.4")
    third.open("/sign-in")
    third.send(name="lan.tran", password=PASSWORD)
    third.send(code=onetime.current_code(seed, clock.now() + timedelta(seconds=30)))
    assert third.path == "/first/recovery"


def test_an_invitation_works_once_and_for_fourteen_days(browser, new_browser, invitation):
    with clock.frozen(MORNING + timedelta(days=14)):
        browser.open("/first")
        browser.send(name="lan.tran", code=invitation)
        assert "mã đã hết hạn" in browser.page
    choose_password(browser, invitation)
    thief = new_browser(address="192.0.2.6")
    thief.open("/first")
    thief.send(name="lan.tran", code=invitation)
    assert "Tên hoặc mã chưa đúng" in thief.page


def test_unknown_names_and_wrong_invitation_codes_answer_alike_and_are_throttled(browser, invitation):
    browser.open("/first")
    pages = []
    for name in ("lan.tran", "nobody.here"):
        browser.send(name=name, code="0000-0000-0000-0000")
        pages.append(re.sub(r'name="(csrf_token|once)" value="[^"]*"', "", browser.page).replace(name, ""))
    assert pages[0] == pages[1]
    for _ in range(4):
        browser.send(name="lan.tran", code="0000-0000-0000-0000")
    browser.send(name="lan.tran", code=invitation)
    assert browser.status == 429


@pytest.mark.parametrize(
    ("password", "words"),
    [("ngắn quá", "Mật khẩu quá ngắn: cần ít nhất 12 ký tự"), ("tranthilan1990", "Mật khẩu này dễ đoán")],
)
def test_a_weak_password_is_refused_with_the_reason(browser, invitation, password, words):
    choose_password(browser, invitation, password)
    assert browser.path == "/first/password"
    assert words in browser.page


def test_the_administrator_sees_no_password_no_seed_and_no_code(browser, work, invitation):
    seed = enrol_with_app(browser, invitation)
    codes = CODE.findall(browser.page)
    browser.send(kept="yes")
    from casemgr.accounts import queries

    with work() as session:
        people = queries.list_accounts(staff.administrator())
        seen = repr(people)
        account_id = people[0].account_id
        officer = staff.add_staff("bao.ve", Role.DATA_PROTECTION)
        given = service.reset_account(staff.administrator(), account_id)
        code = staff.released(given, officer.actor)
        session.flush()
        kinds = session.scalars(select(Factor.kind).where(Factor.account_id == account_id))
        assert kinds.all() == ["invitation"]
        assert session.get(Account, account_id).password_hash is None
    for secret in (PASSWORD, seed, *codes, "argon2"):
        assert secret not in seen + code


def test_a_reset_ends_the_sessions_and_the_person_enrols_anew(browser, work, invitation):
    enrol_with_app(browser, invitation)
    browser.send(kept="yes")
    with work() as session:
        account = session.scalars(select(Account)).one()
        officer = staff.add_staff("bao.ve", Role.DATA_PROTECTION)
        code = staff.released(service.reset_account(staff.administrator(), account.id), officer.actor)
    browser.open("/account")
    assert browser.path.startswith("/sign-in")
    browser.open("/sign-in")
    browser.send(name="lan.tran", password=PASSWORD)
    assert "Tên hoặc mật khẩu chưa đúng." in browser.page
    choose_password(browser, code)
    assert browser.path == "/first/factor"


def test_a_new_sheet_makes_the_old_one_void(browser, new_browser, work, app):
    with work():
        keeper = staff.add_staff("keeper", sheet=True)
    staff.sign_in(browser, keeper)
    browser.open("/account")
    browser.send(to="/account/factors", kind="sheet")
    fresh = CODE.findall(browser.page)
    browser.send(code=fresh[0])
    assert browser.path == "/account"
    again = new_browser(address="192.0.2.3")
    again.open("/sign-in")
    again.send(name="keeper", password=keeper.password)
    again.send(code=keeper.sheet[5])
    assert again.path.startswith("/sign-in/code")
    again.send(code=fresh[1])
    again.open("/account")
    assert again.path == "/account"


def test_a_renewal_that_is_given_up_changes_nothing(browser, new_browser, work, app):
    with work():
        keeper = staff.add_staff("keeper", sheet=True)
    staff.sign_in(browser, keeper)
    browser.open("/account")
    browser.send(to="/account/factors", kind="sheet")
    browser.send(to="/account/factors/drop")
    assert browser.path == "/account"
    assert "48 mã chưa dùng" in browser.page
