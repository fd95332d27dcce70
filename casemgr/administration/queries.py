"""What administrators and the data-protection officer may read: health, log, staff, units, places."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from casemgr import clock
from casemgr.accounts import queries as people
from casemgr.accounts.models import Account
from casemgr.accounts.queries import Request
from casemgr.administration.rules import ROLE_CHANGES_SHOWN
from casemgr.audit import queries as audit
from casemgr.audit import service as audit_reading
from casemgr.audit.queries import Criteria, Entry
from casemgr.cases.models import Bar, Case
from casemgr.children.models import ChildBar, ChildRecord
from casemgr.db import Database, current, migrate, only, prefetch
from casemgr.db.sealed import keyring_of
from casemgr.errors import Conflict, NotFound, SealError
from casemgr.health.looking import Signs, look, troubles_of
from casemgr.health.rules import Trouble
from casemgr.jobs import queries as queue
from casemgr.jobs.queries import JobRow, QueueHealth
from casemgr.keys.service import KeyCount
from casemgr.policy import Actor, Permission, require_role, visible
from casemgr.text.names import fold, phrase_key
from casemgr.units import administrative
from casemgr.units import queries as units
from casemgr.units.administrative import Commune
from casemgr.units.models import Unit

PAGE = 50
ROLE_ACTS = (
    "account:add",
    "account:invite",
    "account:change_roles",
    "account:enable",
    "account:reset",
    "account:ask",
    "account:release",
    "account:unreleased",
    "account:refuse",
    "account:withdraw",
    "account:emergency_reset",
)
"""Acts by which somebody can come to see more than before: all are told to the data-protection officer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the installation stands, without a word about any case."""

    accounts: Mapping[str, int]
    has_keys: bool
    """False while the root key is away."""

    tables_at: str | None
    tables_wanted: str | None
    signs: Signs
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A unit with the units that stand right below it."""

    unit: Unit
    below: "list[Node]" = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of the staff, to be chosen from a list."""

    account_id: UUID
    name: str


class SeveralPlaces(Conflict):
    """It is not certain which commune is meant; `candidates` are those to choose from."""

    def __init__(self, candidates: tuple[Commune, ...]) -> None:
        super().__init__("commune", "several")
        self.candidates = candidates


def get_health(
    actor: Actor, database: Database, directory: Path, backup_directory: Path | None = None
) -> Health:
    """Return how the installation stands, and what is no longer well."""
    require_role(actor, Permission.ACCOUNT_MANAGE)
    signs = look(database, directory, backup_directory)
    return Health(
        accounts=_count_accounts(),
        has_keys=current().info.get("keyring") is not None,
        tables_at=migrate.current(database),
        tables_wanted=migrate.head(),
        signs=signs,
        troubles=tuple(troubles_of(signs)),
    )


def list_key_counts(actor: Actor) -> list[KeyCount]:
    """Count the data keys by state and root key; raises `Locked` without the root key.

    Not by what they seal: how many survivors, cases or tips there are leaves only through the statistics.
    """
    require_role(actor, Permission.KEYS_STATUS)
    totals: Counter[tuple[str, str]] = Counter()
    for one in keyring_of(current()).status(current()):
        totals[one.state, one.root_key_id] += one.count
    return [
        KeyCount(purpose="", state=state, root_key_id=root_key_id, count=count)
        for (state, root_key_id), count in sorted(totals.items())
    ]


def list_jobs(actor: Actor) -> list[JobRow]:
    """Return what runs, waits and has ended in the queue, without who asked and what about."""
    require_role(actor, Permission.JOB_MANAGE)
    return queue.list_jobs()


def get_queue_health(actor: Actor) -> QueueHealth:
    """Return whether jobs are being done."""
    require_role(actor, Permission.JOB_MANAGE)
    return queue.get_health()


def list_role_changes(actor: Actor) -> list[Entry]:
    """Return who came to see more than before within the last thirty days, newest first."""
    since = clock.now() - ROLE_CHANGES_SHOWN
    return audit.list_entries(actor, Criteria(actions=ROLE_ACTS, since=since, limit=200))


def list_requests(actor: Actor) -> list[Request]:
    """Return what waits for this second person, left out what a conflict of interest keeps from them."""
    found = people.list_requests(actor)
    return [one for one in found if actor.account_id not in find_conflicted(actor, one)]


def get_request(actor: Actor, request_id: UUID) -> Request:
    """Return one request that this second person may decide, or raise `NotFound`."""
    found = next((one for one in list_requests(actor) if one.request_id == request_id), None)
    if found is None:
        raise NotFound
    audit_reading.seen(actor, "account", found.person.account_id, ("sign_in_name", "name"))
    return found


def find_conflicted(actor: Actor, request: Request) -> set[UUID]:
    """Return from whom something is kept that the account reaches, or would reach with the roles asked for.

    Holding half of the code they must not come near it, even together with an administrator.
    """
    require_role(actor, Permission.ACCOUNT_SELF)
    person = request.person
    owner = Actor(account_id=person.account_id, unit_id=person.unit_id, roles=person.roles | request.roles)
    reached = select(Case.id).where(visible(owner, Permission.CASE_READ, Case))
    children = select(ChildRecord.id).where(visible(owner, Permission.CHILD_READ, ChildRecord))
    bars = (
        select(Bar.account_id).where(Bar.lifted_day.is_(None), Bar.case_id.in_(reached)),
        select(ChildBar.account_id).where(ChildBar.child_id.in_(children)),
    )
    return {account_id for query in bars for account_id in current().scalars(query)}


def list_staff(actor: Actor) -> list[Colleague]:
    """Return everybody who has or had an account, by name, for the filter of the log."""
    require_role(actor, Permission.AUDIT_READ)
    rows = list(current().scalars(select(Account).options(only(Account, "name"))))
    prefetch(current(), rows, "name")
    people = [Colleague(account_id=row.id, name=_name_of(row)) for row in rows]
    return sorted(people, key=lambda person: phrase_key(person.name))


def _name_of(row: Account) -> str:
    """A damaged name must not keep the log from its reader: then of all times it is needed."""
    try:
        return row.name or ""
    except SealError:
        return str(row.id)[:8]


def list_unit_trees(actor: Actor, *, with_closed: bool = False) -> list[Node]:
    """Return the units in reach, each below the one it belongs to."""
    require_role(actor, Permission.UNIT_MANAGE)
    nodes = {unit.id: Node(unit=unit) for unit in units.list_units(actor, with_closed=with_closed)}
    top: list[Node] = []
    for node in nodes.values():
        parent_id = node.unit.parent_id
        above = nodes.get(parent_id) if parent_id is not None else None
        (above.below if above else top).append(node)
    return top


def find_place(
    actor: Actor, *, parent_id: UUID | None, province_code: str, commune: str
) -> tuple[str, str | None]:
    """Return the official codes of province and commune for what was typed about a unit.

    Where nothing was typed the unit above says where it lies. Raises Conflict on `province_code` or
    `commune`, and `SeveralPlaces` unless a name fits one commune to the letter.
    """
    require_role(actor, Permission.UNIT_MANAGE)
    typed = commune.strip()
    if typed:
        found = _find_commune(typed, province_code or None)
        return found.province_code, found.code
    if province_code:
        return province_code, None
    above = units.find_unit(actor, parent_id) if parent_id is not None else None
    if above is None:
        raise Conflict("province_code", "empty")
    return above.province_code, above.commune_code


def _find_commune(typed: str, province_code: str | None) -> Commune:
    if typed.isdigit():
        return _commune_of(typed)
    found = administrative.search_communes(typed, province_code)
    exact = tuple(commune for commune in found if fold(commune.name) == fold(typed))
    if len(exact) == 1:
        return exact[0]
    if not found:
        raise Conflict("commune", "unknown")
    raise SeveralPlaces(exact or found)


def _commune_of(code: str) -> Commune:
    try:
        return administrative.get_commune(code)
    except NotFound:
        raise Conflict("commune", "unknown") from None


def _count_accounts() -> dict[str, int]:
    rows = current().execute(select(Account.state, func.count()).group_by(Account.state))
    return {row[0]: row[1] for row in rows}
