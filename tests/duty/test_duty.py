"""The rota, leave and who stands in, and numbers that must answer."""

from datetime import date, datetime, timedelta

import pytest

from casemgr import clock
from casemgr.accounts.models import Account
from casemgr.cases import queries as cases
from casemgr.cases import service as case_service
from casemgr.children import queries as children
from casemgr.children import service as child_service
from casemgr.duty import queries, service
from casemgr.duty.models import Absence
from casemgr.duty.rules import hours, is_stale, runs_at
from casemgr.duty.service import Days
from casemgr.errors import Conflict, Forbidden, NotFound
from casemgr.policy import Role
from casemgr.units.models import Unit
from tests.duty.conftest import NOW
from tests.policy.world import CHILD
from tests.rig.office import add_account

TODAY = clock.local(NOW).date()
WEEK = Days(from_day=TODAY, until_day=TODAY + timedelta(days=6))
LATER = NOW + timedelta(days=7)


def away(office, absent, cover, days=WEEK):
    return service.add_absence(office.supervisor, absent.account_id, cover.account_id, days)


@pytest.mark.parametrize(
    ("part", "hour", "runs"),
    [
        (("00:00", "24:00"), 23, True),
        (("07:00", "17:00"), 6, False),
        (("07:00", "17:00"), 7, True),
        (("07:00", "17:00"), 17, False),
        (("17:00", "31:00"), 23, True),
    ],
)
def test_a_shift_runs_at_its_hours(part, hour: int, runs: bool) -> None:
    begins, ends = hours(*part)
    moment = datetime(2026, 6, 1, hour, 0, tzinfo=clock.LOCAL)
    day = moment.date()
    assert runs_at(moment, from_day=day, until_day=day, begins=begins, ends=ends) == runs


def test_a_night_shift_runs_into_the_morning_after_its_last_day() -> None:
    begins, ends = hours("17:00", "31:00")
    day = date(2026, 6, 1)
    for hour, runs in ((3, True), (7, False)):
        moment = datetime(2026, 6, 2, hour, 0, tzinfo=clock.LOCAL)
        assert runs_at(moment, from_day=day, until_day=day, begins=begins, ends=ends) == runs


def test_what_was_never_confirmed_is_stale_and_what_is_as_old_as_allowed_is_not() -> None:
    assert is_stale(None, 90, TODAY)
    assert not is_stale(TODAY - timedelta(days=90), 90, TODAY)
    assert is_stale(TODAY - timedelta(days=91), 90, TODAY)


def test_the_rota_says_who_is_on_duty_now_and_who_stands_in(session, network) -> None:
    office = network.office
    service.add_shift(office.supervisor, office.worker.account_id, "hanh_chinh", WEEK)
    assert [(row.name, row.is_now) for row in queries.list_shifts(office.colleague)] == [("Lan", True)]
    assert queries.list_on_duty(office.colleague, office.unit_id) == [office.worker.account_id]
    away(office, office.worker, office.colleague)
    assert queries.list_on_duty(office.supervisor, office.unit_id) == [office.colleague.account_id]
    assert queries.list_shifts(network.police) == []


def test_a_rota_is_kept_by_its_own_unit_alone(session, network) -> None:
    office = network.office
    shift = service.add_shift(office.supervisor, office.worker.account_id, "dem", WEEK)
    with pytest.raises(NotFound):
        service.remove_shift(network.police, shift.id)
    with pytest.raises(Conflict):
        service.add_shift(network.police, office.worker.account_id, "dem", WEEK)
    with pytest.raises(Forbidden):
        service.add_shift(office.worker, office.worker.account_id, "dem", WEEK)
    service.remove_shift(office.supervisor, shift.id)
    assert queries.list_shifts(office.worker) == []


def test_whoever_stands_in_has_files_and_tasks_on_those_days_and_not_after(session, network) -> None:
    office = network.office
    case_service.add_task(office.worker, network.case_id, "own", due_day=TODAY, text="Gọi lại")
    with pytest.raises(NotFound):
        cases.get_case(office.colleague, network.case_id)
    away(office, office.worker, office.colleague)
    assert cases.get_case(office.colleague, network.case_id).id == network.case_id
    assert [case_id for _, case_id, _ in cases.list_my_tasks(office.colleague, TODAY)] == [network.case_id]
    assert queries.list_stood_in_for(office.colleague) == [("Lan", WEEK.until_day)]
    with clock.frozen(LATER):
        with pytest.raises(NotFound):
            cases.get_case(office.colleague, network.case_id)
        assert cases.list_my_tasks(office.colleague, TODAY) == []
        assert queries.list_stood_in_for(office.colleague) == []


