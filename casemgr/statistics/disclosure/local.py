"""Witnesses near one cell: the cheapest alternative set of whole counts in which that cell moves.

Only the neighbourhood of the cell takes part; everything outside stands still, so a witness found in a small
neighbourhood is a witness in the whole system.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from casemgr.statistics.disclosure.attacker import TOLERANCE, solver
from casemgr.statistics.disclosure.cells import CannotProtect, Mask
from casemgr.statistics.disclosure.problem import OutOfTime, Problem, Stopwatch, Witness

SIZES = (150, 900, 6_000, 60_000)
WIDTHS = (1, 2, 4)
CANDIDATES = 3
FREE = 1e-4
WHOLE_SECONDS = 4.0


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
        self._lines = [np.array(members) for members in problem.web.members]
        self._offers: dict[int, list[int]] = {}
        self._highs = solver()
        self.only_grid = False

    def find(self, wish: Wish, hidden: Mask, *, hide_more: bool) -> Witness | None:
        """Return the cheapest witness, or None if there is none."""
        for width in WIDTHS if self.problem.around else ():
            witness = self._solve(wish, self._grid(wish, hidden, width, hide_more=hide_more), hidden)
            if witness is not None:
                return witness
        return None if self.only_grid else self._widen(wish, hidden, hide_more=hide_more)

    def _widen(self, wish: Wish, hidden: Mask, *, hide_more: bool) -> Witness | None:
        before = 0
        for size in SIZES:
            self.clock.check()
            cells = self._near(wish, hidden, size, hide_more=hide_more)
            witness = self._solve(wish, cells, hidden) if len(cells) > before else None
            if witness is not None:
                return witness
            if len(cells) < size or len(cells) == before:
                break
            before = len(cells)
        return self._solve(wish, self._everything(wish, hidden), hidden) if hide_more else None

    def _grid(self, wish: Wish, hidden: Mask, width: int, *, hide_more: bool) -> list[int]:
        """Return the cells of a small grid around the cell that may move."""
        self.clock.check()
        free = hidden | self.problem.open if hide_more else hidden
        near = self.problem.around(wish.position, hidden, width) if self.problem.around else []
        return [wish.position, *(one for one in near[1:] if free[one] and one != wish.barred)]

    def _everything(self, wish: Wish, hidden: Mask) -> list[int]:
        free = np.flatnonzero(hidden | self.problem.open).tolist()
        return [wish.position, *(one for one in free if one not in (wish.position, wish.barred))]

    def _near(self, wish: Wish, hidden: Mask, size: int, *, hide_more: bool) -> list[int]:
        """Grow from the cell, always by the cell that closes most of the equations already touched."""
        lines = self.problem.web.lines
        chosen, touched = [wish.position], set(lines[wish.position])
        seen = {wish.position, wish.barred}
        waiting: list[tuple[float, int]] = []
        fresh = list(touched)
        while True:
            for line in fresh:
                for member in self._free_of(line, hidden, hide_more=hide_more):
                    if member not in seen:
                        heapq.heappush(waiting, (self._openness(member, touched, hidden), member))
            cell = self._next(waiting, seen, touched, hidden)
            if cell is None or len(chosen) >= size:
                return chosen
            seen.add(cell)
            chosen.append(cell)
            fresh = [line for line in lines[cell] if line not in touched]
            touched.update(fresh)

    def _next(
        self, waiting: list[tuple[float, int]], seen: set[int], touched: set[int], hidden: Mask
    ) -> int | None:
        """Return the cell that leaves fewest equations open, as things are now."""
        while waiting:
            before, cell = heapq.heappop(waiting)
            if cell in seen:
                continue
            now = self._openness(cell, touched, hidden)
            if now >= before or not waiting or now <= waiting[0][0]:
                return cell
            heapq.heappush(waiting, (now, cell))
        return None

    def _openness(self, cell: int, touched: set[int], hidden: Mask) -> float:
        lines = self.problem.web.lines[cell]
        return sum(line not in touched for line in lines) + (0.0 if hidden[cell] else 0.5)

    def _free_of(self, line: int, hidden: Mask, *, hide_more: bool) -> Iterator[int]:
        members = self._lines[line]
        yield from members[hidden[members]].tolist()
        if hide_more:
            for member in self._offered(line):
                if not hidden[member]:
                    yield member

    def _offered(self, line: int) -> list[int]:
        """Return the few cells of an equation that are cheap to hide, and those that can also fall far."""
        if line not in self._offers:
            members = self._lines[line]
            free = members[self.problem.open[members]]
            cheap = free[np.argsort(self.problem.costs[free], kind="stable")]
            deep = cheap[self.problem.fall[cheap] >= self.problem.threshold]
            chosen = (*cheap[:CANDIDATES].tolist(), *deep[:CANDIDATES].tolist(), int(members[0]))
            self._offers[line] = [one for one in dict.fromkeys(chosen) if self.problem.open[one]]
        return self._offers[line]

    def _solve(self, wish: Wish, cells: list[int], hidden: Mask) -> Witness | None:
        levels = self._run(wish, cells, hidden, whole=False)
        if levels is None:
            return None
        if np.abs(levels - np.round(levels)).max() > TOLERANCE:
            levels = self._run(wish, cells, hidden, whole=True)
            if levels is None:
                return None
        moves = np.round(levels).astype(int).tolist()
        return Witness({cell: move for cell, move in zip(cells, moves, strict=True) if move})

    def _run(self, wish: Wish, cells: list[int], hidden: Mask, *, whole: bool) -> NDArray[np.float64] | None:
        highs = self._highs
        highs.clear()
        for option, value in (("output_flag", False), ("solver", "simplex")):
            highs.setOptionValue(option, value)
        highs.setOptionValue("threads", 1)
        highs.setOptionValue("presolve", "on" if whole or len(cells) > SIZES[0] else "off")
        highs.passModel(self._model(wish, cells, hidden))
        left = min(WHOLE_SECONDS, self.clock.left()) if whole else self.clock.left()
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
        cost = np.where(hidden[place], FREE, problem.costs[place])
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
        web = self.problem.web
        rows: dict[int, int] = {}
        starts, index, entries = [0], [], []
        for cell in cells:
            for line in web.lines[cell]:
                index.append(rows.setdefault(line, len(rows)))
                entries.append(1.0 if web.members[line][0] == cell else -1.0)
            starts.append(len(index))
        turn = len(index)
        model.num_row_ = len(rows)
        model.row_lower_ = model.row_upper_ = np.zeros(len(rows))
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.array([*starts, *(one + turn for one in starts[1:])], dtype=np.int32)
        model.a_matrix_.index_ = np.array(index + index, dtype=np.int32)
        model.a_matrix_.value_ = np.array([*entries, *(-one for one in entries)])
