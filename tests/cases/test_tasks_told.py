"""What the owner and her supervisor are told alike stands on the page of a case once."""

from uuid import uuid4

import pytest

from casemgr import clock
from casemgr.cases import queries, service
from casemgr.policy import Role
from tests.rig.office import add_account, open_office


@pytest.fixture
def told(work):
    """A case about which its owner and two supervisors have the same task, beside one of her own."""
    with work():
        office = open_office()
        other = add_account(office.unit_id, Role.SUPERVISOR, "Thanh")
        case = service.open_case(office.worker, summary={})
        service.add_task(office.worker, case.id, "own", due_day=clock.today(), text="Gọi lại")
        service.note_from_outside(
            office.worker,
            case.id,
            "referral_late",
            about=uuid4(),
            tasks=[("referral_late", clock.today())],
            also=[office.supervisor.account_id, other.account_id],
        )
        yield office, other, case


def whose(actor, case):
    return {task.content["kind"]: task.assignee_id for task in queries.list_tasks(actor, case)}


def finish(actor, case):
    late = next(task for task in queries.list_tasks(actor, case) if task.content["kind"] == "referral_late")
    service.finish_task(actor, case.id, late.id)


def test_each_sees_it_once_and_as_her_own(told) -> None:
    office, other, case = told
    for actor in (office.worker, office.supervisor, other):
        assert len(queries.list_tasks(actor, case)) == len(("own", "referral_late"))
        assert whose(actor, case)["referral_late"] == actor.account_id
        assert whose(actor, case)["own"] == office.worker.account_id


def test_what_the_owner_has_done_does_not_come_back_to_her_and_stays_with_the_others(told) -> None:
    office, other, case = told
    finish(office.worker, case)
    assert set(whose(office.worker, case)) == {"own"}
    assert whose(other, case)["referral_late"] == other.account_id


def test_a_supervisor_who_has_read_it_still_sees_that_the_owner_has_not_done_it(told) -> None:
    office, _, case = told
    finish(office.supervisor, case)
    assert whose(office.supervisor, case)["referral_late"] == office.worker.account_id
