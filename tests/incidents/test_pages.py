"""The pages of incidents as a person uses them."""

import re

import pytest
from sqlalchemy import select

from casemgr.cases import service as cases
from casemgr.facts.models import Fact
from casemgr.incidents.models import Incident, Perpetrator
from casemgr.policy import Role
from casemgr.survivors import service as survivors
from tests.rig.browsing import Browser
from tests.rig.desk import Desk, send

BEATEN = {"gender_based": "yes", "penetration": "no", "sexual_contact": "no", "physical_force": "yes"}


@pytest.fixture
def browser(desk: Desk) -> Browser:
    return desk.seat("lan", Role.CASE_WORKER)


def open_case(work, desk: Desk) -> str:
    with work():
        survivor = survivors.add_survivor(desk.actor("lan"), {"sex": "nu", "birth": "1990"})
        case = cases.open_case(desk.actor("lan"), summary={}, survivor_id=survivor.id)
    return f"/cases/{case.id}/incidents"


@pytest.fixture
def address(work, desk: Desk, browser: Browser) -> str:
    """The address of the incidents of a case of the case worker."""
    return open_case(work, desk)


def add(browser: Browser, address: str, **fields: object) -> str:
    """Record an incident and return its address."""
    told = {"happened_on": "27/05/2026", "dv_acts": ["a"], "account": "lời kể rất buồn", **BEATEN}
    send(browser, f"{address}/add", **{**told, **fields})
    assert re.fullmatch(rf"{address}/[0-9a-f-]{{36}}", browser.path), browser.page
    return browser.path


def test_an_incident_is_recorded_classified_and_counted(work, browser: Browser, address: str) -> None:
    add(browser, address)

    assert "Tấn công thân thể" in browser.page
    assert "36" in browser.page or "35" in browser.page
    with work(write=False) as session:
        assert session.scalars(select(Fact)).one().content["gbvims_type"] == "phys_assault"


def test_the_account_is_folded_away_and_not_on_the_list(browser: Browser, address: str) -> None:
    add(browser, address)
    assert "<details" in browser.page
    assert browser.page.index("<details") < browser.page.index("lời kể rất buồn")

    assert "lời kể" not in browser.open(address)


def test_nothing_is_required_to_record_an_incident(browser: Browser, address: str) -> None:
    send(browser, f"{address}/add")

    assert browser.status == 200
    assert "Chưa phân loại" in browser.page


def test_a_wrong_date_keeps_the_account(work, browser: Browser, address: str) -> None:
    page = send(browser, f"{address}/add", happened_on="31/02/2026", account="lời kể rất buồn")

    assert browser.status == 422
    assert "lời kể rất buồn" in page
    assert "31/02/2026" in page
    with work(write=False) as session:
        assert session.scalars(select(Incident)).all() == []


def test_a_change_corrects_the_count(work, browser: Browser, address: str) -> None:
    incident = add(browser, address)
    browser.open(f"{incident}/change")
    browser.send(gender_based="no")

    assert browser.path == incident
    with work(write=False) as session:
        assert session.scalars(select(Fact)).one().content["gbvims_type"] == "non_gbv"


def test_perpetrators_are_recorded_changed_and_removed(work, browser: Browser, address: str) -> None:
    incident = add(browser, address)
    send(browser, f"{incident}/people/add", relation="chong", name="Lò Văn Bun", sex="nam")
    assert "Lò Văn Bun" in browser.page
    person = re.search(rf'href="({incident}/people/[0-9a-f-]{{36}})"', browser.page)
    assert person is not None
    browser.open(person[1])
    browser.send(relation="hang_xom")
    with work(write=False) as session:
        assert session.scalars(select(Fact)).one().content["relationship"] == "hang_xom"
    browser.open(person[1])
    browser.send(to=f"{person[1]}/remove")
    with work(write=False) as session:
        assert session.scalars(select(Perpetrator)).all() == []


def test_acts_that_the_law_does_not_name_are_pointed_out(browser: Browser, address: str) -> None:
    add(browser, address, relationship_basis="ly_hon", dv_acts=["n"])

    assert "không nêu các hành vi này" in browser.page


def test_the_supervisor_changes_the_type_with_a_reason(desk: Desk, browser: Browser, address: str) -> None:
    incident = add(browser, address)
    browser.open(f"{incident}/classification")
    assert browser.status == 403
    supervisor = desk.seat("thu", Role.SUPERVISOR)
    send(supervisor, f"{incident}/classification", core_type="psych")
    assert supervisor.status == 422
    send(supervisor, f"{incident}/classification", core_type="psych", reason="nghe lại lời kể")

    assert "Bạo lực tâm lý" in supervisor.page
    assert "nghe lại lời kể" in supervisor.page


def test_one_event_stands_in_two_files_that_do_not_know_each_other(
    work, desk: Desk, browser: Browser, address: str
) -> None:
    add(browser, address)
    code = re.search(r"VV-[0-9A-Z]{6}", browser.page)
    assert code is not None
    other = open_case(work, desk)
    send(browser, f"{other}/same-event", code=code[0].lower())

    assert browser.path.startswith(other)
    assert code[0] not in browser.page
    assert "lời kể" not in browser.page
    with work(write=False) as session:
        assert len({fact.content["event"] for fact in session.scalars(select(Fact))}) == 1


@pytest.mark.parametrize("code", ["VV-22222Z", "không", "HS-22222A"])
def test_a_code_that_nobody_knows_is_said_to_be_unknown(browser: Browser, address: str, code: str) -> None:
    send(browser, f"{address}/same-event", code=code)

    assert browser.status == 422
    assert "Không có vụ việc nào với mã này" in browser.page


def test_a_colleague_gets_the_page_of_what_never_was(desk: Desk, browser: Browser, address: str) -> None:
    incident = add(browser, address)
    colleague = desk.seat("mai", Role.CASE_WORKER)
    never = "/cases/00000000-0000-4000-8000-000000000000/incidents"
    number = incident.rpartition("/")[2]
    for suffix in (
        "",
        "/add",
        f"/{number}",
        f"/{number}/change",
        f"/{number}/people/add",
        "/same-event",
    ):
        refused, missing = colleague.open(address + suffix), colleague.open(never + suffix)
        assert colleague.status == 404
        assert _same_for_all(refused) == _same_for_all(missing)


def _same_for_all(page: str) -> str:
    return re.sub(r'name="(csrf_token|once|back)" value="[^"]*"', "", page)


def test_the_pages_are_there_in_english(browser: Browser, address: str) -> None:
    incident = add(browser, address)
    browser.send(to="/language", language="en")
    for path in (address, f"{address}/add", incident, f"{incident}/change", f"{incident}/people/add",
                 f"{address}/same-event"):  # fmt: skip
        assert '<html lang="en">' in browser.open(path)
        assert browser.status == 200, path
