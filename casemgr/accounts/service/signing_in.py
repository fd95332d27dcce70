"""Signing in: name and password, then a code; and showing the password again to unlock or for a grave act."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Update, or_, select, update

from casemgr import clock
from casemgr.accounts import rules
from casemgr.accounts.models import Account, AccountSession, Factor
from casemgr.accounts.service.attempts import Attempt, clear_failures, count_failure, done, refused, wait_for
from casemgr.accounts.service.digests import code_digest, is_password, name_digest
from casemgr.accounts.service.sessions import actor_of, get_session, raise_session, start_session
from casemgr.crypto import onetime
from casemgr.crypto.readable import typed_code
from casemgr.db import afterwards, current
from casemgr.policy import Actor

SIGN_IN = "account:sign_in"
SECOND_FACTORS = ("totp", "sheet")
_TOTP_DIGITS = 6
_SHEET_SIGNS = 8


def sign_in(name: str, password: str, *, address: str, user_agent: str) -> Attempt:
    """Check name and password; on success the session waits for the code.

    Unknown, disabled and invited names get the same answer after the same work as a wrong password.
    """
    digest = name_digest(name)
    account = current().scalar(select(Account).where(Account.name_digest == digest))
    if wait := wait_for(digest, address):
        return _slowed(SIGN_IN, account, wait)
    _read_again(account)
    usable = account if account and account.state != "disabled" and _may_try(account) else None
    if not is_password(usable, password) or usable is None:
        return _wrong(SIGN_IN, digest, address, account)
    stage = "code" if find_code_kinds_of(usable.id) else "enrol"
    return Attempt(token=start_session(usable, stage, user_agent), stage=stage)


def enter_code(actor: Actor, code: str, *, address: str) -> Attempt:
    """Check the code of the second step and open the session; a code works once, whatever happens after."""
    return _prove(actor, "account:enter_code", address, lambda account: _spend(account, code), _open)


def unlock(actor: Actor, password: str, *, address: str) -> Attempt:
    """Unlock the screen with the password alone; after five wrong ones the session ends."""
    attempt = _prove(actor, "account:unlock", address, lambda account: _password(account, password), _reopen)
    if attempt.token is None and not attempt.wait_seconds:
        row = get_session(actor)
        current().refresh(row, ["unlock_failures", "ended_at"], with_for_update=True)
        row.unlock_failures += 1
        if row.unlock_failures >= rules.UNLOCK_TRIES:
            row.ended_at = clock.now()
            return Attempt(problem="ended")
    return attempt


def prove(actor: Actor, password: str, *, address: str) -> Attempt:
    """Show the password again before a grave act."""
    return _prove(actor, "account:prove", address, lambda account: _password(account, password), _reopen)


def find_code_kinds(actor: Actor) -> frozenset[str]:
    """Return with which kinds of codes the actor can sign in."""
    return find_code_kinds_of(actor.account_id)


def find_code_kinds_of(account_id: UUID) -> frozenset[str]:
    """Return the kinds of second factors that an account has, used-up sheets included."""
    kinds = select(Factor.kind).where(Factor.account_id == account_id, Factor.kind.in_(SECOND_FACTORS))
    return frozenset(current().scalars(kinds.distinct()))


def _prove(
    actor: Actor,
    action: str,
    address: str,
    check: Callable[[Account], str],
    then: Callable[[Account, AccountSession], str],
) -> Attempt:
    account = current().get_one(Account, actor.account_id)
    if wait := wait_for(account.name_digest, address):
        return _slowed(action, account, wait)
    _read_again(account)
    kind = check(account) if _may_try(account) else ""
    if not kind:
        return _wrong(action, account.name_digest, address, account)
    clear_failures(account)
    row = get_session(actor)
    stage = then(account, row)
    done(actor_of(account, row), SIGN_IN if stage == "open" and row.stage == "code" else action, factor=kind)
    return Attempt(token=raise_session(row, stage), stage=stage)


def _open(account: Account, row: AccountSession) -> str:
    if account.state == "active":
        return "open"
    # The enrolment was cut off after the second factor: what is left of it are the recovery codes.
    row.shown = {"kind": "recovery", "codes": onetime.new_recovery_codes()}
    return "enrol"


def _reopen(_: Account, row: AccountSession) -> str:
    return row.stage


def _password(account: Account, password: str) -> str:
    return "password" if is_password(account, password) else ""


def _read_again(account: Account | None) -> None:
    """Parallel guesses queue behind the counters; what the one before has counted is seen only now."""
    if account is not None:
        current().refresh(account, ["failures", "state"])


def _may_try(account: Account) -> bool:
    return account.failures < rules.MOST_FAILURES


def _wrong(action: str, digest: bytes, address: str, account: Account | None) -> Attempt:
    count_failure(digest, address, account)
    refused(action, account.id if account else None)
    return Attempt()


def _slowed(action: str, account: Account | None, wait: int) -> Attempt:
    refused(action, account.id if account else None)
    return Attempt(wait_seconds=wait)


def _spend(account: Account, code: str) -> str:
    """Use up a code and return its kind, or nothing when it is wrong, spent or replayed."""
    digits = "".join(code.split())
    if len(digits) == _TOTP_DIGITS and digits.isdigit():
        return _spend_step(account, digits)
    kind = "sheet" if len(typed_code(code)) == _SHEET_SIGNS else "recovery"
    return kind if _spend_code(account, kind, code) else ""


def _spend_step(account: Account, code: str) -> str:
    here = select(Factor).where(Factor.account_id == account.id, Factor.kind == "totp")
    factor = current().scalar(here)
    if factor is None or factor.seed is None:
        return ""
    step = onetime.verify(factor.seed, code, factor.last_step, clock.now())
    if step is None:
        return ""
    later = or_(Factor.last_step.is_(None), Factor.last_step < step)
    return "totp" if spend(update(Factor).where(Factor.id == factor.id, later).values(last_step=step)) else ""


def _spend_code(account: Account, kind: str, code: str) -> bool:
    unspent = (
        Factor.account_id == account.id,
        Factor.kind == kind,
        Factor.digest == code_digest(kind, code, account.id),
        Factor.used_at.is_(None),
    )
    return spend(update(Factor).where(*unspent).values(used_at=clock.now()))


def spend(statement: Update) -> bool:
    """Use up a one-time code; False when it was unknown or spent already.

    Done once in this transaction, where only one of two parallel tries can succeed, and once more after it,
    so that the code stays used when the rest of the request fails and is rolled back.
    """
    statement = statement.execution_options(synchronize_session=False)

    def again() -> None:
        _count(statement)

    afterwards(again)
    return _count(statement) == 1


def _count(statement: Update) -> int:
    return int(current().execute(statement).rowcount)  # type: ignore[attr-defined]
