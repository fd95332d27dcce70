"""The pages of intake and emergency as a person uses them, in both languages."""

import re

import pytest
from sqlalchemy import select

from casemgr.cases.models import Case
from casemgr.facts.models import Fact
from casemgr.intake.models import Intake
from casemgr.policy import Role
from casemgr.web.models import Draft
from tests.rig.browsing import Browser
from tests.rig.desk import Desk, send


@pytest.fixture
def browser(desk: Desk) -> Browser:
    return desk.seat("lan", Role.CASE_WORKER)


def begin(browser: Browser) -> str:
    """Start an intake and return its address."""
    send(browser, "/intake", danger_now="no")
    assert re.fullmatch(r"/intake/[0-9a-f-]{36}", browser.path), browser.page
    return browser.path


def fill(browser: Browser, address: str, section: str, **fields: object) -> str:
    browser.open(f"{address}/{section}")
    return browser.send(to=f"{address}/{section}", then="leave", **fields)


def test_without_the_question_of_danger_no_intake_begins(work, browser: Browser) -> None:
    send(browser, "/intake")

    assert browser.status == 422
    assert 'id="error-summary"' in browser.page
    with work(write=False) as session:
        assert session.scalars(select(Intake)).all() == []


def test_a_whole_intake_becomes_a_case_and_shows_no_name(work, desk: Desk, browser: Browser) -> None:
    address = begin(browser)
    fill(browser, address, "report", channel="truc_tiep")
    fill(browser, address, "contact", may_call="yes", phone="0912 345 678")
    fill(browser, address, "consent", limits_read="yes", agrees_file="yes", services=["tam_lanh"])
    person = {"full_name": "Nguyễn Thị Ẩn", "birth": "1990", "sex": "nu", "hamlet": desk.office.hamlet_id}
    fill(browser, address, "person", **{name: str(value) for name, value in person.items()})
    fill(browser, address, "incident", account="Chị kể chuyện buồn")
    fill(browser, address, "acts", dv_acts=["a"])
    fill(
        browser, address, "classification",
        gender_based="yes", penetration="no", sexual_contact="no", physical_force="yes",
    )  # fmt: skip
    send(browser, f"{address}/people/add", relation="chong", sex="nam")
    fill(browser, address, "danger", danger_now="yes", danger_signs=["vu_khi"], risk_level="cao")
    fill(browser, address, "needs", urgent_needs=["noi_an_toan"], adults="1", children="2")

    checked = browser.open(f"{address}/check")
    assert "Nguyễn Thị Ẩn" in checked
    assert "Thôn Một" in checked
    browser.send(to=f"{address}/complete")

    assert browser.path.startswith("/cases/")
    assert browser.status == 200
    assert "Ẩn" not in browser.page
    assert "Nơi ở an toàn" in browser.page
    with work(write=False) as session:
        assert session.scalars(select(Case)).one().state == "open"
        assert session.scalars(select(Fact)).one().content["gbvims_type"] == "phys_assault"
        assert session.scalars(select(Draft)).all() == []


def test_the_way_back_from_a_change_leads_to_the_answers(browser: Browser) -> None:
    address = begin(browser)
    fill(browser, address, "needs", adults="1")
    browser.open(f"{address}/check")
    assert f'href="{address}/needs?from=check#adults"' in browser.page
    browser.open(f"{address}/needs?from=check")
    browser.send(to=f"{address}/needs", adults="3")

    assert browser.path.startswith(f"{address}/check")
    assert "3" in browser.page


def test_an_invalid_answer_keeps_everything_that_was_typed(browser: Browser) -> None:
    address = begin(browser)
    page = fill(browser, address, "contact", phone="12ab", contact_hours="8 giờ sáng")

    assert browser.status == 422
    assert "12ab" in page
    assert "8 giờ sáng" in page
    assert "Số điện thoại chỉ gồm chữ số." in page


def test_a_draft_that_was_not_sent_is_in_the_form_again(browser: Browser) -> None:
    address = begin(browser)
    browser.open(f"{address}/person")
    identifier = address.rpartition("/")[2]
    browser.post(f"/drafts/intake.person/{identifier}", full_name="Lò Thị Bun")
    assert browser.status == 204

    assert "Lò Thị Bun" in browser.open(f"{address}/person")


def test_consent_is_asked_for_before_the_case_opens(browser: Browser) -> None:
    address = begin(browser)
    browser.open(f"{address}/check")
    page = browser.send(to=f"{address}/complete")

    assert browser.status == 422
    assert "Hãy ghi người bị bạo lực có đồng ý lập hồ sơ không." in page


def test_without_consent_nothing_with_a_name_is_kept(work, browser: Browser) -> None:
    address = begin(browser)
    fill(browser, address, "person", full_name="Nguyễn Thị Ẩn")
    fill(browser, address, "consent", agrees_file="no")
    page = browser.open(f"{address}/check")
    assert "Kết thúc, không lập hồ sơ" in page
    browser.send(to=f"{address}/complete")

    with work(write=False) as session:
        assert session.scalars(select(Case)).all() == []
        assert session.scalars(select(Intake)).one().state == "completed"
    assert browser.open(address)
    assert browser.status == 409


