"""Tables: their declaration, every cell with margins at every level, and the two kinds of filled table.

`RawTable` holds true counts and `SafeTable` what a reader may see. They are different types on purpose: a
page, chart or export that asks for a `SafeTable` cannot be handed true counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

from casemgr.statistics.disclosure.cells import Cell
from casemgr.statistics.disclosure.periods import Period

Status = Literal["published", "suppressed"]
LeafCounts = Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One classification: a tree of codes under its total.

    `parents` are pairs (code, parent) in the order of display. `folded` are pairs (finest code, kept code)
    for codes that a coarser version no longer shows. `unshown` codes are complements that are computed,
    protected and never printed. `whole` says that the total means everybody, so a table without this
    dimension has it implicitly.
    """

    name: str
    total: str
    parents: tuple[tuple[str, str], ...] = ()
    folded: tuple[tuple[str, str], ...] = ()
    unshown: frozenset[str] = frozenset()
    whole: bool = True

    @classmethod
    def flat(
        cls, name: str, total: str, codes: Iterable[str], unshown: frozenset[str] = frozenset()
    ) -> "Dimension":
        """Declare a dimension whose codes all hang directly under the total."""
        return cls(name=name, total=total, parents=tuple((code, total) for code in codes), unshown=unshown)

    def codes(self) -> tuple[str, ...]:
        """Return every code, the total first."""
        return (self.total, *(code for code, _ in self.parents))

    def families(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return every parent with its children."""
        groups: dict[str, list[str]] = {}
        for code, parent in self.parents:
            groups.setdefault(parent, []).append(code)
        return tuple((parent, tuple(children)) for parent, children in groups.items())

    def leaves(self) -> tuple[str, ...]:
        """Return the codes that have no code below them."""
        parents = {parent for _, parent in self.parents}
        return tuple(code for code in self.codes() if code not in parents)

    def path(self, leaf: str) -> tuple[str, ...]:
        """Return the codes a finest code is counted under, from itself up to the total."""
        up = dict(self.parents)
        code = dict(self.folded).get(leaf, leaf)
        if code != self.total and code not in up:
            raise ValueError(f"code {leaf!r} is unknown to dimension {self.name!r}")
        steps = [code]
        while steps[-1] != self.total:
            steps.append(up[steps[-1]])
        return tuple(steps)

    def coarser(self, dropped: Iterable[str]) -> "Dimension":
        """Return the dimension without these codes; the nearest kept parent counts for them."""
        gone, up = frozenset(dropped), dict(self.parents)

        def kept(code: str) -> str:
            while code in gone:
                code = up[code]
            return code

        parents = tuple((code, kept(parent)) for code, parent in self.parents if code not in gone)
        folds = dict(self.folded) | {code: code for code in gone}
        return Dimension(
            name=self.name,
            total=self.total,
            parents=parents,
            unshown=self.unshown - gone,
            whole=self.whole,
            folded=tuple((leaf, kept(code)) for leaf, code in folds.items()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """The declaration of one table: what it counts, of whom, and by which dimensions.

    `crossings` lists the sets of dimensions that are crossed (the empty set is the total); None crosses all.
    """

    name: str
    measure: str
    dimensions: tuple[Dimension, ...] = ()
    crossings: tuple[tuple[str, ...], ...] | None = None
    population: str = ""

    def combinations(self) -> Iterator[tuple[str, ...]]:
        """Return the codes of every cell, one per dimension in order, margins at every level included."""
        for codes in product(*(dimension.codes() for dimension in self.dimensions)):
            if self._is_crossed(codes):
                yield codes

    def cell(self, codes: tuple[str, ...], period: Period) -> Cell:
        """Return the key of the cell with these codes."""
        narrowing = (
            (dimension.name, code)
            for dimension, code in zip(self.dimensions, codes, strict=True)
            if not (dimension.whole and code == dimension.total)
        )
        return Cell(measure=self.measure, period=period, codes=tuple(sorted(narrowing)))

    def equations(self, period: Period) -> Iterator[tuple[Cell, tuple[Cell, ...]]]:
        """Return every equation "whole = sum of its parts" between cells of this table."""
        for place, dimension in enumerate(self.dimensions):
            for parent, children in dimension.families():
                for codes in self.combinations():
                    if codes[place] == parent:
                        rows = [(*codes[:place], child, *codes[place + 1 :]) for child in children]
                        if all(self._is_crossed(row) for row in rows):
                            yield self.cell(codes, period), tuple(self.cell(row, period) for row in rows)

    def is_unshown(self, codes: tuple[str, ...]) -> bool:
        """Tell whether the cell is a complement that is never printed."""
        return any(code in dimension.unshown for dimension, code in zip(self.dimensions, codes, strict=True))

    def _is_crossed(self, codes: tuple[str, ...]) -> bool:
        if self.crossings is None:
            return True
        used = {d.name for d, code in zip(self.dimensions, codes, strict=True) if code != d.total}
        return any(used == set(crossing) for crossing in self.crossings)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """A table filled with true counts. It never leaves the process and is never rendered."""

    spec: TableSpec
    period: Period
    values: Mapping[Cell, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeRow:
    """One cell as a reader sees it: codes in the order of the dimensions, and a value or nothing."""

    codes: tuple[str, ...]
    value: int | None

    @property
    def status(self) -> Status:
        """Say whether the figure is shown; all hidden cells look the same, whatever hid them."""
        return "suppressed" if self.value is None else "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeTable:
    """A table that passed disclosure control: the only kind that may be shown or recorded."""

    spec: TableSpec
    period: Period
    rows: tuple[SafeRow, ...]

    def value(self, *codes: str) -> int | None:
        """Return the shown figure with these codes, or None if it is hidden."""
        return next(row.value for row in self.rows if row.codes == codes)

    def hidden(self) -> int:
        """Count the cells that are hidden."""
        return sum(row.value is None for row in self.rows)


def fill(spec: TableSpec, period: Period, leaves: LeafCounts) -> RawTable:
    """Build every cell of the table, margins at every level, from counts of its finest codes."""
    values = {spec.cell(codes, period): 0 for codes in spec.combinations()}
    for leaf, count in leaves.items():
        paths = (dimension.path(code) for dimension, code in zip(spec.dimensions, leaf, strict=True))
        for codes in product(*paths):
            cell = spec.cell(codes, period)
            if cell in values:
                values[cell] += count
    return RawTable(spec=spec, period=period, values=values)
