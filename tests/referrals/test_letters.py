"""Partners without an account, from the attacker's side: letters, files, and the page that takes answers."""

import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from casemgr import clock
from casemgr.accounts.models import Throttle
from casemgr.crypto.archive import decrypt_under_passphrase
from casemgr.errors import Conflict, InvalidState, NotFound, Refused, SealError
from casemgr.referrals import queries, service
from casemgr.referrals.models import Bundle, PartnerLetter
from casemgr.referrals.rules import LETTER_TRIES, NEXT, Party, ReferralState, answers_in
from casemgr.web.models import Draft
from tests.referrals.conftest import NOW
from tests.referrals.partner import ADDRESS, SHARED, proof
from tests.rig.browsing import ORIGIN, Browser
from tests.rig.network import build_network, send
from tests.rig.staff import sign_in


def reply(browser, number, code, **answer):
    browser.open("/reply")
    browser.send(number=number, code=code, **answer)
    return bare(browser.page)


def download(browser, to, **fields):
    """Send a form that gives a file, and return the answer."""
    _, given = browser.form(to)
    surroundings = {"REMOTE_ADDR": "192.0.2.1", "HTTP_USER_AGENT": "Firefox Windows"}
    return browser.client.post(to, data={**given, **fields}, base_url=ORIGIN, environ_base=surroundings)


def bare(page):
    """What a page says, without the tokens of its forms."""
    return re.sub(r'name="(csrf_token|once)" value="[^"]*"', "", page)


def words_of(pdf):
    run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def test_the_reply_form_offers_exactly_what_the_state_machine_gives_the_recipient() -> None:
    for state in ReferralState:
        allowed = {to for to, step in NEXT[state].items() if Party.RECIPIENT in step.by}
        assert set(answers_in(state, Party.RECIPIENT)) == allowed - {ReferralState.SEEN}


def test_an_answer_takes_its_step_once_and_the_next_needs_the_next_code(hospital) -> None:
    number, code, _ = hospital.codes()
    with hospital.work():
        standing = service.open_reply(proof(number, code))
        assert set(standing.answers) == {"accepted", "declined"}
    assert hospital.state() == "seen"
    with hospital.work():
        taken = service.take_reply(proof(number, code), ReferralState.ACCEPTED, spoke_with="BS Hà")
    with hospital.work():
        assert service.open_reply(proof(number, code)) is None, "the code is used up"
        assert service.take_reply(proof(number, code), ReferralState.ARRIVED) is None
    with hospital.work():
        standing = service.open_reply(proof(number, taken.next_code))
        assert set(standing.answers) == {"arrived", "did_not_come"}
        with pytest.raises(InvalidState):
            service.take_reply(proof(number, taken.next_code), ReferralState.COMPLETED)
    for answer in (ReferralState.ARRIVED, ReferralState.IN_SERVICE):
        with hospital.work():
            taken = service.take_reply(proof(number, taken.next_code), answer)
    with hospital.work(), pytest.raises(Conflict):
        service.take_reply(proof(number, taken.next_code), ReferralState.COMPLETED, needs_met="?")
    with hospital.work():
        last = service.take_reply(
            proof(number, taken.next_code), ReferralState.COMPLETED, needs_met="du", text="Đã khám"
        )
    assert last.next_code == ""
    with hospital.work() as session:
        view = queries.open_referral(hospital.mai.actor, hospital.case_id, hospital.referral_id)
        assert (view.state, view.outcome["needs_met"], view.outcome["text"]) == ("completed", "du", "Đã khám")
        assert view.outcome["by_letter"]
        with pytest.raises(SealError):
            _ = session.get(Bundle, hospital.bundle_id).content
        with pytest.raises(SealError):
            _ = session.scalars(select(PartnerLetter)).one().number


def refusals(hospital):
    """Every way of being wrong, each with the number and the code that are typed."""
    _, drawn_before, _ = hospital.codes()
    number, code, _ = hospital.codes()
    yield "another number", "000000-0000", code
    yield "another code", number, "0000-0000"
    yield "nothing", "", ""
    yield "a code drawn before", number, drawn_before
    other_number, other_code = hospital.another_letter()
    yield "the code of another letter", number, other_code
    yield "the number of another letter", other_number, code
    with hospital.work():
        service.take_reply(proof(number, code), ReferralState.ACCEPTED)
    yield "a used code", number, code
    number, code, _ = hospital.codes()
    with clock.frozen(NOW + timedelta(days=40)):
        yield "an expired referral", number, code
    for _ in range(LETTER_TRIES):
        with hospital.work():
            service.open_reply(proof(number, "1111-2222", "203.0.113.9"))
    yield "too many tries", number, code
    number, code, _ = hospital.codes()
    with hospital.work():
        service.recall(hospital.mai.actor, hospital.case_id, hospital.referral_id)
    yield "a recalled referral", number, code


