"""Making tables: count, protect, attack what was rendered, append to the ledger, and only then hand over.

What the attacker can break together with everything released before is refused with `WouldDisclose`.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.db import current
from casemgr.errors import CasemgrError, NotFound, Refused
from casemgr.facts.rules import FactKind
from casemgr.policy import Actor, Permission, require_role
from casemgr.statistics import queries
from casemgr.statistics.catalogue import CATALOGUE, TableEntry, find_entry
from casemgr.statistics.classifications import dimensions_of
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.tables import SafeTable
from casemgr.statistics.models import Release
from casemgr.statistics.rules import Tier, WouldDisclose, check_period, freeze, has_changed
from casemgr.statistics.service.ledger import append, list_broken
from casemgr.statistics.service.orders import Order
from casemgr.statistics.service.protecting import Cleared, protect
from casemgr.units.models import Unit

__all__ = [
    "Computed",
    "LedgerMoved",
    "MadeTable",
    "Prepared",
    "ReleaseRow",
    "Tier",
    "WouldDisclose",
    "check_wish",
    "compute",
    "get_set",
    "get_table",
    "list_broken",
    "list_tables",
    "make_table",
    "make_tables",
    "prepare",
    "release",
]


class LedgerMoved(CasemgrError):
    """Something was released while these tables were computed: they must be computed again beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything opened to make tables of some days, and where the ledger stood then."""

    unit_id: UUID
    head: bytes
    names: tuple[str, ...]
    orders: Sequence[Order]


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """Tables that are protected and not yet released; None where all were released before."""

    prepared: Prepared
    cleared: Sequence[Cleared | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """A release as lists show it."""

    id: UUID
    table_name: str
    tier: str
    period_from: date
    period_to: date
    made_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeTable:
    """A released table with the words around it; `is_new` is false when it had been released before.

    `has_changed`: facts of its days were added or corrected since; the released figures stand, what came
    later counts in the next period.
    """

    id: UUID
    unit_id: UUID
    entry: TableEntry
    tier: Tier
    table: SafeTable
    made_on: date
    cut_off_on: date
    coarsened: tuple[str, ...]
    threshold: int
    places: dict[str, str]
    is_new: bool = False
    has_changed: bool = False


def make_table(actor: Actor, table_name: str, unit_id: UUID, period: Period, tier: Tier) -> MadeTable:
    """Return one protected table, released now or, when it was before, as it was released then.

    Raises NotFound, `WouldDisclose`, and `Refused` with "period_not_over", "yearly_only" or "ledger_broken".
    """
    return make_tables(actor, (table_name,), unit_id, period, tier)[0]


def make_tables(
    actor: Actor, table_names: Iterable[str], unit_id: UUID, period: Period, tier: Tier
) -> tuple[MadeTable, ...]:
    """Return several tables of the same days, protected together in this unit of work; see `make_table`."""
    unit = queries.get_unit_to_count(actor, unit_id, Permission.STATISTICS_MAKE)
    queries.lock_ledger(actor, unit)
    try:
        return release(actor, compute(prepare(actor, table_names, unit_id, period, tier)))
    except WouldDisclose:
        audit.refused(actor, "statistics:release", "unit", unit.id)
        raise


def check_wish(
    actor: Actor, table_names: Iterable[str], unit_id: UUID, period: Period, tier: Tier
) -> tuple[Unit, list[TableEntry]]:
    """Return whose facts are counted into which tables; raises what needs no counting to be refused."""
    unit = queries.get_unit_to_count(actor, unit_id, Permission.STATISTICS_MAKE)
    entries = [_entry(name) for name in table_names]
    for entry in entries:
        if entry.restricted_only and tier == Tier.PUBLIC:
            raise Refused("restricted_only")
        check_period(period, clock.today(), tier=tier, yearly_only=entry.yearly_only)
    return unit, entries


def prepare(actor: Actor, table_names: Iterable[str], unit_id: UUID, period: Period, tier: Tier) -> Prepared:
    """Open everything that is needed to make tables; the unit of work may be a reading one.

    Raises NotFound, and `Refused` with "period_not_over", "yearly_only", "ledger_broken" or "other_calendar".
    """
    unit, entries = check_wish(actor, table_names, unit_id, period, tier)
    head = queries.get_head(actor, unit)
    if list_broken(actor, unit.id):
        raise Refused("ledger_broken")
    orders = [
        _open_order(actor, unit, kind, tuple(one for one in entries if one.kind == kind), period, tier)
        for kind in dict.fromkeys(entry.kind for entry in entries)
    ]
    for order in orders:
        order.check_calendar()
    return Prepared(unit_id=unit.id, head=head, names=tuple(entry.name for entry in entries), orders=orders)


def compute(prepared: Prepared, step: Callable[[int, int], None] | None = None) -> Computed:
    """Protect what was not released before, outside any unit of work; raises `WouldDisclose`.

    `step` is told before each kind of fact how many are done, and may raise to end the work.
    """
    cleared: list[Cleared | None] = []
    for place, order in enumerate(prepared.orders):
        if step is not None:
            step(place, len(prepared.orders))
        missing = order.list_missing()
        cleared.append(protect(order, missing) if missing else None)
    return Computed(prepared=prepared, cleared=cleared)


def release(actor: Actor, computed: Computed) -> tuple[MadeTable, ...]:
    """Append what was computed to the ledger and return all tables that were asked for.

    Raises NotFound when the actor may no longer make them, and `LedgerMoved` when something was released
    meanwhile, which the tables were not protected against.
    """
    prepared = computed.prepared
    unit = queries.get_unit_to_count(actor, prepared.unit_id, Permission.STATISTICS_MAKE)
    queries.lock_ledger(actor, unit)
    if queries.get_head(actor, unit) != prepared.head:
        raise LedgerMoved
    made: dict[str, MadeTable] = {}
    for order, cleared in zip(prepared.orders, computed.cleared, strict=True):
        made |= {table.entry.name: table for table in _fulfil(replace(order, actor=actor), cleared)}
    return tuple(made[name] for name in prepared.names)


def list_tables(actor: Actor) -> list[ReleaseRow]:
    """Return what was released and the actor may see, the latest first."""
    return [
        ReleaseRow(
            id=one.id,
            table_name=one.table_name,
            tier=one.tier,
            period_from=one.period_from,
            period_to=one.period_to,
            made_on=one.made_on,
        )
        for one in queries.list_releases(actor)
    ]


def get_table(actor: Actor, release_id: UUID, *, door: str = "page") -> MadeTable:
    """Return a released table to be shown or downloaded, and write down that it was; raises NotFound."""
    release = queries.get_release(actor, release_id)
    unit = current().get_one(Unit, release.unit_id)
    audit.seen(actor, "release", release.id, fields=(door,), scope=("facts", unit.id))
    return _made(actor, unit, release, queries.read_released(actor, release))


def find_public(actor: Actor, table_name: str) -> MadeTable | None:
    """Return the latest public version of a table, or None; reading what is for everybody leaves no trace."""
    require_role(actor, Permission.STATISTICS_READ)
    release = queries.find_public(actor, table_name)
    if release is None:
        return None
    unit = current().get_one(Unit, release.unit_id)
    return get_made(actor, unit, release)


def get_made(actor: Actor, unit: Unit, release: Release) -> MadeTable:
    """Return a release that the actor has found, with the words around it."""
    return _made(actor, unit, release, queries.read_released(actor, release))


def get_set(actor: Actor, release_id: UUID, *, door: str = "page") -> list[MadeTable]:
    """Return every table of the same family, days and audience as a release, by the catalogue's order."""
    like = queries.get_release(actor, release_id)
    family = _entry(like.table_name).family
    ids = {one.table_name: one.id for one in queries.list_beside(actor, like)}
    names = (entry.name for entry in CATALOGUE if entry.family is family and entry.name in ids)
    return [get_table(actor, ids[name], door=door) for name in names]


