"""Acts of administration that need more than one area, and the check of the log."""

from collections.abc import Collection
from pathlib import Path
from typing import cast
from uuid import UUID

from casemgr.accounts import service as accounts
from casemgr.audit import service as audit
from casemgr.audit.checkpoints import Deriver, notes_in, public_key_from
from casemgr.audit.verify import Verdict, verify
from casemgr.db import Database, Keyring
from casemgr.errors import Conflict, Locked, NotFound
from casemgr.policy import GRANTS, Actor, Permission, Role, require_role
from casemgr.units.queries import get_unit

CONFIDENTIAL = ("case", "identity", "referral", "child", "support", "tip", "audit")
"""Kinds of records that whoever gives out roles never has to do with."""


def add_person(
    actor: Actor, *, sign_in_name: str, name: str, unit_id: UUID, roles: Collection[Role]
) -> tuple[UUID, str]:
    """Make an account and its invitation code; raises `Conflict` with the field that does not fit."""
    require_role(actor, Permission.ACCOUNT_MANAGE)
    _check_apart(roles)
    try:
        get_unit(actor, unit_id)
    except NotFound:
        raise Conflict("unit_id", "unknown") from None
    account_id = accounts.add_account(
        actor, sign_in_name=sign_in_name, name=name, unit_id=unit_id, roles=roles
    )
    return account_id, accounts.invite(actor, account_id)


def change_roles(actor: Actor, account_id: UUID, roles: Collection[Role]) -> None:
    """Give somebody else other roles; the data-protection officer is told of it by the log.

    Raises `Conflict` on `roles` when they do not go together, and Refused `own_account` for one's own.
    """
    require_role(actor, Permission.ACCOUNT_MANAGE)
    _check_apart(roles)
    accounts.change_roles(actor, account_id, roles)


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
        public_keys=[public_key_from(cast("Deriver", keyring))],
        anchors=list(notes_in(notes)) if notes.is_dir() else [],
        deep=deep,
    )
    audit.noted(actor, "audit:verify", "audit", result=int(verdict.exit_code), size=verdict.size)
    return verdict


def _check_apart(roles: Collection[Role]) -> None:
    """Keep apart who gives out roles and who has to do with cases or watches over the log."""
    if Role.ADMINISTRATOR in roles and any(_is_confidential(role) for role in roles):
        raise Conflict("roles", "apart")


def _is_confidential(role: Role) -> bool:
    return any(permission.split(":")[0] in CONFIDENTIAL for permission in GRANTS[role])
