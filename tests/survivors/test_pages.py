"""The pages of identity, consent, search and duplicates as a person uses them."""

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from casemgr.audit.models import AuditEntry
from casemgr.cases import service as cases
from casemgr.db import current
from casemgr.policy import Role
from casemgr.survivors import service
from casemgr.survivors.models import Consent, DuplicateNotice, Survivor
from tests.rig.browsing import Browser
from tests.rig.desk import Desk

AN = {"full_name": "Nguyễn Thị Ẩn", "birth": "1990", "phone": "+84912345678", "code_word": "bánh chưng"}


@pytest.fixture
def browser(desk: Desk) -> Browser:
    return desk.seat("lan", Role.CASE_WORKER)


@pytest.fixture
def address(work, desk: Desk, browser: Browser) -> str:
    """The address of a case of the case worker."""
    with work():
        survivor = service.add_survivor(desk.actor("lan"), AN)
        case = cases.open_case(desk.actor("lan"), summary={}, survivor_id=survivor.id)
    return f"/cases/{case.id}"


def test_the_name_is_hidden_until_somebody_asks_for_it(work, browser: Browser, address: str) -> None:
    assert "Ẩn" not in browser.open(address)
    assert "Ẩn" not in browser.open(f"{address}/identity")
    page = browser.send(to=f"{address}/identity")

    assert "Nguyễn Thị Ẩn" in page
    assert "bánh chưng" in page
    with work(write=False) as session:
        read = select(AuditEntry).where(AuditEntry.action == "case:read", AuditEntry.outcome == "seen")
        assert session.scalars(read).all()


def test_a_change_is_saved_and_hides_the_name_again(work, browser: Browser, address: str) -> None:
    browser.open(f"{address}/identity/change")
    page = browser.send(full_name="Nguyễn Thị Ân", occupation="noi_tro", ethnicity="~declined")

    assert browser.path == f"{address}/identity"
    assert "Ân" not in page
    with work(write=False) as session:
        values = session.scalars(select(Survivor)).one().values
        assert (values["full_name"], values["occupation"]) == ("Nguyễn Thị Ân", "noi_tro")
        assert values["ethnicity"] == "~declined"


def test_a_wrong_answer_is_said_and_nothing_typed_is_lost(browser: Browser, address: str) -> None:
    browser.open(f"{address}/identity/change")
    page = browser.send(full_name="Ẩn 99", hamlet="nowhere", address="cạnh nhà văn hóa")

    assert browser.status == 422
    assert "cạnh nhà văn hóa" in page
    assert "Ẩn 99" in page
    assert 'id="hamlet-error"' in page


def test_an_older_form_does_not_overwrite_a_newer_record(browser: Browser, address: str) -> None:
    browser.open(f"{address}/identity/change")
    action, old = browser.form()
    browser.send(full_name="Nguyễn Thị Một")
    del old["once"]
    page = browser.post(action or f"{address}/identity/change", **{**old, "full_name": "Nguyễn Thị Hai"})

    assert browser.status == 409
    assert "Nguyễn Thị Hai" in page


def test_a_draft_comes_back(browser: Browser, address: str) -> None:
    browser.open(f"{address}/identity/change")
    browser.post(f"/drafts/survivor/{address.rpartition('/')[2]}", full_name="Lò Thị Bun")

    assert "Lò Thị Bun" in browser.open(f"{address}/identity/change")


def test_a_case_without_a_person_gets_one(work, desk: Desk, browser: Browser) -> None:
    with work():
        case = cases.open_case(desk.actor("lan"), summary={})
    browser.open(f"/cases/{case.id}/identity/change")
    browser.send(full_name="Lò Thị Bun")

    assert "Lò Thị Bun" in browser.send(to=f"/cases/{case.id}/identity")


def test_a_consent_is_recorded_and_withdrawn_in_one_click(work, browser: Browser, address: str) -> None:
    browser.open(f"{address}/consents/add")
    browser.send(limits_read="yes", purpose="chuyen_gui", service="y_te", answer="yes", how="loi_noi")
    assert "Chăm sóc y tế" in browser.page
    assert "1 sự đồng ý đang có hiệu lực" in browser.open(address)
    browser.open(f"{address}/consents")
    page = browser.send(to=f"{address}/consents/")

    assert "Đã rút lại" in page
    with work(write=False) as session:
        assert session.scalars(select(Consent)).one().state == "withdrawn"


