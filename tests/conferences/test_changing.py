"""A conference that changes after it was called: its day, its table, its end by the clock."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.audit.rules import INSTALLATION
from casemgr.cases.models import Task
from casemgr.cases.service import open_case
from casemgr.conferences import queries, service
from casemgr.conferences.models import Conference, ConferenceFile
from casemgr.conferences.rules import Meeting
from casemgr.errors import Conflict, InvalidState, NotFound, Refused, SealError, StaleVersion
from casemgr.keys.models import DataKey
from casemgr.policy import Actor, Role
from casemgr.survivors.models import Consent
from casemgr.survivors.service import record_consent
from tests.conferences.conftest import NOW
from tests.rig.office import add_account
from tests.rig.table import HER_NAME, MEETS_ON, call, calling

TODAY = clock.local(NOW).date()
THE_DAY = NOW + (MEETS_ON - TODAY)
LATER = MEETS_ON + timedelta(days=4)
MEETING = Meeting(meets_on=LATER, meets_at="08:30", phone="+84237385111")
YES = {"how": "loi_noi", "limits_read": True}
PURPOSE = {"purpose": "hop_ca", "how": "loi_noi", "limits_read": True}


def move(table, conference, meeting=MEETING, **other):
    version = other.get("version", conference.version)
    return service.move_conference(
        other.get("actor", table.worker), table.case_id, conference.id, version=version, meeting=meeting
    )


def write(table, conference):
    return service.write_minutes(
        table.worker, table.case_id, conference.id, version=conference.version, text="Đã họp", present=None
    )


def open_tasks(session, case_id):
    found = session.scalars(select(Task).where(Task.case_id == case_id, Task.state == "open"))
    return sorted((task.content["kind"], task.due_day) for task in found)


def states(actor, conference):
    return {seat.unit_id: seat.state for seat in queries.open_invited(actor, conference.id).seats}


def test_minutes_do_not_make_it_held_before_its_day(session, table) -> None:
    conference = call(table)
    with clock.frozen(THE_DAY - timedelta(days=1)), pytest.raises(Refused, match="too_early"):
        write(table, conference)
    assert conference.state == "called"
    with clock.frozen(THE_DAY):
        assert write(table, conference).state == "held"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"place": None, "phone": None}, "nowhere"),
        ({"place": "", "phone": ""}, "nowhere"),
        ({"meets_on": TODAY - timedelta(days=1)}, "past"),
    ],
)
def test_nobody_is_called_to_a_meeting_to_which_nobody_could_come(session, table, change, reason) -> None:
    with pytest.raises(Refused, match=reason):
        call(table, **change)
    assert session.scalars(select(Conference)).all() == []


def test_a_number_to_call_is_enough_and_today_is_not_over(session, table) -> None:
    conference = call(table, place=None, phone="+84237385111", meets_on=TODAY)
    assert queries.open_invited(table.police, conference.id).plan["phone"] == "+84237385111"


def test_it_is_moved_and_every_unit_is_asked_anew(session, table) -> None:
    conference = call(table)
    service.answer_invitation(table.police, conference.id, comes=True, who="Dũng")
    assert queries.count_unanswered(table.police) == 0
    move(table, conference)

    view = queries.open_invited(table.police, conference.id)
    assert (view.meets_day, view.plan["at"], view.plan["place"]) == (LATER, "08:30", None)
    assert {seat.state for seat in view.seats} == {"invited"}
    assert "Dũng" not in str(view)
    assert queries.count_unanswered(table.police) == 1
    assert open_tasks(session, table.case_id) == [("conference_meets", LATER)]
    with clock.frozen(THE_DAY), pytest.raises(Refused, match="too_early"):
        write(table, conference)
    with clock.frozen(THE_DAY + timedelta(days=63)):
        queries.open_invited(table.police, conference.id)


def test_it_is_moved_only_by_the_case_to_a_day_that_can_be_and_before_it_was_held(session, table) -> None:
    conference = call(table)
    for actor in (table.police, table.office.colleague, table.office.stranger):
        with pytest.raises(NotFound):
            move(table, conference, actor=actor)
    with pytest.raises(StaleVersion):
        move(table, conference, version=7)
    for meeting, reason in (
        (Meeting(meets_on=TODAY - timedelta(days=1), meets_at="08:00", place="Xã"), "past"),
        (Meeting(meets_on=LATER, meets_at="08:00"), "nowhere"),
        (Meeting(meets_on=LATER, meets_at="08:00", place=f"Nhà {HER_NAME}"), "names_her"),
    ):
        with pytest.raises(Refused, match=reason):
            move(table, conference, meeting)
    with clock.frozen(NOW + timedelta(hours=1)):
        units = (str(table.police_id), str(table.health_id))
        topics = ("cong_an", "y_te")
        record_consent(
            table.worker, table.case_id, **PURPOSE, fields=topics, units=units, expires_on=MEETS_ON
        )
    with pytest.raises(Refused, match="consent_ends"):
        move(table, conference)
    with clock.frozen(THE_DAY):
        write(table, conference)
        with pytest.raises(InvalidState):
            move(table, conference)


def test_a_further_unit_comes_to_the_table_by_her_consent_alone(session, table) -> None:
    conference = call(table)
    more = (table.worker, table.case_id, conference.id, frozenset({table.union_id}))
    service.answer_invitation(table.police, conference.id, comes=True)
    for given in ({}, {"how": "loi_noi"}, {"limits_read": True}):
        with pytest.raises(Refused, match="consent_missing"):
            service.invite_units(*more, **given)
        with pytest.raises(NotFound):
            queries.open_invited(table.uninvited, conference.id)
    uncle = add_account(table.union_id, Role.RECIPIENT, "Chú")
    service.invite_units(*more, excluded=frozenset({uncle.account_id}), **YES)

    assert states(table.uninvited, conference) == {
        table.police_id: "coming",
        table.health_id: "invited",
        table.union_id: "invited",
    }
    assert queries.count_unanswered(table.uninvited) == 1
    for kept_from in (uncle, table.excluded, table.barred):
        with pytest.raises(NotFound):
            queries.open_invited(kept_from, conference.id)
    with pytest.raises(Conflict):
        service.invite_units(*more, **YES)


def test_only_an_office_is_invited_later_and_only_to_what_is_not_over(session, table) -> None:
    conference = call(table)
    add = (table.worker, table.case_id, conference.id)
    for unit_id in (table.office.shelter_id, table.office.hamlet_id, table.office.unit_id):
        with pytest.raises(Conflict):
            service.invite_units(*add, frozenset({unit_id}), **YES)
    for actor in (table.police, table.office.colleague):
        with pytest.raises(NotFound):
            service.invite_units(actor, *add[1:], frozenset({table.union_id}), **YES)
    service.cancel_conference(*add)
    with pytest.raises(InvalidState):
        service.invite_units(*add, frozenset({table.union_id}), **YES)


def test_a_unit_that_was_taken_from_the_table_can_be_asked_again(session, table) -> None:
    conference = call(table)
    service.answer_invitation(table.nurse, conference.id, comes=True, who="Yến")
    view = queries.open_called(table.worker, table.case_id, conference.id)
    seat_id = next(seat.seat_id for seat in view.seats if seat.unit_id == table.health_id)
    service.remove_unit(table.worker, table.case_id, conference.id, seat_id)
    service.invite_units(table.worker, table.case_id, conference.id, frozenset({table.health_id}))
    assert states(table.nurse, conference)[table.health_id] == "invited"
    assert "Yến" not in str(queries.open_invited(table.police, conference.id))


def test_a_yes_to_another_meeting_takes_nothing_from_the_first(session, table) -> None:
    first = call(table)
    second = call(table, unit_ids=frozenset({table.union_id}), topics=("phap_ly",))
    assert set(states(table.police, first)) == {table.police_id, table.health_id}
    assert set(states(table.uninvited, second)) == {table.union_id}
    with pytest.raises(Refused, match="consent_missing"):
        service.call_conference(
            table.worker, table.case_id, calling(table, unit_ids=frozenset({table.union_id}))
        )
    service.invite_units(table.worker, table.case_id, second.id, frozenset({table.police_id}), **YES)
    assert set(states(table.nurse, first)) == {table.police_id, table.health_id}


def test_who_was_to_come_sees_that_it_will_not_be_and_not_why(session, table) -> None:
    called_off, withdrawn = call(table), call(table)
    service.remove_unit(
        table.worker,
        table.case_id,
        withdrawn.id,
        next(
            seat.seat_id
            for seat in queries.open_called(table.worker, table.case_id, withdrawn.id).seats
            if seat.unit_id == table.health_id
        ),
    )
    service.cancel_conference(table.worker, table.case_id, called_off.id)
    with clock.frozen(NOW + timedelta(hours=1)):
        record_consent(
            table.worker, table.case_id, **PURPOSE, fields=("y_te",), units=(str(table.police_id),)
        )
    assert {row.conference_id for row in queries.list_called_off(table.police)} == {
        called_off.id,
        withdrawn.id,
    }
    assert [row.conference_id for row in queries.list_called_off(table.nurse)] == [called_off.id]
    for nobody in (table.uninvited, table.excluded, table.barred, table.office.stranger):
        assert queries.list_called_off(nobody) == []
    (first, _) = queries.list_called_off(table.police)
    assert (first.at, first.answer, first.from_unit) == ("", "", "")
    with clock.frozen(THE_DAY + timedelta(days=1)):
        assert queries.list_called_off(table.police) == []


def housekeeper(table):
    return Actor(
        account_id=INSTALLATION, unit_id=table.office.unit_id, roles=frozenset({Role.SUPERVISOR}), door="job"
    )


def test_the_clock_ends_it_after_its_last_day_and_the_case_keeps_what_was_said(session, table) -> None:
    conference, other = call(table), call(table, meets_on=LATER)
    with clock.frozen(THE_DAY):
        write(table, conference)
    service.add_action(
        table.worker, table.case_id, conference.id, unit_id=table.police_id, text="Tuần tra", due_day=LATER
    )
    last = conference.expires_day
    with clock.frozen(NOW + (last - TODAY)):
        assert service.end_due(housekeeper(table)) == 0
        queries.open_invited(table.police, conference.id)
    with clock.frozen(NOW + (last - TODAY) + timedelta(days=1)):
        assert service.end_due(housekeeper(table)) == 1
        assert service.end_due(housekeeper(table)) == 0
        view = queries.open_called(table.worker, table.case_id, conference.id)
        assert ("conference_over", clock.today()) in open_tasks(session, table.case_id)
    assert (view.state, view.minutes["text"]) == ("closed", "Đã họp")
    assert [action.state for action in view.actions] == ["dropped"]
    keys = session.scalars(select(DataKey).where(DataKey.purpose == "conference"))
    assert {key.scope_id: key.state for key in keys} == {conference.id: "destroyed", other.id: "active"}
    session.expunge_all()
    with pytest.raises(SealError):
        _ = session.get_one(Conference, conference.id).plan


def test_which_units_wait_for_the_clock_is_told_to_the_installation_alone(session, table) -> None:
    call(table)
    for actor in (table.worker, table.office.supervisor, table.police):
        with pytest.raises(NotFound):
            queries.list_units_to_end(actor)


def test_the_other_cases_of_the_unit_are_not_touched_by_what_ends(session, table) -> None:
    conference = call(table)
    other = open_case(table.worker, summary={})
    record_consent(table.worker, other.id, **PURPOSE, fields=("y_te",), units=(str(table.health_id),))
    assert set(states(table.police, conference)) == {table.police_id, table.health_id}
    kept = session.scalars(select(ConferenceFile)).one()
    assert session.get_one(Consent, kept.consent_id).case_id == table.case_id
