"""The auditor's strongest attack: every table at once over the finest cross-classification.

Tables that share dimensions in a ring say more together than cell by cell. The unknowns here are the counts
of the finest codes crossed with one another, which nobody prints; what is printed are sums of them.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from casemgr.statistics.files.specification import Specification, Tree

Key = tuple[str, ...]
Sums = NDArray[np.bool_]
NEAR = 1e-6


class Crossing:
    """The cross-classification behind printed cells; hidden ones are None."""

    def __init__(self, specification: Specification, cells: Mapping[Key, int | None], floor: int) -> None:
        self.trees = specification.trees
        self.leaves = [_leaves(tree) for tree in self.trees]
        self.cells = cells
        self.size = math.prod(len(own) for own in self.leaves)
        self._under = [_under(tree, own) for tree, own in zip(self.trees, self.leaves, strict=True)]
        self._highs = self._start(floor)

    def members(self, key: Key) -> Sums:
        """Return which of the finest combinations a cell counts."""
        chosen = np.ones(1, dtype=bool)
        for under, code in zip(self._under, key, strict=True):
            chosen = np.outer(chosen, under[code]).ravel()
        return chosen

    def broken(self, wanted: Sequence[tuple[Key, int, int]]) -> Iterator[Key]:
        """Yield the cells that cannot be as small and as great as wanted; the solver's points are shared."""
        sums = np.array([self.members(key) for key, _, _ in wanted], dtype=np.float64)
        lowest, highest = np.full(len(wanted), np.inf), np.full(len(wanted), -np.inf)
        for at, (key, least, greatest) in enumerate(wanted):
            for sign, goal in ((1.0, least), (-1.0, greatest)):
                if sign * ((lowest, highest)[sign < 0][at] - goal) <= NEAR:
                    continue
                levels = sums @ self._reach(sums[at], sign, goal)
                lowest, highest = np.minimum(lowest, levels), np.maximum(highest, levels)
            if lowest[at] > least + NEAR or highest[at] < greatest - NEAR:
                yield key

    def _reach(self, members: NDArray[np.float64], sign: float, goal: int) -> NDArray[np.float64]:
        every = np.arange(self.size, dtype=np.int32)
        self._highs.changeColsCost(self.size, every, sign * members)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"the auditor's solver stopped with {status} at {goal}")
        return np.array(self._highs.getSolution().col_value)

    def _start(self, floor: int) -> highspy.Highs:
        highs = highspy.Highs()
        highs.silent()
        highs.setOptionValue("threads", 1)
        highs.setOptionValue("presolve", "off")
        highs.setOptionValue("simplex_strategy", 4)
        shown = [value for value in self.cells.values() if value is not None]
        most = float(4 * max(shown, default=0) + 100_000)
        upper = np.full(self.size, most)
        for key, value in self.cells.items():
            if value == 0:
                upper[self.members(key)] = 0.0
        highs.addVars(self.size, np.zeros(self.size), upper)
        for key, value in self.cells.items():
            if value or (value is None and floor):
                index = np.flatnonzero(self.members(key) & (upper > 0)).astype(np.int32)
                low, high = (value, value) if value is not None else (floor, highspy.kHighsInf)
                highs.addRow(low, high, len(index), index, np.ones(len(index)))
        return highs


def _leaves(tree: Tree) -> list[str]:
    inner = {tree.total, *tree.parents.values()} if tree.parents else set()
    return [code for code in tree.codes() if code not in inner]


def _under(tree: Tree, leaves: list[str]) -> dict[str, Sums]:
    below = {code: np.array([leaf == code for leaf in leaves]) for code in leaves}
    for code in reversed(tree.codes()):
        for child in tree.families().get(code, ()):
            below[code] = below[code] | below[child] if code in below else below[child]
    return below
