"""The life of a case file."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.audit.models import AuditEntry
from casemgr.cases import queries, service
from casemgr.cases.rules import NEXT, CaseState, may_become
from casemgr.db import paging
from casemgr.errors import InvalidState, NotFound, Refused, StaleVersion
from tests.rig.office import open_office

CHECKS = {"safety_plan_reviewed": "yes", "told_may_return": "yes"}


@pytest.fixture
def office(work):
    with work():
        office = open_office()
        yield office, service.open_case(office.worker, summary={}, risk_level="cao")


def propose(actor, case):
    return service.propose_closure(
        actor, case.id, version=case.version, reason="dat_muc_tieu", checks=CHECKS, note=None
    )


def test_a_new_case_has_an_opaque_code_and_its_opener_as_owner(office):
    people, case = office
    assert case.code.startswith("HS-")
    assert case.owner_id == people.worker.account_id
    assert [entry.content["kind"] for entry in queries.list_entries(people.worker, case)] == ["opened"]


def test_closing_needs_the_agreement_of_somebody_else(office):
    people, case = office
    propose(people.supervisor, case)
    with pytest.raises(Refused, match="own_proposal"):
        service.agree_closure(people.supervisor, case.id, version=case.version)


def test_the_supervisor_closes_what_the_worker_proposed(office):
    people, case = office
    service.add_task(people.worker, case.id, "own", due_day=clock.today(), text="Gọi lại")
    propose(people.worker, case)
    service.agree_closure(people.supervisor, case.id, version=case.version)
    assert case.state == CaseState.CLOSED
    assert case.closed_day == clock.today()
    assert queries.list_tasks(people.worker, case) == []


def test_a_case_worker_cannot_close_alone(office):
    people, case = office
    propose(people.worker, case)
    with pytest.raises(NotFound):
        service.agree_closure(people.worker, case.id, version=case.version)


def test_a_case_sent_back_is_open_again_with_the_reason(office):
    people, case = office
    propose(people.worker, case)
    service.return_closure(people.supervisor, case.id, version=case.version, note="Chưa rà soát kế hoạch")
    assert case.state == CaseState.OPEN
    newest = [entry.content for entry in queries.list_entries(people.worker, case)]
    assert {"note": "Chưa rà soát kế hoạch"} in [entry.get("data") for entry in newest]


def test_only_a_closed_case_is_reopened(office):
    people, case = office
    with pytest.raises(InvalidState):
        service.reopen(people.supervisor, case.id, version=case.version, reason="Quay lại")
    propose(people.worker, case)
    service.agree_closure(people.supervisor, case.id, version=case.version)
    service.reopen(people.supervisor, case.id, version=case.version, reason="Quay lại")
    assert case.state == CaseState.OPEN
    assert case.closed_day is None


def test_a_form_opened_before_somebody_elses_change_is_refused(office):
    people, case = office
    shown = case.version
    service.change_summary(people.worker, case.id, version=shown, risk_level="thap")
    with pytest.raises(StaleVersion):
        service.change_summary(people.supervisor, case.id, version=shown, risk_level="trung_binh")
    assert case.risk_level == "thap"


def test_open_tasks_go_to_the_new_owner(office):
    people, case = office
    service.add_task(people.worker, case.id, "own", due_day=clock.today(), text="Gọi lại")
    service.assign(people.supervisor, case.id, people.colleague.account_id)
    assert [
        task.content["text"] for task, _, _ in queries.list_my_tasks(people.colleague, clock.today())
    ] == ["Gọi lại"]
    assert queries.list_my_tasks(people.worker, clock.today()) == []
    yesterday = clock.today() - timedelta(days=1)
    assert queries.list_my_tasks(people.colleague, yesterday) == []


def test_a_task_is_done_once(office):
    people, case = office
    task = service.add_task(people.worker, case.id, "own", due_day=clock.today(), text="Gọi lại")
    service.finish_task(people.worker, case.id, task.id)
    with pytest.raises(InvalidState):
        service.finish_task(people.worker, case.id, task.id)


def test_reading_what_is_to_be_done_today_is_written_down(work):
    with work():
        people = open_office()
        case = service.open_case(people.worker, summary={})
        service.add_task(people.worker, case.id, "own", due_day=clock.today(), text="Gọi lúc chồng đi vắng")
    with work():
        assert len(queries.list_my_tasks(people.worker, clock.today())) == 1
    with work(write=False) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert (last.action, last.actor_id, last.outcome) == ("case:list", people.worker.account_id, "seen")


def test_a_supervisor_sees_what_is_overdue_with_colleagues_and_a_case_worker_does_not(office):
    people, case = office
    for days in (-3, -1, 2):
        service.add_task(
            people.worker, case.id, "own", due_day=clock.today() + timedelta(days=days), text="Gọi"
        )
    other = service.open_case(people.worker, summary={})
    service.add_task(people.worker, other.id, "own", due_day=clock.today(), text="Gọi")
    late = queries.list_overdue(people.supervisor, clock.today())
    assert [(found.id, day) for found, day in late] == [(case.id, clock.today() - timedelta(days=3))]
    assert queries.list_overdue(people.worker, clock.today()) == []
    service.bar_account(people.worker, case.id, people.supervisor.account_id, "Là anh của chồng")
    assert queries.list_overdue(people.supervisor, clock.today()) == []


def test_a_task_of_one_case_is_not_reached_through_another(office):
    people, case = office
    other = service.open_case(people.worker, summary={})
    task = service.add_task(people.worker, case.id, "own", due_day=clock.today(), text="Gọi lại")
    with pytest.raises(NotFound):
        service.finish_task(people.worker, other.id, task.id)


def test_the_list_shows_the_next_due_day_and_goes_on_after_a_page(office, monkeypatch):
    people, case = office
    for days in (5, 2, 9):
        service.add_task(
            people.worker, case.id, "own", due_day=clock.today() + timedelta(days=days), text="Gọi"
        )
    for _ in range(4):
        service.open_case(people.worker, summary={})
    rows = {row.id: row for row in queries.list_cases(people.worker)}
    assert rows[case.id].next_due == clock.today() + timedelta(days=2)
    service.open_case(people.colleague, summary={})
    monkeypatch.setattr(paging, "PAGE", 2)
    pages = [queries.list_cases(people.worker)]
    while pages[-1].older:
        pages.append(queries.list_cases(people.worker, before=pages[-1].older))
    assert sorted(row.id for page in pages for row in page) == sorted(rows)
    assert len(pages) == -(-len(rows) // 2)


@pytest.mark.parametrize("state", CaseState)
def test_no_state_leads_to_itself_and_every_state_has_a_way_on(state):
    assert NEXT[state]
    assert not may_become(state, state)
