"""Administration of accounts: invited, reset and closed by somebody who learns no password and no seed.

Whatever would let an administrator read in somebody's place waits for a second person: see `releases`.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.accounts import rules
from casemgr.accounts.models import Account
from casemgr.accounts.service.digests import name_digest
from casemgr.accounts.service.releases import (
    ENABLE,
    INVITE,
    RESET,
    ROLES,
    WITHDRAWN,
    Given,
    ask,
    close_open,
    draw_at_once,
    is_founding,
    must_wait,
)
from casemgr.accounts.service.sessions import end_sessions
from casemgr.audit import service as audit
from casemgr.audit.rules import INSTALLATION
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
    _check_roles(roles)
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


def invite(actor: Actor, account_id: UUID) -> Given:
    """Draw a new invitation code, to be printed and handed over; earlier ones are void.

    An account that has to do with people's records waits for a second person, but for the founding: what the
    installation itself invites, and the first supervisor or data-protection officer.
    """
    account = _managed(actor, account_id)
    if account.state != "invited":
        raise InvalidState(account.state)
    founds = actor.account_id == INSTALLATION or is_founding(actor, account)
    return _now_or_asked(actor, account, INVITE, at_once=founds)


def reset_account(actor: Actor, account_id: UUID) -> Given:
    """Have password, factors and sessions voided and invite anew; nothing old is shown to anybody.

    Until a second person has released it, the account stays as it is.
    """
    account = _others(actor, account_id)
    if account.state == "disabled":
        raise InvalidState(account.state)
    return _now_or_asked(actor, account, RESET)


def _now_or_asked(actor: Actor, account: Account, kind: str, *, at_once: bool = False) -> Given:
    if must_wait(account.roles) and not at_once:
        return ask(actor, account, kind)
    audit.changed(actor, f"account:{kind}", "account", account.id)
    return Given(code=draw_at_once(account))


def disable_account(actor: Actor, account_id: UUID) -> None:
    """Close an account; its sessions end in the same transaction."""
    account = _others(actor, account_id)
    account.state = "disabled"
    close_open(account.id, WITHDRAWN, actor.account_id)
    end_sessions(account.id)
    audit.changed(actor, "account:disable", "account", account.id)


def enable_account(actor: Actor, account_id: UUID) -> Given:
    """Have a closed account opened again by inviting its owner to enrol anew."""
    account = _others(actor, account_id)
    if account.state != "disabled":
        raise InvalidState(account.state)
    return _now_or_asked(actor, account, ENABLE)


def change_roles(actor: Actor, account_id: UUID, roles: Collection[Role]) -> Given:
    """Give an account other roles; its sessions end in the same transaction.

    A role that has to do with people's records, and which the account does not have yet, waits for a second
    person. Raises `Conflict` on `roles` when they do not go together.
    """
    _check_roles(roles)
    account = _others(actor, account_id)
    before = account.roles
    if must_wait(frozenset(roles) - before):
        return ask(actor, account, ROLES, roles)
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
    return Given()


def withdraw(actor: Actor, account_id: UUID) -> None:
    """Take back what was asked about an account."""
    account = _managed(actor, account_id)
    close_open(account.id, WITHDRAWN, actor.account_id)
    audit.changed(actor, "account:withdraw", "account", account.id)


def _check_roles(roles: Collection[Role]) -> None:
    """Keep apart who gives out roles and who has to do with cases or watches over the log."""
    if not roles:
        raise Conflict("roles", "empty")
    if Role.ADMINISTRATOR in roles and must_wait(roles):
        raise Conflict("roles", "apart")


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