def test_being_back_early_ends_the_standing_in_at_once(session, network) -> None:
    office = network.office
    away(office, office.worker, office.colleague)
    (absence,) = queries.list_absences(office.supervisor)
    service.end_absence(office.supervisor, absence.absence_id)
    with pytest.raises(NotFound):
        cases.get_case(office.colleague, network.case_id)


def test_nobody_is_away_without_being_told_who_had_the_files(session, network) -> None:
    office = network.office
    case_service.bar_account(office.worker, network.case_id, office.supervisor.account_id, "Em chồng")
    away(office, office.worker, office.colleague)
    assert cases.get_case(office.colleague, network.case_id).id == network.case_id
    told = [("Mai", TODAY, False)]
    assert queries.list_standing_in(office.worker) == told
    (absence,) = queries.list_absences(office.supervisor)
    service.end_absence(office.supervisor, absence.absence_id)
    with pytest.raises(NotFound):
        cases.get_case(office.colleague, network.case_id)
    assert queries.list_absences(office.supervisor) == []
    assert queries.list_standing_in(office.worker) == told, "a supervisor takes back no trace"
    away(office, office.worker, office.colleague)
    assert queries.list_standing_in(office.colleague) == []
    with clock.frozen(NOW + timedelta(days=40)):
        assert queries.list_standing_in(office.worker) == []


def test_an_absence_that_was_over_is_not_made_longer_by_a_page_that_stood_open(session, network) -> None:
    office = network.office
    away(office, office.worker, office.colleague)
    (absence,) = queries.list_absences(office.supervisor)
    with clock.frozen(NOW + timedelta(days=20)):
        service.end_absence(office.supervisor, absence.absence_id)
    assert session.get_one(Absence, absence.absence_id).until_day == WEEK.until_day


def test_a_conflict_of_interest_beats_standing_in_and_the_supervisor_is_shown_the_case(
    session, network
) -> None:
    office = network.office
    case_service.bar_account(office.supervisor, network.case_id, office.colleague.account_id, "Em chồng")
    assert cases.list_uncovered(office.supervisor) == []
    away(office, office.worker, office.colleague)
    with pytest.raises(NotFound):
        cases.get_case(office.colleague, network.case_id)
    assert [case.id for case in cases.list_uncovered(office.supervisor)] == [network.case_id]
    second = add_account(office.unit_id, Role.CASE_WORKER, "Nhi")
    away(office, office.worker, second)
    assert cases.get_case(second, network.case_id).id == network.case_id
    assert cases.list_uncovered(office.supervisor) == []


def test_terms_of_child_protection_go_to_who_stands_in(session, network) -> None:
    office = network.office
    first, second = (add_account(office.unit_id, Role.CHILD_WORKER, name) for name in ("An", "Ba"))
    child_service.link_child(office.worker, network.case_id, owner_id=first.account_id, **CHILD)
    assert children.list_my_duties(second, TODAY + timedelta(days=30)) == []
    assert away(office, first, second) == frozenset()
    assert children.list_my_duties(second, TODAY + timedelta(days=30))


def test_nobody_stands_in_who_could_do_nothing_of_it(session, network) -> None:
    office = network.office
    child_worker = add_account(office.unit_id, Role.CHILD_WORKER, "An")
    for absent, cover in (
        (office.worker, office.leader),
        (office.worker, child_worker),
        (child_worker, office.worker),
        (office.supervisor, child_worker),
    ):
        with pytest.raises(Conflict, match="lacks"):
            away(office, absent, cover)
    assert queries.list_absences(office.supervisor) == []
    assert away(office, office.worker, office.supervisor) == frozenset()


def test_what_nobody_does_in_her_place_is_named_until_a_second_one_is_entered(session, network) -> None:
    office = network.office
    child_worker = add_account(office.unit_id, Role.CHILD_WORKER, "An")
    both = add_account(office.unit_id, Role.CASE_WORKER, "Hai")
    session.get_one(Account, both.account_id).roles_text = "case_worker,child_worker"
    session.flush()
    assert away(office, both, office.colleague) == {Role.CHILD_WORKER}
    assert [row.left for row in queries.list_absences(office.worker)] == [{Role.CHILD_WORKER}]
    assert away(office, both, child_worker) == frozenset()
    assert {row.left for row in queries.list_absences(office.worker)} == {frozenset()}


