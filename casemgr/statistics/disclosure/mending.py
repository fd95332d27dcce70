"""Mending: makes a safe choice of hidden cells out of one that is nearly safe, by the cheapest ways out.

Where the attacker still works out a small cell, one linear program over everything that may be hidden finds
the cheapest set of cells that lets it move far enough.
"""

import highspy
import numpy as np
from numpy.typing import NDArray

from casemgr.statistics.disclosure.attacker import TOLERANCE, load, solver
from casemgr.statistics.disclosure.cells import Levels, Mask
from casemgr.statistics.disclosure.local import FREE, Wish
from casemgr.statistics.disclosure.problem import OutOfTime, Problem, Stopwatch


class Mender:
    """One linear program in which every cell that may be hidden can move, at what hiding it costs."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.size = problem, len(problem.values)
        self._highs = solver()
        load(self._highs, problem.relations, self.size, copies=2)
        self._all = np.arange(2 * self.size, dtype=np.int32)
        may = problem.hidden | problem.open
        self.rise, self.fall = np.where(may, problem.rise, 0.0), np.where(may, problem.fall, 0.0)
        self._bound(self._all, np.zeros(2 * self.size), np.concatenate([self.rise, self.fall]))

    def path(self, wish: Wish, hidden: Mask, clock: Stopwatch) -> Mask | None:
        """Return the cells that move on the cheapest way to grant a wish, or None if there is no way."""
        clock.check()
        highs, at, far = self._highs, wish.position, float(abs(wish.move))
        price = np.where(hidden, FREE, self.problem.costs)
        up, down = price / np.clip(self.rise, 0.5, far), price / np.clip(self.fall, 0.5, far)
        highs.changeColsCost(2 * self.size, self._all, np.concatenate([up, down]))
        here = np.array([at, at + self.size], dtype=np.int32)
        own = np.array([far, 0.0] if wish.move > 0 else [0.0, far])
        self._bound(here, own, own)
        highs.setOptionValue("time_limit", highs.getRunTime() + max(0.01, clock.left()))
        # From nothing moving the dual simplex needs few steps; from the last answer it needs hundreds.
        highs.clearSolver()
        highs.run()
        status, levels = highs.getModelStatus(), np.array(highs.getSolution().col_value)
        self._bound(here, np.zeros(2), np.array([self.rise[at], self.fall[at]]))
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise OutOfTime
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        moved: Mask = np.abs(levels[: self.size] - levels[self.size :]) > TOLERANCE
        return moved

    def _bound(self, where: NDArray[np.int32], lower: Levels, upper: Levels) -> None:
        self._highs.changeColsBounds(len(where), where, lower, upper)
