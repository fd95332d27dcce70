"""The work behind the pages of imports: stopped, killed or deprived of rights, it doubles nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from casemgr import clock
from casemgr.accounts.models import Account
from casemgr.cases.models import Case
from casemgr.db import current
from casemgr.imports import jobs, running, service
from casemgr.imports.models import ImportBatch, ImportFile
from casemgr.jobs import service as queue
from casemgr.jobs.models import Job
from casemgr.keys.models import DataKey
from tests.jobs.conftest import make_worker  # noqa: F401 - a fixture
from tests.rig import line_lists


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(running, "PIECE", 1)


@pytest.fixture
def worker(make_worker):  # noqa: F811 - the fixture
    return make_worker(jobs.CHECK, jobs.TAKE, jobs.ROLL_BACK)


@pytest.fixture
def file_id(work, office):
    with work():
        return line_lists.add_checked(office.supervisor)


def order(work, office, file_id):
    with work():
        return jobs.order_take(office.supervisor, file_id, service.begin_list(office.supervisor, file_id).id)


def after_first_piece(monkeypatch, act):
    """Do something within the unit of work of the first piece, once."""
    take_rows, done = service.take_rows, []

    def take(*given):
        new = take_rows(*given)
        if not done:
            done.append(act())
        return new

    monkeypatch.setattr(service, "take_rows", take)


def stand(work, job_id=None):
    """Return how many files there are, how far the batch is, how many lists wait, how the job ended."""
    with work(write=False) as session:
        batch = session.scalars(select(ImportBatch)).one()
        counted = [session.scalar(select(func.count()).select_from(table)) for table in (Case, ImportFile)]
        state = session.get(Job, job_id).state if job_id else None
        return counted[0], batch.state, batch.progress["position"], counted[1], state


def test_a_check_is_kept_with_its_list_and_takes_nothing(work, office, worker):
    with work():
        jobs.order_check(office.supervisor, line_lists.add(office.supervisor))
    worker.run_due()
    with work(write=False):
        row = current().scalars(select(ImportFile)).one()
        assert (row.state, row.findings["tally"]["imported"]) == ("checked", 2)
        assert current().scalars(select(Case)).all() == []


def test_what_was_stopped_after_a_piece_goes_on_later_and_doubles_nothing(
    work, office, worker, file_id, monkeypatch
):
    job_id = order(work, office, file_id)
    after_first_piece(monkeypatch, lambda: queue.cancel(job_id))
    worker.run_due()
    assert stand(work, job_id) == (1, "running", 1, 1, "cancelled")

    again = order(work, office, file_id)
    worker.run_due()
    assert again != job_id
    assert stand(work, again) == (2, "finished", 4, 0, "done")


def test_a_right_that_is_taken_away_ends_it_before_the_next_piece(work, office, worker, file_id, monkeypatch):
    def take_role() -> None:
        current().get_one(Account, office.supervisor.account_id).roles_text = "case_worker"

    job_id = order(work, office, file_id)
    after_first_piece(monkeypatch, take_role)
    worker.run_due()
    assert stand(work, job_id) == (1, "running", 1, 1, "failed")


def test_a_list_that_is_thrown_away_meanwhile_comes_in_no_further(work, office, worker, file_id, monkeypatch):
    job_id = order(work, office, file_id)
    after_first_piece(monkeypatch, lambda: service.throw_away(office.supervisor, file_id))
    worker.run_due()
    assert stand(work, job_id) == (1, "running", 1, 0, "failed")


def test_a_batch_that_is_taken_out_meanwhile_comes_in_no_further(work, office, worker, file_id, monkeypatch):
    def take_out() -> None:
        batch_id = current().scalars(select(ImportBatch.id)).one()
        jobs.order_roll_back(office.supervisor, service.start_rollback(office.supervisor, batch_id).id)

    job_id = order(work, office, file_id)
    after_first_piece(monkeypatch, take_out)
    worker.run_due()
    assert stand(work, job_id) == (0, "rolled_back", 1, 1, "done")
    assert order(work, office, file_id) != job_id
    worker.run_due()
    with work(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 2


def test_lists_are_destroyed_with_their_keys_after_a_week_and_not_before(work, office, file_id):
    day = clock.now()
    for days, left in ((6, 1), (7, 0)):
        with clock.frozen(day + timedelta(days=days)), work():
            service.forget_old(office.supervisor)
            assert current().scalar(select(func.count()).select_from(ImportFile)) == left
    with work(write=False):
        key = current().scalars(select(DataKey).where(DataKey.purpose == "line_list")).one()
        assert (key.state, key.wrapped) == ("destroyed", None)
