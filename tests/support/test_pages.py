"""The pages of support: the programme's officer looks for a way to the case and finds none."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from casemgr.support.models import SupportAction, SupportLink

NAME = "Quách Thị Hoa"
FORM = {
    "beneficiary": NAME,
    "sex": "nu",
    "group": "can_ngheo",
    "kind": "dt_nghe",
    "programme": "ctmtqg_2026",
    "fund": "ctmtqg",
    "amount": "5.000.000",
}
CONSENT = {"limits_read": "yes", "how": "loi_noi"}


def begin(commune, sign_in, **changed):
    browser = sign_in(commune.worker)
    browser.open(f"/cases/{commune.case_id}/support/new")
    browser.send(**{**FORM, **CONSENT, **changed})
    return browser


def add(commune, sign_in, **changed):
    browser = sign_in(commune.officer)
    browser.open("/support/new")
    browser.send(**{**FORM, **changed})
    return browser


@pytest.fixture
def support_id(commune, sign_in, work):
    begin(commune, sign_in)
    with work(write=False) as session:
        return session.scalar(select(SupportAction.id))


def words_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def sanitised(page, *own):
    """A page without what differs on purpose: ids, codes and the tokens of forms."""
    for part in own:
        page = page.replace(str(part), "ID")
    page = re.sub(r"HT-[0-9A-Z]{6}", "CODE", page)
    return re.sub(r'(name="(?:csrf_token|once|back)" value=")[^"]*', r"\1", page)


def test_the_case_shows_what_it_began(commune, sign_in, support_id):
    browser = sign_in(commune.worker)

    assert browser.path == f"/cases/{commune.case_id}/support"
    page = words_of(browser.page)
    assert "Đào tạo nghề" in page
    assert "Dự kiến" in page
    assert NAME not in page
    assert str(support_id) not in browser.page
    page = words_of(browser.open(f"/cases/{commune.case_id}"))
    assert "Sinh kế và hỗ trợ khác 1 hoạt động hỗ trợ Đang làm" in page


def test_the_officer_sees_a_beneficiary_and_nothing_of_the_case(commune, sign_in, support_id):
    officer = sign_in(commune.officer)
    pages = officer.open("/support") + officer.open(f"/support/{support_id}")
    officer.send(to=f"/support/{support_id}/name")
    pages += officer.page

    assert NAME in officer.page
    for trace in (str(commune.case_id), commune.case_code, "Lò Thị Lan", "bạo lực", "HS-"):
        assert trace not in pages


def test_pages_of_both_kinds_are_the_same_byte_for_byte(commune, sign_in, work, support_id):
    add(commune, sign_in)
    officer = sign_in(commune.officer)
    officer.open("/support")
    with work(write=False) as session:
        ids = list(session.scalars(select(SupportAction.id)))
    for address in ("/support/{}", "/support/{}/change", "/support/{}/finish"):
        one, other = [sanitised(officer.open(address.format(action_id)), action_id) for action_id in ids]
        assert one == other
    rows = re.findall(r"<tr role=\"row\">.*?</tr>", officer.open("/support"), re.DOTALL)[1:]
    assert len(rows) == 2
    assert sanitised(rows[0], *ids) == sanitised(rows[1], *ids)


def test_no_table_keeps_the_way_from_an_action_to_the_case_in_the_clear(commune, sign_in, work, support_id):
    """Answers of posts, drafts and held forms included: only the key of the action names it."""
    with work(write=False) as session:
        tables = [table for table in SupportAction.metadata.sorted_tables if table.name != "support_action"]
        found = [
            table.name
            for table in tables
            for row in session.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608
            if support_id.hex in repr(tuple(row)).replace("-", "")
        ]
    assert set(found) <= {"data_key"}


@pytest.mark.parametrize("address", ["/cases/{}", "/cases/{}/support", "/cases/{}/support/new"])
@pytest.mark.parametrize("who", ["officer", "colleague", "stranger"])
def test_trying_ids_of_cases_tells_nothing(commune, sign_in, support_id, address, who):
    browser = sign_in(getattr(commune, who))
    real, status = sanitised(browser.open(address.format(commune.case_id)), commune.case_id), browser.status
    invented = uuid4()

    assert sanitised(browser.open(address.format(invented)), invented) == real
    assert browser.status == status
    assert status in {403, 404}


def test_an_officer_of_another_unit_meets_the_page_of_an_action_that_never_was(commune, sign_in, support_id):
    browser = sign_in(commune.officer_elsewhere)
    for address in ("/support/{}", "/support/{}/change", "/support/{}/finish"):
        real = sanitised(browser.open(address.format(support_id)), support_id)
        assert browser.status == 404
        invented = uuid4()
        assert sanitised(browser.open(address.format(invented)), invented) == real
    assert NAME not in browser.open("/support")
    assert "Chưa có hỗ trợ nào" in browser.page


def test_the_name_is_hidden_until_it_is_asked_for(commune, sign_in, support_id):
    officer = sign_in(commune.officer)

    for address in ("/support", f"/support/{support_id}", f"/support/{support_id}/change"):
        assert NAME not in officer.open(address)


def test_an_action_is_started_changed_and_finished(commune, sign_in):
    officer = add(commune, sign_in)
    address = officer.path
    officer.send(to=f"{address}/start")
    assert "Đang thực hiện" in officer.page

    officer.open(f"{address}/change")
    officer.send(**{**FORM, "beneficiary": "", "amount": "7.000.000"})
    assert "7.000.000 đồng" in officer.page

    officer.open(f"{address}/finish")
    officer.send(outcome="hoan_thanh", finished_on="04/06/2026", amount_paid="6.500.000")
    assert "6.500.000 đồng" in officer.page
    assert "HT-" in officer.open("/support?state=ended")


@pytest.mark.parametrize("who", ["case", "programme"])
def test_what_was_typed_stays_when_something_is_missing(commune, sign_in, who):
    browser = (begin if who == "case" else add)(commune, sign_in, group="")

    assert browser.status == 422
    assert f'value="{NAME}"' in browser.page
    assert 'href="#group"' in browser.page


def test_a_refusal_for_want_of_consent_keeps_what_was_typed(commune, sign_in, work):
    browser = begin(commune, sign_in, limits_read="no")

    assert browser.status == 422
    assert f'value="{NAME}"' in browser.page
    assert "Chưa có đồng ý cho dịch vụ này" in browser.page
    with work(write=False) as session:
        assert session.scalar(select(SupportLink.id)) is None


def test_two_who_change_at_once_see_both_versions(commune, sign_in):
    officer = add(commune, sign_in)
    address = officer.path
    officer.open(f"{address}/change")
    _, first = officer.form()
    officer.send(**{**FORM, "amount": "6.000.000"})

    officer.post(f"{address}/change", **{**FORM, "version": first["version"], "amount": "8.000.000"})
    assert officer.status == 409
    assert "6.000.000 đồng" in officer.page
    assert 'value="8.000.000"' in officer.page


def test_every_page_speaks_english_too(commune, sign_in, support_id):
    worker, officer = sign_in(commune.worker), sign_in(commune.officer)
    for browser, addresses in (
        (worker, [f"/cases/{commune.case_id}/support", f"/cases/{commune.case_id}/support/new"]),
        (officer, ["/support", "/support/new", "/support?state=ended", f"/support/{support_id}"]),
        (officer, [f"/support/{support_id}/change", f"/support/{support_id}/finish"]),
    ):
        browser.open("/help")
        if "Tiếng Việt" not in browser.page:
            browser.send(to="/language", language="en")
        for address in addresses:
            page = words_of(browser.open(address))
            assert browser.status == 200
            assert "support" in page.lower()
            assert not re.search(r"Hỗ trợ|thụ hưởng|Chương trình|Kết quả", page), address
