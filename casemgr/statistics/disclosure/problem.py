"""The problem of suppression: counts, equations, what must not be worked out, what hiding costs, and time.

Everything that solves it (search, optimum) reads it from here, and answers with a `Suppression`.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from casemgr.statistics.disclosure.cells import Counts, Levels, Mask, Relation

Proof = Literal["optimal", "gap", "heuristic", "coarse"]
MOST_MOVED = 1000


class OutOfTime(Exception):
    """The time allowed is over; whoever asked must be content with something safe that hides more."""


@dataclass(slots=True)
class Stopwatch:
    """How long somebody is prepared to wait, in seconds from now; None waits as long as it takes."""

    seconds: float | None = None
    began: float = field(default_factory=time.monotonic)

    def passed(self) -> float:
        """Return the seconds since the beginning."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Return the seconds that remain, never less than none."""
        return 1e9 if self.seconds is None else max(0.0, self.seconds - self.passed())

    def part(self, share: float) -> "Stopwatch":
        """Return a stopwatch over a share of what is left."""
        return Stopwatch(None if self.seconds is None else self.left() * share)

    def check(self) -> None:
        """Raise OutOfTime once the time is over."""
        if self.left() <= 0:
            raise OutOfTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A small cell must look as if it could be `least` and as if it could be `greatest`."""

    position: int
    least: float
    greatest: float


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What to protect: counts, equations, requirements, what is decided, what hiding costs.

    `floor` is what an attacker knows every hidden cell to be at least: nothing, or one where zeros are
    always shown.
    """

    values: Counts
    relations: Sequence[Relation]
    requirements: tuple[Requirement, ...]
    hidden: Mask
    shown: Mask
    costs: Levels
    threshold: int
    insider: bool = True
    floor: Levels | None = None

    @cached_property
    def web(self) -> "Web":
        """Return which cells meet in which equations."""
        return Web(len(self.values), self.relations)

    @cached_property
    def most(self) -> float:
        """Return how far a cell may move in an alternative; honest alternatives need no more."""
        return float(MOST_MOVED * max(1, self.threshold))

    @cached_property
    def rise(self) -> Levels:
        """Return how far each cell can rise in an alternative."""
        return np.full(len(self.values), self.most)

    @cached_property
    def fall(self) -> Levels:
        """Return how far each cell can fall in an alternative."""
        floor = np.zeros(len(self.values)) if self.floor is None else self.floor
        return np.clip(self.values - floor, 0.0, self.most)

    @cached_property
    def open(self) -> Mask:
        """Return the cells about which there is a choice."""
        return ~self.hidden & ~self.shown

    @cached_property
    def singles(self) -> frozenset[int]:
        """Return the cells of one single person."""
        return frozenset(np.flatnonzero(self.values == 1).tolist())


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """Which cells to hide, and how good that is: `bound` is the least that any safe answer costs.

    `witnesses` prove it, by small cell. `excused` are pairs (small cell, cell of a single person) that no
    hiding keeps apart, because they are the same people.
    """

    hidden: Mask
    proof: Proof
    cost: float
    bound: float = 0.0
    witnesses: Mapping[int, Sequence["Witness"]] = field(default_factory=dict)
    excused: frozenset[tuple[int, int]] = frozenset()

    @property
    def gap(self) -> float:
        """Return by which share a better answer might hide less."""
        return 0.0 if self.proof == "optimal" or not self.cost else (self.cost - self.bound) / self.cost


class Web:
    """Cells and equations, both ways: members of an equation with the total first, equations of a cell.

    `grid` holds the equations of every cell in one row, filled up with a number that no equation has.
    """

    def __init__(self, size: int, relations: Sequence[Relation]) -> None:
        needed = [relation for relation in relations if not relation.implied]
        self.members = [relation.members() for relation in needed]
        self.lines: list[list[int]] = [[] for _ in range(size)]
        for number, members in enumerate(self.members):
            for member in members:
                self.lines[member].append(number)
        self.arrays = [np.array(members, dtype=np.int64) for members in self.members]
        self.grid = np.full((size, max(map(len, self.lines), default=0)), len(self.members))
        for cell, own in enumerate(self.lines):
            self.grid[cell, : len(own)] = own
        self.total = np.array([*(members[0] for members in self.members), -1])

    def twins(self, shown: Mask) -> list[int]:
        """Return for each cell the first of those that can only move together with it."""
        first = list(range(len(self.lines)))

        def find(cell: int) -> int:
            while first[cell] != cell:
                first[cell] = cell = first[first[cell]]
            return cell

        for members in self.members:
            free = [member for member in members if not shown[member]]
            if len(free) == 2:
                one, two = sorted((find(free[0]), find(free[1])))
                first[two] = one
        return [find(cell) for cell in range(len(first))]


@dataclass(frozen=True, slots=True)
class Witness:
    """An alternative set of counts, as moves away from the truth; what does not move is left out.

    Moves are whole, but for alternatives that serve thousands of cells at once.
    """

    moves: Mapping[int, float]

    def of(self, position: int) -> float:
        """Return how far a cell moves."""
        return self.moves.get(position, 0)
