"""Living at an address: what is written down, who reads it, and that nothing of it stays there afterwards."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.cases.models import Task
from casemgr.cases.service import bar_account
from casemgr.db.sealed import keyring_of
from casemgr.errors import Conflict, Forbidden, InvalidState, NotFound, Refused, SealError, StaleVersion
from casemgr.referrals import service as referrals
from casemgr.referrals.models import Referral
from casemgr.referrals.service import send_referral
from casemgr.shelters.models import AddressIncident, Stay, StayEntry, StayPerson
from casemgr.shelters.queries import open_address, open_register_row
from casemgr.shelters.rules import AddressState, People, Term, day_after
from casemgr.shelters.words import record_lines
from casemgr.stays import queries, service
from casemgr.stays.queries import find_seat
from tests.rig.network import send, sending_to

SON = {"kind": "tre_em", "called": "Tít", "age_band": "a6_10", "needs": "Thuốc hen"}
RICE = {"supply": "an_uong", "what": "Gạo, trứng", "cost": 120_000, "paid_by": "ns_xa"}
TOLD = {"incident": "tim_den", "what": "Chồng chị Hoa đứng ngoài cổng", "done": "Gọi công an"}


@pytest.fixture
def sent(session, network):
    """A referral whose people have arrived."""
    referral = send(network)
    referrals.accept(network.keeper, referral.bundle_id)
    referrals.record_arrival(network.keeper, referral.bundle_id)
    return referral


def open_tasks(session, account_id=None):
    found = session.scalars(select(Task).where(Task.state == "open"))
    return sorted(
        (task.content["kind"], task.due_day)
        for task in found
        if account_id is None or task.assignee_id == account_id
    )


def test_keeper_and_case_worker_write_down_the_same_stay(network, sent) -> None:
    service.add_person(network.keeper, sent.bundle_id, SON)
    service.add_need(network.office.worker, sent.bundle_id, {"what": "Đi học gần đây"})
    service.add_supply(network.keeper, sent.bundle_id, RICE)
    for actor in (network.keeper, network.office.worker, network.office.supervisor):
        stay = queries.open_stay(actor, sent.bundle_id)
        assert [line.content["called"] for line in stay.people] == ["Tít"]
        assert [line.content["what"] for line in stay.of("need")] == ["Đi học gần đây"]
        assert stay.cost == 120_000
    assert queries.open_stay(network.keeper, sent.bundle_id).case_id is None


def test_whoever_has_nothing_to_do_with_a_stay_does_not_find_it(network, sent) -> None:
    others = (network.police, network.neighbour, network.office.colleague, network.office.stranger)
    for actor in others:
        with pytest.raises(NotFound):
            queries.open_stay(actor, sent.bundle_id)
        with pytest.raises(NotFound):
            service.add_person(actor, sent.bundle_id, SON)
    with pytest.raises(NotFound):
        queries.open_stay(network.keeper, uuid4())


def test_a_keeper_from_whom_a_request_is_kept_finds_neither_stay_nor_handover(session, network) -> None:
    excluded = network.second_keeper
    sending = replace(sending_to(network.address_id), excluded=frozenset({excluded.account_id}))
    referral = referrals.send_referral(network.office.worker, network.case_id, sending)
    referrals.accept(network.keeper, referral.bundle_id)
    entry_id = service.hand_over(network.keeper, referral.bundle_id, {"points": ["thuoc_dung"]})
    for act in (
        lambda: queries.open_stay(excluded, referral.bundle_id),
        lambda: service.confirm(excluded, referral.bundle_id, entry_id),
    ):
        with pytest.raises(NotFound):
            act()


def test_when_they_leave_nothing_of_them_stays_at_the_address_and_the_case_keeps_it(
    session, network, sent
) -> None:
    service.add_person(network.keeper, sent.bundle_id, SON)
    service.add_supply(network.keeper, sent.bundle_id, RICE)
    person = session.scalars(select(StayPerson)).one()
    blob, row = getattr(person, StayPerson.__sealings__["person"].column), person.id

    referrals.complete(network.keeper, sent.bundle_id, left_to="nguoi_than", safety="an_toan", needs_met="du")

    assert session.scalars(select(StayPerson)).all() == []
    assert session.scalars(select(StayEntry)).all() == []
    place = {"table": "stay_person", "column": "person", "row": row, "scope": sent.bundle_id}
    with pytest.raises(SealError):
        keyring_of(session).open(session, blob, **place)
    for actor in (network.keeper, network.office.worker):
        with pytest.raises(NotFound):
            queries.open_stay(actor, sent.bundle_id)
    record = session.get(Referral, sent.id).outcome["stay"]
    assert [person["called"] for person in record["people"]] == ["Tít"]
    assert record["entries"][0]["cost"] == 120_000
    leaving = session.scalars(select(Stay)).one().leaving
    assert (leaving["cost"], leaving["safety"]) == (120_000, "an_toan")
    assert "Tít" not in str(leaving)


def test_the_record_also_survives_a_stay_that_ends_by_her_wish(session, network, sent) -> None:
    service.add_person(network.keeper, sent.bundle_id, SON)
    referrals.withdraw(network.office.worker, network.case_id, sent.id)
    assert session.get(Referral, sent.id).outcome["stay"]["people"][0]["called"] == "Tít"
    assert session.scalars(select(StayPerson)).all() == []


def test_leaving_without_being_safe_becomes_work_of_today(session, network, sent) -> None:
    with pytest.raises(Conflict):
        referrals.complete(network.keeper, sent.bundle_id, left_to="nguoi_than", safety="?")
    referrals.complete(network.keeper, sent.bundle_id, left_to="ve_nha_an_toan", safety="nguy_hiem")
    assert open_tasks(session) == [("stay_unsafe", clock.today())]


def test_the_days_count_from_the_arrival_and_are_extended_with_a_reason(session, network, sent) -> None:
    stay = queries.open_stay(network.keeper, sent.bundle_id)
    assert stay.until_day == clock.today() + timedelta(days=7)
    assert open_tasks(session) == [("stay_review", stay.until_day)]
    until = stay.until_day + timedelta(days=10)
    for day in (stay.until_day, clock.today() - timedelta(days=1)):
        with pytest.raises(Conflict):
            service.extend(network.keeper, sent.bundle_id, day, "Chưa an toàn")
    service.extend(network.keeper, sent.bundle_id, until, "Chưa an toàn")
    assert open_tasks(session) == [("stay_extended", clock.today()), ("stay_review", until)]
    assert open_tasks(session, network.office.supervisor.account_id) == []


def test_beyond_the_longest_stay_nobody_is_put_out_and_the_supervisor_is_told(session, network, sent) -> None:
    longest = queries.open_stay(network.keeper, sent.bundle_id).longest_day
    assert longest == date(2026, 9, 1)
    beyond = longest + timedelta(days=1)
    service.extend(network.office.worker, sent.bundle_id, beyond, "Chưa có chỗ ở")
    told = open_tasks(session, network.office.supervisor.account_id)
    assert ("stay_extended", clock.today()) in told
    assert queries.open_stay(network.keeper, sent.bundle_id).until_day == beyond


def test_months_end_with_their_last_day() -> None:
    assert day_after(date(2026, 11, 30), Term(months=3)) == date(2027, 2, 28)
    assert day_after(date(2026, 12, 31), Term(months=2, days=1)) == date(2027, 3, 1)


def test_more_people_than_declared_take_a_reason_and_tell_the_supervisor(session, network, sent) -> None:
    many = People(adults=2, children=4)
    with pytest.raises(Refused, match="no_bed"):
        service.change_people(network.keeper, sent.bundle_id, many)
    service.change_people(network.keeper, sent.bundle_id, many, "Bà ngoại cũng đến")
    assert ("stay_exceeded", clock.today()) in open_tasks(session, network.office.supervisor.account_id)
    service.change_people(network.keeper, sent.bundle_id, People(adults=1, children=1))
    assert queries.open_stay(network.keeper, sent.bundle_id).group["children"] == 1


def test_a_yes_by_telephone_beyond_the_beds_keeps_its_reason_and_tells_the_supervisor(
    session, network
) -> None:
    referral = send(network, adults=3, children=9)
    worker, office = network.office.worker, network.office
    with pytest.raises(Refused, match="no_bed"):
        referrals.record_phone_acceptance(worker, network.case_id, referral.id, spoke_with="Bà Bình")
    referrals.record_phone_acceptance(
        worker, network.case_id, referral.id, spoke_with="Bà Bình", exceed="Ngủ nhà chính"
    )
    assert session.get(Referral, referral.id).outcome["exceeded"] == "Ngủ nhà chính"
    assert ("stay_exceeded", clock.today()) in open_tasks(session, office.supervisor.account_id)


def test_a_reason_where_there_was_room_exceeds_nothing(session, network) -> None:
    referral = send(network)
    referrals.accept(network.keeper, referral.bundle_id, exceed="Cứ nhận")
    assert "exceeded" not in session.get(Referral, referral.id).outcome
    assert open_tasks(session, network.office.supervisor.account_id) == []


def test_what_one_keeper_hands_over_another_confirms_once(network, sent) -> None:
    told = {"points": ["thuoc_dung", "ai_duoc_goi"], "what": "Hen: xịt khi khó thở"}
    entry_id = service.hand_over(network.keeper, sent.bundle_id, told)
    with pytest.raises(InvalidState):
        service.confirm(network.keeper, sent.bundle_id, entry_id)
    with pytest.raises(NotFound):
        service.confirm(network.office.worker, sent.bundle_id, entry_id)
    service.confirm(network.second_keeper, sent.bundle_id, entry_id)
    with pytest.raises(InvalidState):
        service.confirm(network.second_keeper, sent.bundle_id, entry_id)
    (line,) = queries.open_stay(network.second_keeper, sent.bundle_id).of("handover")
    assert line.content["taken_by"] == str(network.second_keeper.account_id)
    with pytest.raises(NotFound):
        service.hand_over(network.office.worker, sent.bundle_id, told)


def correct(actor, bundle_id, entry_id, turn=1, *, is_void=False, **given):
    service.correct_supply(actor, bundle_id, entry_id, turn, {**RICE, **given}, is_void=is_void)


def test_what_was_given_is_corrected_by_either_side_and_what_stood_there_is_kept(network, sent) -> None:
    worker, keeper = network.office.worker, network.keeper
    entry_id = service.add_supply(keeper, sent.bundle_id, RICE)
    correct(keeper, sent.bundle_id, entry_id, cost=12_000)
    correct(worker, sent.bundle_id, entry_id, 2, cost=21_000, what="Gạo")
    stay = queries.open_stay(keeper, sent.bundle_id)
    (line,) = stay.of("supply")
    assert (stay.cost, line.content["what"], line.content["by"]) == (21_000, "Gạo", str(keeper.account_id))
    assert [(old["cost"], old["changed_by"]) for old in line.content["before"]] == [
        (120_000, str(keeper.account_id)),
        (12_000, str(worker.account_id)),
    ]
    with pytest.raises(StaleVersion):
        correct(keeper, sent.bundle_id, entry_id, 2, cost=1)
    assert queries.open_stay(keeper, sent.bundle_id).cost == 21_000


def test_what_was_written_by_mistake_counts_nowhere_and_can_be_taken_up_again(session, network, sent) -> None:
    keeper = network.keeper
    entry_id = service.add_supply(keeper, sent.bundle_id, RICE)
    service.add_supply(keeper, sent.bundle_id, {"supply": "thuoc", "cost": 5_000})
    correct(keeper, sent.bundle_id, entry_id, is_void=True)
    assert queries.open_stay(keeper, sent.bundle_id).cost == 5_000
    correct(keeper, sent.bundle_id, entry_id, 2)
    assert queries.open_stay(keeper, sent.bundle_id).cost == 125_000
    correct(keeper, sent.bundle_id, entry_id, 3, is_void=True)
    referrals.complete(keeper, sent.bundle_id, left_to="nguoi_than", safety="an_toan")
    outcome = session.get(Referral, sent.id).outcome
    kept = [told for _, told in record_lines(outcome["stay"])]
    assert ["Thuốc, khám chữa bệnh · 5.000 đồng"] in kept
    assert "5.000 đồng" in kept
    assert "Gạo" not in str(kept)
    assert session.scalars(select(Stay)).one().leaving["supplies"] == ["thuoc"]


def test_nobody_else_corrects_and_nothing_but_a_supply_is_corrected(network, sent) -> None:
    entry_id = service.add_supply(network.keeper, sent.bundle_id, RICE)
    need_id = service.add_need(network.keeper, sent.bundle_id, {"what": "Sữa"})
    for actor in (network.police, network.neighbour, network.office.colleague, network.office.stranger):
        with pytest.raises(NotFound):
            correct(actor, sent.bundle_id, entry_id)
    for wrong in (need_id, uuid4()):
        with pytest.raises(NotFound):
            correct(network.keeper, sent.bundle_id, wrong)
    other = send(network, adults=1, children=0)
    referrals.accept(network.keeper, other.bundle_id)
    with pytest.raises(NotFound):
        correct(network.keeper, other.bundle_id, entry_id)


def test_an_entry_of_another_stay_is_not_confirmed_through_this_one(network, sent) -> None:
    other = send(network, adults=1, children=0)
    referrals.accept(network.keeper, other.bundle_id)
    entry_id = service.add_need(network.keeper, other.bundle_id, {"what": "Sữa"})
    person_id = service.add_person(network.keeper, other.bundle_id, SON)
    with pytest.raises(NotFound):
        service.confirm(network.keeper, sent.bundle_id, entry_id)
    with pytest.raises(NotFound):
        service.end_person(network.keeper, sent.bundle_id, person_id)


def test_an_incident_is_read_by_the_supervisor_alone_and_reaches_the_case(session, network, sent) -> None:
    office = network.office
    incident_id = service.tell_incident(network.keeper, TOLD, sent.bundle_id)
    assert [row.incident_id for row in queries.list_incidents(office.supervisor)] == [incident_id]
    for actor in (network.keeper, network.second_keeper, office.worker, office.stranger, network.police):
        assert queries.list_incidents(actor) == []
        with pytest.raises(NotFound):
            queries.open_incident(actor, incident_id)
        with pytest.raises((Forbidden, NotFound)):
            service.settle_incident(actor, incident_id, 1, "tiep_tuc", "Ổn")
    for account in (office.worker.account_id, office.supervisor.account_id):
        assert ("stay_incident", clock.today()) in open_tasks(session, account)


def test_an_incident_at_the_address_reaches_the_cases_of_all_who_stay_there(session, network, sent) -> None:
    office = network.office
    service.tell_incident(network.keeper, TOLD)
    for account in (office.worker.account_id, office.supervisor.account_id):
        assert ("stay_incident", clock.today()) in open_tasks(session, account)


def test_a_supervisor_whom_the_referral_leaves_out_gets_no_task_of_its_stay(session, network) -> None:
    office = network.office
    left_out = frozenset({office.supervisor.account_id})
    sending = replace(sending_to(network.address_id), excluded=left_out)
    bundle_id = send_referral(office.worker, network.case_id, sending).bundle_id
    referrals.accept(network.keeper, bundle_id)
    referrals.record_arrival(network.keeper, bundle_id)
    service.tell_incident(network.keeper, TOLD, bundle_id)
    service.change_people(network.keeper, bundle_id, People(adults=9, children=0), "Ngủ chung")
    service.extend(network.keeper, bundle_id, date(2027, 1, 1), "Chưa có chỗ ở")
    assert open_tasks(session, office.supervisor.account_id) == []
    assert ("stay_incident", clock.today()) in open_tasks(session, office.worker.account_id)


def test_a_supervisor_who_is_barred_from_the_case_does_not_read_its_incident(network, sent) -> None:
    office = network.office
    incident_id = service.tell_incident(network.keeper, TOLD, sent.bundle_id)
    bar_account(office.worker, network.case_id, office.supervisor.account_id, "Em trai người gây bạo lực")
    assert queries.list_incidents(office.supervisor) == []
    with pytest.raises(NotFound):
        queries.open_incident(office.supervisor, incident_id)


def test_an_incident_may_stop_the_address_with_its_reason(session, network, sent) -> None:
    office = network.office
    incident_id = service.tell_incident(network.keeper, TOLD)
    row = queries.open_incident(office.supervisor, incident_id)
    service.settle_incident(office.supervisor, incident_id, row.version, "tam_dung", "Chờ công an xác minh")
    stopped = open_register_row(office.supervisor, network.address_id)
    assert stopped.state == AddressState.SUSPENDED
    details = open_address(office.supervisor, network.address_id).details
    assert details["standing"]["reason"] == "Chờ công an xác minh"
    with pytest.raises(InvalidState):
        later = session.get(AddressIncident, incident_id).version
        service.settle_incident(office.supervisor, incident_id, later, "tiep_tuc", "Ổn")


def test_nobody_tells_of_incidents_at_an_address_that_is_not_the_own(network) -> None:
    for actor in (network.police, network.neighbour, network.office.worker):
        with pytest.raises(NotFound):
            service.tell_incident(actor, TOLD)


def test_where_everybody_must_move_nothing_is_extended(session, network, sent) -> None:
    office = network.office
    version = open_register_row(office.supervisor, network.address_id).version
    referrals.expose_address(office.supervisor, network.address_id, version)
    with pytest.raises(Refused, match="exposed"):
        service.extend(office.worker, sent.bundle_id, clock.today() + timedelta(days=20), "Chờ xe")
    assert ("referral_move", clock.today()) in open_tasks(session)
    assert queries.open_stay(network.keeper, sent.bundle_id).is_exposed


def test_a_barred_case_worker_loses_the_stay_with_the_case(network, sent) -> None:
    office = network.office
    assert find_seat(office.supervisor, sent.bundle_id).case_id == network.case_id
    bar_account(office.worker, network.case_id, office.supervisor.account_id, "Người nhà")
    with pytest.raises(NotFound):
        find_seat(office.supervisor, sent.bundle_id)
