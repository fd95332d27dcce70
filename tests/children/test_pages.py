"""The pages of child protection, for those who may and those who may not."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from casemgr.children.models import ChildLink, ChildRecord
from casemgr.web.models import Draft

ORIGIN = "Bé kể với cô giáo rằng sợ về nhà"
NAME = "Cao Văn Tí"


def form_for(commune, **changed):
    return {
        "relation": "tre_trong_nha",
        "agreed": "no",
        "reason": "Trẻ bị đánh hằng đêm",
        "told": "yes",
        "owner": str(commune.child_worker.actor.account_id),
        "immediate_danger": "yes",
        "risk_level": "cao",
        "abuse": "bao_luc",
        "origin": ORIGIN,
        "name": NAME,
        "birth": "2015",
        "sex": "nam",
        **changed,
    }


def link(commune, sign_in, **changed):
    browser = sign_in(commune.worker)
    browser.open(f"/cases/{commune.case_id}/children/new")
    browser.send(**form_for(commune, **changed))
    return browser


@pytest.fixture
def child_id(commune, sign_in, work):
    link(commune, sign_in)
    with work(write=False) as session:
        return session.scalar(select(ChildRecord.id))


@pytest.fixture
def owner(commune, sign_in, child_id):
    return sign_in(commune.child_worker)


def words_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_a_linked_child_shows_on_the_case_as_a_fact(commune, sign_in, child_id):
    browser = sign_in(commune.worker)

    assert browser.path == f"/cases/{commune.case_id}/children"
    page = words_of(browser.page)
    assert re.search(r"TE-[0-9A-Z]{6}", page)
    assert "Cao Thị Bé" in page
    assert "Nguy cơ cao" in page
    assert "Đang theo dõi" in page
    assert ORIGIN not in browser.page
    assert NAME not in browser.page
    assert str(child_id) not in browser.page


def test_the_case_page_names_the_part_and_its_state(commune, sign_in, child_id):
    browser = sign_in(commune.worker)
    page = words_of(browser.open(f"/cases/{commune.case_id}"))

    assert "Bảo vệ trẻ em 1 hồ sơ đã liên kết Đang làm" in page
    assert "Đã liên kết hồ sơ bảo vệ trẻ em" in page


def test_the_owner_sees_the_record_its_duties_and_whom_to_ask(commune, owner, child_id):
    page = words_of(owner.open(f"/children/{child_id}"))

    assert ORIGIN in page
    assert "còn 12 giờ" in page
    assert commune.case_code in page
    assert "Lò Thị Lan" in page
    assert "Dưới 16 tuổi: trẻ em theo luật" in page
    assert str(commune.case_id) not in owner.page
    assert "sống cùng nhà" not in page
    assert "hằng đêm" not in page


def test_the_name_is_hidden_until_it_is_asked_for(owner, child_id):
    assert NAME not in owner.open(f"/children/{child_id}")
    assert NAME not in owner.open("/children")
    assert NAME not in owner.open(f"/children/{child_id}/change")

    owner.open(f"/children/{child_id}")
    owner.send(to=f"/children/{child_id}/name")

    assert NAME in owner.page


def test_the_list_shows_codes_only(owner, child_id):
    page = owner.open("/children")

    assert re.search(r"TE-[0-9A-Z]{6}", page)
    assert ORIGIN not in page


def test_duties_are_done_one_after_the_other(owner, child_id):
    owner.open(f"/children/{child_id}")
    owner.send(to=f"/children/{child_id}/tasks/")
    assert "Xong đúng hạn" in owner.page

    owner.send(to=f"/children/{child_id}/tasks/")
    assert "phê duyệt kế hoạch" in owner.page


def test_a_record_is_closed_with_its_outcome_and_opened_again(owner, child_id):
    owner.open(f"/children/{child_id}/close")
    owner.send()
    assert owner.status == 422

    owner.send(outcome="an_toan", note="Đã về ở với bà")
    assert "Trẻ đã an toàn" in owner.page
    assert "Đã về ở với bà" in owner.page
    assert "TE-" in owner.open("/children?state=closed")

    owner.open(f"/children/{child_id}")
    owner.send(to=f"/children/{child_id}/reopen")
    assert "Hồ sơ đã được mở lại." in owner.page


def test_what_was_typed_stays_when_something_is_missing(commune, sign_in):
    browser = link(commune, sign_in, relation="", owner="")

    assert browser.status == 422
    assert ORIGIN in browser.page
    assert f'value="{NAME}"' in browser.page
    assert "Hãy chọn cán bộ bảo vệ trẻ em." in browser.page


def test_a_refusal_for_want_of_consent_keeps_what_was_typed(commune, sign_in, work):
    browser = link(commune, sign_in, immediate_danger="no", abuse="")

    assert browser.status == 422
    assert "Khi chưa có đồng ý" in browser.page
    assert ORIGIN in browser.page
    with work(write=False) as session:
        assert session.scalar(select(ChildLink.id)) is None


def test_why_she_was_not_told_must_be_said(commune, sign_in):
    browser = link(commune, sign_in, told="no")

    assert browser.status == 422
    assert 'href="#not_told_reason"' in browser.page


def test_a_form_sent_twice_opens_one_record(commune, sign_in, work):
    browser = sign_in(commune.worker)
    browser.open(f"/cases/{commune.case_id}/children/new")
    action, fields = browser.form()
    sent = {**fields, **form_for(commune)}
    browser.post(action or browser.path, **sent)
    browser.post(f"/cases/{commune.case_id}/children/new", **sent)

    with work(write=False) as session:
        assert len(session.scalars(select(ChildRecord.id)).all()) == 1


def test_two_who_change_at_once_see_both_versions(owner, child_id):
    owner.open(f"/children/{child_id}/change")
    _, first = owner.form()
    owner.send(**form_of_change(first, origin="Bản của người trước"))
    assert owner.path == f"/children/{child_id}"

    owner.post(f"/children/{child_id}/change", **form_of_change({**first, "once": "x"}, origin="Bản gõ sau"))
    assert owner.status == 409
    assert "Bản của người trước" in owner.page
    assert "Bản gõ sau" in owner.page

    owner.send(**form_of_change({}, origin="Bản gõ sau"))
    assert owner.status == 200
    assert "Bản gõ sau" in owner.page


def form_of_change(fields, **changed):
    return {**fields, "immediate_danger": "yes", "risk_level": "cao", "birth": "2015", "name": "", **changed}


def test_a_draft_is_offered_again_and_gone_after_sending(commune, sign_in, work):
    browser = sign_in(commune.worker)
    browser.post(f"/drafts/child_link/{commune.case_id}", origin="Gõ dở dang")
    assert "Gõ dở dang" in browser.open(f"/cases/{commune.case_id}/children/new")

    browser.send(**form_for(commune))
    with work(write=False) as session:
        assert session.scalar(select(Draft.id)) is None


def test_a_draft_on_an_old_version_does_not_overwrite_a_newer_one(owner, child_id):
    owner.open(f"/children/{child_id}/change")
    _, fields = owner.form()
    owner.post(f"/drafts/child/{child_id}", **form_of_change(fields, origin="Bản nháp cũ"))
    owner.post(f"/children/{child_id}/change", **form_of_change(fields, origin="Bản mới"))
    owner.post(f"/drafts/child/{child_id}", **form_of_change(fields, origin="Bản nháp cũ"))

    owner.open(f"/children/{child_id}/change")
    owner.send(**form_of_change({}, origin="Bản nháp cũ"))

    assert owner.status == 409
    assert "Bản mới" in owner.page


ADDRESSES = ["/children/{}", "/children/{}/change", "/children/{}/close", "/children/{}/readers"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_others_meet_the_same_page_as_for_a_record_that_never_was(commune, sign_in, child_id, address):
    for who in ("other_child_worker", "child_stranger"):
        browser = sign_in(getattr(commune, who))
        real, status = sanitised(browser.open(address.format(child_id)), child_id), browser.status
        invented = uuid4()
        assert sanitised(browser.open(address.format(invented)), invented) == real
        assert browser.status == status == 404


@pytest.mark.parametrize("who", ["worker", "colleague", "supervisor", "stranger"])
def test_those_on_the_case_do_not_open_the_record(commune, sign_in, child_id, who):
    browser = sign_in(getattr(commune, who))
    real = sanitised(browser.open(f"/children/{child_id}"), child_id)
    invented = uuid4()

    assert sanitised(browser.open(f"/children/{invented}"), invented) == real
    assert browser.status == 404


@pytest.mark.parametrize("address", ["/cases/{}", "/cases/{}/children", "/cases/{}/children/new"])
@pytest.mark.parametrize("who", ["child_worker", "colleague", "stranger"])
def test_the_case_answers_the_other_side_as_if_it_never_was(commune, sign_in, child_id, address, who):
    browser = sign_in(getattr(commune, who))
    real, status = sanitised(browser.open(address.format(commune.case_id)), commune.case_id), browser.status
    invented = uuid4()

    assert sanitised(browser.open(address.format(invented)), invented) == real
    assert browser.status == status
    assert status in {403, 404}


def sanitised(page, object_id):
    """A page without its own address and the tokens that differ every time."""
    return re.sub(
        r'(name="(?:csrf_token|once|back)" value=")[^"]*', r"\1", page.replace(str(object_id), "ID")
    )


def test_every_page_speaks_english_too(commune, owner, sign_in, child_id):
    worker = sign_in(commune.worker)
    for browser, addresses in (
        (
            owner,
            ["/children", "/children?state=closed", *(address.format(child_id) for address in ADDRESSES)],
        ),
        (worker, [f"/cases/{commune.case_id}/children", f"/cases/{commune.case_id}/children/new"]),
    ):
        browser.open("/help")
        browser.send(to="/language", language="en")
        for address in addresses:
            page = words_of(browser.open(address))
            assert browser.status == 200
            assert "child" in page.lower()
            assert not re.search(r"Trẻ|Hồ sơ|Nguy cơ|Kết thúc", page), address


def test_the_first_page_of_the_owner_shows_what_the_law_wants_by_when(owner, child_id):
    page = words_of(owner.open("/"))

    assert "Áp dụng biện pháp khẩn cấp" in page
    assert "05/06/2026 20:00" in page
    assert page.index("Đến hạn hôm nay") < page.index("Áp dụng biện pháp") < page.index("Tuần này")
    assert f"/children/{child_id}" in owner.page


def test_whoever_comes_back_to_the_page_with_the_name_must_ask_anew(owner, child_id):
    assert NAME not in owner.open(f"/children/{child_id}/name")
    assert owner.path == f"/children/{child_id}"


def test_the_owner_sees_who_read_what(owner, child_id):
    owner.open(f"/children/{child_id}")
    owner.send(to=f"/children/{child_id}/name")
    page = words_of(owner.open(f"/children/{child_id}/readers"))

    assert "tên" in page
    assert "Lò Thị Lan Đọc nguy cơ" in page
