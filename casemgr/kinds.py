"""Every kind of job, gathered from the features that declare them, and who acts in each."""

from uuid import UUID

from casemgr.accounts import jobs as account_jobs
from casemgr.accounts.service.housekeeping import find_acting
from casemgr.administration import jobs as administration_jobs
from casemgr.audit.rules import INSTALLATION
from casemgr.backups import jobs as backup_jobs
from casemgr.conferences import jobs as conference_jobs
from casemgr.db import Database
from casemgr.health import jobs as health_jobs
from casemgr.imports import jobs as import_jobs
from casemgr.jobs.kinds import Kind, Surroundings
from casemgr.jobs.worker import Worker
from casemgr.keys.service import Keyring
from casemgr.policy import Actor
from casemgr.referrals import jobs as referral_jobs
from casemgr.reporting import jobs as report_jobs
from casemgr.statistics import jobs as table_jobs
from casemgr.web import jobs as web_jobs

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        referral_jobs.TICK,
        conference_jobs.END,
        table_jobs.TABLE,
        report_jobs.REPORT,
        import_jobs.CHECK,
        import_jobs.TAKE,
        import_jobs.ROLL_BACK,
        import_jobs.PURGE,
        health_jobs.WATCH,
        backup_jobs.SIGN,
        backup_jobs.BACK_UP,
        web_jobs.PURGE,
        account_jobs.PURGE,
        administration_jobs.REWRAP,
        administration_jobs.PURGE,
    )
}
"""The kinds by name; those that recur keep themselves in the queue."""


def make_worker(database: Database, keyring: Keyring, surroundings: Surroundings) -> Worker:
    """Return a worker for every kind."""
    return Worker(
        database=database,
        keyring=keyring,
        kinds=KINDS,
        find_actor=find_actor,
        owner_id=INSTALLATION,
        surroundings=surroundings,
    )


def find_actor(owner_id: UUID, kind: str) -> Actor:
    """Return who acts in a job: whoever asked, with the rights of now, or the installation without a role."""
    door = f"job:{kind}"
    if owner_id == INSTALLATION:
        return Actor(account_id=INSTALLATION, unit_id=INSTALLATION, roles=frozenset(), door=door)
    return find_acting(owner_id, door)
