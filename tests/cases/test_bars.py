"""Conflicts of interest: a bar is never silent to everybody above, and two people lift it."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casemgr import clock
from casemgr.accounts.models import Account
from casemgr.cases import queries, service
from casemgr.cases.models import Bar, BarLift
from casemgr.db import current
from casemgr.errors import Forbidden, InvalidState, NotFound, Refused
from casemgr.policy import Permission, Role
from tests.rig import office

REASON = "Chị dâu của người bị tố giác"


@pytest.fixture
def place(work):
    """An office with one case, somebody at the province's level and a data-protection officer."""
    with work():
        staff = office.open_office()
        above = office.add_unit("so", "Sở của tỉnh", "")
        above.commune_code = None
        case = service.open_case(staff.worker, summary={})
        return {
            "office": staff,
            "case_id": case.id,
            "code": case.code,
            "above": office.add_account(above.id, Role.SUPERVISOR, "Cao"),
            "officer": office.add_account(staff.unit_id, Role.DATA_PROTECTION, "Vệ"),
        }


def bar_supervisor(place):
    staff = place["office"]
    return service.bar_account(staff.worker, place["case_id"], staff.supervisor.account_id, REASON)


def test_a_bar_that_leaves_a_case_without_a_supervisor_is_shown_above_by_code_alone(work, place):
    with work():
        bar_id = bar_supervisor(place).id
    with work():
        for who in ("above", "officer"):
            (overseen,) = queries.list_overseen(place[who])
            assert (overseen.bar.id, overseen.code) == (bar_id, place["code"])
            with pytest.raises((NotFound, Forbidden)):
                queries.get_case(place[who], place["case_id"])


def test_neither_the_barred_nor_a_stranger_nor_the_worker_sees_it(work, place):
    with work():
        bar_supervisor(place)
    with work():
        for who in (place["office"].supervisor, place["office"].stranger):
            assert queries.list_overseen(who) == []
        with pytest.raises(Forbidden):
            queries.list_overseen(place["office"].worker)


def test_somebody_above_who_is_kept_from_the_case_herself_learns_nothing(work, place):
    with work():
        bar_supervisor(place)
        for who in ("above", "officer"):
            service.bar_account(place["office"].worker, place["case_id"], place[who].account_id, REASON)
    with work():
        assert queries.list_overseen(place["above"]) == []
        assert queries.list_overseen(place["officer"]) == []


def test_nothing_is_shown_above_while_another_supervisor_is_left(work, place):
    with work():
        second = office.add_account(place["office"].unit_id, Role.SUPERVISOR, "Hai")
        bar_supervisor(place)
    with work():
        assert queries.list_overseen(place["officer"]) == []
    with work() as session:
        session.get_one(Account, second.account_id).state = "disabled"
    with work():
        assert len(queries.list_overseen(place["officer"])) == 1


def test_a_second_bar_for_the_same_colleague_is_the_first(work, place):
    with work() as session:
        first = bar_supervisor(place).id
        assert bar_supervisor(place).id == first
        assert session.scalars(select(Bar.id)).all() == [first]


def test_the_table_itself_holds_one_standing_bar_for_a_case_and_an_account(work, place):
    with pytest.raises(IntegrityError), work():
        bar = bar_supervisor(place)
        again = Bar(case_id=bar.case_id, account_id=bar.account_id, made_day=clock.today())
        current().add(again)
        current().flush()


def test_one_proposes_and_another_agrees_then_the_case_is_there_again(work, place):
    staff = place["office"]
    with work():
        bar = bar_supervisor(place)
        service.propose_lift(staff.worker, place["case_id"], bar.id, "Chỉ trùng họ")
        with pytest.raises(Refused):
            service.answer_lift(staff.worker, place["case_id"], bar.id, agreed=True)
    with work():
        service.answer_overseen_lift(place["above"], bar.id, agreed=True)
    with work() as session:
        assert queries.get_case(staff.supervisor, place["case_id"]).code == place["code"]
        lift = session.scalars(select(BarLift)).one()
        assert (lift.state, lift.reason) == ("agreed", "Chỉ trùng họ")
        assert (lift.proposed_by, lift.answered_by) == (staff.worker.account_id, place["above"].account_id)


