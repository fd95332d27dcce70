"""Acts of administration that need more than one area, and the check of the log."""

from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from casemgr.accounts import queries as people
from casemgr.accounts import service as accounts
from casemgr.accounts.service import Given
from casemgr.administration import queries
from casemgr.audit import service as audit
from casemgr.audit.checkpoints import notes_in, public_key_from
from casemgr.audit.verify import Verdict, verify
from casemgr.db import Database, Keyring
from casemgr.errors import Conflict, Locked, NotFound, Refused
from casemgr.jobs import service as queue
from casemgr.policy import Actor, Permission, Role, require_role
from casemgr.units.queries import get_unit


def add_person(
    actor: Actor, *, sign_in_name: str, name: str, unit_id: UUID, roles: Collection[Role]
) -> tuple[UUID, Given]:
    """Make an account and its invitation; raises `Conflict` with the field that does not fit."""
    require_role(actor, Permission.ACCOUNT_MANAGE)
    try:
        get_unit(actor, unit_id)
    except NotFound:
        raise Conflict("unit_id", "unknown") from None
    account_id = accounts.add_account(
        actor, sign_in_name=sign_in_name, name=name, unit_id=unit_id, roles=roles
    )
    return account_id, accounts.invite(actor, account_id)


def release(actor: Actor, request_id: UUID) -> tuple[UUID, Given]:
    """Let an act on an account take effect; return the account, and what the second person hands over.

    Raises `NotFound` for whoever may not decide it, because of a conflict of interest too.
    """
    account_id = queries.get_request(actor, request_id).person.account_id
    return account_id, accounts.release(actor, request_id)


def refuse(actor: Actor, request_id: UUID) -> None:
    """Say no to an act on an account; raises like `release`."""
    queries.get_request(actor, request_id)
    accounts.refuse(actor, request_id)


def carry_out_unreleased(actor: Actor, account_id: UUID) -> Given:
    """Carry out an act that nobody is left to release, after the waiting time; return the whole code."""
    request = people.find_request(actor, account_id)
    if request is None:
        raise NotFound
    conflicted = queries.find_conflicted(actor, request)
    return accounts.carry_out_unreleased(actor, account_id, conflicted=conflicted)


def check_log(
    actor: Actor, database: Database, keyring: Keyring | None, directory: Path, *, deep: bool
) -> Verdict:
    """Check every entry of the log and every signature, also against the notes kept in the folder.

    With `deep` every sealed value is compared with what was last written. Raises `Locked` without keys.
    """
    require_role(actor, Permission.AUDIT_READ)
    if keyring is None:
        raise Locked
    notes = directory / "checkpoints"
    verdict = verify(
        database,
        keyring,
        public_keys=[public_key_from(keyring)],
        anchors=list(notes_in(notes)) if notes.is_dir() else [],
        deep=deep,
    )
    audit.noted(actor, "audit:verify", "audit", result=int(verdict.exit_code), size=verdict.size)
    return verdict


def retry_job(actor: Actor, job_id: UUID) -> None:
    """Let a job begin at once; raises NotFound, and InvalidState for one that runs or is done."""
    require_role(actor, Permission.JOB_MANAGE)
    queue.retry(job_id)
    audit.noted(actor, "job:retry", "job", job_id)


def cancel_job(actor: Actor, job_id: UUID) -> None:
    """Stop a job; raises NotFound, InvalidState, and Refused `job_recurs` for one that waits for its time."""
    require_role(actor, Permission.JOB_MANAGE)
    if queue.is_scheduled(job_id):
        raise Refused("job_recurs")
    queue.cancel(job_id)
    audit.noted(actor, "job:cancel", "job", job_id)
