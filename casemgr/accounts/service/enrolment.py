"""Enrolment: the invited person sets a password and a second factor that nobody else ever sees.

What has to be written down (seed, sheet, recovery codes) stays sealed in the session until its owner proves
to have it, so that a reload or a jammed printer loses nothing; then the readable form is gone for good.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select, update

from casemgr import clock
from casemgr.accounts import rules
from casemgr.accounts.models import Account, AccountSession, Factor
from casemgr.accounts.service.attempts import Attempt, clear_failures, count_failure, refused, wait_for
from casemgr.accounts.service.digests import code_digest, is_password, name_digest, password_hash
from casemgr.accounts.service.sessions import (
    actor_of,
    end_sessions,
    get_session,
    raise_session,
    start_session,
)
from casemgr.accounts.service.signing_in import spend
from casemgr.audit import service as audit
from casemgr.crypto import onetime
from casemgr.crypto.readable import typed_code
from casemgr.db import current
from casemgr.errors import InvalidState
from casemgr.policy import Actor, Role

REDEEM = "account:redeem_invitation"
ISSUER = "Cong viec"
"""Shows on a phone above the code, so it must say nothing about the work."""

SHEET_CODES = 50


class Step(StrEnum):
    """What comes next in an enrolment."""

    PASSWORD = "password"  # noqa: S105 - the name of a step
    FACTOR = "factor"
    APP = "app"
    SHEET = "sheet"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What its owner is writing down now: a seed with its address for an app, or codes for paper."""

    seed: str = ""
    address: str = ""
    codes: tuple[str, ...] = ()


def redeem_invitation(name: str, code: str, *, address: str, user_agent: str) -> Attempt:
    """Let in somebody with the printed code of an invitation, to choose a password; answers all alike."""
    digest = name_digest(name)
    account = current().scalar(select(Account).where(Account.name_digest == digest))
    if wait := wait_for(digest, address):
        refused(REDEEM, account.id if account else None)
        return Attempt(wait_seconds=wait)
    if account is None or account.state != "invited" or not _is_invitation(account, code):
        count_failure(digest, address, account)
        refused(REDEEM, account.id if account else None)
        return Attempt()
    audit.noted(actor_of(account, None), REDEEM, "account", account.id)
    return Attempt(token=start_session(account, "enrol", user_agent), stage="enrol")


def step_of(actor: Actor) -> Step:
    """Return what comes next for somebody who is enrolling or renewing a factor."""
    account, row = _mine(actor)
    if account.password_hash is None:
        return Step.PASSWORD
    return Step((row.shown or {}).get("kind", Step.FACTOR))


def shown_of(actor: Actor) -> Shown:
    """Return what the actor is writing down; raises `InvalidState` when there is nothing."""
    account, row = _mine(actor)
    shown = row.shown
    if not shown:
        raise InvalidState("nothing_shown")
    audit.seen(actor, "factor", account.id, (shown["kind"],))
    seed = shown.get("seed", "")
    address = (
        onetime.provisioning_uri(seed, account=account.sign_in_name or "", issuer=ISSUER) if seed else ""
    )
    return Shown(seed=seed, address=address, codes=tuple(shown.get("codes", ())))


def choose_password(actor: Actor, password: str) -> Attempt:
    """Set the first password, which uses up the invitation; other half-made sessions of the account end."""
    account, row = _mine(actor)
    if account.password_hash is not None or row.stage != "enrol":
        raise InvalidState("password_set")
    if problem := password_problem(account, password):
        return Attempt(problem=problem)
    if not _spend_invitation(account):
        raise InvalidState("not_invited")
    _set_password(account, password)
    end_sessions(account.id, but=row.id)
    audit.changed(actor, "account:choose_password", "account", account.id)
    return Attempt(token=raise_session(row, "enrol"), stage="enrol")


def change_password(actor: Actor, old: str, new: str, *, address: str) -> Attempt:
    """Replace one's password; the old one is asked for, and all other sessions end."""
    account, row = _mine(actor)
    if wait := wait_for(account.name_digest, address):
        return Attempt(wait_seconds=wait)
    if not is_password(account, old):
        count_failure(account.name_digest, address, account)
        refused("account:change_password", account.id)
        return Attempt(problem="wrong")
    if problem := password_problem(account, new):
        return Attempt(problem=problem)
    _set_password(account, new)
    clear_failures(account)
    end_sessions(account.id, but=row.id)
    audit.changed(actor, "account:change_password", "account", account.id)
    return Attempt(token=raise_session(row, row.stage), stage=row.stage)


def password_problem(account: Account, password: str) -> str | None:
    """Return why the account's owner may not use a password."""
    context = (account.sign_in_name or "", account.name or "")
    return rules.password_problem(
        password, is_administrator=Role.ADMINISTRATOR in account.roles, context=context
    )