def test_giving_up_ends_an_intake(work, browser: Browser) -> None:
    address = begin(browser)
    browser.send(to=f"{address}/give-up")

    with work(write=False) as session:
        assert session.scalars(select(Intake)).one().state == "given_up"


def test_somebody_known_is_offered_before_a_new_record_is_made(work, browser: Browser) -> None:
    for _ in range(2):
        address = begin(browser)
        page = fill(browser, address, "person", full_name="Nguyen Thi An", birth="1990")
        fill(browser, address, "consent", limits_read="yes", agrees_file="yes")
        browser.open(f"{address}/check")
        browser.send(to=f"{address}/complete")
    assert "N. T. A." in page

    address = begin(browser)
    page = fill(browser, address, "person", full_name="Nguyễn Thị Ẩn", birth="1990")
    known = re.findall(r'name="survivor" value="([0-9a-f-]{36})"', page)
    assert len(known) == 2
    browser.send(survivor=known[0])
    assert browser.path == address
    assert "đã có hồ sơ" in browser.page


def test_a_colleague_gets_the_page_of_what_never_was(desk: Desk, browser: Browser) -> None:
    address = begin(browser)
    colleague = desk.seat("mai", Role.CASE_WORKER)
    for suffix in ("", "/person", "/check", "/people", "/known"):
        never = "/intake/00000000-0000-4000-8000-000000000000" + suffix
        refused, missing = colleague.open(address + suffix), colleague.open(never)
        assert colleague.status == 404
        assert _without_keys(refused) == _without_keys(missing)


def _without_keys(page: str) -> str:
    """Drop what differs from page to page for everybody: form keys and the page's own address."""
    return re.sub(r'name="(csrf_token|once|back)" value="[^"]*"', "", page)


@pytest.mark.parametrize("role", [Role.LEADER, Role.REPORT_OFFICER, Role.KEEPER])
def test_roles_without_cases_have_no_emergency_and_no_intake(desk: Desk, role: Role) -> None:
    browser = desk.seat("khac", role)

    assert "/emergency" not in browser.open("/")
    for path in ("/emergency", "/intake"):
        browser.open(path)
        assert browser.status == 403


def test_an_emergency_is_one_page_and_then_numbers_to_call(work, browser: Browser) -> None:
    assert 'href="/emergency"' in browser.open("/")
    send(
        browser, "/emergency", danger_now="yes", phone="0912345678", adults="1", children="2",
        urgent_needs=["noi_an_toan", "bao_ve"], consent="given",
    )  # fmt: skip

    assert re.fullmatch(r"/emergency/[0-9a-f-]{36}", browser.path)
    for words in ("tel:18001744", "tel:113", "0912 345 678", "Địa chỉ tin cậy Thôn Một", "cần ngay"):
        assert words in browser.page
    with work(write=False) as session:
        case = session.scalars(select(Case)).one()
        assert (case.state, case.risk_level) == ("emergency", "cao")


def test_an_emergency_opens_with_no_answer_at_all(browser: Browser) -> None:
    send(browser, "/emergency")

    assert browser.status == 200
    assert browser.path.startswith("/emergency/")


def test_a_wrong_number_in_an_emergency_keeps_the_rest(browser: Browser) -> None:
    page = send(browser, "/emergency", phone="12", note="ở sau nhà văn hóa", consent="given")

    assert browser.status == 422
    assert "ở sau nhà văn hóa" in page
    assert re.search(r'value="given" checked', page)


def test_the_intake_of_an_emergency_completes_its_case(work, browser: Browser) -> None:
    send(browser, "/emergency", danger_now="yes", phone="0912345678", consent="given")
    case_id = browser.path.rpartition("/")[2]
    send(browser, f"/cases/{case_id}/intake", danger_now="no")
    address = browser.path
    assert "0912 345 678" in browser.open(f"{address}/contact")
    browser.open(f"/cases/{case_id}/intake")
    assert browser.path == address
    browser.open(f"{address}/check")
    browser.send(to=f"{address}/complete")

    assert browser.path == f"/cases/{case_id}"
    with work(write=False) as session:
        assert session.scalars(select(Case)).one().state == "open"


def test_the_pages_are_there_in_english(browser: Browser) -> None:
    address = begin(browser)
    browser.open("/")
    browser.send(to="/language", language="en")
    for path in ("/emergency", "/intake", address, *(f"{address}/{part}" for part in PARTS)):
        page = browser.open(path)
        assert browser.status == 200, path
        assert '<html lang="en">' in page


PARTS = ("report", "contact", "consent", "person", "circumstances", "incident", "acts", "classification",
         "danger", "needs", "people", "people/add", "check")  # fmt: skip
