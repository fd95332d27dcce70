"""Protecting: count, hide, and let the attackers at what was rendered, until no version is broken."""

from collections.abc import Sequence
from dataclasses import dataclass

from casemgr.errors import Refused
from casemgr.statistics import gate
from casemgr.statistics.catalogue import UNIT, TableEntry
from casemgr.statistics.disclosure.audit import Secret
from casemgr.statistics.disclosure.cells import CannotProtect, Cell
from casemgr.statistics.disclosure.coarsening import Ladder, protect_on_ladders
from casemgr.statistics.disclosure.linkage import Counter
from casemgr.statistics.disclosure.linkage import Release as Known
from casemgr.statistics.disclosure.protect import Protected, Reader
from casemgr.statistics.disclosure.tables import RawTable, SafeTable, fill
from casemgr.statistics.gate import Audience, Verdict
from casemgr.statistics.grids import Wording
from casemgr.statistics.queries import LedgerEntry
from casemgr.statistics.rules import Tier, WouldDisclose
from casemgr.statistics.service.orders import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """Tables that passed the gate, with what the certificate keeps of them."""

    tables: tuple[SafeTable, ...]
    secrets: tuple[Secret, ...]
    verdict: Verdict


def protect(order: Order, missing: Sequence[TableEntry]) -> Cleared:
    """Return tables that no attacker breaks, coarsening further while the gate finds a way in."""
    related = order.related()
    counter = order.opened.counter([order.period, *(one.table.period for one in related)])
    own, second = _audiences(order.tier, related)
    ladders: Sequence[Ladder] | None = [entry.ladder(order.tree) for entry in missing]
    broken: tuple[Cell, ...] = ()
    while ladders is not None:
        done = _try(order, ladders, counter, related)
        rendered = gate.render_again(done.tables, Wording(locale="vi", places=order.places))
        if not all(gate.is_true(_recount(order, table, counter), table) for table in rendered):
            raise Refused("differs_from_count")
        verdict = gate.attack(rendered, done.secrets, own, second)
        if not verdict.broken:
            return Cleared(tables=done.tables, secrets=done.secrets, verdict=verdict)
        broken = verdict.broken
        ladders = _coarser(ladders, done.tables)
    raise WouldDisclose(dict.fromkeys(name for cell in broken for name, _ in cell.codes if name != UNIT))


def _try(
    order: Order, ladders: Sequence[Ladder], counter: Counter, related: Sequence[LedgerEntry]
) -> Protected:
    """Protect these versions beside everything that their audience, or the second one, has already."""
    same = [one for one in related if one.release.tier == order.tier]
    others = [one for one in related if one.release.tier != order.tier]
    earlier = [Known(table=one.table) for one in same]
    readers: list[Reader] = []
    if order.tier == Tier.RESTRICTED:
        earlier += [Known(table=one.table, binding=False) for one in others]
    elif others:
        secrets = tuple(secret for one in others for secret in one.secrets)
        readers = [Reader(tables=tuple(one.table for one in others), secrets=secrets)]
    try:
        return protect_on_ladders(
            ladders, order.period, counter, rules=order.rules(), earlier=earlier, readers=readers
        )
    except CannotProtect as refusal:
        raise WouldDisclose(refusal.collapse) from refusal


def _audiences(tier: Tier, related: Sequence[LedgerEntry]) -> tuple[Audience, Audience | None]:
    """Return who will read the new tables with what she has, and the other audience if it holds more."""
    public = [one for one in related if one.release.tier == Tier.PUBLIC]
    restricted = [one for one in related if one.release.tier == Tier.RESTRICTED]
    if tier == Tier.RESTRICTED:
        return _audience([*public, *restricted], restricted), None
    return _audience(public, public), _audience(restricted, restricted)


def _audience(known: Sequence[LedgerEntry], kept: Sequence[LedgerEntry]) -> Audience:
    secrets = tuple(secret for one in kept for secret in one.secrets)
    return Audience(tables=tuple(one.table for one in known), secrets=secrets)


def _recount(order: Order, table: SafeTable, counter: Counter) -> RawTable:
    return fill(table.spec, order.period, counter.leaf_counts(table.spec, order.period))


def level_of(ladder: Ladder, table: SafeTable) -> int:
    """Return which version of a table was released, 0 for the finest."""
    return next(at for at, rung in enumerate(ladder.rungs) if rung.spec == table.spec)


def _coarser(ladders: Sequence[Ladder], tables: Sequence[SafeTable]) -> list[Ladder] | None:
    """Return the versions below those that were broken, or None when every table is at its coarsest."""
    below = [
        ladder.rungs[level_of(ladder, table) + 1 :] for ladder, table in zip(ladders, tables, strict=True)
    ]
    if not any(below):
        return None
    return [Ladder(rungs=rungs or ladder.rungs[-1:]) for rungs, ladder in zip(below, ladders, strict=True)]
