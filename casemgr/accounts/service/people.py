"""Administration of accounts: invited, reset and closed by somebody who learns no password and no seed."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.accounts import rules
from casemgr.accounts.models import Account, Factor
from casemgr.accounts.service.digests import INVITATION_SIGNS, code_digest, name_digest
from casemgr.accounts.service.enrolment import remove_factors
from casemgr.accounts.service.sessions import end_sessions
from casemgr.audit import service as audit
from casemgr.crypto.readable import grouped, new_code
from casemgr.db import current
from casemgr.errors import Conflict, InvalidState, NotFound, Refused
from casemgr.policy import Actor, Permission, Role, require_role, visible
from casemgr.text.names import tidy

OWN_ACCOUNT = "own_account"


def add_account(
    actor: Actor, *, sign_in_name: str, name: str, unit_id: UUID, roles: Collection[Role]
) -> UUID:
    """Make an invited account; raises `Conflict` for a name that is taken or unusable, or without roles."""
    require_role(actor, Permission.ACCOUNT_MANAGE)
    if not rules.is_sign_in_name(sign_in_name):
        raise Conflict("sign_in_name", "characters")
    if not tidy(name):
        raise Conflict("name", "empty")
    if not roles:
        raise Conflict("roles", "empty")
    digest = name_digest(sign_in_name)
    if current().scalar(select(Account.id).where(Account.name_digest == digest)) is not None:
        raise Conflict("sign_in_name", "taken")
    account = Account(
        name_digest=digest,
        unit_id=unit_id,
        state="invited",
        failures=0,
        created_on=clock.today(),
        sign_in_name=rules.fold_name(sign_in_name),
        name=tidy(name),
    )
    account.roles = frozenset(roles)
    current().add(account)
    current().flush()
    audit.changed(actor, "account:add", "account", account.id, roles=sorted(account.roles))
    return account.id


def invite(actor: Actor, account_id: UUID) -> str:
    """Draw a new invitation code, to be printed and handed over; earlier ones are void."""
    account = _managed(actor, account_id)
    if account.state != "invited":
        raise InvalidState(account.state)
    remove_factors(account, "invitation")
    end_sessions(account.id)
    code = grouped(new_code(INVITATION_SIGNS))
    factor = Factor(
        account_id=account.id,
        kind="invitation",
        number=0,
        digest=code_digest("invitation", code, account.id),
        valid_until=clock.now() + timedelta(days=rules.INVITATION_DAYS),
    )
    current().add(factor)
    current().flush()
    audit.changed(actor, "account:invite", "account", account.id)
    return code


def reset_account(actor: Actor, account_id: UUID) -> str:
    """Void password, factors and sessions, and return a new invitation; nothing old is shown to anybody."""
    account = _others(actor, account_id)
    if account.state == "disabled":
        raise InvalidState(account.state)
    remove_factors(account, "totp", "sheet", "recovery", "invitation")
    account.password_hash, account.state, account.failures = None, "invited", 0
    end_sessions(account.id)
    audit.changed(actor, "account:reset", "account", account.id)
    return invite(actor, account_id)


def disable_account(actor: Actor, account_id: UUID) -> None:
    """Close an account; its sessions end in the same transaction."""
    account = _others(actor, account_id)
    account.state = "disabled"
    end_sessions(account.id)
    audit.changed(actor, "account:disable", "account", account.id)


def enable_account(actor: Actor, account_id: UUID) -> str:
    """Open a closed account again by inviting its owner to enrol anew; returns the invitation code."""
    account = _others(actor, account_id)
    if account.state != "disabled":
        raise InvalidState(account.state)
    account.state = "invited"
    audit.changed(actor, "account:enable", "account", account.id)
    return reset_account(actor, account_id)


def change_roles(actor: Actor, account_id: UUID, roles: Collection[Role]) -> None:
    """Give an account other roles; its sessions end in the same transaction."""
    if not roles:
        raise Conflict("roles", "empty")
    account = _others(actor, account_id)
    before = account.roles
    account.roles = frozenset(roles)
    end_sessions(account.id)
    audit.changed(
        actor,
        "account:change_roles",
        "account",
        account.id,
        before=sorted(before),
        after=sorted(account.roles),
    )


def _managed(actor: Actor, account_id: UUID) -> Account:
    require_role(actor, Permission.ACCOUNT_MANAGE)
    here = (Account.id == account_id, visible(actor, Permission.ACCOUNT_MANAGE, Account))
    account = current().scalar(select(Account).where(*here))
    if account is None:
        raise NotFound
    return account


def _others(actor: Actor, account_id: UUID) -> Account:
    """Refuse acts on one's own account: no administrator grants to, resets or locks out themselves."""
    account = _managed(actor, account_id)
    if account.id == actor.account_id:
        raise Refused(OWN_ACCOUNT)
    return account