@pytest.mark.parametrize(
    "fields",
    [
        {"limits_read": "no", "purpose": "quan_ly_ca", "answer": "yes", "how": "loi_noi"},
        {"limits_read": "yes", "purpose": "chuyen_gui", "answer": "yes", "how": "loi_noi"},
        {"limits_read": "yes"},
    ],
)
def test_a_consent_without_limits_service_or_answer_is_not_recorded(
    work, browser: Browser, address: str, fields: dict[str, str]
) -> None:
    browser.open(f"{address}/consents/add")
    browser.send(**fields, note="điều kiện")

    assert browser.status == 422
    assert "điều kiện" in browser.page
    with work(write=False) as session:
        assert session.scalars(select(Consent)).all() == []


def test_a_search_without_accents_finds_her_and_stays_out_of_the_address(
    browser: Browser, address: str
) -> None:
    browser.open("/search")
    page = browser.send(to="/search", text="nguyen thi an")

    assert browser.path == "/search"
    assert "N. T. Ẩ." in page
    assert f'href="{address}"' in page
    assert "Nguyễn Thị Ẩn" not in page


def test_a_colleague_finds_nobody_and_opens_nothing(desk: Desk, address: str) -> None:
    colleague = desk.seat("mai", Role.CASE_WORKER)
    colleague.open("/search")
    assert "Không tìm thấy" in colleague.send(to="/search", text="nguyen thi an")
    never = "/cases/00000000-0000-4000-8000-000000000000"
    for suffix in ("/identity", "/identity/change", "/consents", "/consents/add"):
        refused, missing = colleague.open(address + suffix), colleague.open(never + suffix)
        assert colleague.status == 404
        assert _same_for_all(refused) == _same_for_all(missing)


def test_somebody_barred_gets_the_same_page(work, desk: Desk, address: str) -> None:
    supervisor = desk.seat("thu", Role.SUPERVISOR)
    with work():
        case_id = address.rpartition("/")[2]
        cases.bar_account(desk.actor("lan"), UUID(case_id), desk.actor("thu").account_id, "em chồng")
    supervisor.open(f"{address}/identity")
    assert supervisor.status == 404
    supervisor.open("/search")
    assert "Không tìm thấy" in supervisor.send(to="/search", text="nguyen thi an")


def test_a_role_without_identities_has_no_search(desk: Desk, address: str) -> None:
    leader = desk.seat("son", Role.LEADER)
    assert 'href="/search"' not in leader.open("/")
    leader.open("/search")
    assert leader.status == 403


def test_the_supervisor_sees_pairs_and_takes_them_off(work, desk: Desk, address: str) -> None:
    supervisor = desk.seat("thu", Role.SUPERVISOR)
    desk.seat("mai", Role.CASE_WORKER)
    with work():
        survivor = service.add_survivor(desk.actor("mai"), AN)
        case = cases.open_case(desk.actor("mai"), summary={}, survivor_id=survivor.id)
        service.flag_duplicates_elsewhere(desk.actor("mai"), case.id)
        notice = current().scalars(select(DuplicateNotice)).one()
        notice.supervisor_id = desk.actor("thu").account_id
    assert 'href="/duplicates"' in supervisor.open("/")
    page = supervisor.open("/duplicates")
    assert case.code in page
    supervisor.send(to="/duplicates/")
    assert case.code not in supervisor.page


def _same_for_all(page: str) -> str:
    return re.sub(r'name="(csrf_token|once|back)" value="[^"]*"', "", page)


def test_the_pages_are_there_in_english(browser: Browser, address: str) -> None:
    browser.open("/")
    browser.send(to="/language", language="en")
    for path in (f"{address}/identity", f"{address}/identity/change", f"{address}/consents",
                 f"{address}/consents/add", "/search"):  # fmt: skip
        assert '<html lang="en">' in browser.open(path)
        assert browser.status == 200, path
