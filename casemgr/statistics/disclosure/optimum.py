"""The optimum: the fewest cells to hide, proved by integer programming (Fischetti and Salazar-González).

A master program chooses what to hide; the attacker's linear programs answer with cuts, one for every small
cell that the choice leaves exposed, until none is. What every alternative already seen proves is not asked
again (the observed-range filter). The bound of the master is what no safe answer can go below.
"""

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import highspy
import numpy as np

from casemgr.statistics.disclosure.attacker import TOLERANCE, load, solver
from casemgr.statistics.disclosure.cells import CannotProtect, Levels, Mask
from casemgr.statistics.disclosure.local import Wish
from casemgr.statistics.disclosure.mending import Mender
from casemgr.statistics.disclosure.problem import OutOfTime, Problem, Stopwatch, Suppression, Witness
from casemgr.statistics.disclosure.search import UNBOUND, Search

POOL = 600
MOST_CUTS = 120
VIOLATED = 1e-5
IMPROVING = 0.5
PROMISING = 1.15


@dataclass(slots=True)
class Cuts:
    """Inequalities of the master: of these cells, so weighted, at least one must be hidden."""

    rows: list[tuple[tuple[int, ...], tuple[float, ...]]] = field(default_factory=list)
    known: set[tuple[tuple[int, ...], tuple[float, ...]]] = field(default_factory=set)

    def add(self, weights: Levels, where: list[int]) -> bool:
        """Enter a cut unless it is known."""
        row = (tuple(where), tuple(np.round(weights[where], 9).tolist()))
        if row in self.known:
            return False
        self.known.add(row)
        self.rows.append(row)
        return True


class Separator:
    """The attacker's linear program over moves away from the truth; its duals are the cuts."""

    def __init__(self, problem: Problem, clock: Stopwatch) -> None:
        self.problem, self.clock = problem, clock
        self.size = len(problem.values)
        self._highs = solver()
        load(self._highs, problem.relations, self.size)
        self._all = np.arange(self.size, dtype=np.int32)
        self.rise, self.fall = problem.rise, problem.fall
        self.pool = np.zeros((POOL, self.size))
        self._count = 0
        self._fits = np.zeros(POOL, dtype=bool)

    def look(self, chosen: Levels, *, most: float | None = None) -> None:
        """Let the attacker see this choice; with `most` he believes in small moves only."""
        rise = (self.rise if most is None else np.minimum(self.rise, most)) * chosen
        fall = (self.fall if most is None else np.minimum(self.fall, most)) * chosen
        self._highs.changeColsBounds(self.size, self._all, -fall, rise)
        self._rise, self._fall = rise, fall
        seen = self.pool[: self._count]
        self._fits[: len(seen)] = ((seen <= rise + TOLERANCE) & (seen >= -fall - TOLERANCE)).all(axis=1)

    def is_seen(self, wish: Wish) -> bool:
        """Tell whether an alternative seen before grants the wish."""
        reached = self.pool[self._fits, wish.position]
        if wish.barred >= 0:
            barred = self.pool[self._fits, wish.barred]
            return bool(((np.abs(barred) < TOLERANCE) & (np.abs(reached) > 0.5)).any())
        if wish.move > 0:
            return bool((reached >= wish.move - TOLERANCE).any())
        return bool((reached <= wish.move + TOLERANCE).any())

    def witness(self, wish: Wish) -> Witness:
        """Return the alternative seen that moves this cell furthest."""
        live = np.flatnonzero(self._fits)
        reached = self.pool[live, wish.position] * (1 if wish.move > 0 else -1)
        levels = self.pool[live[int(np.argmax(reached))]]
        whole = np.round(levels)
        moves = np.where(np.abs(levels - whole) < TOLERANCE, whole, levels)
        return Witness({int(cell): float(moves[cell]) for cell in np.flatnonzero(moves)})

    def ask(self, wish: Wish) -> tuple[float, Levels]:
        """Return how far the cell moves at most, and the share that each hidden cell has in the limit."""
        self.clock.check()
        highs = self._highs
        highs.changeColCost(wish.position, -1.0 if wish.move > 0 else 1.0)
        highs.setOptionValue("time_limit", highs.getRunTime() + max(0.01, self.clock.left()))
        highs.run()
        status, solution = highs.getModelStatus(), highs.getSolution()
        highs.changeColCost(wish.position, 0.0)
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise OutOfTime
        if status != highspy.HighsModelStatus.kOptimal:
            raise CannotProtect(f"the solver stopped with {status}")
        levels, reduced = np.array(solution.col_value), np.array(solution.col_dual)
        reduced[np.abs(reduced) < 1e-9] = 0.0
        at = self._count % POOL
        self.pool[at], self._fits[at] = levels, True
        self._count += 1
        share = np.maximum(reduced, 0.0) * self.fall + np.maximum(-reduced, 0.0) * self.rise
        return abs(float(levels[wish.position])), share

    def ask_apart(self, wish: Wish) -> tuple[float, Levels]:
        """Return the width left to a cell once a single person holds her own still, and the shares in it."""
        bar = wish.barred
        self._highs.changeColBounds(bar, 0.0, 0.0)
        up, upper = self.ask(Wish(wish.position, 1))
        down, lower = self.ask(Wish(wish.position, -1))
        self._highs.changeColBounds(bar, -self._fall[bar], self._rise[bar])
        share = upper + lower
        share[bar] = 0.0
        return up + down, share


