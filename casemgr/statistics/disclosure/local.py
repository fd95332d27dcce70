"""Witnesses near one cell: the cheapest alternative set of whole counts in which that cell moves.

Only the neighbourhood of the cell takes part; everything outside stands still, so a witness found in a small
neighbourhood is a witness in the whole system.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from casemgr.statistics.disclosure.attacker import TOLERANCE, solver
from casemgr.statistics.disclosure.cells import CannotProtect, Mask
from casemgr.statistics.disclosure.problem import OutOfTime, Problem, Stopwatch, Witness

Places = NDArray[np.int64]

SIZES = (80, 300, 1_500)
MOST_WHOLE = 2_500
STEP = 8
CANDIDATES = 3
FREE = 1e-4
MOST_WHOLE_CELLS = 1_500
WHOLE_SECONDS = (0.5, 4.0)


@dataclass(frozen=True, slots=True)
class Wish:
    """A cell is to move by so many, up or down, while a barred cell stands still."""

    position: int
    move: int
    barred: int = -1


class Neighbourhoods:
    """Looks for witnesses, in wider and wider neighbourhoods, among hidden cells or among all open ones."""

    def __init__(self, problem: Problem, clock: Stopwatch) -> None:
        self.problem = problem
        self.clock = clock
        self._web = problem.web
        self._offers: dict[int, Places] = {}
        self._highs = solver()
        self._seen = np.zeros(len(problem.values) + 1, dtype=bool)
        self._touched = np.zeros(len(problem.web.members) + 1, dtype=bool)
        self._touched[-1] = True
        self.sizes = SIZES
        # Among cells that are as dear as one another the one that says least is hidden.
        self._tie = 0.01 * problem.values / max(1, int(problem.values.max(initial=1)))
        self.must_be_whole = len(problem.values) <= MOST_WHOLE_CELLS

    def find(self, wish: Wish, hidden: Mask, *, hide_more: bool) -> Witness | None:
        """Return the cheapest witness, or None if there is none."""
        for size in self.sizes:
            self.clock.check()
            cells = self._near(wish, hidden, size, hide_more=hide_more)
            witness = self._solve(wish, cells, hidden)
            if witness is not None:
                return witness
            if len(cells) < size and not hide_more:
                # Whatever hangs together with the cell has been tried.
                return None
            if len(cells) < size:
                break
        else:
            if not hide_more and hidden.sum() > MOST_WHOLE:
                return None
        free = hidden | self.problem.open if hide_more else hidden
        return self._solve(wish, self._everything(wish, free), hidden)

    def _everything(self, wish: Wish, free: Mask) -> list[int]:
        return [
            wish.position,
            *(one for one in np.flatnonzero(free).tolist() if one not in (wish.position, wish.barred)),
        ]

    def _near(self, wish: Wish, hidden: Mask, size: int, *, hide_more: bool) -> list[int]:
        """Grow from the cell, always by the cells that close most of the equations already touched."""
        seen, met = self._seen, [wish.position, wish.barred]
        seen[met] = True
        chosen, fresh = [wish.position], self._touch([wish.position])
        lines, waiting = list(fresh), np.zeros(0, dtype=np.int64)
        while len(chosen) < size:
            found = [waiting]
            for line in fresh:
                free = self._free_of(line, hidden, hide_more=hide_more)
                free = free[~seen[free]]
                seen[free] = True
                found.append(free)
            waiting = np.concatenate(found)
            met += waiting.tolist()
            if not len(waiting):
                break
            taken = self._closest(waiting, hidden)[: size - len(chosen)]
            chosen += waiting[taken].tolist()
            fresh = self._touch(waiting[taken])
            lines += fresh
            waiting = np.delete(waiting, taken)
        seen[met] = False
        self._touched[lines] = False
        return chosen

    def _closest(self, waiting: Places, hidden: Mask) -> Places:
        """Return the places of cells that leave no equation open, or else of a few that leave fewest open."""
        openness = (~self._touched[self._web.grid[waiting]]).sum(axis=1) + np.where(hidden[waiting], 0, 0.5)
        if openness.min() == 0:
            return np.flatnonzero(openness == 0)
        return np.lexsort((-self.problem.values[waiting], openness))[:STEP]

    def _touch(self, cells: list[int] | Places) -> list[int]:
        """Return the equations of these cells that were not touched yet, and touch them."""
        lines = self._web.grid[cells]
        fresh = list(set(lines[~self._touched[lines]].tolist()))
        self._touched[fresh] = True
        return fresh

    def _free_of(self, line: int, hidden: Mask, *, hide_more: bool) -> Places:
        members = self._web.arrays[line]
        free = members[hidden[members]]
        if not hide_more:
            return free
        offered = self._offered(line)
        return np.concatenate([free, offered[~hidden[offered]]])

    def _offered(self, line: int) -> Places:
        """Return the few cells of an equation that are cheap to hide, and those that can also fall far."""
        if line not in self._offers:
            members = self._web.arrays[line]
            free = members[self.problem.open[members]]
            cheap = free[np.argsort(self.problem.costs[free], kind="stable")]
            deep = cheap[self.problem.fall[cheap] >= self.problem.threshold]
            chosen = (*cheap[:CANDIDATES].tolist(), *deep[:CANDIDATES].tolist(), int(members[0]))
            self._offers[line] = np.array(
                [one for one in dict.fromkeys(chosen) if self.problem.open[one]], int
            )
        return self._offers[line]

    def _solve(self, wish: Wish, cells: list[int], hidden: Mask) -> Witness | None:
        levels = self._run(wish, cells, hidden, whole=False)
        if levels is None:
            return None
        whole = np.round(levels)
        if np.abs(levels - whole).max() > TOLERANCE:
            found = self._run(wish, cells, hidden, whole=True)
            if found is None and self.must_be_whole:
                return None
            levels = levels if found is None else found
            whole = np.round(levels)
        moves = np.where(np.abs(levels - whole) < TOLERANCE, whole, levels).tolist()
        return Witness({cell: move for cell, move in zip(cells, moves, strict=True) if move})

    def _run(self, wish: Wish, cells: list[int], hidden: Mask, *, whole: bool) -> NDArray[np.float64] | None:
        highs = self._highs
        highs.setOptionValue("presolve", "on" if whole or len(cells) > SIZES[1] else "off")
        highs.passModel(self._model(wish, cells, hidden))
        left = min(WHOLE_SECONDS[self.must_be_whole], self.clock.left()) if whole else self.clock.left()
        highs.setOptionValue("time_limit", highs.getRunTime() + max(left, 0.01))
        if whole:
            count = 2 * len(cells)
            kinds = np.full(count, highspy.HighsVarType.kInteger)
            highs.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
        highs.run()
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return self._read(len(cells))
        if whole or status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise OutOfTime
        raise CannotProtect(f"the solver stopped with {status}")

    def _read(self, count: int) -> NDArray[np.float64]:
        both = np.array(self._highs.getSolution().col_value)
        moves: NDArray[np.float64] = both[:count] - both[count:]
        return moves

    def _model(self, wish: Wish, cells: list[int], hidden: Mask) -> highspy.HighsLp:
        problem, place = self.problem, np.array(cells)
        far = max(1.0, float(abs(wish.move)))
        cost = np.where(hidden[place], FREE, problem.costs[place] * (1 + self._tie[place]))
        rise, fall = problem.rise[place].copy(), problem.fall[place].copy()
        up, down = cost / np.minimum(rise, far), cost / np.clip(fall, 0.5, far)
        lower = np.zeros(2 * len(cells))
        rise[0], fall[0] = (wish.move, 0) if wish.move > 0 else (0, -wish.move)
        lower[0], lower[len(cells)] = rise[0], fall[0]
        model = highspy.HighsLp()
        model.num_col_ = 2 * len(cells)
        model.col_cost_ = np.concatenate([up, down])
        model.col_lower_, model.col_upper_ = lower, np.concatenate([rise, fall])
        self._equations(model, cells)
        return model

    def _equations(self, model: highspy.HighsLp, cells: list[int]) -> None:
        web = self._web
        lines = web.grid[cells]
        real = lines < len(web.members)
        rows, index = np.unique(lines[real], return_inverse=True)
        signs = np.where(web.total[lines] == np.array(cells)[:, None], 1.0, -1.0)[real]
        ends = np.cumsum(real.sum(axis=1))
        model.num_row_ = len(rows)
        model.row_lower_ = model.row_upper_ = np.zeros(len(rows))
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.concatenate([[0], ends, ends + len(index)]).astype(np.int32)
        model.a_matrix_.index_ = np.concatenate([index, index]).astype(np.int32)
        model.a_matrix_.value_ = np.concatenate([signs, -signs])
