"""Cells and the equations between them: what tables become before anything is hidden.

A cell is known by what it counts, when and of whom. The same key in two tables is the same unknown, which
is all that makes tables linked; margins, hierarchies and periods become equations "whole = sum of its
parts".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from casemgr.errors import Refused
from casemgr.statistics.disclosure.periods import Period

Counts = NDArray[np.int64]
Levels = NDArray[np.float64]
Mask = NDArray[np.bool_]


class CannotProtect(Refused):
    """No safe version of these tables was found; `collapse` names what to make coarser."""

    def __init__(self, why: str, collapse: Iterable[str] = ()) -> None:
        super().__init__("cannot_protect")
        self.why = why
        self.collapse = tuple(collapse)

    def __str__(self) -> str:
        return f"{self.why}; collapse: {', '.join(self.collapse) or 'the tables'}"


class Disagreement(Refused):
    """A figure counted now differs from the figure already released under the same key."""

    def __init__(self, cells: Iterable["Cell"]) -> None:
        super().__init__("differs_from_release")
        self.cells = tuple(cells)


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Cell:
    """The key of one figure: what is counted, in which days, and the codes that narrow it (sorted)."""

    measure: str
    period: Period
    codes: tuple[tuple[str, str], ...] = ()

    def at(self, period: Period) -> "Cell":
        """Return the same figure over other days."""
        return Cell(measure=self.measure, period=period, codes=self.codes)

    def __str__(self) -> str:
        narrowed = ", ".join(f"{name}={code}" for name, code in self.codes) or "all"
        return f"{self.measure} [{self.period}] {narrowed}"


@dataclass(frozen=True, slots=True)
class Relation:
    """One equation: the total is the sum of its parts. Whole numbers are positions of cells in a system.

    `implied` marks an equation that follows from others, so that a solver need not be told.
    """

    total: int
    parts: tuple[int, ...]
    implied: bool = False

    def members(self) -> tuple[int, ...]:
        """Return every cell of the equation, the total first."""
        return (self.total, *self.parts)


@dataclass(slots=True)
class System:
    """All cells of all linked tables with their true values, and every equation between them (M a = 0)."""

    cells: list[Cell] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    position: dict[Cell, int] = field(default_factory=dict)
    _seen: set[tuple[int, ...]] = field(default_factory=set)

    def add_cell(self, cell: Cell, value: int) -> int:
        """Enter a cell once and return its position; the same key with another value is an error."""
        known = self.position.get(cell)
        if known is None:
            self.position[cell] = known = len(self.cells)
            self.cells.append(cell)
            self.values.append(value)
        elif self.values[known] != value:
            raise ValueError(f"two tables disagree about {cell}")
        return known

    def add_relation(self, total: Cell, parts: Iterable[Cell], *, implied: bool = False) -> None:
        """Enter an equation between cells that are already here; repeated equations count once."""
        relation = Relation(
            self.position[total], tuple(sorted(self.position[part] for part in parts)), implied
        )
        if sum(self.values[part] for part in relation.parts) != self.values[relation.total]:
            raise ValueError(f"the parts of {total} do not add up")
        if relation.members() not in self._seen:
            self._seen.add(relation.members())
            self.relations.append(relation)

    def counts(self) -> Counts:
        """Return the true values in the order of the cells."""
        return np.array(self.values, dtype=np.int64)