def test_every_wrong_try_costs_the_same_work_and_gets_the_same_bytes(hospital, database) -> None:
    asked: list[str] = []

    def keep(*arguments) -> None:
        # Which of its fields a counter changes depends on the time since the last try, known to who tries.
        asked.append(re.sub(r"SET .* WHERE", "SET WHERE", arguments[2], flags=re.DOTALL))

    seen = {}
    for turn, (name, number, code) in enumerate(refusals(hospital)):
        # Each from an address of its own, so that it is the letter that says no and not the address.
        browser = Browser(hospital.app, address=f"198.51.100.{turn + 10}")
        browser.open("/reply")
        asked.clear()
        event.listen(database.engine, "before_cursor_execute", keep)
        browser.send(number=number, code=code)
        event.remove(database.engine, "before_cursor_execute", keep)
        page = re.sub(r'(name="number"[^>]*?) value="[^"]*"', r"\1", bare(browser.page))
        seen[name] = (browser.status, page, tuple(asked))
    first = next(iter(seen.values()))
    assert first[0] == 200
    assert "không mở được gì" in first[1]
    assert {name for name, found in seen.items() if found[:2] != first[:2]} == set()
    assert {name: len(found[2]) for name, found in seen.items()} == dict.fromkeys(seen, len(first[2]))
    assert {name for name, found in seen.items() if found[2] != first[2]} == set()


def test_guessing_is_limited_for_a_letter_and_for_an_address(hospital) -> None:
    number, code, _ = hospital.codes()
    for guess in range(LETTER_TRIES):
        with hospital.work():
            assert service.open_reply(proof(number, f"{guess:08}", f"192.0.2.{guess}")) is None
    with clock.frozen(NOW + timedelta(hours=1)), hospital.work():
        assert service.open_reply(proof(number, code, "192.0.2.99")) is None, "the right code comes too late"
        view = queries.open_letter(hospital.mai.actor, hospital.case_id, hospital.referral_id)
        assert (view.is_open, view.failures) == (False, LETTER_TRIES + 1)
    number, code, _ = hospital.codes()
    for guess in range(30):
        with hospital.work():
            service.open_reply(proof(f"{guess:010}", "00000000"))
    with hospital.work() as session:
        assert service.open_reply(proof(number, code)) is None, "this address has to wait"
        assert session.scalars(select(Throttle).where(Throttle.failures >= 30)).first() is not None
    with hospital.work():
        assert service.open_reply(proof(number, code, "192.0.2.98")) is not None


def test_who_guesses_at_other_letters_from_her_address_closes_no_letter_of_the_partner(hospital) -> None:
    number, code, _ = hospital.codes()
    for guess in range(30):
        with hospital.work():
            service.open_reply(proof(f"{guess:010}", "00000000"))
    for _ in range(LETTER_TRIES):
        with hospital.work():
            assert service.open_reply(proof(number, code)) is None, "this address has to wait"
    with clock.frozen(NOW + timedelta(minutes=2)), hospital.work():
        assert service.open_reply(proof(number, code)) is not None


def test_new_codes_make_old_ones_void_and_the_number_stays(hospital) -> None:
    number, code, _ = hospital.codes()
    with hospital.work(), pytest.raises(NotFound):
        service.prepare_letter(hospital.mai.actor, hospital.case_id, uuid4())
    new_number, new_code, _ = hospital.codes()
    assert new_number == number
    with hospital.work():
        assert service.open_reply(proof(number, code)) is None
        assert service.open_reply(proof(new_number, new_code)) is not None


def test_a_unit_with_accounts_gets_no_letter_since_exclusions_would_not_hold_there(session) -> None:
    network = build_network()
    referral = send(network)
    with pytest.raises(Refused, match="has_account"):
        service.prepare_letter(network.office.worker, network.case_id, referral.id)
    for stranger in (network.office.colleague, network.office.stranger, network.keeper):
        with pytest.raises(NotFound):
            service.prepare_letter(stranger, network.case_id, referral.id)


def test_paper_names_nobody_before_the_yes_and_then_only_what_was_chosen(hospital) -> None:
    number, code, passphrase = hospital.codes()
    browser = Browser(hospital.app)
    sign_in(browser, hospital.mai)
    browser.open(hospital.letter)
    assert "khi đơn vị chưa nhận" in browser.page.lower()
    paper = f"{hospital.letter}/paper"
    early = words_of(download(browser, paper, fields=["called_name", "safe_phone"]).data)
    hospital.accept()
    browser.open(hospital.letter)
    answer = download(browser, paper, fields=["code_word", "situation"])
    late = words_of(answer.data)

    assert answer.headers["Cache-Control"] == "no-store"
    for said in (early, late):
        assert number in said
        assert f"{ADDRESS}/reply" in said
        assert code not in said
        assert passphrase not in said.replace(" ", "")
        assert str(hospital.case_id) not in said
        assert "Chị Hoa" not in said
        assert "0912" not in said
    assert "chè xanh" not in early
    assert "chè xanh" in late