def test_two_above_lift_what_a_worker_made_to_hide_a_case(work, place):
    with work():
        bar_id = bar_supervisor(place).id
        service.propose_overseen_lift(place["above"], bar_id, "Không phải họ hàng")
    with work():
        with pytest.raises(Refused):
            service.answer_overseen_lift(place["above"], bar_id, agreed=True)
        service.answer_overseen_lift(place["officer"], bar_id, agreed=True)
    with work():
        assert queries.get_case(place["office"].supervisor, place["case_id"])


def test_the_barred_neither_proposes_nor_agrees(work, place):
    staff = place["office"]
    with work():
        bar = bar_supervisor(place)
        for act in (
            lambda: service.propose_lift(staff.supervisor, place["case_id"], bar.id, "x"),
            lambda: service.propose_overseen_lift(staff.supervisor, bar.id, "x"),
        ):
            with pytest.raises(NotFound):
                act()
        service.propose_lift(staff.worker, place["case_id"], bar.id, "x")
        with pytest.raises(NotFound):
            service.answer_lift(staff.supervisor, place["case_id"], bar.id, agreed=True)


def test_whoever_is_let_in_again_does_not_read_there_that_she_was_kept_out(work, place):
    staff = place["office"]
    with work():
        bar = bar_supervisor(place)
        service.propose_overseen_lift(place["above"], bar.id, "x")
        service.answer_overseen_lift(place["officer"], bar.id, agreed=True)
    with work():
        case = queries.open_page(staff.supervisor, place["case_id"])
        assert not {entry.action for entry in queries.list_readers(staff.supervisor, case)} & queries.OF_BARS
        assert {entry.content["kind"] for entry in queries.list_entries(staff.supervisor, case)} == {"opened"}


def test_a_refused_proposal_leaves_the_bar_and_can_be_made_again(work, place):
    with work():
        bar_id = bar_supervisor(place).id
        with pytest.raises(InvalidState):
            service.answer_overseen_lift(place["above"], bar_id, agreed=True)
        service.propose_overseen_lift(place["above"], bar_id, "x")
        with pytest.raises(InvalidState):
            service.propose_overseen_lift(place["officer"], bar_id, "y")
        service.answer_overseen_lift(place["officer"], bar_id, agreed=False)
        service.propose_overseen_lift(place["officer"], bar_id, "y")
    with work(), pytest.raises(NotFound):
        queries.get_case(place["office"].supervisor, place["case_id"])


@pytest.mark.parametrize(("role", "state"), [(Role.KEEPER, "active"), (Role.CASE_WORKER, "disabled")])
def test_a_case_is_given_to_nobody_who_works_on_no_cases(work, place, role, state):
    with work() as session:
        target = office.add_account(place["office"].unit_id, role, "Đích")
        session.get_one(Account, target.account_id).state = state
        with pytest.raises(Refused) as refused:
            service.assign(place["office"].supervisor, place["case_id"], target.account_id)
    assert refused.value.reason == "not_case_staff"


def test_where_something_may_be_written_every_check_of_a_case_asks_anew(work, place):
    staff = place["office"]
    with work():
        assert queries.get_case(staff.supervisor, place["case_id"]).code == place["code"]
        bar_supervisor(place)
        with pytest.raises(NotFound):
            queries.get_case(staff.supervisor, place["case_id"])


def test_a_page_asks_once_whether_a_case_is_in_reach_and_each_actor_for_himself(work, place):
    staff = place["office"]
    with work():
        bar_supervisor(place)
    with work(write=False):
        first = queries.get_case(staff.worker, place["case_id"])
        assert queries.get_case(staff.worker, place["case_id"], Permission.CASE_CHANGE) is first
        for actor in (staff.supervisor, staff.stranger):
            with pytest.raises(NotFound):
                queries.get_case(actor, place["case_id"])
        with pytest.raises(NotFound):
            queries.get_case(staff.worker, place["case_id"], Permission.CASE_AGREE_CLOSURE)
