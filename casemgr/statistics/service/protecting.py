"""Protecting: count, hide, and let the attackers at what was rendered, until no version is broken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casemgr.errors import Refused
from casemgr.statistics import gate
from casemgr.statistics.catalogue import CATALOGUE, TableEntry
from casemgr.statistics.classifications import UNIT
from casemgr.statistics.disclosure.audit import Secret
from casemgr.statistics.disclosure.cells import CannotProtect, Cell
from casemgr.statistics.disclosure.coarsening import Ladder, protect_on_ladders
from casemgr.statistics.disclosure.linkage import Counter
from casemgr.statistics.disclosure.linkage import Release as Known
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.protect import Protected, Reader
from casemgr.statistics.disclosure.tables import RawTable, SafeRow, SafeTable, fill
from casemgr.statistics.gate import Verdict
from casemgr.statistics.grids import Wording
from casemgr.statistics.queries import LedgerEntry
from casemgr.statistics.rules import Tier, WouldDisclose
from casemgr.statistics.service.orders import Order, crossing_less


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
    ledger = _ledger(order, related, counter)
    attack = gate.attack_restricted if order.tier == Tier.RESTRICTED else gate.attack_public
    ladders: Sequence[Ladder] | None = [order.ladder(entry) for entry in missing]
    broken: tuple[Cell, ...] = ()
    while ladders is not None:
        done = _try(order, ladders, counter, related)
        rendered = gate.render_again(done.tables, Wording(locale="vi", places=order.places))
        if not all(gate.is_true(_recount(order, table, counter), table) for table in rendered):
            raise Refused("differs_from_count")
        verdict = attack(rendered, done.secrets, ledger)
        if not verdict.broken:
            return Cleared(tables=done.tables, secrets=done.secrets, verdict=verdict)
        broken = verdict.broken
        ladders = _coarser(ladders, done.tables)
    raise WouldDisclose(dict.fromkeys(name for cell in broken for name, _ in cell.codes if name != UNIT))


def _try(
    order: Order, ladders: Sequence[Ladder], counter: Counter, related: Sequence[LedgerEntry]
) -> Protected:
    """Protect these versions beside what their audience has already.

    A restricted table is protected beside the public ones too where that is possible. Where the totals that
    the law demands leave no room for it, the gate alone judges the two together.
    """
    same = [Known(table=one.table) for one in related if one.release.tier == order.tier]
    others = [one for one in related if one.release.tier != order.tier]
    if order.tier == Tier.PUBLIC:
        secrets = tuple(secret for one in others for secret in one.secrets)
        reader = Reader(tables=tuple(one.table for one in others), secrets=secrets)
        return _hide(order, ladders, counter, same, [reader] if others else [])
    known = [Known(table=one.table, binding=False) for one in others]
    try:
        return _hide(order, ladders, counter, [*same, *known], [])
    except WouldDisclose:
        return _hide(order, ladders, counter, same, [])


def _hide(
    order: Order, ladders: Sequence[Ladder], counter: Counter, earlier: list[Known], readers: list[Reader]
) -> Protected:
    try:
        return protect_on_ladders(
            ladders, order.period, counter, rules=order.rules(), earlier=earlier, readers=readers
        )
    except CannotProtect as refusal:
        raise WouldDisclose(refusal.collapse) from refusal


def _ledger(order: Order, related: Sequence[LedgerEntry], counter: Counter) -> gate.Ledger:
    """Return what each audience has of the days that touch these."""
    public = [one for one in related if one.release.tier == Tier.PUBLIC]
    restricted = [one for one in related if one.release.tier == Tier.RESTRICTED]
    periods = dict.fromkeys([order.period, *(one.table.period for one in public)])
    margins = (_margins(order, period, counter) for period in periods)
    return gate.Ledger(
        public=tuple(one.table for one in public),
        public_secrets=tuple(secret for one in public for secret in one.secrets),
        restricted=tuple(one.table for one in restricted),
        restricted_secrets=tuple(secret for one in restricted for secret in one.secrets),
        margins=tuple(table for some in margins for table in some),
    )


def _margins(order: Order, period: Period, counter: Counter) -> Iterator[SafeTable]:
    """Yield the totals of a period as the law lets superior agencies know them; they go to no page."""
    for entry in CATALOGUE:
        if entry.kind == order.kind and entry.demanded:
            spec = crossing_less(entry.ladder(order.tree)).rungs[-1].spec
            raw = fill(spec, period, counter.leaf_counts(spec, period))
            printed = (codes for codes in spec.combinations() if not spec.is_unshown(codes))
            rows = (SafeRow(codes=codes, value=raw.values[spec.cell(codes, period)]) for codes in printed)
            yield SafeTable(spec=spec, period=period, rows=tuple(rows))


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
