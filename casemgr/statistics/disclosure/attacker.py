"""The attacker: a linear program over every table that agrees with what is shown.

A point of the program is an alternative set of counts, whole or not. Every vertex the solver visits is kept
for a while as a witness: what one vertex already proves about other cells needs no program of its own.
"""

from collections.abc import Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from casemgr.statistics.disclosure.cells import CannotProtect, Counts, Levels, Mask, Relation

TOLERANCE = 1e-6


DUAL, PRIMAL = 1, 4


def solver(strategy: int = DUAL) -> highspy.Highs:
    """Return a silent solver on one thread (a second thread count in one process fails without a word)."""
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("presolve", "off"), ("solver", "simplex")):
        highs.setOptionValue(option, value)
    for option, number in (("threads", 1), ("simplex_strategy", strategy)):
        highs.setOptionValue(option, number)
    return highs


def ceiling_of(values: Counts, threshold: int) -> float:
    """Return an upper bound that no honest alternative needs to exceed, so that no program is unbounded."""
    return float(2 * int(values.max(initial=0)) + 10 * threshold)


def load(highs: highspy.Highs, relations: Sequence[Relation], columns: int, copies: int = 1) -> None:
    """Give the solver M v = 0; with two copies of the columns the second carries the opposite sign."""
    starts, index, entries = [0], [], []
    needed = [relation for relation in relations if not relation.implied]
    for relation in needed:
        for sign, shift in ((1.0, 0), (-1.0, columns))[:copies]:
            index += [member + shift for member in relation.members()]
            entries += [sign] + [-sign] * len(relation.parts)
        starts.append(len(index))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns * copies, len(needed)
    model.col_cost_ = np.zeros(columns * copies)
    model.col_lower_ = np.zeros(columns * copies)
    model.col_upper_ = np.zeros(columns * copies)
    model.row_lower_ = np.zeros(len(needed))
    model.row_upper_ = np.zeros(len(needed))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(index, dtype=np.int32)
    model.a_matrix_.value_ = np.array(entries)
    highs.passModel(model)


def optimum(highs: highspy.Highs) -> Levels:
    """Solve and return the columns; anything but a proved optimum is a failure, never a guess."""
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise CannotProtect(f"the solver stopped with {highs.getModelStatus()}")
    return np.array(highs.getSolution().col_value)


class Attacker:
    """Knows the shown cells and all equations, and asks how far one hidden cell can be stretched."""

    def __init__(self, values: Counts, relations: Sequence[Relation], hidden: Mask, ceiling: float) -> None:
        self.values = values.astype(np.float64)
        self.hidden = hidden.copy()
        self.ceiling = ceiling
        self._highs = solver(PRIMAL)
        load(self._highs, relations, len(values))
        everything = np.arange(len(values), dtype=np.int32)
        lower, upper = self._bounds(hidden)
        self._highs.changeColsBounds(len(values), everything, lower, upper)

    def _bounds(self, hidden: Mask) -> tuple[Levels, Levels]:
        return np.where(hidden, 0.0, self.values), np.where(hidden, self.ceiling, self.values)

    def hide(self, position: int) -> None:
        """Take one cell away from what the attacker sees."""
        self.hidden[position] = True
        self._highs.changeColBounds(position, 0.0, self.ceiling)

    def show(self, position: int) -> None:
        """Let the attacker see one more cell."""
        self.hidden[position] = False
        self._highs.changeColBounds(position, self.values[position], self.values[position])

    def fix(self, position: int) -> None:
        """Let the attacker know one cell privately, without it being shown (an insider's own cell)."""
        self._highs.changeColBounds(position, self.values[position], self.values[position])

    def forget(self, position: int) -> None:
        """Undo `fix`."""
        if self.hidden[position]:
            self._highs.changeColBounds(position, 0.0, self.ceiling)

    def stretch(self, position: int, *, up: bool) -> Levels:
        """Return an alternative set of counts in which this cell is as great (or as small) as can be."""
        self._highs.changeColCost(position, -1.0 if up else 1.0)
        try:
            return optimum(self._highs)
        finally:
            self._highs.changeColCost(position, 0.0)

    def interval(self, position: int) -> tuple[float, float]:
        """Return the least and the greatest value this cell can have."""
        return float(self.stretch(position, up=False)[position]), float(
            self.stretch(position, up=True)[position]
        )


class CheapestPath:
    """Finds the cheapest set of shown cells to hide so that one cell can move by a given amount."""

    def __init__(self, values: Counts, relations: Sequence[Relation], frozen: Mask, ceiling: float) -> None:
        self._size = len(values)
        self._highs = solver()
        load(self._highs, relations, self._size, copies=2)
        self._rise = np.where(frozen, 0.0, ceiling - values)
        self._fall = np.where(frozen, 0.0, values.astype(np.float64))
        self._set_bounds(np.arange(self._size, dtype=np.int32), self._rise, self._fall)

    def _set_bounds(self, where: NDArray[np.int32], rise: Levels, fall: Levels) -> None:
        both = np.concatenate([where, where + self._size]).astype(np.int32)
        self._highs.changeColsBounds(len(both), both, np.zeros(len(both)), np.concatenate([rise, fall]))

    def support(self, position: int, move: float, costs: Levels) -> Mask | None:
        """Return the cells that change on the cheapest way to move this cell, or None if there is no way."""
        both = np.arange(2 * self._size, dtype=np.int32)
        self._highs.changeColsCost(2 * self._size, both, np.concatenate([costs, costs]))
        up, down = (move, 0.0) if move > 0 else (0.0, -move)
        self._highs.changeColBounds(position, up, up)
        self._highs.changeColBounds(position + self._size, down, down)
        self._highs.run()
        status = self._highs.getModelStatus()
        answer = np.array(self._highs.getSolution().col_value)
        here = np.array([position], dtype=np.int32)
        self._set_bounds(here, self._rise[[position]], self._fall[[position]])
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise CannotProtect(f"the solver stopped with {status}")
        moved: Mask = np.abs(answer[: self._size] - answer[self._size :]) > TOLERANCE
        return moved
