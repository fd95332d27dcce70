"""`casemgr jobs` and `casemgr worker --once`: the queue from the command line, without who and what about."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from casemgr import clock, db
from casemgr.accounts import service as accounts
from casemgr.audit.models import AuditEntry
from casemgr.crypto import onetime
from casemgr.crypto.providers import PassphraseProvider
from casemgr.jobs import queries
from casemgr.jobs import service as queue
from casemgr.keys.service import Keyring
from casemgr.policy import Role
from casemgr.units.models import Unit
from tests.cli.conftest import PASSPHRASE, words_after
from tests.rig import databases, staff

PASSWORD = "mười hai con trâu trắng"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
UNLOCK = f"{PASSPHRASE}\n"
SECRET = "3f1c9c52-aaaa-4bbb-8ccc-000000000001"


class Desk:
    """An installation, an administrator at its command line, and its queue."""

    def __init__(self, shell) -> None:
        self.shell = shell
        root_keys = PassphraseProvider(shell.directory / "root.keys", PASSPHRASE).root_keys()
        self.keyring = Keyring(root_keys)
        self.database = databases.open_database(shell.environment["CASEMGR_DATABASE_URL"])
        self._minute = 0

    def work(self, *, write=True):
        return db.work(self.database, self.keyring, write=write)

    def type(self, *words, user="quantri", code=0):
        """Type a command; each time a minute later, since a one-time code works once."""
        self._minute += 1
        with clock.frozen(clock.now() + timedelta(minutes=self._minute)):
            proof = {
                "CASEMGR_PASSWORD": PASSWORD,
                "CASEMGR_CODE": onetime.current_code(SEED, clock.now()),
            }
            return self.shell.run("jobs", *words, "--as", user, typed=UNLOCK, code=code, **proof)

    def order(self, kind="statistics.table"):
        with self.work():
            return queue.order(kind, uuid4(), {"unit": SECRET}, key=str(uuid4()))

    def state_of(self, job_id):
        with self.work(write=False):
            return next(row.state for row in queries.list_jobs() if row.job_id == job_id)


@pytest.fixture
def desk(set_up):
    desk = Desk(set_up)
    invitation = words_after(set_up.output, "trong 14 ngày):")
    with clock.frozen(clock.now() - timedelta(minutes=10)), desk.work() as session:
        accounts.enrol("quantri", invitation, PASSWORD, seed=SEED)
        here = session.execute(select(Unit.id)).scalar_one()
        leader = accounts.add_account(
            staff.founder(), sign_in_name="lanhdao", name="Lãnh đạo", unit_id=here, roles=[Role.LEADER]
        )
        accounts.enrol("lanhdao", accounts.invite(staff.founder(), leader).code, PASSWORD, seed=SEED)
    yield desk
    desk.database.close()


def test_the_queue_is_listed_without_whose_and_what_about(desk):
    job_id = desk.order()

    listed = json.loads(desk.type("list", "--json"))

    assert [(row["job_id"], row["kind"], row["state"]) for row in listed] == [
        (str(job_id), "statistics.table", "waiting")
    ]
    assert SECRET not in json.dumps(listed)
    assert "statistics.table" in desk.type("list")


def test_a_job_is_stopped_and_begun_again_on_record(desk):
    job_id = desk.order()

    assert "đã dừng" in desk.type("cancel", str(job_id))
    assert desk.state_of(job_id) == "cancelled"
    assert json.loads(desk.type("retry", str(job_id), "--json")) == {"job_id": str(job_id), "done": "retry"}
    assert desk.state_of(job_id) == "waiting"
    with desk.work(write=False) as session:
        doors = {entry.action: entry.door for entry in session.query(AuditEntry) if entry.object_id == job_id}
    assert set(doors) == {"job:cancel", "job:retry"}
    assert all(door.startswith("command:") for door in doors.values())


def test_nobody_but_an_administrator_steers_it_and_unknown_jobs_are_not_found(desk):
    job_id = desk.order()

    desk.type("list", user="lanhdao", code=3)
    desk.type("cancel", str(job_id), user="lanhdao", code=3)
    assert desk.state_of(job_id) == "waiting"
    desk.type("retry", str(uuid4()), code=3)
    desk.type("cancel", "not-a-code", code=2)


def test_what_recurs_is_not_stopped_for_good(desk):
    desk.shell.run("worker", "--once", typed=UNLOCK)
    with desk.work(write=False):
        recurring = next(row for row in queries.list_jobs() if row.kind == "audit.sign")

    desk.type("cancel", str(recurring.job_id), code=3)

    assert "định kỳ" in desk.shell.output
    assert desk.state_of(recurring.job_id) == "waiting"


def test_a_worker_that_runs_once_does_what_is_due_and_goes(desk):
    said = desk.shell.run("worker", "--once", typed=UNLOCK)

    assert said == ""
    assert "việc" in desk.shell.output
    with desk.work(write=False):
        rows, health = queries.list_jobs(), queries.get_health()
    assert {row.error for row in rows} == {""}
    assert {row.state for row in rows} == {"waiting"}
    assert health.workers == 0
    assert (desk.shell.directory / "watch.json").exists()