def test_the_file_opens_with_the_told_passphrase_alone_and_holds_what_she_agreed_to(hospital) -> None:
    browser = Browser(hospital.app)
    sign_in(browser, hospital.mai)
    hospital.accept()
    browser.open(hospital.letter)
    browser.send(to=f"{hospital.letter}/codes")
    spans = "".join(re.findall(r"<span>(\d{4})</span>", browser.page))
    passphrase, code = spans[:24], spans[24:]
    assert (len(passphrase), len(code)) == (24, 8)
    archive = download(browser, f"{hospital.letter}/file").data

    assert archive.startswith(b"age-encryption.org/v1")
    said = words_of(decrypt_under_passphrase(archive, passphrase))
    for shown in ("Chị Hoa", "chè xanh", "Cổng sau trạm y tế", "0912 345 678"):
        assert shown in said
    for kept in ("Cần chỗ ở vài đêm", "Chỉ ghi trong hồ sơ", "Lò Thị Mai", passphrase, code):
        assert kept not in said
    with pytest.raises(SealError):
        decrypt_under_passphrase(archive, code)
    browser.open(hospital.letter)
    browser.send(to=f"{hospital.letter}/codes/told")
    assert passphrase[:4] not in re.findall(r"<span>(\d{4})</span>", browser.page)
    browser.post(f"{hospital.letter}/file", **browser.form(f"{hospital.letter}/codes")[1])
    assert b"age-encryption" not in browser.answer.data


def test_codes_are_shown_for_a_quarter_of_an_hour_and_then_forgotten(hospital) -> None:
    browser = Browser(hospital.app)
    sign_in(browser, hospital.mai)
    browser.open(hospital.letter)
    browser.send(to=f"{hospital.letter}/codes")
    assert "told-digits" in browser.page
    with clock.frozen(NOW + timedelta(minutes=14)):
        browser.open(hospital.letter)
        assert "told-digits" in browser.page
    with clock.frozen(NOW + timedelta(minutes=16)):
        browser.open(hospital.letter)
        assert "told-digits" not in browser.page
    with hospital.work(write=False) as session:
        assert session.scalars(select(Draft)).all() == []


def test_the_reply_page_says_nothing_of_anybody_and_is_kept_nowhere(hospital) -> None:
    number, code, _ = hospital.codes()
    browser = Browser(hospital.app, address="198.51.100.20")
    pages = [browser.open("/reply") or browser.page]
    headers = dict(browser.answer.headers)
    pages.append(reply(browser, number, code))
    _, fields = browser.form()
    browser.post("/reply", **{**fields, "spoke_with": "BS Hà"})
    pages.append(browser.page)

    assert hospital.state() == "accepted"
    assert "Đã ghi câu trả lời" in pages[2]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
    for page in pages:
        for told in (*SHARED.values(), "Bệnh viện", "Cẩm Tú", "sữa", str(hospital.case_id), "Y tế"):
            assert told not in page
        assert str(hospital.bundle_id) not in page


def test_a_refusal_without_a_reason_is_asked_again_and_the_code_stays_good(hospital) -> None:
    number, code, _ = hospital.codes()
    browser = Browser(hospital.app, address="198.51.100.21")
    reply(browser, number, code)
    _, fields = browser.form()
    browser.post("/reply", **{**fields, "answer": "declined"})
    assert browser.status == 422
    assert "Chị Hoa" not in browser.page
    browser.post("/reply", **{**fields, "answer": "declined", "reason": "qua_kha_nang"})
    assert hospital.state() == "declined"
    browser.post("/reply", **{**fields, "answer": "recalled"})
    assert "không mở được gì" in browser.page


def test_where_nobody_outside_reaches_the_service_there_is_no_reply_page(hospital) -> None:
    settings = hospital.app.extensions["casemgr.settings"]
    hospital.app.extensions["casemgr.settings"] = replace(settings, reply_address="")
    code = hospital.codes()[1]
    browser = Browser(hospital.app)
    browser.open("/reply")
    assert browser.status == 404
    sign_in(browser, hospital.mai)
    browser.open(hospital.letter)
    assert "đơn vị trả lời qua điện thoại" in browser.page
    assert code.replace("-", "")[:4] not in re.findall(r"<span>(\d{4})</span>", browser.page)


def test_the_clocks_of_a_letter_run_as_those_of_any_referral(hospital) -> None:
    number, code, _ = hospital.codes()
    with clock.frozen(NOW + timedelta(days=3)), hospital.work():
        assert service.expire_due(hospital.mai.actor) == 1
        assert service.open_reply(proof(number, code)) is None
    assert hospital.state() == "expired"
