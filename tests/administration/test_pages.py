"""The pages of administration: who gets in, what is kept when something is wrong, what nobody sees."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from casemgr import clock
from casemgr.accounts import service as accounts
from casemgr.accounts.models import Account
from casemgr.administration import queries
from casemgr.cases import service as cases
from casemgr.db import current
from casemgr.policy import Role
from casemgr.tips import service as tips
from casemgr.units.models import Unit
from casemgr.web.application import CaseApplication
from tests.rig import staff
from tests.rig.browsing import ORIGIN, Browser
from tests.rig.staff import Staff, Work

SignIn = Callable[[Staff], Browser]

ADMINISTRATORS_PAGES = [
    "/administration",
    "/administration/accounts",
    "/administration/accounts/add",
    "/administration/units",
    "/administration/units/add",
]
OFFICERS_PAGES = ["/administration/audit", "/administration/audit/check"]
SECRET = "Tiếng kêu cứu mỗi tối"


@pytest.mark.parametrize("who", ["head", "worker", "supervisor", "officer"])
def test_only_administrators_open_the_pages_of_administration(sign_in: SignIn, commune, who: str) -> None:
    browser = sign_in(getattr(commune, who))
    for path in ADMINISTRATORS_PAGES:
        browser.open(path)
        assert browser.status == 403


@pytest.mark.parametrize("who", ["head", "worker", "supervisor", "administrator"])
def test_only_the_data_protection_officer_opens_the_log(sign_in: SignIn, commune, who: str) -> None:
    browser = sign_in(getattr(commune, who))
    for path in OFFICERS_PAGES:
        browser.open(path)
        assert browser.status == 403


def test_administrator_and_officer_open_all_their_pages(sign_in: SignIn, commune) -> None:
    for who, paths in ((commune.administrator, ADMINISTRATORS_PAGES), (commune.officer, OFFICERS_PAGES)):
        browser = sign_in(who)
        for path in [*paths, "/administration/keys"]:
            browser.open(path)
            assert browser.status == 200, path


@pytest.mark.parametrize("path", ["/cases", "/tips", "/tips/new"])
@pytest.mark.parametrize("who", ["administrator", "officer"])
def test_those_who_look_after_the_system_open_no_case_and_no_tip(
    sign_in: SignIn, commune, who: str, path: str
) -> None:
    browser = sign_in(getattr(commune, who))
    browser.open(path)

    assert browser.status == 403


def add(browser: Browser, commune, **fields: object) -> None:
    browser.open("/administration/accounts/add")
    typed = {
        "name": "Hoàng Thị Mới",
        "sign_in_name": "moi",
        "unit_id": str(commune.office_id),
        "roles": "report_officer",
    }
    browser.send(**{**typed, **fields})


def code_on(page: str) -> str:
    found = re.search(r"(?<![\w-])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){1,3}(?![\w-])", page)
    return found[0] if found else ""


def test_a_new_account_gets_a_code_that_lets_its_owner_enrol(sign_in: SignIn, commune, app) -> None:
    browser = sign_in(commune.administrator)
    add(browser, commune)
    assert browser.path.endswith("/invitation")
    code = code_on(browser.page)

    newcomer = Browser(app)
    newcomer.open("/first")
    newcomer.send(name="moi", code=code)
    assert newcomer.path == "/first/password"


def test_the_code_is_printed_on_a_sheet_then_never_shown_again(sign_in: SignIn, commune) -> None:
    browser = sign_in(commune.administrator)
    add(browser, commune)
    page = browser.path

    sheet = browser.client.get(f"{page}.pdf", base_url=ORIGIN)
    assert sheet.mimetype == "application/pdf"
    assert sheet.data.startswith(b"%PDF")
    browser.open(page)
    browser.send(to=f"{page}/handed")
    assert browser.status == 200
    assert code_on(browser.open(page)) == ""
    browser.open(f"{page}.pdf")
    assert browser.answer.mimetype == "text/html"


def test_the_code_hides_by_itself_after_a_quarter_of_an_hour(sign_in: SignIn, commune, monkeypatch) -> None:
    from datetime import timedelta

    from casemgr.administration.views import invitations

    monkeypatch.setattr(invitations, "CODE_SHOWN", timedelta(minutes=-1))
    browser = sign_in(commune.administrator)
    add(browser, commune)

    assert browser.path.endswith("/invitation")
    assert code_on(browser.page) == ""


def test_the_code_is_shown_to_nobody_else(sign_in: SignIn, commune, work: Work) -> None:
    browser = sign_in(commune.administrator)
    add(browser, commune)
    page, code = browser.path, code_on(browser.page)
    with work():
        second = staff.add_staff("quan.tri.hai", Role.ADMINISTRATOR, unit_id=commune.council_id)

    other = sign_in(second)
    assert code not in other.open(page)
    assert other.status == 200
    other.open(f"{page}.pdf")
    assert other.answer.mimetype == "text/html"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"sign_in_name": "lan"}, "sign_in_name"),
        ({"sign_in_name": "có dấu cách!"}, "sign_in_name"),
        ({"unit_id": ""}, "unit_id"),
        ({"unit_id": "khong-phai"}, "unit_id"),
        ({"roles": ["administrator", "supervisor"]}, "roles"),
        ({"roles": "unknown"}, "roles"),
    ],
)
def test_what_does_not_fit_is_said_and_everything_typed_stays(
    sign_in: SignIn, commune, work: Work, fields: dict[str, object], field: str
) -> None:
    browser = sign_in(commune.administrator)
    add(browser, commune, **fields)

    assert browser.status == 422
    assert f'href="#{field}"' in browser.page
    assert 'value="Hoàng Thị Mới"' in browser.page
    with work(write=False) as session:
        assert len(session.scalars(select(Account.id)).all()) == 7


def test_no_administrator_gives_a_role_to_themselves(sign_in: SignIn, commune, work: Work) -> None:
    browser, own = sign_in(commune.administrator), commune.administrator.actor.account_id
    page = browser.open(f"/administration/accounts/{own}")
    assert f"/administration/accounts/{own}/roles" not in page
    for act in ("disable", "reset", "enable"):
        assert f"/{act}" not in page

    assert 'name="roles"' not in browser.open(f"/administration/accounts/{own}/roles")
    browser.post(f"/administration/accounts/{own}/roles", roles="supervisor")
    assert browser.status == 409
    with work(write=False) as session:
        assert session.get_one(Account, own).roles == {Role.ADMINISTRATOR}


def test_changed_roles_stand_on_top_of_the_log(sign_in: SignIn, commune) -> None:
    browser = sign_in(commune.administrator)
    browser.open(f"/administration/accounts/{commune.worker.actor.account_id}/roles")
    browser.send(roles=["case_worker", "supervisor"])
    assert browser.status == 200
    release(sign_in(commune.officer))

    page = sign_in(commune.officer).open("/administration/audit")
    top = page[: page.index("<table")]
    assert "Người thứ hai đã duyệt: Lò Thị Lan" in top
    assert "Đưa người thứ hai duyệt: Lò Thị Lan" in top
    assert "Phạm Văn Trị" in top
    assert "Cán bộ quản lý ca → Cán bộ quản lý ca, Người giám sát ca" in top


def test_changing_roles_ends_the_sessions_of_the_person(sign_in: SignIn, commune) -> None:
    person = sign_in(commune.worker)
    browser = sign_in(commune.administrator)
    browser.open(f"/administration/accounts/{commune.worker.actor.account_id}/roles")
    browser.send(roles="report_officer")

    person.open("/tips", follow=False)
    assert person.status == 303


def test_an_account_is_shut_opened_and_reset(sign_in: SignIn, commune) -> None:
    person, browser = sign_in(commune.worker), sign_in(commune.administrator)
    page = f"/administration/accounts/{commune.worker.actor.account_id}"
    browser.open(page)
    browser.send(to=f"{page}/disable")
    assert "Đã khóa" in browser.page
    person.open("/", follow=False)
    assert person.status == 303

    browser.send(to=f"{page}/enable")
    first = code_on(browser.page)
    second = code_on(release(sign_in(commune.supervisor)))
    assert len(first) == len(second) == len("1234-5678")
    browser.open(page)
    browser.send(to=f"{page}/invite")
    third = code_on(browser.page)
    browser.open(page)
    assert "Đang chờ người thứ hai duyệt" in browser.page
    browser.send(to=f"{page}/withdraw")
    browser.send(to=f"{page}/reset")
    assert len({first, second, third, code_on(browser.page)}) == 4


def test_an_account_that_never_was_cannot_be_found(sign_in: SignIn, commune) -> None:
    browser = sign_in(commune.administrator)
    for path in ("accounts", "units"):
        browser.open(f"/administration/{path}/{UUID(int=7)}")
        assert browser.status == 404


def release(browser: Browser) -> str:
    """Look at the oldest thing that waits, from the first page on, and release it."""
    browser.open("/")
    assert "/administration/requests" in browser.page
    listed = browser.open("/administration/requests")
    found = re.search(r'href="(/administration/requests/[0-9a-f-]{36})"', listed)
    assert found is not None
    browser.open(found[1])
    return browser.send(to=f"{found[1]}/release")


def test_who_releases_gets_the_half_that_the_administrator_never_sees(sign_in: SignIn, commune, app) -> None:
    chief, page = (
        sign_in(commune.administrator),
        f"/administration/accounts/{commune.worker.actor.account_id}",
    )
    chief.open(page)
    chief.send(to=f"{page}/reset")
    first = code_on(chief.page)
    browser = sign_in(commune.supervisor)
    second = code_on(release(browser))

    assert browser.path.endswith("/half")
    chief.open(browser.path)
    assert chief.status == 403
    assert second not in chief.open(page) + chief.open(f"{page}/invitation")
    newcomer = Browser(app)
    newcomer.open("/first")
    newcomer.send(name="lan", code=f"{first} {second}")
    assert newcomer.path == "/first/password"


def test_the_half_is_shown_to_nobody_but_whoever_released(sign_in: SignIn, commune) -> None:
    chief, page = (
        sign_in(commune.administrator),
        f"/administration/accounts/{commune.worker.actor.account_id}",
    )
    chief.open(page)
    chief.send(to=f"{page}/reset")
    browser = sign_in(commune.supervisor)
    second = code_on(release(browser))

    assert second not in sign_in(commune.officer).open(browser.path)


def test_a_supervisor_from_whom_a_file_of_the_person_is_kept_is_not_asked(
    sign_in: SignIn, commune, work: Work
) -> None:
    with work():
        case = cases.open_case(commune.worker.actor, summary={})
        cases.bar_account(commune.worker.actor, case.id, commune.supervisor.actor.account_id, "Em gái")
        accounts.reset_account(commune.administrator.actor, commune.worker.actor.account_id)
        request_id = queries.list_requests(commune.officer.actor)[0].request_id

    browser = sign_in(commune.supervisor)
    assert "/administration/requests" not in browser.page
    assert str(request_id) not in browser.open("/administration/requests")
    for path in ("", "/release", "/refuse"):
        address = f"/administration/requests/{request_id}{path}"
        if path:
            browser.open("/administration/requests")
            browser.post(address)
        else:
            browser.open(address)
        assert browser.status == 404
    assert str(request_id) in sign_in(commune.officer).open("/administration/requests")


def test_carrying_out_alone_is_offered_after_three_days_and_refused_while_somebody_can_release(
    app: CaseApplication, commune, work: Work
) -> None:
    page = f"/administration/accounts/{commune.worker.actor.account_id}"
    with work():
        accounts.reset_account(commune.administrator.actor, commune.worker.actor.account_id)
    for days in (2, 3):
        browser = Browser(app)
        with clock.frozen(clock.now() + timedelta(days=days)):
            staff.sign_in(browser, commune.administrator)
            assert (f"{page}/carry-out" in browser.open(page)) is (days == 3)
    with clock.frozen(clock.now() + timedelta(days=3)):
        browser.send(to=f"{page}/carry-out")
        assert "Có người duyệt được việc này" in browser.page


def send_unit(browser: Browser, council_id: UUID, **fields: str) -> None:
    browser.open(f"/administration/units/add?parent_id={council_id}")
    typed = {
        "kind": "thon",
        "name": "Thôn Kim Mẫm",
        "parent_id": str(council_id),
        "province_code": "",
        "commune": "",
        "former_commune": "Xã Cẩm Lương",
        "is_public": "yes",
        "duty_phone": "",
        "valid_from": "01/07/2025",
    }
    browser.send(**{**typed, **fields})


def test_a_hamlet_is_added_changed_paused_and_closed(sign_in: SignIn, commune, work: Work) -> None:
    browser = sign_in(commune.administrator)
    send_unit(browser, commune.council_id)
    page = browser.path
    assert "Xã Cẩm Lương" in browser.page
    assert "01/07/2025" in browser.page

    browser.open(f"{page}/change")
    browser.send(
        kind="thon", parent_id=str(commune.council_id), name="Thôn Kim Mẫm Mới", duty_phone="0912 345 678"
    )
    assert "Thôn Kim Mẫm Mới" in browser.page
    assert "0912 345 678" in browser.page

    browser.send(to=f"{page}/pause")
    assert "Tạm dừng tiếp nhận" in browser.page
    browser.send(to=f"{page}/resume")
    browser.send(to=f"{page}/close", valid_to="hôm nay")
    assert browser.status == 422
    assert "hôm nay" in browser.page
    browser.send(to=f"{page}/close", valid_to="30/06/2025")
    assert browser.status == 422
    browser.send(to=f"{page}/close", valid_to="04/06/2026")
    assert "04/06/2026" in browser.page
    assert "Thôn Kim Mẫm Mới" not in browser.open("/administration/units")
    assert "Thôn Kim Mẫm Mới" in browser.open("/administration/units?closed=yes")
    with work(write=False) as session:
        assert session.scalar(select(Unit.commune_code).where(Unit.name == "Thôn Kim Mẫm Mới")) == "15148"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Thôn Lương Ngọc"}, "name"),
        ({"duty_phone": "12"}, "duty_phone"),
        ({"duty_phone": "0912345678", "is_public": "no"}, "duty_phone"),
        ({"commune": "Tân Tiến"}, "commune"),
        ({"commune": "Xã Qwxyz"}, "commune"),
        ({"commune": "Cẩm T"}, "commune"),
        ({"parent_id": "", "commune": ""}, "province_code"),
    ],
)
def test_a_unit_that_does_not_fit_is_not_stored(
    sign_in: SignIn, commune, work: Work, fields: dict[str, str], field: str
) -> None:
    browser = sign_in(commune.administrator)
    with work(write=False) as session:
        before = len(session.scalars(select(Unit.id)).all())
    send_unit(browser, commune.council_id, **fields)

    assert browser.status == 422
    assert f'href="#{field}"' in browser.page
    assert "Xã Cẩm Lương" in browser.page
    with work(write=False) as session:
        assert len(session.scalars(select(Unit.id)).all()) == before


def test_a_commune_with_a_common_name_is_chosen_from_a_list(sign_in: SignIn, commune, work: Work) -> None:
    browser = sign_in(commune.administrator)
    send_unit(browser, commune.council_id, commune="Tân Tiến")
    code = re.findall(r'<option value="(\d{5})"', browser.page)[0]

    send_unit(browser, commune.council_id, commune="Tân Tiến", commune_code=code)
    assert browser.status == 200
    with work(write=False) as session:
        assert session.scalar(select(Unit.commune_code).where(Unit.name == "Thôn Kim Mẫm")) == code


def test_the_log_is_filtered_by_person_kind_outcome_record_and_days(sign_in: SignIn, commune) -> None:
    sign_in(commune.worker).open("/administration")
    browser = sign_in(commune.officer)
    worker_id = commune.worker.actor.account_id

    rows = table_of(browser.open(f"/administration/audit?who={worker_id}&outcome=refused"))
    assert len(rows) == 1
    assert "Lò Thị Lan" in rows[0]
    assert "Bị từ chối" in rows[0]
    assert table_of(browser.open("/administration/audit?kind=tip")) == []
    assert table_of(browser.open("/administration/audit?until=04/06/2026")) == []
    assert table_of(browser.open("/administration/audit?since=05/06/2026&until=05/06/2026"))
    rows = table_of(browser.open(f"/administration/audit?object={worker_id}"))
    assert rows
    assert all(str(worker_id)[:8] in row for row in rows)
    browser.open("/administration/audit?since=31/02/2026")
    assert 'href="#since"' in browser.page


def table_of(page: str) -> list[str]:
    body = re.search(r"<tbody.*?</tbody>", page, flags=re.DOTALL)
    return re.findall(r"<tr.*?</tr>", body[0], flags=re.DOTALL) if body else []


def test_the_log_goes_on_page_by_page(sign_in: SignIn, commune, monkeypatch) -> None:
    from casemgr.administration import queries

    monkeypatch.setattr(queries, "PAGE", 5)
    browser = sign_in(commune.officer)
    first = table_of(browser.open("/administration/audit"))
    older = re.search(r'rel="next" href="([^"]+)"', browser.page)
    assert older is not None
    second = table_of(browser.open(older[1].replace("&amp;", "&")))

    assert len(first) == len(second) == 5
    assert "roles-title" not in browser.page


def test_looking_through_the_log_is_in_the_log(sign_in: SignIn, commune) -> None:
    browser = sign_in(commune.officer)
    browser.open("/administration/audit")

    rows = table_of(browser.open(f"/administration/audit?who={commune.officer.actor.account_id}&kind=audit"))
    assert "Xem nhật ký" in rows[0]


def test_the_log_says_nothing_of_what_a_tip_is_about(sign_in: SignIn, commune, work: Work) -> None:
    with work():
        tips.send_tip(
            commune.head.actor,
            content={"danger": "co", "seen": SECRET},
            reporter={"may_call": "yes", "reporter_name": "Trương Hàng Xóm"},
        )
        current().flush()
    browser = sign_in(commune.worker)
    path = re.findall(r'href="(/tips/[0-9a-f-]{36})"', browser.open("/tips"))[0]
    browser.open(path)
    browser.send(to=f"{path}/outcome", outcome="khong_mo_ca", outcome_note="Lời kể riêng")

    page = sign_in(commune.officer).open("/administration/audit")
    rows = "".join(table_of(page))
    assert "Tin báo: Mở xem" in rows
    for words in (SECRET, "Trương Hàng Xóm", "Lời kể riêng", "khong_mo_ca", "Thôn Lương Ngọc", "TB-"):
        assert words not in page


def test_the_check_says_in_words_that_the_log_is_whole(sign_in: SignIn, commune) -> None:
    browser = sign_in(commune.officer)

    assert "Nhật ký nguyên vẹn" in browser.open("/administration/audit/check")
    assert "Giá trị niêm phong đã so sánh" in browser.open("/administration/audit/check?deep=yes")


def test_the_check_says_where_something_was_changed_from_outside(
    sign_in: SignIn, commune, work: Work
) -> None:
    browser = sign_in(commune.officer)
    with work() as session:
        damaged = update(Account).where(Account.id == commune.worker.actor.account_id)
        session.execute(damaged.values({"_sealed_name": Account._sealed_language}))

    page = browser.open("/administration/audit/check?deep=yes")
    assert "đã bị sửa từ bên ngoài" in page
    assert "Bảng account" in page
    browser.open("/administration/audit")
    assert browser.status == 200


def test_pages_speak_english_when_asked_to(sign_in: SignIn, commune) -> None:
    browser = sign_in(commune.administrator)
    browser.open("/administration")
    browser.send(to="/language", language="en")

    for path in ADMINISTRATORS_PAGES:
        page = re.sub(
            r'<button[^>]*lang="vi".*?</button>|value="[^"]*"|<option.*?</option>', "", browser.open(path)
        )
        assert "Tài khoản" not in page
        assert "Đơn vị và thôn" not in page
