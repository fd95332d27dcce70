"""An address that has become known, one that closes, and a keeper who must not know who is there."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from casemgr.cases.models import Task
from casemgr.cases.service import bar_account
from casemgr.errors import Conflict, Forbidden, InvalidState, NotFound, Refused, SealError, StaleVersion
from casemgr.referrals import queries, service
from casemgr.referrals.models import Bundle
from casemgr.shelters import queries as shelters
from casemgr.shelters.rules import AddressState, People
from casemgr.shelters.service import AddressEntry, add_address, close_all_beds, set_address_state
from tests.rig.network import consented_case, send, sending_to
from tests.rig.office import add_unit


def tasks(session, case_id):
    found = session.scalars(select(Task).where(Task.case_id == case_id, Task.state == "open"))
    return sorted(task.content["kind"] for task in found)


def row_of(network):
    return shelters.open_register_row(network.office.supervisor, network.address_id)


def test_one_act_stops_intake_takes_back_what_was_sent_and_says_who_must_move(session, network) -> None:
    cases = {name: consented_case(network.office) for name in ("waits", "promised", "there")}
    sent = {name: send(network, case.id, adults=1, children=0) for name, case in cases.items()}
    for name in ("promised", "there"):
        service.accept(network.keeper, sent[name].bundle_id)
    service.record_arrival(network.keeper, sent["there"].bundle_id)

    moving = service.expose_address(network.office.supervisor, network.address_id, row_of(network).version)

    assert moving == 1
    assert row_of(network).state == AddressState.EXPOSED
    assert {name: referral.state for name, referral in sent.items()} == {
        "waits": "recalled",
        "promised": "recalled",
        "there": "arrived",
    }
    assert {name: tasks(session, case.id) for name, case in cases.items()} == {
        "waits": ["referral_elsewhere"],
        "promised": ["referral_elsewhere"],
        "there": ["referral_move"],
    }
    for name in ("waits", "promised"):
        with pytest.raises(NotFound):
            queries.open_bundle(network.keeper, sent[name].bundle_id)
        with pytest.raises(SealError):
            _ = session.get(Bundle, sent[name].bundle_id, populate_existing=True).content
    with pytest.raises(Refused, match="suspended"):
        send(network)
    service.complete(network.keeper, sent["there"].bundle_id, left_to="lo_dia_chi")
    assert tasks(session, cases["there"].id) == []


def test_only_who_keeps_the_register_of_the_commune_may_say_so(session, network) -> None:
    version = row_of(network).version
    for actor in (network.office.stranger, network.office.worker, network.keeper):
        with pytest.raises((NotFound, Forbidden)):
            service.expose_address(actor, network.address_id, version)
        assert row_of(network).state == AddressState.ACTIVE
    with pytest.raises(StaleVersion):
        service.expose_address(network.office.supervisor, network.address_id, version + 1)


def test_an_ordinary_closing_waits_until_the_last_has_left(session, network) -> None:
    first, second = (send(network, adults=1, children=0) for _ in range(2))
    for referral in (first, second):
        service.accept(network.keeper, referral.bundle_id)
    service.record_arrival(network.keeper, first.bundle_id)

    supervisor = network.office.supervisor
    set_address_state(supervisor, network.address_id, row_of(network).version, AddressState.CLOSING)

    with pytest.raises(Refused, match="suspended"):
        send(network)
    assert row_of(network).state == AddressState.CLOSING
    service.record_no_show(network.keeper, second.bundle_id)
    assert row_of(network).state == AddressState.CLOSING
    service.complete(network.keeper, first.bundle_id, left_to="cho_o_moi")
    assert row_of(network).state == AddressState.CLOSED


def test_an_empty_address_closes_at_once(session, network) -> None:
    supervisor = network.office.supervisor
    set_address_state(supervisor, network.address_id, row_of(network).version, AddressState.CLOSING)
    assert row_of(network).state == AddressState.CLOSED


def test_an_excluded_keeper_cannot_count_the_guests_that_are_kept_from_her(session, network) -> None:
    excluded = network.second_keeper
    sending = replace(sending_to(network.address_id), excluded=frozenset({excluded.account_id}))
    referral = service.send_referral(network.office.worker, network.case_id, sending)
    everything_free = shelters.get_own_address(excluded).known_to([]).free
    service.accept(network.keeper, referral.bundle_id)

    known = [stay.people for stay, _ in queries.list_stays(excluded)]

    assert known == []
    assert shelters.get_own_address(excluded).known_to(known).free == everything_free
    close_all_beds(excluded, full=True, used=People(adults=0, children=0))
    assert shelters.get_own_address(excluded).known_to(known).free.total == 0
    assert not shelters.list_board(network.office.worker)[0].takes_people


def test_who_must_move_stands_with_where_to_and_only_for_who_answers_for_the_case(session, network) -> None:
    supervisor = network.office.supervisor
    kept = consented_case(network.office)
    for case_id in (network.case_id, kept.id):
        referral = send(network, case_id, adults=1, children=1)
        service.accept(network.keeper, referral.bundle_id)
        service.record_arrival(network.keeper, referral.bundle_id)
    house = add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy số 2", "15148", network.office.unit_id)
    entry = AddressEntry(
        decision_number="3", is_public=False, adult_beds=1, child_beds=1, contact_phone="+84911000111"
    )
    add_address(supervisor, house.id, entry)
    bar_account(network.office.worker, kept.id, supervisor.account_id, "Người nhà")
    service.expose_address(supervisor, network.address_id, row_of(network).version)

    (group,) = queries.list_moving(supervisor, network.address_id)

    assert (group.case_id, group.people) == (network.case_id, People(adults=1, children=1))
    assert [place.name for place in group.places] == ["Địa chỉ tin cậy số 2"]
    assert queries.list_moving(network.keeper, network.address_id) == []
    assert queries.list_moving(network.office.stranger, network.address_id) == []
    assert tasks(session, kept.id) == ["referral_move"]


def test_a_known_address_opens_again_only_with_a_reason_and_empty(session, network) -> None:
    supervisor = network.office.supervisor
    referral = send(network)
    service.accept(network.keeper, referral.bundle_id)
    service.record_arrival(network.keeper, referral.bundle_id)
    service.expose_address(supervisor, network.address_id, row_of(network).version)
    opened = (supervisor, network.address_id)
    with pytest.raises(Conflict):
        set_address_state(*opened, row_of(network).version, AddressState.ACTIVE)
    with pytest.raises(InvalidState):
        set_address_state(*opened, row_of(network).version, AddressState.ACTIVE, "Đã dời nhà")
    service.complete(network.keeper, referral.bundle_id, left_to="lo_dia_chi", safety="an_toan")
    set_address_state(*opened, row_of(network).version, AddressState.ACTIVE, "Đã dời nhà")
    assert row_of(network).state == AddressState.ACTIVE
