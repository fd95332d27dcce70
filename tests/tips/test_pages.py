"""The pages of tips: a phone that sends and forgets, and a desk that follows up."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from casemgr.tips.models import Tip, TipExclusion
from casemgr.web.models import Draft
from tests.rig.browsing import Browser
from tests.rig.staff import Staff, Work

SEEN = "Đêm nào cũng nghe tiếng đập phá"
FORM = {
    "danger": "khong",
    "seen": SEEN,
    "place": "Cuối thôn, gần suối",
    "happened_on": "04/06/2026",
    "time_of_day": "toi_dem",
    "reporter_type": "hang_xom",
    "may_call": "yes",
    "reporter_name": "Trương Thị Hàng Xóm",
    "reporter_phone": "0987 654 321",
}

SignIn = Callable[[Staff], Browser]


def send(sign_in: SignIn, commune, **fields: str) -> Browser:
    browser = sign_in(commune.head)
    browser.open("/tips/new")
    browser.send(**{**FORM, **fields})
    return browser


@pytest.fixture
def tip_path(sign_in: SignIn, commune, work: Work) -> str:
    send(sign_in, commune)
    with work(write=False) as session:
        return f"/tips/{session.scalar(select(Tip.id))}"


def test_after_sending_the_page_shows_time_and_code_once(sign_in: SignIn, commune) -> None:
    browser = send(sign_in, commune)

    assert browser.path == "/tips/sent"
    assert re.search(r"Đã gửi lúc 08:00, mã TB-[0-9A-Z]{6}", browser.page)
    assert "113" not in browser.page

    browser.open("/tips/sent")
    assert "TB-" not in browser.page
    assert "06/2026" in browser.page


def test_where_there_is_danger_the_numbers_come_first(sign_in: SignIn, commune) -> None:
    browser = send(sign_in, commune, danger="co")

    assert browser.page.index('href="tel:113"') < browser.page.index("Đã gửi lúc")
    assert 'href="tel:+84912345678"' in browser.page


def test_a_sender_reads_nothing_back(sign_in: SignIn, commune, work: Work, tip_path: str) -> None:
    browser = sign_in(commune.head)
    for path in ("/tips", tip_path):
        browser.open(path)
        assert browser.status == 403
    for part in ("reporter", "check", "outcome"):
        browser.post(f"{tip_path}/{part}", version="1")
        assert browser.status == 403
    for path in ("/", "/tips/new", "/tips/sent"):
        browser.open(path)
        assert SEEN not in browser.page
        assert "Hàng Xóm" not in browser.page
    with work(write=False) as session:
        assert session.scalars(select(Draft)).all() == []


@pytest.mark.parametrize("who", ["administrator", "officer"])
def test_administrator_and_auditor_open_no_tip(sign_in: SignIn, commune, tip_path: str, who: str) -> None:
    browser = sign_in(getattr(commune, who))
    for path in ("/tips", tip_path, "/tips/new", "/tips/sent"):
        browser.open(path)
        assert browser.status == 403
    browser.post(f"{tip_path}/reporter")
    assert browser.status == 403


def test_a_tip_of_another_unit_looks_like_one_that_never_was(sign_in: SignIn, commune, tip_path: str) -> None:
    browser = sign_in(commune.stranger)
    missing = re.sub(r"[0-9a-f]{12}$", "0" * 12, tip_path)

    answers = []
    for path in (tip_path, missing):
        browser.open(path)
        answers.append(
            (browser.status, re.sub(r'(name="(csrf_token|once|back)" value=")[^"]*', "", browser.page))
        )

    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    browser.post(f"{tip_path}/reporter")
    assert browser.status == 404


def test_whom_the_sender_excludes_finds_nothing(sign_in: SignIn, commune, work: Work) -> None:
    send(sign_in, commune, excluded=str(commune.colleague.actor.account_id))
    with work(write=False) as session:
        tip_id = session.scalar(select(TipExclusion.tip_id))

    browser = sign_in(commune.colleague)
    browser.open("/tips")
    assert browser.status == 200
    assert "TB-" not in browser.page
    browser.open(f"/tips/{tip_id}")
    assert browser.status == 404
    browser.post(f"/tips/{tip_id}/reporter")
    assert browser.status == 404


def test_excluding_everybody_keeps_what_was_typed_and_says_why(sign_in: SignIn, commune, work: Work) -> None:
    everybody = [str(one.actor.account_id) for one in (commune.worker, commune.colleague, commune.supervisor)]
    browser = sign_in(commune.head)
    browser.open("/tips/new")
    browser.send(**FORM, excluded=everybody)

    assert browser.status == 422
    assert SEEN in browser.page
    assert browser.page.count(" checked") >= 3
    with work(write=False) as session:
        assert session.scalar(select(Tip.id)) is None


def test_a_forgotten_answer_keeps_what_was_typed(sign_in: SignIn, commune) -> None:
    browser = send(sign_in, commune, danger="", reporter_phone="09")

    assert browser.status == 422
    assert SEEN in browser.page
    assert 'href="#danger"' in browser.page
    assert 'href="#reporter_phone"' in browser.page


def test_a_tip_sent_twice_is_one_tip(sign_in: SignIn, commune, work: Work) -> None:
    browser = sign_in(commune.head)
    browser.open("/tips/new")
    _, fields = browser.form()
    for _ in range(2):
        browser.post("/tips/new", **{**fields, **FORM})

    with work(write=False) as session:
        assert len(session.scalars(select(Tip.id)).all()) == 1


def test_what_was_typed_and_not_sent_is_still_there(sign_in: SignIn, commune) -> None:
    browser = sign_in(commune.head)
    browser.open("/tips/new")
    browser.post(f"/drafts/tip/{'0' * 8}-0000-0000-0000-{'0' * 12}", seen=SEEN)

    assert SEEN in browser.open("/tips/new")


def test_the_reporter_is_hidden_until_asked_for(sign_in: SignIn, commune, tip_path: str) -> None:
    browser = sign_in(commune.worker)
    browser.open(tip_path)
    assert SEEN in browser.page
    assert "Hàng Xóm" not in browser.page
    assert "0987 654 321" not in browser.page

    browser.send(to=f"{tip_path}/reporter")
    assert browser.status == 200
    assert "0987 654 321" in browser.page
    assert "Cao Văn Sơn" in browser.page


def test_a_tip_is_checked_and_closed_on_its_page(sign_in: SignIn, commune, tip_path: str) -> None:
    browser = sign_in(commune.worker)
    browser.open(tip_path)
    browser.send(to=f"{tip_path}/check", ways="tram_y_te", finding="co_dau_hieu", check_note="Có vết bầm")
    assert browser.status == 200
    assert "Có vết bầm" in browser.page

    browser.send(to=f"{tip_path}/outcome", outcome="khong_mo_ca", outcome_note="Không muốn mở ca")
    assert "Không muốn mở ca" in browser.page
    assert f'action="{tip_path}/outcome"' not in browser.page
    assert "TB-" not in browser.open("/tips")
    assert "TB-" in browser.open("/tips?state=closed")


def test_an_outcome_without_choice_keeps_the_note(sign_in: SignIn, commune, tip_path: str) -> None:
    browser = sign_in(commune.worker)
    browser.open(tip_path)
    browser.send(to=f"{tip_path}/outcome", outcome_note="Gọi lại ngày mai")

    assert browser.status == 422
    assert "Gọi lại ngày mai" in browser.page


def test_what_a_colleague_recorded_meanwhile_is_not_overwritten(
    sign_in: SignIn, commune, tip_path: str
) -> None:
    first, second = sign_in(commune.worker), sign_in(commune.supervisor)
    first.open(tip_path)
    second.open(tip_path)
    first.send(to=f"{tip_path}/check", ways="tram_y_te", finding="khong")
    second.send(to=f"{tip_path}/outcome", outcome="khong_mo_ca", outcome_note="Lời của giám sát")

    assert second.status == 409
    assert "Lời của giám sát" in second.page


@pytest.mark.parametrize(
    ("who", "label"), [("head", "Gửi tin báo"), ("worker", "Tin báo"), ("administrator", None)]
)
def test_the_navigation_leads_to_tips_for_those_who_have_to_do_with_them(
    sign_in: SignIn, commune, who: str, label: str | None
) -> None:
    browser = sign_in(getattr(commune, who))
    places = set(re.findall(r'class="place" href="(/tips[^"]*)"', browser.open("/")))

    assert places == ({"/tips/new"} if who == "head" else {"/tips"} if who == "worker" else set())
    if label:
        assert f"<span>{label}</span>" in browser.page
