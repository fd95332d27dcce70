"""The administrator's page of jobs: kinds and states, never whose or what about."""

from uuid import uuid4

import pytest

from casemgr.administration import job_words, queries, service
from casemgr.audit.rules import INSTALLATION
from casemgr.errors import Forbidden, Refused
from casemgr.jobs import service as queue
from casemgr.kinds import KINDS
from casemgr.policy import Actor, Role
from tests.rig import staff

SECRET = "3f1c9c52-aaaa-4bbb-8ccc-000000000001"


@pytest.fixture
def ordered(work):
    with work():
        return queue.order("statistics.table", uuid4(), {"unit": SECRET, "table": "incidents"}, key=SECRET)


def test_every_kind_has_words() -> None:
    assert set(job_words.KINDS) == set(KINDS)


def test_rows_say_neither_who_nor_what_about(work, ordered) -> None:
    with work(write=False):
        (row,) = queries.list_jobs(staff.administrator())
    assert row.job_id == ordered
    assert SECRET not in repr(row)
    assert not hasattr(row, "owner_id")


def test_a_job_is_stopped_and_begun_again_and_that_is_on_record(work, ordered) -> None:
    with work():
        service.cancel_job(staff.administrator(), ordered)
    with work():
        service.retry_job(staff.administrator(), ordered)
    with work(write=False):
        (row,) = queries.list_jobs(staff.administrator())
    assert row.state == "waiting"


def test_what_recurs_waits_for_its_time_and_is_not_cancelled(work) -> None:
    with work():
        job_id = queue.order("audit.sign", INSTALLATION, {})
    with work(), pytest.raises(Refused, match="job_recurs"):
        service.cancel_job(staff.administrator(), job_id)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_steers_the_queue(work, ordered, role: Role) -> None:
    actor = Actor(account_id=uuid4(), unit_id=uuid4(), roles=frozenset({role}))
    for act in (queries.list_jobs, queries.get_queue_health):
        with work(write=False), pytest.raises(Forbidden):
            act(actor)
    for change in (service.retry_job, service.cancel_job):
        with work(), pytest.raises(Forbidden):
            change(actor, ordered)
