"""How a unit is reached: its staff telephone, and whether somebody answers for it here."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr.accounts.models import Account
from casemgr.db import current, prefetch
from casemgr.policy import GRANTS, Actor, Permission
from casemgr.shelters.queries import list_phones
from casemgr.units.models import Unit


def list_staffed(unit_ids: Collection[UUID]) -> set[UUID]:
    """Return which of some units somebody can answer for here."""
    return {account.unit_id for account in list_answering_accounts(unit_ids)}


def list_answering_accounts(unit_ids: Collection[UUID]) -> list[Account]:
    """Return the accounts whose roles may answer; units without any are asked by telephone."""
    active = select(Account).where(Account.unit_id.in_(unit_ids), Account.state == "active")
    answering = {role for role, grants in GRANTS.items() if Permission.REFERRAL_ANSWER in grants}
    accounts = [account for account in current().scalars(active) if account.roles & answering]
    prefetch(current(), accounts, "name")
    return accounts


def list_readers(unit_id: UUID, request: Mapping[str, Any]) -> set[UUID]:
    """Return who of a unit can open a request here; whoever is left out or not named cannot."""
    left_out = set(map(UUID, request.get("excluded") or ()))
    readers = {account.id for account in list_answering_accounts([unit_id])} - left_out
    return readers & {UUID(request["named"])} if request.get("named") else readers


def find_phones(actor: Actor, units: Collection[Unit]) -> dict[UUID, str]:
    """Return the staff telephone of some units."""
    public = {unit.id: unit.duty_phone for unit in units if unit.duty_phone}
    return public | list_phones(actor, [unit.id for unit in units])
