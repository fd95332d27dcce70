"""Somebody on duty may be kin of the one who used violence: left out, she finds and is told of nothing."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases import queries as cases
from casemgr.codes import lists
from casemgr.directory import service as directory
from casemgr.directory.rules import Availability, Need
from casemgr.duty import service as duty
from casemgr.duty.service import Days
from casemgr.errors import Conflict, InvalidState, NotFound, Refused
from casemgr.policy import Actor, Role
from casemgr.referrals import queries, service
from casemgr.referrals.queries.bundles import list_taken_back
from casemgr.referrals.rules import ReferralState
from casemgr.shelters.models import TrustedAddress
from casemgr.units.models import Unit
from tests.referrals.conftest import NOW
from tests.rig.network import send, sending_to
from tests.rig.office import add_account, add_unit

TODAY = clock.local(NOW).date()
WEEK = Days(from_day=TODAY, until_day=TODAY + timedelta(days=6))


def left_out(network, *people: Actor, **more):
    excluded = frozenset(person.account_id for person in people)
    sending = replace(sending_to(network.address_id, adults=1, children=0), excluded=excluded, **more)
    return service.send_referral(network.office.worker, network.case_id, sending)


def every_way_in(actor: Actor, bundle_id) -> list[object]:
    """Try whatever a recipient can do with a bundle; return what was not refused."""
    acts = {
        "show": lambda: queries.open_bundle(actor, bundle_id),
        "hold": lambda: queries.get_bundle(actor, bundle_id),
        "is it a stay": lambda: queries.is_stay(actor, bundle_id),
        "accept": lambda: service.accept(actor, bundle_id),
        "decline": lambda: service.decline(actor, bundle_id, "het_cho"),
        "arrive": lambda: service.record_arrival(actor, bundle_id),
        "begin": lambda: service.begin(actor, bundle_id),
        "miss": lambda: service.record_no_show(actor, bundle_id),
        "complete": lambda: service.complete(actor, bundle_id),
        "pass on": lambda: queries.list_onward(actor, bundle_id),
        "see": lambda: service.see(actor, bundle_id),
        "copy": lambda: service.make_copy(actor, bundle_id),
        "redirect": lambda: service.redirect(actor, bundle_id, actor.unit_id),
        "correct": lambda: service.correct(actor, bundle_id, bundle_id, {}),
        "recall": lambda: service.recall(actor, bundle_id, bundle_id),
    }
    taken = []
    for name, act in acts.items():
        try:
            act()
        except NotFound:
            continue
        taken.append(name)
    return taken


def finds(actor: Actor) -> list[object]:
    """Return what lists and counts of a recipient tell."""
    return [
        *queries.list_inbox(actor),
        *queries.list_inbox(actor, only_waiting=True),
        *queries.list_stays(actor),
        *list_taken_back(actor),
        *([queries.count_inbox(actor)] if queries.count_inbox(actor) else []),
    ]


def test_who_is_left_out_finds_a_request_by_no_way_in_any_state(session, network) -> None:
    kin, keeper = network.second_keeper, network.keeper
    sent = left_out(network, kin)
    steps = (
        lambda: None,
        lambda: service.see(keeper, sent.bundle_id),
        lambda: service.accept(keeper, sent.bundle_id),
        lambda: service.record_arrival(keeper, sent.bundle_id),
        lambda: service.recall(network.office.worker, network.case_id, sent.id),
    )
    for step in steps:
        step()
        assert finds(keeper)
        audit.take(session)
        assert finds(kin) == []
        assert every_way_in(kin, sent.bundle_id) == []
        assert [note for note in audit.take(session) if note.object_id == sent.bundle_id] == []


def test_another_unit_finds_a_request_by_no_way_in_and_nobody_learns_that_it_is_there(
    session, network
) -> None:
    other = add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy Thôn Ba", "15148", network.office.unit_id)
    strangers = (network.police, add_account(other.id, Role.KEEPER, "Ba"), network.neighbour)
    sent = send(network, adults=1, children=0)
    for step in (service.see, service.accept, service.record_arrival):
        step(network.keeper, sent.bundle_id)
        audit.take(session)
        for stranger in strangers:
            assert every_way_in(stranger, sent.bundle_id) == every_way_in(stranger, uuid4()) == []
        assert audit.take(session) == []
    assert queries.open_bundle(network.keeper, sent.bundle_id).state == "arrived"


def test_reminders_and_alarms_leave_her_out_too(session, network) -> None:
    kin = add_account(network.office.unit_id, Role.SUPERVISOR, "Thím")
    left_out(network, network.second_keeper, kin)
    with clock.frozen(NOW + timedelta(minutes=40)):
        service.escalate_due(network.office.supervisor)
        assert [task.content["kind"] for task, _, _ in cases.list_my_tasks(network.office.supervisor, TODAY)]
        assert cases.list_my_tasks(kin, TODAY) == []
        assert finds(network.second_keeper) == []


def test_standing_in_for_a_colleague_lets_nobody_in_who_is_left_out(session, network) -> None:
    keeper, kin = network.keeper, network.second_keeper
    sent = left_out(network, kin, named=keeper.account_id)
    duty.add_absence(keeper, keeper.account_id, kin.account_id, WEEK)
    assert finds(kin) == []
    assert every_way_in(kin, sent.bundle_id) == []


def test_what_is_passed_on_or_asked_next_leaves_out_the_same_people(session, network) -> None:
    office = network.office
    other = add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy Thôn Hai", "15148", office.unit_id)
    kin = add_account(other.id, Role.KEEPER, "Chú")
    friend = add_account(other.id, Role.KEEPER, "Hiền")
    sent = left_out(network, kin)
    following = service.ask_next(office.worker, network.case_id, sent.id, other.id)
    assert [row.bundle_id for row in queries.list_inbox(friend)] == [following.bundle_id]
    assert finds(kin) == []


def test_a_named_request_is_for_that_person_or_who_stands_in_and_for_nobody_else(session, network) -> None:
    keeper, colleague = network.keeper, network.second_keeper
    sent = left_out(network, named=keeper.account_id)
    assert queries.get_bundle(keeper, sent.bundle_id)
    assert finds(colleague) == []
    assert every_way_in(colleague, sent.bundle_id) == []
    duty.add_absence(keeper, keeper.account_id, colleague.account_id, WEEK)
    assert queries.get_bundle(colleague, sent.bundle_id)
    view = queries.open_referral(network.office.worker, network.case_id, sent.id)
    assert view.named == "Bình → Yên"
    with clock.frozen(NOW + timedelta(days=7)):
        assert finds(colleague) == []


def test_nobody_is_named_who_cannot_answer_or_is_left_out(session, network) -> None:
    for wrong in (network.neighbour, network.police, network.office.worker):
        with pytest.raises(Conflict, match="named"):
            left_out(network, named=wrong.account_id)
    with pytest.raises(Conflict, match="named"):
        left_out(network, network.keeper, named=network.keeper.account_id)


def test_a_unit_whose_people_are_all_left_out_is_asked_by_telephone(session, network) -> None:
    sent = left_out(network, network.keeper, network.second_keeper)
    assert not queries.open_referral(network.office.worker, network.case_id, sent.id).has_staff
    service.record_phone_acceptance(network.office.worker, network.case_id, sent.id)
    assert sent.state == ReferralState.ACCEPTED


def test_units_are_proposed_that_take_people_suit_and_lie_where_it_is_safe(session, network) -> None:
    office = network.office
    named = {
        name: add_unit("hoi_lhpn", name, commune, office.unit_id)
        for name, commune in (("Gần", "15148"), ("Kín", "15148"), ("Xa", "15163"), ("Hợp", "15148"))
    }
    administrator = add_account(office.unit_id, Role.ADMINISTRATOR, "Quản")
    for name, said in (("Xa", {"communes": "15148"}), ("Hợp", {"access": ["xe_lan"]}), ("Kín", {})):
        directory.change_entry(administrator, named[name].id, 0, {"services": ["tam_ly"], **said})
    directory.set_availability(administrator, named["Kín"].id, Availability.FULL)
    need = Need(access=frozenset({"xe_lan"}))
    choices = queries.list_choices(office.worker, "tam_ly", need)
    ours = [choice for choice in choices if choice.name in named]
    assert ours[0].name == "Hợp"
    assert ours[-1].name == "Kín"
    plain = [choice for choice in queries.list_choices(office.worker, "tam_ly") if choice.name in named]
    near = sorted(plain, key=lambda choice: choice.rank_for("thap"))
    safe = sorted(plain, key=lambda choice: choice.rank_for("cao"))
    assert near[-2].name == "Xa"
    assert safe[0].name == "Xa"
    assert {choice.name: choice.is_near for choice in plain}["Xa"] is False


def test_the_next_address_says_yes_by_telephone_though_it_is_full_only_if_its_keeper_says_so(
    session, network
) -> None:
    office, sent = network.office, send(network, adults=1, children=0)
    other = add_unit("dia_chi_tin_cay", "Địa chỉ tin cậy Thôn Hai", "15148", office.unit_id)
    session.add(
        TrustedAddress(
            unit_id=other.id,
            is_public=False,
            state="active",
            adult_beds=0,
            child_beds=0,
            held_beds=0,
            details={},
        )
    )
    session.flush()
    before = session.get(Unit, other.id).version
    with pytest.raises(Refused, match="no_bed"):
        service.ask_next(office.worker, network.case_id, sent.id, other.id, by_phone=True)
    assert sent.state == ReferralState.SENT
    assert queries.get_bundle(network.keeper, sent.bundle_id)
    following = service.ask_next(
        office.worker, network.case_id, sent.id, other.id, by_phone=True, exceed="Kê thêm giường"
    )
    assert (sent.state, following.state) == (ReferralState.RECALLED, ReferralState.ACCEPTED)
    assert session.get(Unit, other.id).version == before


def test_a_hotline_that_helps_takes_the_place_of_a_silent_unit_and_the_case_follows_it_up(
    session, network
) -> None:
    office, sent = network.office, send(network)
    with pytest.raises(Conflict):
        service.record_hotline(office.worker, network.case_id, sent.id, "0900")
    with pytest.raises(NotFound):
        service.record_hotline(office.stranger, network.case_id, sent.id, "cong_an_113")
    service.record_hotline(office.worker, network.case_id, sent.id, "cong_an_113")
    assert (sent.state, sent.outcome["hotline"]) == (ReferralState.RECALLED, "cong_an_113")
    kinds = [task.content["kind"] for task, _, _ in cases.list_my_tasks(office.worker, TODAY)]
    assert kinds == ["referral_hotline"]
    with pytest.raises(InvalidState):
        service.record_hotline(office.worker, network.case_id, sent.id, "cong_an_113")
    assert "cong_an_113" in lists.get("hotline")
