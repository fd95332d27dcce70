"""A request that nobody answers: a reminder, the alarm, the next unit; and one that is passed on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.cases.models import Task
from casemgr.cases.service import bar_account, open_case
from casemgr.errors import Conflict, InvalidState, NotFound
from casemgr.policy import Role
from casemgr.referrals import queries, service
from casemgr.shelters.service import AddressEntry, add_address
from casemgr.survivors.queries import list_consents
from casemgr.survivors.service import record_consent, withdraw_consent
from tests.referrals.conftest import NOW
from tests.rig.network import send, sending_to
from tests.rig.office import add_account, add_unit


def tasks(session, case_id, assignee):
    mine = (Task.case_id == case_id, Task.assignee_id == assignee.account_id, Task.state == "open")
    return sorted(task.content["kind"] for task in session.scalars(select(Task).where(*mine)))


def at(minutes):
    return clock.frozen(NOW + timedelta(minutes=minutes))


def second_address(network, *, is_public=True):
    unit = add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy Thôn Hai", "15148", network.office.unit_id)
    entry = AddressEntry(
        decision_number="13/QĐ-UBND",
        is_public=is_public,
        adult_beds=2,
        child_beds=2,
        contact_phone="+84911222444",
    )
    add_address(network.office.supervisor, unit.id, entry)
    return unit, add_account(unit.id, Role.KEEPER, "Hạnh")


def test_the_unit_is_reminded_then_the_sender_and_the_supervisor_are_told_once(session, network) -> None:
    referral = send(network)
    worker, supervisor = network.office.worker, network.office.supervisor

    with at(14):
        assert service.escalate_due(worker) == 0
    with at(16):
        assert (service.escalate_due(worker), service.escalate_due(worker)) == (1, 0)
        assert queries.open_bundle(network.keeper, referral.bundle_id).offer["reminded_at"]
        assert tasks(session, network.case_id, supervisor) == []
    with at(31):
        assert (service.escalate_due(worker), service.escalate_due(worker)) == (1, 0)
    assert tasks(session, network.case_id, worker) == ["referral_late"]
    assert tasks(session, network.case_id, supervisor) == ["referral_late"]

    with at(40):
        service.accept(network.keeper, referral.bundle_id)
    assert tasks(session, network.case_id, worker) == ["referral_arrival"]
    assert tasks(session, network.case_id, supervisor) == []


def test_a_barred_supervisor_is_not_told_and_nobody_beyond_reach_moves_a_clock(session, network) -> None:
    send(network)
    bar_account(network.office.worker, network.case_id, network.office.supervisor.account_id, "Họ hàng")
    with at(31):
        assert service.escalate_due(network.office.stranger) == 0
        assert service.escalate_due(network.office.colleague) == 0
        assert service.escalate_due(network.office.worker) == 1
    assert tasks(session, network.case_id, network.office.supervisor) == []


def test_the_next_address_is_asked_in_one_tap_and_the_first_sees_nothing_any_more(session, network) -> None:
    unit, keeper = second_address(network)
    first = send(network)
    worker, case_id = network.office.worker, network.case_id
    with at(31):
        (other,) = queries.list_alternatives(worker, case_id, first.id)
        assert other.unit_id == unit.id
        following = service.ask_next(worker, case_id, first.id, unit.id)

        assert first.state == "recalled"
        with pytest.raises(NotFound):
            queries.open_bundle(network.keeper, first.bundle_id)
        assert queries.open_bundle(keeper, following.bundle_id).content == {}
        service.record_phone_acceptance(worker, case_id, following.id)
        assert queries.open_bundle(keeper, following.bundle_id).content["called_name"] == "Chị Hoa"
        assert queries.list_alternatives(worker, case_id, following.id) == []
        with pytest.raises(InvalidState):
            service.ask_next(worker, case_id, following.id, network.address_id)


def test_high_danger_puts_a_published_address_behind_a_hidden_one(session, network) -> None:
    published, _ = second_address(network, is_public=True)
    hidden = add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy số 3", "15148", network.office.unit_id)
    entry = AddressEntry(
        decision_number="14", is_public=False, adult_beds=2, child_beds=2, contact_phone="+84911222555"
    )
    add_address(network.office.supervisor, hidden.id, entry)
    referral = send(network, danger_level="cao")
    found = queries.list_alternatives(network.office.worker, network.case_id, referral.id)
    assert [choice.unit_id for choice in found] == [hidden.id, published.id]


def test_a_unit_passes_a_request_on_without_reading_who_it_is_about(session, network) -> None:
    unit, keeper = second_address(network)
    left_out = add_account(unit.id, Role.KEEPER, "Tư")
    sending = replace(
        sending_to(network.address_id), excluded=frozenset({left_out.account_id}), note="Chỉ trong hồ sơ"
    )
    first = service.send_referral(network.office.worker, network.case_id, sending)
    assert [found.unit_id for found in queries.list_onward(network.keeper, first.bundle_id)] == [unit.id]

    with at(10):
        second = service.redirect(network.keeper, first.bundle_id, unit.id, "Nhà đang sửa")

    assert (first.state, first.outcome["text"]) == ("redirected", "Nhà đang sửa")
    assert second.request["service"] == first.request["service"]
    assert second.sender_id == network.office.worker.account_id
    with pytest.raises(NotFound):
        queries.open_bundle(network.keeper, first.bundle_id)
    with pytest.raises(NotFound):
        queries.open_bundle(left_out, second.bundle_id)
    view = queries.open_bundle(keeper, second.bundle_id)
    assert (view.content, view.due_at) == ({}, NOW + timedelta(minutes=40))
    assert queries.list_onward(keeper, second.bundle_id) == []
    service.accept(keeper, second.bundle_id)
    assert queries.open_bundle(keeper, second.bundle_id).content["code_word"] == "chè xanh"


def test_a_request_is_passed_on_only_within_what_she_agrees_to_now(session, network) -> None:
    unit, _ = second_address(network)
    worker, until_tonight = network.office.worker, clock.today()
    with clock.frozen(NOW + timedelta(minutes=1)):
        record_consent(
            worker,
            network.case_id,
            purpose="chuyen_gui",
            service="tam_lanh",
            how="loi_noi",
            limits_read=True,
            expires_on=until_tonight,
        )
    referral = send(network)
    with clock.frozen(NOW + timedelta(hours=6)), pytest.raises(NotFound):
        service.redirect(network.keeper, referral.bundle_id, unit.id)
    for consent in list_consents(worker, network.case_id):
        if consent.document["service"] == "tam_lanh" and consent.state == "given":
            withdraw_consent(worker, network.case_id, consent.id, consent.version)
    with pytest.raises(NotFound):
        service.redirect(network.keeper, referral.bundle_id, unit.id)


def test_a_hidden_or_suspended_address_another_service_or_the_sender_are_nowhere_to_point_to(
    session, network
) -> None:
    hidden, _ = second_address(network, is_public=False)
    referral = send(network)
    assert queries.list_onward(network.keeper, referral.bundle_id) == []
    for unit_id in (hidden.id, network.police_id, network.office.unit_id, network.address_id):
        with pytest.raises(Conflict):
            service.redirect(network.keeper, referral.bundle_id, unit_id)
    with pytest.raises(NotFound):
        service.redirect(network.police, referral.bundle_id, network.police_id)


def test_after_a_yes_a_request_is_passed_on_no_more(session, network) -> None:
    unit, _ = second_address(network)
    referral = send(network)
    service.accept(network.keeper, referral.bundle_id)
    with pytest.raises(InvalidState):
        service.redirect(network.keeper, referral.bundle_id, unit.id)


def test_a_case_without_consent_passes_on_under_the_same_exception(session, network) -> None:
    unit, _ = second_address(network)
    case = open_case(network.office.worker, summary={})
    bare = replace(
        sending_to(network.address_id),
        exception="de_doa_tinh_mang",
        exception_reason="Đang bất tỉnh, con nhỏ gọi",
    )
    referral = service.send_referral(network.office.worker, case.id, bare)
    following = service.redirect(network.keeper, referral.bundle_id, unit.id)
    assert following.request["exception"] == "de_doa_tinh_mang"


def test_a_unit_reads_no_longer_than_her_consent_says(session, network) -> None:
    worker, day = network.office.worker, clock.local(NOW).date()
    about = {"purpose": "chuyen_gui", "service": "cong_an", "how": "loi_noi", "limits_read": True}
    with clock.frozen(NOW + timedelta(minutes=1)):
        record_consent(worker, network.case_id, expires_on=day + timedelta(days=3), **about)
        asked = sending_to(network.police_id, service="cong_an", urgency="trong_ngay")
        bundle_id = service.send_referral(worker, network.case_id, asked).bundle_id
        service.accept(network.police, bundle_id)
    with clock.frozen(NOW + timedelta(days=3)):
        assert queries.open_bundle(network.police, bundle_id).content
    with clock.frozen(NOW + timedelta(days=4)), pytest.raises(NotFound):
        queries.open_bundle(network.police, bundle_id)
    with clock.frozen(NOW + timedelta(hours=1)):
        record_consent(worker, network.case_id, expires_on=day + timedelta(days=6), **about)
    with clock.frozen(NOW + timedelta(days=6)):
        assert queries.open_bundle(network.police, bundle_id).content
        service.record_arrival(network.police, bundle_id)
    with clock.frozen(NOW + timedelta(days=7)):
        with pytest.raises(NotFound):
            queries.open_bundle(network.police, bundle_id)
        assert service.expire_due(worker) == 1
