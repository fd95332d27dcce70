"""Reading: what an attacker makes of printed tables and public code lists, and of nothing else.

This is the auditor's own way from rows to equations; it shares no code with the side that protects. Where
the joint cross-classification of everything printed is small enough its cells ("atoms") are the unknowns,
which is all there is to know; otherwise the printed cells and the sums between them are.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from casemgr.statistics.disclosure.cells import Cell
from casemgr.statistics.disclosure.cliques import Clique, split
from casemgr.statistics.disclosure.periods import Period, elementary
from casemgr.statistics.disclosure.tables import Dimension, SafeTable

MOST_ATOMS = 20_000
MOST_CROSSED = 2_000_000

Marks = NDArray[np.bool_]


@dataclass(slots=True)
class Picture:
    """Unknowns and equations as a reader sees them; `sums` gives the unknowns behind each cell."""

    mode: str
    unknowns: int = 0
    sums: dict[Cell, NDArray[np.int64]] = field(default_factory=dict)
    known: dict[Cell, int] = field(default_factory=dict)
    balances: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    seams: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = field(default_factory=list)


def look(tables: Sequence[SafeTable], asked: Iterable[Cell], most_atoms: int = MOST_ATOMS) -> list[Picture]:
    """Return one picture per measure; measures share no cell, so they share no equation."""
    wanted = set(asked)
    pictures = []
    for measure in dict.fromkeys(table.spec.measure for table in tables):
        own = [table for table in tables if table.spec.measure == measure]
        cells = sorted(cell for cell in wanted if cell.measure == measure)
        pictures.append(_atoms(own, cells, most_atoms) or _cells(own, cells))
    return pictures


def printed(tables: Iterable[SafeTable]) -> dict[Cell, int | None]:
    """Return every printed cell; a figure shown anywhere is known, two different ones are an error."""
    seen: dict[Cell, int | None] = {}
    for table in tables:
        for row in table.rows:
            cell = _key(table, row.codes)
            before = seen.get(cell)
            if before is not None and row.value is not None and before != row.value:
                raise ValueError(f"two printed tables differ about {cell}")
            seen[cell] = before if row.value is None else row.value
    return seen


def _key(table: SafeTable, codes: tuple[str, ...], period: Period | None = None) -> Cell:
    pairs = [
        (dimension.name, code)
        for dimension, code in zip(table.spec.dimensions, codes, strict=True)
        if code != dimension.total or not dimension.whole
    ]
    return Cell(measure=table.spec.measure, period=period or table.period, codes=tuple(sorted(pairs)))


class _Axis:
    """One classification as the public code lists give it: every code is a set of finest codes."""

    def __init__(self, trees: Iterable[Dimension]) -> None:
        self.below: dict[str, set[str]] = {}
        for tree in trees:
            self.below.setdefault(tree.total, set())
            for child, parent in (*tree.parents, *tree.folded):
                self.below.setdefault(parent, set()).add(child)
                self.below.setdefault(child, set())
        self.finest = sorted(code for code, under in self.below.items() if not under)
        self.place = {code: at for at, code in enumerate(self.finest)}

    def leaves(self, code: str) -> set[int]:
        """Return the places of the finest codes that a code stands for."""
        under = self.below[code]
        if not under:
            return {self.place[code]}
        return set().union(*(self.leaves(child) for child in under))

    def mask(self, code: str | None) -> Marks:
        """Return the finest codes of a code as a mask; no code means everybody."""
        if code is None:
            return np.ones(len(self.finest), dtype=bool)
        chosen = np.zeros(len(self.finest), dtype=bool)
        chosen[list(self.leaves(code))] = True
        return chosen


class _Space:
    """One clique of classifications, crossed with one another and with the pieces of time; its atoms."""

    def __init__(self, pieces: Sequence[Period], axes: Mapping[str, _Axis], clique: Clique) -> None:
        self.pieces, self.clique = pieces, clique
        self.axes = {name: axes[name] for name in clique.names}

    def size(self) -> int:
        """Return the number of atoms before any is ruled out."""
        return math.prod((len(self.pieces), *(len(axis.finest) for axis in self.axes.values())))

    def region(self, cell: Cell) -> Marks:
        """Return the atoms that a cell counts."""
        codes = dict(cell.codes)
        return self._box(cell.period, {name: axis.mask(codes.get(name)) for name, axis in self.axes.items()})

    def impossible(self, table: SafeTable) -> Marks:
        """Return the atoms a table rules out: under a parent, but under none of the children it lists."""
        ruled_out = np.zeros(self.size(), dtype=bool)
        for dimension in table.spec.dimensions:
            axis = self.axes.get(dimension.name)
            if axis is None:
                continue
            for parent, children in _families(dimension).items():
                left = axis.mask(parent) & ~np.logical_or.reduce([axis.mask(child) for child in children])
                if left.any():
                    ruled_out |= self._box(table.period, {dimension.name: left})
        return ruled_out

    def agreements(self, shared: Sequence[str]) -> Iterable[Marks]:
        """Return the atoms behind each finest cell of the shared classifications, in a fixed order."""
        finest = [range(len(self.axes[name].finest)) for name in shared]
        for piece, places in product(self.pieces, product(*finest)):
            masks = {
                name: np.arange(len(self.axes[name].finest)) == place
                for name, place in zip(shared, places, strict=True)
            }
            yield self._box(piece, masks)

    def _box(self, period: Period, masks: Mapping[str, Marks]) -> Marks:
        box = np.array([period.covers(piece) for piece in self.pieces])
        for name, axis in self.axes.items():
            box = np.logical_and.outer(box, masks.get(name, axis.mask(None)))
        return box.ravel()


def _families(dimension: Dimension) -> Mapping[str, list[str]]:
    families: dict[str, list[str]] = {}
    for child, parent in dimension.parents:
        families.setdefault(parent, []).append(child)
    return families


def _axes(tables: Sequence[SafeTable]) -> dict[str, _Axis]:
    trees: dict[str, list[Dimension]] = {}
    for table in tables:
        for dimension in table.spec.dimensions:
            trees.setdefault(dimension.name, []).append(dimension)
    return {name: _Axis(own) for name, own in sorted(trees.items())}


def _atoms(tables: Sequence[SafeTable], asked: Sequence[Cell], most: int) -> Picture | None:
    """Build the picture from atoms, or return None if there are too many even after merging those alike."""
    seen, axes = printed(tables), _axes(tables)
    names = list(dict.fromkeys((*seen, *asked)))
    narrowed = {
        cell: frozenset(name for name, code in cell.codes if not axes[name].mask(code).all())
        for cell in names
    }
    pieces = elementary(table.period for table in tables)
    spaces = [_Space(pieces, axes, clique) for clique in split(narrowed.values())]
    if sum(space.size() for space in spaces) > MOST_CROSSED or most == 0:
        return None
    homes: list[list[Cell]] = [[] for _ in spaces]
    for cell, narrow in narrowed.items():
        homes[next(at for at, one in enumerate(spaces) if narrow <= set(one.clique.names))].append(cell)
    picture = Picture("atoms", known={cell: value for cell, value in seen.items() if value is not None})
    edges: list[list[NDArray[np.int64]]] = [[] for _ in spaces]
    for at, space in enumerate(spaces):
        regions = [space.region(cell) for cell in homes[at]]
        links = [
            (at, space.clique.shared),
            *((n, o.clique.shared) for n, o in enumerate(spaces) if o.clique.parent == at),
        ]
        seams = {
            n: list(space.agreements(shared)) for n, shared in links if spaces[n].clique.parent is not None
        }
        alive = _alive(space, tables, zip(homes[at], regions, strict=True), picture.known)
        kept = _merged(alive, [*regions, *(one for seam in seams.values() for one in seam)])
        for cell, region in zip(homes[at], regions, strict=True):
            picture.sums[cell] = np.flatnonzero(region[kept]) + picture.unknowns
        for n, seam in seams.items():
            own = [np.flatnonzero(one[kept]) + picture.unknowns for one in seam]
            if n == at:
                picture.seams += list(zip(edges[n], own, strict=True))
            else:
                edges[n] = own
        picture.unknowns += len(kept)
        if picture.unknowns > most:
            return None
    return picture


def _alive(
    space: _Space,
    tables: Sequence[SafeTable],
    regions: Iterable[tuple[Cell, Marks]],
    known: Mapping[Cell, int],
) -> Marks:
    """Return the atoms that may count anybody: none that a table rules out or that a shown zero empties."""
    alive = np.ones(space.size(), dtype=bool)
    for table in tables:
        alive &= ~space.impossible(table)
    for cell, region in regions:
        if known.get(cell) == 0:
            alive &= ~region
    return alive


def _merged(alive: Marks, regions: Iterable[Marks]) -> NDArray[np.int64]:
    """Return one atom for each group of living atoms that no region tells apart."""
    living = np.flatnonzero(alive)
    draw = np.random.default_rng(1)
    signature = np.zeros(len(living), dtype=np.uint64)
    for region in regions:
        signature += region[living] * draw.integers(1, 2**63, dtype=np.uint64)
    _, first = np.unique(signature, return_index=True)
    return living[first]


def _cells(tables: Sequence[SafeTable], asked: Sequence[Cell]) -> Picture:
    """Build the picture from printed cells, taken apart into the pieces of time they share."""
    picture, number = Picture("cells"), dict[Cell, int]()
    pieces = elementary(table.period for table in tables)
    for table in tables:
        for piece in (piece for piece in pieces if table.period.covers(piece)):
            for row in table.rows:
                number.setdefault(_key(table, row.codes, piece), len(number))
            picture.balances += _balances(table, piece, number)
    picture.balances = list(dict.fromkeys(picture.balances))
    picture.unknowns = len(number)
    seen = printed(tables)
    for cell in dict.fromkeys((*seen, *asked)):
        parts = [number[cell.at(piece)] for piece in pieces if cell.period.covers(piece)]
        picture.sums[cell] = np.array(parts, dtype=np.int64)
    picture.known = {cell: value for cell, value in seen.items() if value is not None}
    return picture


def _balances(
    table: SafeTable, piece: Period, number: dict[Cell, int]
) -> Iterable[tuple[int, tuple[int, ...]]]:
    """Return the sums inside one table; complements that are not printed become unknowns of their own."""
    rows = {row.codes for row in table.rows}
    for place, dimension in enumerate(table.spec.dimensions):
        families = _families(dimension)
        for codes in product(*(_every_code(one) for one in table.spec.dimensions)):
            children = families.get(codes[place], [])
            parts = [(*codes[:place], child, *codes[place + 1 :]) for child in children]
            if (
                parts
                and _may_stand(table, codes, rows)
                and all(_may_stand(table, part, rows) for part in parts)
            ):
                keys = [_key(table, one, piece) for one in (codes, *parts)]
                total, *rest = [number.setdefault(key, len(number)) for key in keys]
                yield total, tuple(sorted(rest))


def _every_code(dimension: Dimension) -> tuple[str, ...]:
    return (dimension.total, *(child for child, _ in dimension.parents))


def _may_stand(table: SafeTable, codes: tuple[str, ...], rows: set[tuple[str, ...]]) -> bool:
    """Tell whether a cell is printed, or is an unprinted complement beside printed ones."""
    complement = any(code in one.unshown for one, code in zip(table.spec.dimensions, codes, strict=True))
    return complement or codes in rows