def _entry(name: str) -> TableEntry:
    entry = find_entry(name)
    if entry is None:
        raise NotFound(name)
    return entry


def _open_order(
    actor: Actor, unit: Unit, kind: FactKind, entries: tuple[TableEntry, ...], period: Period, tier: Tier
) -> Order:
    ledger = queries.open_ledger(actor, unit, kind)
    return Order(
        actor=actor,
        unit=unit,
        tree=queries.tree_of(actor, unit),
        kind=kind,
        entries=entries,
        period=period,
        tier=tier,
        ledger=ledger,
        opened=queries.open_counts(actor, kind, unit, ledger),
        places=queries.place_names(actor, unit),
    )


def _fulfil(order: Order, cleared: Cleared | None) -> Iterable[MadeTable]:
    """Return what was made before as it was made, and release the rest."""
    batches = [one.batch for one in order.ledger]
    changed = has_changed(order.opened.recorded, batches, order.period)
    for entry in order.entries:
        before = order.find_made(entry)
        if before is not None:
            yield _made(order.actor, order.unit, before.release, before.table, has_changed=changed)
    if cleared is not None:
        yield from _release(order, cleared)


def _release(order: Order, cleared: Cleared) -> Iterable[MadeTable]:
    frozen = freeze(order.opened.reckoned, order.period, dimensions_of(order.kind))
    for entry, table in zip(order.list_missing(), cleared.tables, strict=True):
        row = append(order, entry, table, cleared, frozen)
        yield _made(order.actor, order.unit, row, table, is_new=True)
        # The first release of these days freezes them; the others stand on the same counts.
        frozen = {**frozen, "ids": "", "rows": []}


def _made(
    actor: Actor,
    unit: Unit,
    release: Release,
    table: SafeTable,
    *,
    is_new: bool = False,
    has_changed: bool = False,
) -> MadeTable:
    parameters = json.loads(release.parameters)
    return MadeTable(
        id=release.id,
        unit_id=unit.id,
        entry=_entry(release.table_name),
        tier=Tier(release.tier),
        table=table,
        made_on=release.made_on,
        cut_off_on=release.cut_off_on,
        coarsened=tuple(parameters["coarsened"]),
        threshold=parameters["threshold"],
        places=queries.place_names(actor, unit),
        is_new=is_new,
        has_changed=has_changed,
    )