def test_what_lies_with_the_unit_is_done_by_anybody_there_who_is_not_away(session, network) -> None:
    office = network.office
    assert away(office, office.leader, office.worker) == {Role.LEADER}
    second = add_account(office.unit_id, Role.LEADER, "Phó")
    assert {row.left for row in queries.list_absences(office.worker)} == {frozenset()}
    away(office, second, office.worker)
    assert {row.left for row in queries.list_absences(office.worker)} == {frozenset({Role.LEADER})}
    assert away(office, office.supervisor, office.colleague) == {Role.SUPERVISOR}


def test_everybody_enters_the_own_leave_and_the_supervisor_sees_it(session, network) -> None:
    office = network.office
    service.add_absence(office.worker, office.worker.account_id, office.colleague.account_id, WEEK)
    assert cases.get_case(office.colleague, network.case_id).id == network.case_id
    assert queries.list_standing_in(office.worker) == [("Mai", TODAY, True)]
    told = queries.list_told_by_staff(office.supervisor)
    assert [(row.name, row.cover, row.from_day) for row in told] == [("Lan", "Mai", TODAY)]
    for actor in (office.worker, office.colleague, office.leader, office.stranger):
        assert queries.list_told_by_staff(actor) == []
    (seen,) = queries.list_absences(office.colleague)
    assert not seen.can_end
    with pytest.raises(NotFound):
        service.end_absence(office.colleague, seen.absence_id)
    service.end_absence(office.worker, seen.absence_id)
    with pytest.raises(NotFound):
        cases.get_case(office.colleague, network.case_id)
    assert queries.list_standing_in(office.worker) == [("Mai", TODAY, True)], "the trace of an open screen"


def test_nobody_comes_into_files_by_entering_leave_for_their_owner(session, network) -> None:
    office = network.office
    for actor in (office.colleague, office.leader, network.police, network.keeper, office.stranger):
        with pytest.raises(NotFound):
            service.add_absence(actor, office.worker.account_id, office.colleague.account_id, WEEK)
        with pytest.raises((NotFound, Conflict)):
            service.add_absence(actor, office.worker.account_id, actor.account_id, WEEK)
    with pytest.raises(Conflict, match="unknown"):
        service.add_absence(office.worker, office.worker.account_id, network.police.account_id, WEEK)
    assert queries.list_absences(office.supervisor) == []


def test_whoever_stands_in_is_neither_away_nor_the_same_nor_from_elsewhere(session, network) -> None:
    office = network.office
    for cover, reason in ((office.worker, "same"), (network.police, "unknown")):
        with pytest.raises(Conflict) as refused:
            away(office, office.worker, cover)
        assert (refused.value.field, refused.value.reason) == ("cover", reason)
    away(office, office.worker, office.colleague)
    with pytest.raises(Conflict, match="stands_in"):
        away(office, office.colleague, office.supervisor)
    with pytest.raises(Conflict, match="away"):
        away(office, office.supervisor, office.worker)
    backwards = Days(from_day=TODAY, until_day=TODAY - timedelta(days=1))
    with pytest.raises(Conflict, match="before_start"):
        away(office, office.leader, office.colleague, backwards)


def test_a_number_is_verified_with_one_tap_and_again_when_it_changes_or_grows_old(session, network) -> None:
    office = network.office
    police = session.get(Unit, network.police_id)
    police.duty_phone = "+842373851111"
    session.flush()
    subject = f"unit:{police.id}"

    def stale(actor=office.worker):
        return {row.subject for row in queries.list_numbers(actor, 90) if row.is_stale}

    assert subject in stale()
    assert "hotline:anh_duong_thanh_hoa" in stale()
    assert not any(row.number in ("113", "115") for row in queries.list_numbers(office.worker, 90))
    service.verify_number(office.worker, subject)
    service.verify_number(office.supervisor, subject)
    assert subject not in stale()
    with clock.frozen(NOW + timedelta(days=91)):
        assert subject in stale()
    police.duty_phone = "+842373852222"
    session.flush()
    assert subject in stale()
    for wrong in ("unit:khac", f"unit:{office.hamlet_id}", ""):
        with pytest.raises(NotFound):
            service.verify_number(office.worker, wrong)
    with pytest.raises(Forbidden):
        service.verify_number(network.police, subject)
