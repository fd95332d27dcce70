"""Who has an account: lists for administrators, names for colleagues."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, select

from casemgr.accounts import rules
from casemgr.accounts.models import Account, AccountRequest, Factor
from casemgr.audit import service as audit
from casemgr.db import current, only, prefetch
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission, Role, require_role, visible

_NAMED = (
    select(Account).where(Account.id.in_(bindparam("ids", expanding=True))).options(only(Account, "name"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account as others see it; never with anything that proves who somebody is."""

    account_id: UUID
    sign_in_name: str
    name: str
    unit_id: UUID
    roles: frozenset[Role]
    state: str
    created_on: date
    needs_reset: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an administrator asked for about an account, and how far it is; never a code."""

    request_id: UUID
    person: Person
    kind: str
    roles: frozenset[Role]
    asked_by: UUID
    asked_at: datetime
    enrols: bool
    """Whether the person enrols anew, so that two halves of a code are handed over."""

    @property
    def due_at(self) -> datetime:
        """Return from when it can be carried out if nobody is left who could release it."""
        return self.asked_at + rules.UNRELEASED_WAIT


def list_accounts(actor: Actor, *, unit_id: UUID | None = None) -> list[Person]:
    """Return the accounts that the actor may manage, by name."""
    require_role(actor, Permission.ACCOUNT_MANAGE)
    found = select(Account).where(visible(actor, Permission.ACCOUNT_MANAGE, Account))
    if unit_id is not None:
        found = found.where(Account.unit_id == unit_id)
    people = sorted(_people(current().scalars(found)), key=lambda person: person.sign_in_name)
    audit.listed(actor, "account", [person.account_id for person in people], ("sign_in_name", "name"))
    return people


def get_account(actor: Actor, account_id: UUID) -> Person:
    """Return one account that the actor may manage, or raise `NotFound`."""
    require_role(actor, Permission.ACCOUNT_MANAGE)
    here = (Account.id == account_id, visible(actor, Permission.ACCOUNT_MANAGE, Account))
    row = current().scalar(select(Account).where(*here))
    if row is None:
        raise NotFound
    audit.seen(actor, "account", row.id, ("sign_in_name", "name"))
    return _person(row)


def get_self(actor: Actor) -> Person:
    """Return the actor's own account."""
    row = current().get(Account, actor.account_id)
    if row is None:
        raise NotFound
    return _person(row)


def list_staff(actor: Actor, role: Role | None = None) -> list[Person]:
    """Return the active colleagues of the actor's unit, or those of them with a role, by name."""
    here = select(Account).where(Account.unit_id == actor.unit_id, Account.state == "active")
    rows = (row for row in current().scalars(here) if role is None or role in row.roles)
    return sorted(_people(rows), key=lambda person: person.name)


def list_requests(actor: Actor) -> list[Request]:
    """Return what waits for this second person, the oldest first; bars narrow it further."""
    require_role(actor, Permission.ACCOUNT_RELEASE)
    return _requests(visible(actor, Permission.ACCOUNT_RELEASE, AccountRequest))


def find_request(actor: Actor, account_id: UUID) -> Request | None:
    """Return what waits about an account that the actor manages."""
    require_role(actor, Permission.ACCOUNT_MANAGE)
    managed = select(Account.id).where(visible(actor, Permission.ACCOUNT_MANAGE, Account))
    here = and_(AccountRequest.account_id == account_id, AccountRequest.account_id.in_(managed))
    return next(iter(_requests(here)), None)


def find_own_request(actor: Actor) -> Request | None:
    """Return what an administrator asked for about the actor's own account."""
    require_role(actor, Permission.ACCOUNT_SELF)
    return next(iter(_requests(AccountRequest.account_id == actor.account_id)), None)


def _requests(condition: ColumnElement[bool]) -> list[Request]:
    found = (
        select(AccountRequest, Account)
        .join(Account, Account.id == AccountRequest.account_id)
        .where(condition, AccountRequest.state == "open")
        .order_by(AccountRequest.asked_at, AccountRequest.id)
    )
    pairs = [(row, account) for row, account in current().execute(found)]
    prefetch(current(), [account for _, account in pairs], "sign_in_name", "name")
    return [
        Request(
            request_id=row.id,
            person=_person(account),
            kind=row.kind,
            roles=row.roles,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            enrols=row.first_half is not None,
        )
        for row, account in pairs
    ]


def list_names(actor: Actor, account_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of colleagues by account, for pages that say who did something.

    Not written down: names of staff stand on every page, and would bury the reads of files.
    """
    require_role(actor, Permission.ACCOUNT_SELF)
    rows = list(current().scalars(_NAMED, {"ids": list(set(account_ids))}))
    prefetch(current(), rows, "name")
    return {row.id: row.name or "" for row in rows}


def list_known_ids(actor: Actor, account_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of some ids that are accounts; a form can send any."""
    require_role(actor, Permission.ACCOUNT_SELF)
    return frozenset(current().scalars(select(Account.id).where(Account.id.in_(set(account_ids)))))


def find_language(actor: Actor) -> str | None:
    """Return the language that the actor chose last."""
    row = current().get(Account, actor.account_id)
    return row.language if row else None


def find_last_step(actor: Actor) -> int | None:
    """Return the time step of the last code that the actor's app was asked for, or None without an app."""
    here = select(Factor.last_step).where(Factor.account_id == actor.account_id, Factor.kind == "totp")
    return current().scalar(here)


def _people(found: Iterable[Account]) -> list[Person]:
    rows = list(found)
    prefetch(current(), rows, "sign_in_name", "name")
    return [_person(row) for row in rows]


def _person(row: Account) -> Person:
    return Person(
        account_id=row.id,
        sign_in_name=row.sign_in_name or "",
        name=row.name or "",
        unit_id=row.unit_id,
        roles=row.roles,
        state=row.state,
        created_on=row.created_on,
        needs_reset=row.failures >= rules.MOST_FAILURES,
    )