class Optimum:
    """One solution: the master, its cuts, and the best safe answer so far."""

    def __init__(self, problem: Problem, best: Search, clock: Stopwatch) -> None:
        self.problem, self.clock, self.best = problem, clock, best
        self.free = np.flatnonzero(problem.open)
        self.column = {int(cell): at for at, cell in enumerate(self.free)}
        self.costs = problem.costs[self.free]
        self.cost = self.cost_of(best.hidden)
        self.bound = 0.0
        self.step = 1.0 if np.allclose(self.costs, np.round(self.costs)) else 1e-4
        self.cuts, self.entered = Cuts(), 0
        self.separator = Separator(problem, clock)
        self.wishes = list(_wishes(problem))
        self._mender: Mender | None = None
        self._lp = self._master(whole=False)
        self._improving = 0.0

    def cost_of(self, hidden: Mask) -> float:
        """Return what this answer hides of what need not be hidden."""
        return float(self.problem.costs[hidden & self.problem.open].sum())

    def run(self) -> Suppression:
        """Go on until the best answer is proved best or time is over."""
        try:
            self._relax()
            while not self.is_proved() and self._choose():
                pass
        except (OutOfTime, CannotProtect):
            # A solver in difficulties proves nothing; the best answer so far has its own witnesses.
            self.bound = min(self.bound, self.cost - self.step)
        return self.best.result("optimal" if self.is_proved() else "gap", min(self.bound, self.cost))

    def is_proved(self) -> bool:
        """Tell whether no answer can be better than the best one."""
        return self.cost - self.bound < self.step - 1e-6 or self.cost <= TOLERANCE

    def _relax(self) -> None:
        """Add cuts to the linear relaxation until the attacker finds no more."""
        stalled = 0
        while stalled < 4:
            chosen = self._solve(self._lp, self.clock.left())
            self._raise_bound(self._lp.getObjectiveValue())
            if self.is_proved():
                return
            before = self.bound
            if not self._separate(chosen, most=float(self.problem.threshold)):
                return
            stalled = stalled + 1 if self.bound - before < 1e-3 and before > 0 else 0
            self._enter(self._lp)

    def _choose(self) -> bool:
        """Solve the master in whole numbers and let the attacker at its choice; False when it is final."""
        master = self._master(whole=True)
        chosen = self._solve(master, self.clock.left())
        self._raise_bound(master.getInfo().mip_dual_bound)
        if self.is_proved():
            return False
        hidden = self._mask(chosen)
        levels = hidden.astype(np.float64)
        found = self._separate(levels, most=float(self.problem.threshold))
        found |= self._separate(levels, most=None)
        if not found:
            found = self._cut_off(hidden)
        if self._improving < IMPROVING * self.clock.passed():
            self._improve(hidden)
        return found

    def _cut_off(self, hidden: Mask) -> bool:
        """Cut off a choice that whole counts or single people break, though linear programs do not."""
        search = Search(self.problem, self.clock, hidden, self.best.excused)
        wishes = list(search.weakest())
        if not wishes:
            self._take(search)
            return False
        self.separator.look(hidden.astype(np.float64))
        found = False
        for wish in wishes:
            if wish.barred >= 0:
                found |= self._cut_apart(wish, hidden)
        if not found:
            outside = np.flatnonzero(self.problem.open & ~hidden).tolist()
            found = self.cuts.add(np.ones(len(hidden)), outside)
        return found

    def _cut_apart(self, wish: Wish, hidden: Mask) -> bool:
        width, share = self.separator.ask_apart(wish)
        if width > 1.0 - VIOLATED:
            return False
        return self._cut(share, 1.0, hidden.astype(np.float64))

    def _separate(self, chosen: Levels, *, most: float | None) -> bool:
        """Ask the attacker for every wish that is not seen to be granted; returns whether cuts were added."""
        separator, found = self.separator, 0
        separator.look(chosen, most=most)
        for wish in self.wishes:
            if separator.is_seen(wish):
                continue
            reached, share = separator.ask(wish)
            if reached < abs(wish.move) - VIOLATED:
                rest = float(abs(wish.move)) - float(share[wish.position])
                share[wish.position] = 0.0
                found += self._cut(share, rest, chosen)
                if found >= MOST_CUTS:
                    break
        return found > 0

    def _cut(self, share: Levels, wanted: float, chosen: Levels) -> bool:
        """Enter: of the cells still open, enough must be hidden to lift this limit."""
        fixed = self.problem.hidden
        rest = wanted - float(share[fixed].sum())
        if rest <= VIOLATED:
            return False
        weights = np.minimum(share / rest, 1.0)
        where = self.free[weights[self.free] > 0]
        if not len(where):
            raise CannotProtect(UNBOUND)
        if float((weights[where] * chosen[where]).sum()) > 1.0 - VIOLATED:
            return False
        return self.cuts.add(weights, where.tolist())

    def _improve(self, hidden: Mask) -> None:
        """Make a safe answer out of a choice, and keep it if it is the best so far."""
        began = self.clock.passed()
        with suppress(OutOfTime, CannotProtect):
            mended = self._mend(hidden, self.clock.part(0.15))
            if mended is not None and self.cost_of(mended) < PROMISING * self.cost:
                search = Search(self.problem, self.clock.part(0.15), mended, self.best.excused)
                if not search.is_whole:
                    search.adopt(self._witnesses(mended))
                search.complete()
                self._take(search)
                search.thin_out()
                self._take(search)
        self._improving += self.clock.passed() - began

    def _mend(self, hidden: Mask, clock: Stopwatch) -> Mask | None:
        """Hide more until the attacker's programs find nothing, and show again what that made needless."""
        self._mender = self._mender or Mender(self.problem)
        mended, separator = hidden.copy(), self.separator
        separator.look(mended.astype(np.float64))
        for wish in self.wishes:
            if self._is_granted(wish):
                continue
            path = self._mender.path(wish, mended, clock)
            if path is None:
                return None
            mended |= path
            if self.cost_of(mended) > 2 * self.cost:
                return None
            separator.look(mended.astype(np.float64))
        for cell in np.flatnonzero(mended & ~hidden).tolist():
            clock.check()
            mended[cell] = False
            separator.look(mended.astype(np.float64))
            if not self._is_all_granted():
                mended[cell] = True
        return mended

    def _witnesses(self, hidden: Mask) -> Iterator[tuple[int, Witness]]:
        """Yield, for every wish, the alternative in which the attacker's program granted it."""
        self.separator.look(hidden.astype(np.float64))
        for wish in self.wishes:
            if self._is_granted(wish):
                yield wish.position, self.separator.witness(wish)

    def _is_granted(self, wish: Wish) -> bool:
        return self.separator.is_seen(wish) or self.separator.ask(wish)[0] >= abs(wish.move) - VIOLATED

    def _is_all_granted(self) -> bool:
        for at, wish in enumerate(self.wishes):
            if not self._is_granted(wish):
                # What failed last is likely to fail next.
                self.wishes.insert(0, self.wishes.pop(at))
                return False
        return True

    def _take(self, search: Search) -> None:
        cost = self.cost_of(search.hidden)
        if cost < self.cost - 1e-9:
            self.best, self.cost = search, cost

    def _raise_bound(self, bound: float) -> None:
        if math.isfinite(bound):
            step = self.step
            self.bound = max(self.bound, math.ceil(bound / step - 1e-4) * step if step == 1.0 else bound)

    def _mask(self, chosen: Levels) -> Mask:
        mask: Mask = self.problem.hidden | (chosen > 0.5)
        return mask

    def _master(self, *, whole: bool) -> highspy.Highs:
        highs = highspy.Highs()
        highs.silent()
        highs.setOptionValue("threads", 1)
        count = len(self.free)
        highs.addVars(count, np.zeros(count), np.ones(count))
        highs.changeColsCost(count, np.arange(count, dtype=np.int32), self.costs)
        if whole:
            kinds = np.full(count, highspy.HighsVarType.kInteger)
            highs.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
            highs.setOptionValue("mip_rel_gap", 0.0)
            highs.setOptionValue("mip_abs_gap", self.step * 0.99 if self.step == 1.0 else 1e-6)
        self.entered = 0
        self._enter(highs)
        return highs

    def _enter(self, highs: highspy.Highs) -> None:
        for where, weights in self.cuts.rows[self.entered :]:
            index = np.array([self.column[cell] for cell in where], dtype=np.int32)
            highs.addRow(1.0, highspy.kHighsInf, len(index), index, np.array(weights))
        self.entered = len(self.cuts.rows)

    def _solve(self, highs: highspy.Highs, seconds: float) -> Levels:
        self.clock.check()
        highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.01))
        highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
            bound = highs.getInfo().mip_dual_bound
            if highs.getInfo().mip_node_count >= 0:
                self._raise_bound(bound)
            raise OutOfTime
        if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise CannotProtect(UNBOUND)
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise CannotProtect(f"the solver stopped with {highs.getModelStatus()}")
        chosen = self.problem.hidden.astype(np.float64)
        chosen[self.free] = np.clip(np.array(highs.getSolution().col_value), 0.0, 1.0)
        return chosen


def _wishes(problem: Problem) -> Iterator[Wish]:
    for one in problem.requirements:
        value = int(problem.values[one.position])
        if one.least < value:
            yield Wish(one.position, int(one.least) - value)
        if one.greatest > value:
            yield Wish(one.position, int(one.greatest) - value)
