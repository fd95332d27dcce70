"""Linkage: puts new tables and everything released before into one system of equations over the same cells.

Releases over overlapping periods meet in the elementary pieces of their periods, and the difference of two
nested periods is a cell of its own although nobody prints it, because any reader can subtract.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Protocol

from casemgr.statistics.disclosure.cells import Cell, Disagreement, System
from casemgr.statistics.disclosure.periods import Period, elementary
from casemgr.statistics.disclosure.tables import Dimension, LeafCounts, SafeTable, TableSpec, fill

Mandate = Callable[[Cell], bool]


def nothing_mandated(_: Cell) -> bool:
    """Say of every cell that no law makes it exact."""
    return False


class Counter(Protocol):
    """Whoever can count the finest codes of a table in any days; released days must stay as counted."""

    def leaf_counts(self, spec: TableSpec, period: Period) -> LeafCounts:
        """Return counts by finest codes, in the order of the table's dimensions; zeros may be left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A protected table that is out; `binding` says that what it hid stays hidden for this audience."""

    table: SafeTable
    binding: bool = True


@dataclass(slots=True)
class Linked:
    """The joint system, with what is already decided about each cell (positions of cells in the system)."""

    system: System = field(default_factory=System)
    printed: set[int] = field(default_factory=set)
    shown: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    mandated: set[int] = field(default_factory=set)
    guarded: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Placed:
    spec: TableSpec
    period: Period


def link(
    plan: Sequence[TableSpec],
    period: Period,
    counter: Counter,
    earlier: Sequence[Release] = (),
    mandated: Mandate = nothing_mandated,
    *,
    jointly: bool = False,
) -> Linked:
    """Link the planned tables with all earlier releases; raises Disagreement if counts changed.

    With `jointly` the cells of the full cross-classification, which nobody prints, are unknowns too.
    """
    linked = Linked()
    placed = [_Placed(spec, period) for spec in plan]
    placed += [_Placed(release.table.spec, release.table.period) for release in earlier]
    for measure in dict.fromkeys(one.spec.measure for one in placed):
        own = [one for one in placed if one.spec.measure == measure]
        _link_measure(linked, own, counter)
        if jointly:
            _enter_joint(linked.system, own, counter)
    for spec in plan:
        _note_printed(linked, spec, period)
    _note_earlier(linked, earlier)
    lawful = {at for at in linked.guarded if mandated(linked.system.cells[at])}
    linked.mandated = lawful & (linked.printed | linked.shown)
    linked.shown |= linked.mandated
    linked.hidden -= linked.shown
    return linked


def _link_measure(linked: Linked, placed: Sequence[_Placed], counter: Counter) -> None:
    pieces = elementary(one.period for one in placed)
    released: dict[Period, dict[Cell, None]] = {}
    for one in dict.fromkeys(placed):
        inside = [piece for piece in pieces if one.period.covers(piece)]
        for spot in dict.fromkeys((one.period, *inside)):
            _enter(linked.system, one.spec, spot, counter, implied=spot not in pieces)
        own = [one.spec.cell(codes, one.period) for codes in one.spec.combinations()]
        released.setdefault(one.period, {}).update(dict.fromkeys(own))
        linked.guarded.update(linked.system.position[cell] for cell in own)
        for cell in own if len(inside) > 1 else ():
            linked.system.add_relation(cell, [cell.at(piece) for piece in inside])
    _enter_differences(linked, released, pieces)


def joint_spec(specs: Iterable[TableSpec]) -> TableSpec:
    """Return the table that crosses every dimension of these tables of one measure."""
    given = tuple(specs)
    dimensions: dict[str, Dimension] = {}
    for dimension in (one for spec in given for one in spec.dimensions):
        known = dimensions.get(dimension.name)
        if known is None or len(dimension.parents) > len(known.parents):
            dimensions[dimension.name] = dimension
    return TableSpec(name="joint", measure=given[0].measure, dimensions=tuple(dimensions.values()))


def _enter_joint(system: System, placed: Sequence[_Placed], counter: Counter) -> None:
    spec = joint_spec(one.spec for one in placed)
    for piece in elementary(one.period for one in placed):
        _enter(system, spec, piece, counter)


def _enter(system: System, spec: TableSpec, spot: Period, counter: Counter, *, implied: bool = False) -> None:
    for cell, value in fill(spec, spot, counter.leaf_counts(spec, spot)).values.items():
        system.add_cell(cell, value)
    for total, parts in spec.equations(spot):
        system.add_relation(total, parts, implied=implied)


def _enter_differences(
    linked: Linked, released: dict[Period, dict[Cell, None]], pieces: tuple[Period, ...]
) -> None:
    """Enter what a reader can subtract: the rest of a longer period, and every piece two periods share."""
    system = linked.system
    for inner, outer in _overlapping(released):
        both = [cell for cell in released[inner] if cell.at(outer) in released[outer]]
        shared = [piece for piece in pieces if inner.covers(piece) or outer.covers(piece)]
        pieced = (cell.at(piece) for cell in both for piece in shared)
        linked.guarded.update(system.position[cell] for cell in pieced if cell in system.position)
        if outer.covers(inner):
            rest = outer.without(inner)
            for cell in both:
                _enter_rest(linked, cell, outer, rest, [piece for piece in pieces if rest.covers(piece)])


def _enter_rest(linked: Linked, cell: Cell, outer: Period, rest: Period, pieces: list[Period]) -> None:
    system = linked.system
    whole, left = cell.at(outer), cell.at(rest)
    value = system.values[system.position[whole]] - system.values[system.position[cell]]
    linked.guarded.add(system.add_cell(left, value))
    system.add_relation(whole, (cell, left))
    if len(pieces) > 1:
        system.add_relation(left, [cell.at(piece) for piece in pieces])


def _overlapping(released: Iterable[Period]) -> Iterator[tuple[Period, Period]]:
    return ((one, other) for one, other in permutations(released, 2) if one.overlaps(other))


def _note_printed(linked: Linked, spec: TableSpec, period: Period) -> None:
    for codes in spec.combinations():
        if not spec.is_unshown(codes):
            linked.printed.add(linked.system.position[spec.cell(codes, period)])


def _note_earlier(linked: Linked, earlier: Sequence[Release]) -> None:
    changed = []
    for release in earlier:
        for row in release.table.rows:
            position = linked.system.position[release.table.spec.cell(row.codes, release.table.period)]
            if row.value is None and release.binding:
                linked.hidden.add(position)
            elif row.value is not None:
                linked.shown.add(position)
                if row.value != linked.system.values[position]:
                    changed.append(linked.system.cells[position])
    if changed:
        raise Disagreement(changed)