def begin_factor(actor: Actor, step: Step, *, seed: str | None = None) -> None:
    """Draw a seed, a sheet or recovery codes and show them to their owner until they are confirmed."""
    account, row = _mine(actor)
    if account.password_hash is None:
        raise InvalidState("no_password")
    shown: dict[str, Any] = {"kind": step.value}
    if step is Step.APP:
        shown["seed"] = seed or onetime.new_secret()
    elif step is Step.SHEET:
        shown["codes"] = onetime.new_sheet_codes(SHEET_CODES)
    else:
        shown["codes"] = onetime.new_recovery_codes()
    row.shown = shown


def confirm_factor(actor: Actor, code: str) -> bool:
    """Take the seed or sheet into use when its owner shows a code of it; a wrong code changes nothing."""
    account, row = _mine(actor)
    shown = row.shown or {}
    if shown.get("kind") == Step.APP:
        kept = _keep_seed(account, shown["seed"], code)
    else:
        kept = shown.get("kind") == Step.SHEET and _keep_codes(account, "sheet", shown["codes"], spent=code)
    if not kept:
        refused("account:confirm_factor", account.id)
        return False
    audit.changed(actor, "account:confirm_factor", "account", account.id, factor=shown["kind"])
    row.shown = None
    if row.stage == "enrol":
        begin_factor(actor, Step.RECOVERY)
    current().flush()
    return True


def finish(actor: Actor) -> Attempt:
    """Take the recovery codes into use; an enrolment ends here and its session opens."""
    account, row = _mine(actor)
    shown = row.shown or {}
    if shown.get("kind") != Step.RECOVERY:
        raise InvalidState("no_recovery_codes")
    _keep_codes(account, "recovery", shown["codes"])
    row.shown = None
    account.state, account.enrolled_on = "active", clock.today()
    clear_failures(account)
    audit.changed(actor, "account:enrolled", "account", account.id)
    return Attempt(token=raise_session(row, "open"), stage="open")


def enrol(name: str, invitation: str, password: str, *, seed: str | None = None) -> tuple[Actor, list[str]]:
    """Enrol an invited account in one go, with an app's seed or else with a printed sheet; return its sheet.

    For commands, the demonstration and tests: it takes the same steps as the pages and ends its own session.
    """
    attempt = redeem_invitation(name, invitation, address="command", user_agent="")
    account = current().scalar(select(Account).where(Account.name_digest == name_digest(name)))
    if attempt.token is None or account is None:
        raise InvalidState("not_invited")
    latest = select(AccountSession).where(AccountSession.account_id == account.id)
    row = current().scalars(latest.order_by(AccountSession.started_at.desc())).first()
    actor = actor_of(account, row)
    if problem := choose_password(actor, password).problem:
        raise InvalidState(problem)
    begin_factor(actor, Step.APP if seed else Step.SHEET, seed=seed)
    shown = shown_of(actor)
    confirm_factor(actor, onetime.current_code(shown.seed, clock.now()) if seed else shown.codes[0])
    finish(actor)
    end_sessions(account.id)
    return actor, list(shown.codes[1:])


def count_codes(actor: Actor) -> dict[str, int]:
    """Count the unused codes of the actor's sheet and the unused recovery codes."""
    unused = (Factor.account_id == actor.account_id, Factor.used_at.is_(None), Factor.kind != "invitation")
    counted = select(Factor.kind, func.count()).where(*unused).group_by(Factor.kind)
    return {row[0]: row[1] for row in current().execute(counted)}


def _mine(actor: Actor) -> tuple[Account, AccountSession]:
    return current().get_one(Account, actor.account_id), get_session(actor)


def _is_invitation(account: Account, code: str) -> bool:
    valid = (
        Factor.account_id == account.id,
        Factor.kind == "invitation",
        Factor.digest == code_digest("invitation", code, account.id),
        Factor.used_at.is_(None),
        Factor.valid_until > clock.now(),
    )
    return current().scalar(select(Factor.id).where(*valid)) is not None


def _spend_invitation(account: Account) -> bool:
    unspent = (Factor.account_id == account.id, Factor.kind == "invitation", Factor.used_at.is_(None))
    statement = update(Factor).where(*unspent, Factor.valid_until > clock.now()).values(used_at=clock.now())
    return spend(statement)


def _set_password(account: Account, password: str) -> None:
    account.password_hash = password_hash(password)


def _keep_seed(account: Account, seed: str, code: str) -> bool:
    step = onetime.verify(seed, code, None, clock.now())
    if step is None:
        return False
    remove_factors(account, "totp")
    current().add(Factor(account_id=account.id, kind="totp", number=0, seed=seed, last_step=step))
    return True


def _keep_codes(account: Account, kind: str, codes: list[str], *, spent: str = "") -> bool:
    if spent and typed_code(spent) not in map(typed_code, codes):
        return False
    remove_factors(account, kind)
    for number, code in enumerate(codes, 1):
        digest = code_digest(kind, code, account.id)
        used_at = clock.now() if spent and typed_code(code) == typed_code(spent) else None
        current().add(Factor(account_id=account.id, kind=kind, number=number, digest=digest, used_at=used_at))
    return True


def remove_factors(account: Account, *kinds: str) -> None:
    """Make factors of these kinds void."""
    session = current()
    session.flush()
    session.execute(delete(Factor).where(Factor.account_id == account.id, Factor.kind.in_(kinds)))
