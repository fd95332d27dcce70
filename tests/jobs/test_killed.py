"""Whatever a kind of job has begun when its worker is killed, the next worker brings to the same end."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from casemgr import clock, db
from casemgr.accounts.models import Account, AccountSession, HeldPost
from casemgr.accounts.service import hold_post
from casemgr.accounts.service.sessions import start_session
from casemgr.audit.checkpoints import notes_in, public_key_from
from casemgr.audit.models import AuditEntry
from casemgr.audit.verify import verify
from casemgr.backups.identity import create_identity
from casemgr.backups.making import check_file
from casemgr.backups.places import Places
from casemgr.cases.models import Task
from casemgr.conferences.models import Conference
from casemgr.conferences.rules import Calling
from casemgr.conferences.service import call_conference
from casemgr.crypto.providers import FileProvider
from casemgr.db import migrate
from casemgr.facts.models import Fact
from casemgr.health.notebook import read_notes
from casemgr.imports import service as imports
from casemgr.imports.jobs import order_check, order_roll_back, order_take
from casemgr.imports.models import ImportBatch, ImportedRow, ImportFile
from casemgr.jobs.models import Job
from casemgr.jobs.rules import JobState
from casemgr.keys.models import DataKey
from casemgr.keys.service import Keyring
from casemgr.kinds import KINDS
from casemgr.policy import Actor, Role
from casemgr.referrals.models import Bundle, Referral
from casemgr.reporting.jobs import order_report
from casemgr.reporting.models import PeriodicReport
from casemgr.reporting.rules import EVERY_PERIOD
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.jobs import order_table
from casemgr.statistics.making import Wish
from casemgr.statistics.models import Release
from casemgr.statistics.service import Tier, list_broken
from casemgr.survivors.service import record_consent
from casemgr.web.drafts import save_draft
from casemgr.web.models import AnsweredPost, Draft
from tests.rig import databases, line_lists
from tests.rig.network import build_network, consented_case, send
from tests.rig.office import add_account

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=40)
ROOT = Path(__file__).parents[2]
LONG_AGO, SHORTLY = timedelta(days=0), timedelta(days=39)


class House:
    """An installation in which every kind of job finds something to do."""

    def __init__(self, url: str, home: Path) -> None:
        self.url, self.home = url, home
        self.places = Places(directory=home)
        self.places.prepare()
        self.provider = FileProvider.create(home / "root.keys")
        self.keyring = Keyring(self.provider.root_keys())
        create_identity(self.places, self.keyring)
        self.database = databases.open_database(url)
        migrate.upgrade(self.database)
        with clock.frozen(NOW), self.work():
            self.network = build_network(adult_beds=9, child_beds=9)

    def work(self, *, write: bool = True):
        """Open a unit of work."""
        return db.work(self.database, self.keyring, write=write)

    def killed(self, *kinds: str) -> dict[str, int]:
        """Run kinds in processes that are killed one after the other, and return how many were."""
        script = str(Path(__file__).with_name("interrupted.py"))
        done = subprocess.run(
            [sys.executable, script, self.url, str(self.home), LATER.isoformat(), *kinds],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return {kind: int(number) for kind, number in map(str.split, done.stdout.splitlines())}

    def count(self, *where) -> int:
        """Count rows."""
        with self.work(write=False) as session:
            return session.scalar(select(func.count()).where(*where)) or 0

    def count_entries(self, action: str) -> int:
        """Count entries of the log."""
        return self.count(AuditEntry.action == action)


@pytest.fixture
def house(bare_url: str, tmp_path: Path) -> Iterator[House]:
    house = House(bare_url, tmp_path / "home")
    yield house
    house.database.close()


def referrals_nobody_answers(house: House) -> Callable[[], None]:
    network = house.network
    with clock.frozen(NOW), house.work():
        case_ids = [consented_case(network.office).id for _ in range(2)]
        for case_id in case_ids:
            send(network, case_id)
    with clock.frozen(LATER - timedelta(days=1)), house.work():
        fresh = send(network).id

    def check() -> None:
        assert house.count(Referral.state == "expired") == 2
        assert house.count(Referral.state == "sent", Referral.id == fresh) == 1
        assert house.count(Bundle.state == "expired") == 2
        assert house.count(Fact.unit_id == network.office.unit_id) == 2
        assert house.count_entries("referral:expired") == 2
        assert house.count_entries("referral:late_at") == 1
        # Two cases look for another unit; the late one waits with the worker and with her supervisor.
        about = Task.case_id.in_([*case_ids, network.case_id])
        assert house.count(Task.state == "open", about) == 4

    return check


def conferences_past_their_days(house: House) -> Callable[[], None]:
    network, worker = house.network, house.network.office.worker
    yes = {"purpose": "hop_ca", "how": "loi_noi", "limits_read": True, "fields": ("cong_an",)}
    units = frozenset({network.police_id})
    made = []
    for days in (LONG_AGO, SHORTLY):
        with clock.frozen(NOW + days), house.work():
            case_id = consented_case(network.office).id
            until = clock.today() + timedelta(days=10)
            record_consent(worker, case_id, **yes, units=[str(network.police_id)], expires_on=until)
            calling = Calling(
                meets_on=clock.today(),
                meets_at="14:00",
                place="Xã",
                unit_ids=units,
                topics=("cong_an",),
                needs=("Tuần tra",),
            )
            made.append(call_conference(worker, case_id, calling).id)

    def check() -> None:
        over, fresh = made
        assert house.count(Conference.state == "closed", Conference.id == over) == 1
        assert house.count(Conference.state == "called", Conference.id == fresh) == 1
        assert house.count(DataKey.scope_id == over, DataKey.wrapped.is_(None)) == 1
        assert house.count_entries("conference:closed") == 1

    return check


def drafts_and_answers(house: House) -> Callable[[], None]:
    actor = house.network.office.worker
    for days in (LONG_AGO, SHORTLY):
        with clock.frozen(NOW + days), house.work() as session:
            save_draft(actor, "case_note", uuid4(), {"text": ["Chưa gửi"]})
            key = str(days.days)
            answered = {"digest": b"x", "location": "/", "answered_day": clock.today()}
            session.add(AnsweredPost(account_id=actor.account_id, post_key=key, **answered))

    def check() -> None:
        assert house.count(Draft.id.is_not(None)) == 1
        assert house.count(AnsweredPost.id.is_not(None)) == 1
        assert house.count_entries("draft:purge") == 1

    return check


def sessions_and_held_forms(house: House) -> Callable[[], None]:
    actor = house.network.office.worker
    for days in (LONG_AGO, SHORTLY):
        with clock.frozen(NOW + days), house.work() as session:
            # Begun directly, since a sign-in would remove the old session of the same account at once.
            row = session.get_one(Account, actor.account_id)
            start_session(row, "open", "Firefox")
            hold_post(actor, endpoint="x", place={}, fields=[("text", "Chưa gửi")], had_files=False)
            row.failures = 0
    with clock.frozen(NOW), house.work() as session:
        colleague = session.get_one(Account, house.network.office.colleague.account_id)
        start_session(colleague, "open", "Firefox")

    def check() -> None:
        assert house.count(AccountSession.id.is_not(None)) == 1
        assert house.count(HeldPost.id.is_not(None)) == 1
        assert house.count_entries("account:purge") == 1

    return check


def a_log(house: House) -> Callable[[], None]:
    def check() -> None:
        notes = list(notes_in(house.places.checkpoints))
        verdict = verify(
            house.database, house.keyring, public_keys=[public_key_from(house.keyring)], anchors=notes
        )
        assert notes
        assert (verdict.findings, verdict.proven > 0) == ((), True)

    return check


def a_day_without_backup(house: House) -> Callable[[], None]:
    def check() -> None:
        made = sorted((house.home / "stick").glob("casemgr-*.backup"))
        assert made
        for path in made:
            assert check_file(path, house.keyring, house.places).log.findings == ()
        assert house.count_entries("backup:make") == 1
        assert house.places.last_backup.exists()

    return check


def keys_under_an_old_root(house: House) -> Callable[[], None]:
    worker_id = house.network.office.worker.account_id
    new = house.provider.add_root_key()

    def check() -> None:
        assert house.count(DataKey.root_key_id != new, DataKey.wrapped.is_not(None)) == 0
        assert house.count_entries("keys:rewrap") == 1
        with house.work(write=False) as session:
            assert session.get_one(Account, worker_id).name == "Lan"

    return check


def jobs_that_ended(house: House) -> Callable[[], None]:
    with clock.frozen(NOW), house.work() as session:
        for state in (JobState.DONE, JobState.FAILED, JobState.WAITING):
            moment = clock.now()
            plain = {"payload": "{}", "due_at": moment, "created_at": moment, "ended_at": moment}
            counts = {"attempts": 1, "steps_done": 0, "steps_all": 0, "cancel_asked": False, "error": ""}
            owner_id = uuid4()
            session.add(Job(kind="other", key=state, owner_id=owner_id, state=state, **counts, **plain))

    def check() -> None:
        assert house.count(Job.kind == "other") == 1
        assert house.count(Job.kind == "other", Job.state == JobState.WAITING) == 1

    return check


def a_table_is_ordered(house: House) -> Callable[[], None]:
    unit_id, officer = house.network.office.unit_id, _officer(house)
    period = Period.between(date(2025, 1, 1), date(2025, 12, 31))
    with clock.frozen(NOW), house.work():
        order_table(officer, Wish(table_names=("stays",), unit_id=unit_id, period=period, tier=Tier.PUBLIC))

    def check() -> None:
        assert house.count(Release.table_name == "stays", Release.period_from == date(2025, 1, 1)) == 1
        assert house.count(Job.kind == "statistics.table", Job.state == JobState.DONE) == 1

    return check


def a_report_is_ordered(house: House) -> Callable[[], None]:
    unit_id, officer = house.network.office.unit_id, _officer(house)
    period = Period.between(date(2025, 12, 1), date(2026, 5, 31))
    with clock.frozen(NOW), house.work():
        order_report(officer, Wish(table_names=(), unit_id=unit_id, period=period, tier=Tier.PUBLIC))

    def check() -> None:
        assert house.count(PeriodicReport.id.is_not(None)) == 1
        assert house.count(Release.period_from == date(2025, 12, 1)) == len(EVERY_PERIOD)
        with house.work(write=False):
            assert list_broken(officer, unit_id) == []

    return check


def a_list_that_is_to_be_checked(house: House) -> Callable[[], None]:
    with clock.frozen(LATER), house.work():
        file_id = line_lists.add(house.network.office.supervisor, "Cần kiểm tra")
        order_check(house.network.office.supervisor, file_id)

    def check() -> None:
        with house.work(write=False) as session:
            row = session.get_one(ImportFile, file_id)
            assert (row.state, row.findings["tally"]["imported"]) == ("checked", 2)

    return check


def a_list_that_comes_in(house: House) -> Callable[[], None]:
    supervisor = _supervisor_elsewhere(house)
    with clock.frozen(LATER), house.work():
        file_id = line_lists.add_checked(supervisor, "Đang nhập")
        batch_id = imports.begin_list(supervisor, file_id).id
        order_take(supervisor, file_id, batch_id)

    def check() -> None:
        assert house.count(ImportBatch.id == batch_id, ImportBatch.state == "finished") == 1
        assert house.count(ImportedRow.batch_id == batch_id) == 2
        assert house.count(ImportFile.id == file_id) == 0

    return check


def a_batch_that_is_taken_out(house: House) -> Callable[[], None]:
    supervisor = _supervisor_elsewhere(house)
    with clock.frozen(LATER):
        batch_id = line_lists.take_in(house.database, house.keyring, supervisor, "Bị gỡ")
        with house.work():
            imports.start_rollback(supervisor, batch_id)
            order_roll_back(supervisor, batch_id)

    def check() -> None:
        assert house.count(ImportBatch.id == batch_id, ImportBatch.state == "rolled_back") == 1
        assert house.count_entries("import:rolled_back") == 1

    return check


def lists_that_nobody_wanted(house: House) -> Callable[[], None]:
    ids = []
    for days in (LONG_AGO, SHORTLY):
        with clock.frozen(NOW + days), house.work():
            ids.append(line_lists.add_checked(house.network.office.supervisor, str(days.days)))

    def check() -> None:
        assert [house.count(ImportFile.id == file_id) for file_id in ids] == [0, 1]
        assert house.count_entries("import:forget_list") == 1

    return check


def _supervisor_elsewhere(house: House) -> Actor:
    with clock.frozen(NOW), house.work():
        return add_account(house.network.office.stranger.unit_id, Role.SUPERVISOR, "Đào")


def _officer(house: House) -> Actor:
    with clock.frozen(NOW), house.work():
        return add_account(house.network.office.unit_id, Role.REPORT_OFFICER, "Tin")


def a_machine_that_is_watched(house: House) -> Callable[[], None]:
    def check() -> None:
        assert read_notes(house.home) is not None

    return check


WORLDS: dict[str, Callable[[House], Callable[[], None]]] = {
    "referrals.tick": referrals_nobody_answers,
    "conferences.end": conferences_past_their_days,
    "statistics.table": a_table_is_ordered,
    "reporting.report": a_report_is_ordered,
    "imports.purge": lists_that_nobody_wanted,
    "imports.check": a_list_that_is_to_be_checked,
    "imports.take": a_list_that_comes_in,
    "imports.roll_back": a_batch_that_is_taken_out,
    "web.purge": drafts_and_answers,
    "accounts.purge": sessions_and_held_forms,
    "audit.sign": a_log,
    "backup.daily": a_day_without_backup,
    "keys.rewrap": keys_under_an_old_root,
    "jobs.purge": jobs_that_ended,
    "health.watch": a_machine_that_is_watched,
}
"""For each kind, what is set up; it returns what must be so afterwards, once and not twice."""

FEWEST = 4
"""Every kind commits that its worker lives, its claim, its step and its end."""


def test_no_kind_is_left_out() -> None:
    assert set(WORLDS) == set(KINDS)


def test_killed_before_each_commit_a_kind_comes_to_the_same_end(house: House) -> None:
    checks = [world(house) for world in WORLDS.values()]

    killed = house.killed(*WORLDS)

    assert {kind: number for kind, number in killed.items() if number < FEWEST} == {}
    assert set(killed) == set(WORLDS)
    house.keyring = Keyring(house.provider.root_keys())
    for check in checks:
        check()
    live = (JobState.WAITING, JobState.DONE)
    with house.work(write=False) as session:
        jobs = session.scalars(select(Job).where(Job.kind.in_(WORLDS))).all()
        ended = [(job.kind, job.error) for job in jobs if job.state in live]
    assert sorted(ended) == [(kind, "") for kind in sorted(WORLDS)]
    public_keys = [public_key_from(house.keyring)]
    assert verify(house.database, house.keyring, public_keys=public_keys, deep=True).findings == ()
