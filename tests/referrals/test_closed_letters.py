"""A letter that answers no more is told to its sender; wrong codes keep nobody from another door."""

from datetime import timedelta

import pytest

from casemgr import clock
from casemgr.accounts.rules import ADDRESS_TRIES
from casemgr.cases import queries as cases
from casemgr.cases.service import add_task
from casemgr.errors import NotFound
from casemgr.policy import Role
from casemgr.referrals import queries, service
from casemgr.referrals.queries.letters import list_closed_letter_ids
from casemgr.referrals.queries.log import OPENED
from casemgr.referrals.rules import LETTER_TRIES
from casemgr.referrals.service import clocks
from tests.referrals.conftest import NOW
from tests.referrals.partner import proof
from tests.rig.browsing import Browser
from tests.rig.office import add_account, add_unit
from tests.rig.staff import sign_in

TODAY = clock.local(NOW).date()
CLINIC = "198.51.100.40"


def mistype(hospital, number, times=LETTER_TRIES):
    for guess in range(times):
        with hospital.work():
            assert service.open_reply(proof(number, f"{guess:08}", f"203.0.113.{guess}")) is None


def tasks(hospital):
    with hospital.work():
        return sorted(task.content["kind"] for task, _, _ in cases.list_my_tasks(hospital.mai.actor, TODAY))


def tell(hospital):
    with hospital.work():
        return service.tell_closed_letters(hospital.mai.actor)


def test_the_sender_is_told_once_that_a_letter_closed_and_still_awaits_the_answer(hospital) -> None:
    number, _, _ = hospital.codes()
    mistype(hospital, number, LETTER_TRIES - 1)
    assert tell(hospital) == 0
    mistype(hospital, number, 1)
    assert (tell(hospital), tell(hospital)) == (1, 0)
    assert tasks(hospital) == ["letter_closed"]
    with hospital.work():
        later = cases.list_my_tasks(hospital.mai.actor, TODAY + timedelta(days=2))
        assert sorted(task.content["kind"] for task, _, _ in later) == ["letter_closed", "referral_answer"]
        case = cases.get_case(hospital.mai.actor, hospital.case_id)
        told = [entry.content["kind"] for entry in cases.list_entries(hospital.mai.actor, case)]
    assert told.count("letter_closed") == 1


def test_new_codes_end_that_task_alone_and_a_second_closing_is_told_again(hospital) -> None:
    mistype(hospital, hospital.codes()[0])
    with hospital.work():
        add_task(hospital.mai.actor, hospital.case_id, "own", due_day=TODAY, text="Gọi trạm")
    tell(hospital)
    number, code, _ = hospital.codes()
    assert tasks(hospital) == ["own"]
    with clock.frozen(NOW + timedelta(hours=1)):
        with hospital.work():
            assert service.open_reply(proof(number, code)) is not None
        mistype(hospital, number)
    assert tell(hospital) == 1
    hospital.accept()
    assert tasks(hospital) == ["own", "referral_arrival"], "an answer by telephone ends it as well"


def test_a_used_or_ended_letter_and_one_out_of_reach_tell_nothing(hospital) -> None:
    number, _, _ = hospital.codes()
    mistype(hospital, number)
    with hospital.work():
        stranger = add_account(add_unit("phong_vhxh", "Xã bên", "15163").id, Role.CASE_WORKER, "Lan")
        assert service.tell_closed_letters(stranger) == 0
        with pytest.raises(NotFound):
            list_closed_letter_ids(stranger, hospital.case_id)
    with hospital.work():
        service.recall(hospital.mai.actor, hospital.case_id, hospital.referral_id)
    assert tell(hospital) == 0


def test_what_changed_while_the_clock_waited_is_not_told_any_more(hospital) -> None:
    mistype(hospital, hospital.codes()[0])
    with hospital.work():
        referral = queries.get_referral(hospital.mai.actor, hospital.case_id, hospital.referral_id)
        bundle_id = referral.bundle_id
    hospital.codes()
    with hospital.work():
        assert not clocks._tell_closed(hospital.mai.actor, bundle_id), "new codes were drawn"
    mistype(hospital, hospital.codes()[0])
    with hospital.work():
        service.recall(hospital.mai.actor, hospital.case_id, hospital.referral_id)
        assert not clocks._tell_closed(hospital.mai.actor, bundle_id), "it was recalled"


def test_whoever_opens_the_case_learns_it_before_any_clock(hospital) -> None:
    mistype(hospital, hospital.codes()[0])
    browser = Browser(hospital.app)
    sign_in(browser, hospital.mai)
    browser.open(f"/cases/{hospital.case_id}")
    browser.open(f"/cases/{hospital.case_id}")
    assert "Thư nhập sai mã quá nhiều lần" in browser.page


def test_every_opening_of_the_answer_page_is_told_to_the_sender(hospital) -> None:
    number, code, _ = hospital.codes()
    for minute in (1, 2):
        with clock.frozen(NOW + timedelta(minutes=minute)), hospital.work():
            service.open_reply(proof(number, code))
            service.open_reply(proof(number, "00000000"))
    with hospital.work():
        view = queries.open_referral(hospital.mai.actor, hospital.case_id, hospital.referral_id)
    assert [trace.at.minute for trace in view.traces if trace.act == OPENED] == [2, 1]


def test_a_clinic_that_mistypes_codes_keeps_nobody_there_from_signing_in(hospital) -> None:
    for guess in range(ADDRESS_TRIES):
        with hospital.work():
            service.open_reply(proof(f"{guess:010}", "00000000", CLINIC))
    browser = Browser(hospital.app, address=CLINIC)
    sign_in(browser, hospital.mai)
    browser.open("/")
    assert browser.status == 200
    assert "Hôm nay" in browser.page


def test_an_office_that_mistypes_passwords_keeps_no_partner_there_from_answering(hospital) -> None:
    number, code, _ = hospital.codes()
    browser = Browser(hospital.app, address=CLINIC)
    for turn in range(ADDRESS_TRIES):
        browser.open("/sign-in")
        browser.send(name=f"ai-do-{turn}", password="khong-dung-dau-nhe")
    browser.open("/sign-in")
    browser.send(name=hospital.mai.name, password=hospital.mai.password)
    assert browser.path == "/sign-in", "the right password has to wait like any other"
    with hospital.work():
        assert service.open_reply(proof(number, code, CLINIC)) is not None
