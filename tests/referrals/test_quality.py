"""How well the network answers: counted in codes when a referral ends, and when a service is not there."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.cases.models import TimelineEntry
from casemgr.db.session import take_afterwards
from casemgr.errors import Conflict, InvalidState, NotFound
from casemgr.facts.models import Fact
from casemgr.referrals import service
from tests.referrals.conftest import NOW
from tests.rig.network import build_network, consented_case, send, sending_to


def facts(session, kind):
    return [dict(fact.content) for fact in session.scalars(select(Fact)) if fact.content["kind"] == kind]


def ended(network, minutes=5):
    referral = send(network)
    with clock.frozen(NOW + timedelta(minutes=minutes)):
        service.decline(network.keeper, referral.bundle_id, "het_cho")
    return referral


@pytest.mark.parametrize(("minutes", "answered"), [(5, "trong_han"), (45, "sau_han")])
def test_an_answer_is_counted_by_its_time_and_its_reason(session, network, minutes, answered) -> None:
    ended(network, minutes)
    (fact,) = facts(session, "service")
    assert (fact["answered"], fact["reason"], fact["outcome"]) == (answered, "het_cho", "bi_tra_lai")


def test_silence_and_taking_back_are_no_answers(session, network) -> None:
    first, _ = send(network), send(network)
    service.recall(network.office.worker, network.case_id, first.id)
    with clock.frozen(NOW + timedelta(days=3)):
        service.expire_due(network.office.worker)
    assert sorted(fact["answered"] for fact in facts(session, "service")) == ["khong_tra_loi", "rut_truoc"]


def test_what_the_survivor_says_is_kept_sealed_and_counted_as_a_choice_alone(session, network) -> None:
    referral = send(network)
    with pytest.raises(InvalidState):
        service.record_feedback(network.office.worker, network.case_id, referral.id, "tot")
    service.accept(network.keeper, referral.bundle_id)
    service.record_arrival(network.keeper, referral.bundle_id)
    service.complete(network.keeper, referral.bundle_id, left_to="nguoi_than", needs_met="du")
    for code, text in (("khong_tot", "Phải chờ lâu"), ("mot_phan", "Chị giữ nhà rất tử tế")):
        service.record_feedback(network.office.worker, network.case_id, referral.id, code, text)

    (fact,) = facts(session, "service")
    assert (fact["feedback"], fact["needs_met"], fact["answered"]) == ("mot_phan", "du", "trong_han")
    assert "tử tế" not in str(fact)
    assert referral.outcome["feedback_text"] == "Chị giữ nhà rất tử tế"
    with pytest.raises(Conflict):
        service.record_feedback(network.office.worker, network.case_id, referral.id, "khong_co_ma")
    for outsider in (network.keeper, network.office.colleague):
        with pytest.raises(NotFound):
            service.record_feedback(outsider, network.case_id, referral.id, "tot")


def test_a_service_that_nobody_gives_is_a_gap_once_a_month(session, network) -> None:
    worker = network.office.worker
    assert service.record_if_missing(worker, network.case_id, "phap_ly")
    assert service.record_if_missing(worker, network.case_id, "phap_ly")
    assert not service.record_if_missing(worker, network.case_id, "cong_an")
    assert facts(session, "gap") == [
        {"kind": "gap", "registered_on": "2026-06-01", "service": "phap_ly", "why": "khong_co"}
    ]
    with clock.frozen(NOW + timedelta(days=31)):
        service.record_if_missing(worker, network.case_id, "phap_ly")
    assert len(facts(session, "gap")) == 2
    entries = session.scalars(select(TimelineEntry).where(TimelineEntry.case_id == network.case_id))
    assert [entry.content["data"]["service"] for entry in entries if entry.content["kind"] == "service_gap"]


def test_a_service_that_everybody_declined_is_a_gap_too(work) -> None:
    with clock.frozen(NOW):
        with work():
            network = build_network()
            case = consented_case(network.office, "cong_an")
            sending = replace(sending_to(network.police_id), offer={"service": "cong_an", "urgency": "ngay"})
            referral = service.send_referral(network.office.worker, case.id, sending)
        with work():
            assert not service.record_refusals_later(network.office.worker, case.id, referral.id)
            service.decline(network.police, referral.bundle_id, "qua_kha_nang")
        with work() as session:
            assert service.record_refusals_later(network.office.worker, case.id, referral.id)
            for act in take_afterwards(session.info):
                act()
            assert [fact["why"] for fact in facts(session, "gap")] == ["khong_ai_nhan"]


def test_gaps_are_those_of_whoever_works_on_the_case(session, network) -> None:
    for outsider in (network.keeper, network.office.colleague, network.office.stranger):
        with pytest.raises(NotFound):
            service.record_gap(outsider, network.case_id, "phap_ly", "khong_co")
    with pytest.raises(Conflict):
        service.record_gap(network.office.worker, network.case_id, "phap_ly", "vi_sao")
