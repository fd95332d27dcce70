"""A case conference from the call to its end: consent, who learns of it, minutes, tasks, and the key."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.cases.models import Task, TimelineEntry
from casemgr.cases.service import bar_account, open_case
from casemgr.conferences import queries, service
from casemgr.conferences.models import Conference, ConferenceAction, ConferenceExclusion, ConferenceSeat
from casemgr.conferences.rules import names_her
from casemgr.errors import Conflict, InvalidState, NotFound, Refused, SealError
from casemgr.keys.models import DataKey
from casemgr.policy import Role
from casemgr.survivors.queries import list_consents
from casemgr.survivors.service import record_consent, refuse, withdraw_consent
from tests.conferences.conftest import NOW
from tests.rig.office import add_account
from tests.rig.table import HER_NAME, MEETS_ON, NEEDS, call, calling, lay_table

LATER = MEETS_ON + timedelta(days=7)
THE_DAY = NOW + (MEETS_ON - clock.local(NOW).date())


def open_tasks(session, case_id):
    found = session.scalars(select(Task).where(Task.case_id == case_id, Task.state == "open"))
    return sorted(task.content["kind"] for task in found)


def entries(session, case_id):
    found = session.scalars(select(TimelineEntry).where(TimelineEntry.case_id == case_id))
    return {entry.content["kind"] for entry in found}


def held(table):
    conference = call(table)
    write(table, conference, "Thống nhất đưa đi giám định")
    return conference


def write(table, conference, text, *, version=None, actor=None):
    """Write the minutes on the day of the meeting."""
    with clock.frozen(THE_DAY):
        return service.write_minutes(
            actor or table.worker,
            table.case_id,
            conference.id,
            version=version or conference.version,
            text=text,
            present="Công an: Dũng; Trạm y tế: chị Yến, qua điện thoại",
        )


def seat_of(session, conference, unit_id):
    here = (ConferenceSeat.conference_id == conference.id, ConferenceSeat.unit_id == unit_id)
    return session.scalars(select(ConferenceSeat).where(*here)).one()


def see_nothing(actor, conference_id):
    with pytest.raises(NotFound):
        queries.open_invited(actor, conference_id)
    with pytest.raises(NotFound):
        service.answer_invitation(actor, conference_id, comes=True)
    assert queries.list_invitations(actor) == []
    assert queries.count_unanswered(actor) == 0
    assert queries.list_unit_actions(actor, LATER) == []


def test_the_invited_units_read_when_where_and_which_needs_of_a_number(session, table) -> None:
    conference = call(table)

    view = queries.open_invited(table.police, conference.id)
    assert (view.meets_day, view.plan["at"], view.plan["place"]) == (MEETS_ON, "14:00", "Phòng họp số 2")
    assert view.plan["needs"] == list(NEEDS)
    assert view.code.startswith("HC-")
    assert [seat.unit for seat in view.seats] == ["Công an xã Cẩm Tú", "Trạm y tế xã Cẩm Tú"]
    assert "Hoa" not in str(view)
    assert queries.count_unanswered(table.police) == 1
    assert open_tasks(session, table.case_id) == ["conference_meets"]


def test_nobody_is_called_without_a_consent_that_names_units_and_topics(session, table) -> None:
    wanted = calling(table)
    with pytest.raises(Refused, match="consent_missing"):
        service.call_conference(table.worker, table.case_id, wanted)
    record_consent(table.worker, table.case_id, purpose="hop_ca", how="loi_noi", limits_read=True)
    with pytest.raises(Refused, match="consent_missing"):
        service.call_conference(table.worker, table.case_id, wanted)
    with pytest.raises(Refused, match="consent_missing"):
        service.call_conference(table.worker, table.case_id, wanted, how="loi_noi", limits_read=False)
    assert session.scalars(select(Conference)).all() == []


@pytest.mark.parametrize("more", ["unit", "topic", "name"])
def test_a_standing_consent_covers_its_units_topics_and_name_alone(session, table, more) -> None:
    call(table)
    service.call_conference(table.worker, table.case_id, calling(table))
    wider = {
        "unit": {"unit_ids": frozenset({table.police_id, table.union_id})},
        "topic": {"topics": ("cong_an", "phap_ly")},
        "name": {"called": "Chị Hoa"},
    }[more]
    with pytest.raises(Refused, match="consent_missing"):
        service.call_conference(table.worker, table.case_id, calling(table, **wider))


def test_no_address_is_called_because_the_others_would_know_where_she_stays(session, table) -> None:
    for unit_id in (table.office.shelter_id, table.office.hamlet_id, table.office.unit_id):
        assert unit_id not in {unit.id for unit in queries.list_inviteable(table.worker)}
        with pytest.raises(Conflict):
            call(table, unit_ids=frozenset({unit_id}))


def test_her_name_is_refused_in_what_is_shared_unless_she_agreed_to_it(session, table) -> None:
    with pytest.raises(Refused, match="names_her"):
        call(table, needs=("Chỗ ở cho chị QUACH THI HOA",))
    conference = call(table)
    with pytest.raises(Refused, match="names_her"):
        write(table, conference, f"Bàn về {HER_NAME}.")
    with pytest.raises(Refused, match="names_her"):
        service.add_action(
            table.worker, table.case_id, conference.id, unit_id=table.police_id, text=HER_NAME, due_day=LATER
        )
    named = call(table, called=HER_NAME, needs=(f"Chỗ ở cho {HER_NAME}",))
    assert queries.open_invited(table.police, named.id).plan["called"] == HER_NAME


def test_a_name_is_found_as_words_with_or_without_accents() -> None:
    assert names_her("Quách Thị Hoa", "chị quach thi hoa ở xóm")
    assert not names_her("Quách Thị Hoa", "Quách Thị Hoàn", "thị hoa", None)
    assert not names_her("Na", "quả na")
    assert not names_her(None, "bất kỳ")


def test_whoever_is_not_invited_excluded_or_barred_finds_nothing(session, table) -> None:
    conference = call(table)
    action = service.add_action(
        table.worker, table.case_id, conference.id, unit_id=table.police_id, text="Tuần tra", due_day=LATER
    )
    office = table.office
    outsiders = (
        table.uninvited,
        table.excluded,
        table.barred,
        office.leader,
        office.stranger,
        office.colleague,
    )
    for outsider in outsiders:
        see_nothing(outsider, conference.id)
        with pytest.raises(NotFound):
            service.finish_action(outsider, action.id)
    with pytest.raises(NotFound):
        queries.open_invited(table.police, uuid4())
    left_out = set(session.scalars(select(ConferenceExclusion.account_id)))
    assert left_out == {table.excluded.account_id, table.barred.account_id}


def test_a_bar_that_comes_later_ends_access_at_once(session, table) -> None:
    conference = call(table)
    queries.open_invited(table.police, conference.id)
    bar_account(table.worker, table.case_id, table.police.account_id, "Cùng họ")
    see_nothing(table.police, conference.id)
    queries.open_invited(table.nurse, conference.id)


def test_one_conference_opens_no_other(session, table) -> None:
    mine = call(table, unit_ids=frozenset({table.health_id}))
    action = service.add_action(
        table.worker, table.case_id, mine.id, unit_id=table.health_id, text="Khám", due_day=LATER
    )
    other_case = open_case(table.worker, summary={}).id
    see_nothing(table.police, mine.id)
    with pytest.raises(NotFound):
        service.finish_action(table.police, action.id)
    with pytest.raises(NotFound):
        queries.open_called(table.worker, other_case, mine.id)
    with pytest.raises(NotFound):
        service.cancel_conference(table.worker, other_case, mine.id)
    elsewhere = call(table)
    with pytest.raises(NotFound):
        service.finish_action_for(table.worker, table.case_id, elsewhere.id, action.id)
    seat = seat_of(session, mine, table.health_id)
    with pytest.raises(NotFound):
        service.remove_unit(table.worker, table.case_id, elsewhere.id, seat.id)


def test_those_who_are_invited_cannot_do_what_the_case_does(session, table) -> None:
    conference = held(table)
    for actor in (table.police, table.office.colleague, table.office.stranger, table.office.leader):
        for act in (queries.open_called, service.cancel_conference, service.close_conference):
            with pytest.raises(NotFound):
                act(actor, table.case_id, conference.id)
        with pytest.raises(NotFound):
            write(table, conference, "Khác", actor=actor)
    queries.open_called(table.office.supervisor, table.case_id, conference.id)


def test_taking_the_consent_back_ends_access_at_once_and_destroys_the_key(session, table) -> None:
    conference = held(table)
    service.add_action(
        table.worker, table.case_id, conference.id, unit_id=table.police_id, text="Tuần tra", due_day=LATER
    )
    consent = next(
        one for one in list_consents(table.worker, table.case_id) if one.document["purpose"] == "hop_ca"
    )
    withdraw_consent(table.worker, table.case_id, consent.id, consent.version)

    for actor in (table.police, table.nurse):
        see_nothing(actor, conference.id)
    view = queries.open_called(table.worker, table.case_id, conference.id)
    assert (view.state, view.minutes["text"]) == ("withdrawn", "Thống nhất đưa đi giám định")
    assert [action.state for action in view.actions] == ["dropped"]
    keys = session.scalars(select(DataKey).where(DataKey.purpose == "conference")).all()
    assert [(key.state, key.wrapped) for key in keys] == [("destroyed", None)]
    session.flush()
    session.expunge_all()
    with pytest.raises(SealError):
        _ = session.scalars(select(Conference)).one().minutes


def test_a_later_no_ends_it_too_and_a_plain_yes_takes_nothing_back(session, table) -> None:
    conference = call(table)
    record_consent(table.worker, table.case_id, purpose="hop_ca", how="ky_ten", limits_read=True)
    queries.open_invited(table.police, conference.id)
    refuse(table.worker, table.case_id, purpose="hop_ca")
    see_nothing(table.police, conference.id)


def test_a_narrower_consent_takes_a_unit_from_the_table(session, table) -> None:
    conference = call(table)
    service.add_action(
        table.worker, table.case_id, conference.id, unit_id=table.police_id, text="Tuần tra", due_day=LATER
    )
    with clock.frozen(NOW + timedelta(hours=1)):
        record_consent(
            table.worker,
            table.case_id,
            purpose="hop_ca",
            how="loi_noi",
            limits_read=True,
            fields=("cong_an", "y_te"),
            units=(str(table.health_id),),
        )
    see_nothing(table.police, conference.id)
    assert [seat.unit for seat in queries.open_invited(table.nurse, conference.id).seats] == [
        "Trạm y tế xã Cẩm Tú"
    ]
    assert session.scalars(select(ConferenceAction)).one().state == "dropped"


def say_yes_again(table, **more):
    with clock.frozen(NOW + timedelta(hours=1)):
        record_consent(
            table.worker,
            table.case_id,
            purpose="hop_ca",
            how="loi_noi",
            limits_read=True,
            fields=("cong_an", "y_te"),
            units=(str(table.police_id), str(table.health_id)),
            **more,
        )


def test_a_yes_that_ends_sooner_ends_access_sooner(session, table) -> None:
    conference = call(table)
    say_yes_again(table, expires_on=MEETS_ON)
    with clock.frozen(NOW + (MEETS_ON - NOW.date())):
        queries.open_invited(table.police, conference.id)
    with clock.frozen(NOW + (MEETS_ON - NOW.date()) + timedelta(days=1)):
        see_nothing(table.police, conference.id)


def test_whom_a_later_yes_leaves_out_sees_nothing_from_then_on(session, table) -> None:
    conference = call(table)
    for _ in range(2):
        say_yes_again(table, exclusions=(str(table.police.account_id), "người nhà"))
    see_nothing(table.police, conference.id)
    queries.open_invited(table.nurse, conference.id)


def test_whom_a_later_yes_to_conferences_as_such_leaves_out_sees_nothing_from_then_on(session, table) -> None:
    conference = call(table)
    with clock.frozen(NOW + timedelta(hours=1)):
        record_consent(
            table.worker,
            table.case_id,
            purpose="hop_ca",
            how="loi_noi",
            limits_read=True,
            exclusions=(str(table.police.account_id),),
        )
    see_nothing(table.police, conference.id)
    queries.open_invited(table.nurse, conference.id)


def test_a_unit_that_was_taken_from_the_table_knows_nothing_more(session, table) -> None:
    conference = call(table)
    service.answer_invitation(table.police, conference.id, comes=True, who="Dũng")
    service.remove_unit(
        table.worker, table.case_id, conference.id, seat_of(session, conference, table.police_id).id
    )
    see_nothing(table.police, conference.id)
    with pytest.raises(InvalidState):
        service.answer_by_phone(
            table.worker,
            table.case_id,
            conference.id,
            seat_of(session, conference, table.police_id).id,
            comes=True,
        )


def test_access_ends_with_the_last_day_and_with_the_day_of_the_consent(session, table) -> None:
    conference = call(table)
    with clock.frozen(NOW + timedelta(days=70)):
        see_nothing(table.police, conference.id)


def test_answers_come_into_the_case_by_page_and_by_telephone(session, table) -> None:
    conference = call(table)
    service.answer_invitation(table.police, conference.id, comes=True, who="Trung úy Dũng")
    seat = seat_of(session, conference, table.health_id)
    service.answer_by_phone(
        table.worker, table.case_id, conference.id, seat.id, comes=False, note="Gọi vào giờ họp"
    )

    seats = queries.open_called(table.worker, table.case_id, conference.id).seats
    assert [(one.state, one.answer["by_phone"]) for one in seats] == [("coming", False), ("absent", True)]
    assert {"conference_coming", "conference_absent"} <= entries(session, table.case_id)
    assert queries.count_unanswered(table.police) == 0


def test_what_was_agreed_is_a_task_of_each_unit_and_done_tasks_come_back(session, table) -> None:
    conference = held(table)
    office = table.office.unit_id
    for unit_id, text in ((table.police_id, "Tuần tra tối"), (office, "Gọi lại"), (table.health_id, "Khám")):
        service.add_action(
            table.worker, table.case_id, conference.id, unit_id=unit_id, text=text, due_day=LATER
        )
    with pytest.raises(Conflict):
        service.add_action(
            table.worker, table.case_id, conference.id, unit_id=table.union_id, text="Thăm", due_day=LATER
        )

    ((action, conference_id, code),) = queries.list_unit_actions(table.police, LATER)
    assert (action.content["text"], conference_id, code) == ("Tuần tra tối", conference.id, conference.code)
    assert queries.list_unit_actions(table.police, MEETS_ON) == []
    assert open_tasks(session, table.case_id) == ["conference_action"]

    service.finish_action(table.police, action.action_id, note="Xong")
    assert queries.list_unit_actions(table.police, LATER) == []
    with pytest.raises(InvalidState):
        service.finish_action(table.police, action.action_id)
    assert "conference_done" in entries(session, table.case_id)
    with pytest.raises(Refused, match="open_actions"):
        service.close_conference(table.worker, table.case_id, conference.id)

    rest = [one for one in session.scalars(select(ConferenceAction)) if one.state == "open"]
    for one in rest:
        service.finish_action_for(table.worker, table.case_id, conference.id, one.id)
    assert open_tasks(session, table.case_id) == []
    service.close_conference(table.worker, table.case_id, conference.id)
    see_nothing(table.police, conference.id)
    view = queries.open_called(table.worker, table.case_id, conference.id)
    assert sorted((one.unit, one.state, one.content["by_phone"]) for one in view.actions) == [
        ("Công an xã Cẩm Tú", "done", False),
        ("Trạm y tế xã Cẩm Tú", "done", True),
        ("UBND xã Cẩm Tú", "done", False),
    ]


def test_a_conference_is_closed_with_open_tasks_only_knowingly(session, table) -> None:
    conference = held(table)
    service.add_action(
        table.worker,
        table.case_id,
        conference.id,
        unit_id=table.office.unit_id,
        text="Gọi lại",
        due_day=LATER,
    )
    service.close_conference(table.worker, table.case_id, conference.id, drop=True)
    assert open_tasks(session, table.case_id) == []
    with pytest.raises(InvalidState):
        service.cancel_conference(table.worker, table.case_id, conference.id)


def test_minutes_are_sealed_to_the_conference_and_who_opened_them_is_on_record(work) -> None:
    with clock.frozen(NOW):
        with work():
            table = lay_table()
            conference = held(table)
        with work():
            assert queries.open_invited(table.nurse, conference.id).minutes["text"].startswith("Thống nhất")
        with work():
            readers = queries.list_readers(table.worker, table.case_id, conference.id)
        assert [entry.actor_id for entry in readers] == [table.nurse.account_id]


def test_a_conference_called_off_is_gone_for_the_units_and_its_task_is_done(session, table) -> None:
    conference = call(table)
    service.cancel_conference(table.worker, table.case_id, conference.id)
    see_nothing(table.nurse, conference.id)
    assert open_tasks(session, table.case_id) == []


def test_whoever_is_new_at_an_invited_unit_reads_it_and_who_moved_does_not(session, table) -> None:
    conference = call(table)
    new = add_account(table.police_id, Role.RECIPIENT, "Mới")
    assert queries.open_invited(new, conference.id).code == conference.code
    moved = type(new)(account_id=new.account_id, unit_id=table.union_id, roles=new.roles)
    see_nothing(moved, conference.id)
