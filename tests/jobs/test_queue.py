"""The queue as workers meet it: claimed once, taken over from the dead, tried again, stopped, purged."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from casemgr import clock, db
from casemgr.accounts.models import Account
from casemgr.audit.rules import INSTALLATION
from casemgr.cases import service as cases
from casemgr.cases.queries import get_case
from casemgr.errors import InvalidState, NotFound, Refused
from casemgr.jobs import queries, service
from casemgr.jobs.kinds import Kind, Task
from casemgr.jobs.models import Job
from casemgr.jobs.rules import LEASE, SILENT, JobState
from tests.jobs.conftest import MakeWorker
from tests.rig.office import open_office

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
NAMES = ("test.count",)


class Odd(Exception):
    """Something that nobody foresaw."""


def counting(counted: list[dict[str, str]], **options) -> Kind:
    """A kind that notes with what it was begun."""
    return Kind(name="test.count", act=lambda task: counted.append(dict(task.payload)), **options)


def failing(error: type[Exception], *begun: list[int], **options) -> Kind:
    """A kind that fails whenever it is begun."""

    def act(_: Task) -> None:
        for counted in begun:
            counted.append(1)
        raise error("Lò Thị Mai")

    return Kind(name="test.count", act=act, **options)


def row_of(work, job_id) -> Job:
    with work(write=False) as session:
        row = session.get_one(Job, job_id)
        session.expunge(row)
        return row


def test_a_job_is_done_once_with_what_was_ordered(work, order, make_worker: MakeWorker) -> None:
    counted: list[dict[str, str]] = []
    job_id = order("test.count", day="2026-06-01")
    worker = make_worker(counting(counted))

    assert (worker.run_due(), worker.run_due()) == (1, 0)

    assert counted == [{"day": "2026-06-01"}]
    row = row_of(work, job_id)
    assert (row.state, row.attempts, row.claim_id) == (JobState.DONE, 1, None)


def test_the_same_order_stands_once_until_it_has_ended(work, order, make_worker: MakeWorker) -> None:
    first, second, other = (order("test.count", day=day) for day in ("1", "1", "2"))
    assert first == second != other

    make_worker(counting([])).run_due()

    assert order("test.count", day="1") != first


def test_workers_side_by_side_never_share_a_job(order, database: db.Database, keys) -> None:
    ordered = {order("test.count", number=str(number)) for number in range(12)}
    claimed: list[object] = []
    start = threading.Barrier(3)

    def take_all() -> None:
        start.wait()
        while True:
            with db.work(database, keys, write=True):
                claim = service.claim_next(uuid4(), NAMES)
            if claim is None:
                return
            claimed.append(claim.job_id)

    workers = [threading.Thread(target=take_all) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(map(str, claimed)) == sorted(map(str, ordered))


def test_what_is_not_due_yet_is_left(work, make_worker: MakeWorker) -> None:
    counted: list[dict[str, str]] = []
    with clock.frozen(NOW):
        with work():
            service.order("test.count", INSTALLATION, {}, due_at=NOW + timedelta(minutes=1))
        assert make_worker(counting(counted)).run_due() == 0
    with clock.frozen(NOW + timedelta(minutes=1)):
        assert make_worker(counting(counted)).run_due() == 1


def test_a_silent_workers_job_is_taken_over_and_its_own_end_comes_too_late(work, order) -> None:
    job_id = order("test.count")
    with clock.frozen(NOW + timedelta(days=400)), work():
        dead = service.claim_next(uuid4(), NAMES)
    with clock.frozen(NOW + timedelta(days=400) + LEASE), work():
        assert service.claim_next(uuid4(), NAMES) is None
    with clock.frozen(NOW + timedelta(days=400, seconds=1) + LEASE):
        with work():
            heir = service.claim_next(uuid4(), NAMES)
        with work():
            assert not service.finish(dead)
            assert not service.renew(dead)
        assert row_of(work, job_id).state == JobState.RUNNING
        with work():
            assert service.renew(heir)
            assert service.finish(heir)
    assert row_of(work, job_id).state == JobState.DONE


def test_what_kills_its_worker_each_time_is_not_begun_for_ever(work, order, make_worker: MakeWorker) -> None:
    counted: list[dict[str, str]] = []
    job_id = order("test.count")
    moment = clock.now() + timedelta(days=1)
    for _ in range(3):
        with clock.frozen(moment), work():
            assert service.claim_next(uuid4(), NAMES)
        moment += LEASE + timedelta(seconds=1)

    with clock.frozen(moment):
        make_worker(counting(counted, most_attempts=3)).run_due()

    row = row_of(work, job_id)
    assert (row.state, row.error, counted) == (JobState.FAILED, "WorkerDied", [])


def test_an_error_is_tried_again_later_and_named_by_its_class_alone(work, order, make_worker) -> None:
    begun: list[int] = []
    job_id = order("test.count")
    worker = make_worker(failing(Odd, begun, most_attempts=2))
    with clock.frozen(NOW + timedelta(days=400)):
        worker.run_due()
        row = row_of(work, job_id)
        assert (row.state, row.error) == (JobState.WAITING, "Odd")
        assert row.due_at == clock.now() + timedelta(seconds=10)
        assert worker.run_due() == 0
    with clock.frozen(NOW + timedelta(days=400, seconds=10)):
        worker.run_due()
    assert (row_of(work, job_id).state, len(begun)) == (JobState.FAILED, 2)


@pytest.mark.parametrize("error", [NotFound, Refused])
def test_what_a_rule_refuses_is_not_tried_again(work, order, make_worker, error: type[Exception]) -> None:
    begun: list[int] = []
    job_id = order("test.count")

    make_worker(failing(error, begun)).run_due()

    assert (row_of(work, job_id).state, len(begun)) == (JobState.FAILED, 1)


def test_what_recurs_waits_for_its_next_time_also_when_it_fails(work, make_worker: MakeWorker) -> None:
    begun: list[int] = []
    worker = make_worker(failing(Odd, begun, most_attempts=1, every=timedelta(hours=1)))
    with clock.frozen(NOW + timedelta(minutes=20)):
        assert (worker.run_due(), worker.run_due()) == (1, 0)
        with work(write=False):
            (row,) = queries.list_jobs()
        assert (row.state, row.error, row.due_at) == (JobState.WAITING, "Odd", NOW + timedelta(hours=1))
        assert row.ended_at == clock.now()
    with clock.frozen(NOW + timedelta(hours=1)):
        assert make_worker(counting([], every=timedelta(hours=1))).run_due() == 1
        with work(write=False):
            (row,) = queries.list_jobs()
    assert (row.error, row.due_at) == ("", NOW + timedelta(hours=2))


def test_a_running_job_stops_at_its_next_step_when_asked(work, order, make_worker: MakeWorker) -> None:
    reached: list[str] = []
    job_id = order("test.count")

    def act(task: Task) -> None:
        reached.append("begun")
        with work():
            service.cancel(job_id)
        task.step(1, 2)
        reached.append("went on")

    make_worker(Kind(name="test.count", act=act)).run_due()

    row = row_of(work, job_id)
    assert (reached, row.state, row.steps_done, row.steps_all) == (["begun"], JobState.CANCELLED, 1, 2)
    with work():
        service.retry(job_id)
    assert row_of(work, job_id).state == JobState.WAITING


def test_a_waiting_job_is_cancelled_and_one_that_has_ended_is_not(work, order, make_worker) -> None:
    job_id = order("test.count")
    with work():
        service.cancel(job_id)
    assert make_worker(counting([])).run_due() == 0
    with work(), pytest.raises(InvalidState):
        service.cancel(job_id)
    with work(), pytest.raises(NotFound):
        service.cancel(uuid4())


def test_a_worker_that_is_told_to_end_puts_back_what_it_has_begun(work, order, make_worker) -> None:
    job_id = order("test.count")

    def act(task: Task) -> None:
        worker.told.set()
        task.step(1, 2)

    worker = make_worker(Kind(name="test.count", act=act))
    worker.run_due()

    row = row_of(work, job_id)
    assert (row.state, row.attempts, row.error) == (JobState.WAITING, 0, "")


def test_a_persons_job_runs_with_that_persons_rights_as_of_now(work, order, make_worker) -> None:
    seen: list[object] = []
    with work():
        office = open_office()
        case_id = cases.open_case(office.worker, summary={}).id

    def act(task: Task) -> None:
        with task.work(write=False):
            seen.append(get_case(task.find_actor(), case_id).id)

    worker = make_worker(Kind(name="test.count", act=act))
    order("test.count", office.worker.account_id, number="1")
    worker.run_due()
    assert seen == [case_id]

    barred = order("test.count", office.worker.account_id, number="2")
    with work():
        cases.bar_account(office.supervisor, case_id, office.worker.account_id, "Người nhà")
    worker.run_due()
    disabled = order("test.count", office.supervisor.account_id, number="3")
    with work() as session:
        session.get_one(Account, office.supervisor.account_id).state = "disabled"
    worker.run_due()

    assert seen == [case_id]
    assert {row_of(work, job_id).error for job_id in (barred, disabled)} == {"NotFound"}
    assert {row_of(work, job_id).state for job_id in (barred, disabled)} == {JobState.FAILED}


def test_an_answer_is_for_whoever_asked_and_sealed(work, order, make_worker, database) -> None:
    owner, stranger = uuid4(), uuid4()
    job_id = order("test.count", owner)
    make_worker(Kind(name="test.count", act=lambda _: {"release": "read by the owner"})).run_due()
    assert row_of(work, job_id).state == JobState.DONE

    with work(write=False) as session:
        own = queries.get_own(owner, job_id, NAMES)
        assert own.answer == {"release": "read by the owner"}
        with pytest.raises(NotFound):
            queries.get_own(stranger, job_id, NAMES)
        with pytest.raises(NotFound):
            queries.get_own(owner, job_id, ("other",))
        stored = session.execute(select(Job.__table__)).one()
    assert b"read by the owner" not in repr(stored).encode()


def test_the_queue_knows_whether_anybody_works(work, order) -> None:
    order("test.count")
    worker_id = uuid4()
    with work():
        service.show_alive(worker_id)
    with work(write=False):
        health = queries.get_health()
    assert (health.workers, health.failed, health.waiting_since is not None) == (1, 0, True)
    with clock.frozen(clock.now() + SILENT + timedelta(seconds=1)), work(write=False):
        assert queries.get_health().workers == 0


def test_what_ended_long_ago_is_forgotten_and_what_waits_is_not(work, order, make_worker) -> None:
    done = order("test.count", number="1")
    make_worker(counting([])).run_due()
    waiting = order("test.count", number="2")
    with work():
        assert service.purge(clock.now() + timedelta(days=1)) == 1
    with work(write=False) as session:
        assert session.get(Job, done) is None
        assert session.get(Job, waiting) is not None
