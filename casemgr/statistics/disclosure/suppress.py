"""Suppression: hides more until no small cell can be worked out, then shows what need not hide.

The heuristic hides, for every requirement the attacker breaks, the cheapest set of cells that lets the
small cell move far enough; afterwards each extra hidden cell is shown again if every requirement still
holds. A requirement counts as met only while a witness exists: an alternative set of counts that agrees
with all that is shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from casemgr.statistics.disclosure.attacker import TOLERANCE, Attacker, CheapestPath, ceiling_of
from casemgr.statistics.disclosure.cells import CannotProtect, Levels, Mask, Relation
from casemgr.statistics.disclosure.problem import Problem

POOL = 1500


@dataclass(frozen=True, slots=True)
class _Side:
    """One half of a requirement: the cell must reach this far up (or down)."""

    position: int
    goal: float
    up: bool

    def is_met(self, levels: Levels) -> bool:
        """Tell whether this alternative proves the half."""
        level = float(levels[self.position])
        return level >= self.goal - TOLERANCE if self.up else level <= self.goal + TOLERANCE


Order = Callable[[_Side, float], float]

# A small problem is searched once in each order of its requirements, and the cheapest answer is kept.
ORDERS: tuple[Order, ...] = (
    lambda _, distance: -distance,
    lambda _, distance: distance,
    lambda side, _: side.position,
    lambda side, _: -side.position,
)
MOST_REPEATED = 800


def suppress(problem: Problem) -> Mask:
    """Return which cells to hide; raises CannotProtect where even hiding all is not enough."""
    orders = ORDERS if len(problem.values) <= MOST_REPEATED else ORDERS[:1]
    answers = [_Search(problem, order).run() for order in orders]
    return min(answers, key=lambda hidden: float(problem.costs[hidden & ~problem.hidden].sum()))


def pinned_pairs(problem: Problem, hidden: Mask) -> Iterable[Relation]:
    """Return equations in which the single person of a hidden cell could work out the other cell."""
    small = {requirement.position for requirement in problem.requirements}
    for relation in problem.relations:
        inside = [member for member in relation.members() if hidden[member]]
        if len(inside) == 2 and any(
            problem.values[one] == 1 and other in small for one, other in (inside, inside[::-1])
        ):
            yield relation


class _Search:
    """The state of one search: what is hidden now, and the witnesses found so far."""

    def __init__(self, problem: Problem, order: Order) -> None:
        self.problem = problem
        self.order = order
        ceiling = ceiling_of(problem.values, problem.threshold)
        self.attacker = Attacker(problem.values, problem.relations, problem.hidden, ceiling)
        self.path = CheapestPath(problem.values, problem.relations, problem.shown & ~problem.hidden, ceiling)
        self.sides = [
            _Side(one.position, goal, up)
            for one in problem.requirements
            for goal, up in ((one.greatest, True), (one.least, False))
        ]
        self.at = np.array([side.position for side in self.sides], dtype=np.int64)
        self.goal = np.array([side.goal for side in self.sides])
        self.up = np.array([side.up for side in self.sides], dtype=bool)
        self.pool = np.empty((0, len(problem.values)))
        self.members: dict[int, list[Relation]] = {}
        for relation in problem.relations:
            for member in relation.members():
                self.members.setdefault(member, []).append(relation)

    def run(self) -> Mask:
        """Hide until every requirement and the line rule hold, then show again what need not hide."""
        for _ in range(20):
            hidden_before = int(self.attacker.hidden.sum())
            self._keep_insiders_apart()
            for side in self._in_order():
                self._satisfy(side)
            if int(self.attacker.hidden.sum()) == hidden_before:
                break
        self._show_again()
        return self.attacker.hidden.copy()

    def _in_order(self) -> list[_Side]:
        values = self.problem.values
        return sorted(
            self.sides, key=lambda side: self.order(side, abs(side.goal - float(values[side.position])))
        )

    def _satisfy(self, side: _Side) -> None:
        if self._is_proved(side, self.pool) or self._prove(side):
            return
        move = side.goal - float(self.problem.values[side.position])
        costs = np.where(self.attacker.hidden, 0.0, self.problem.costs)
        support = self.path.support(side.position, move, costs)
        if support is None:
            raise CannotProtect("a small cell is bound by figures that must stay shown")
        for position in np.flatnonzero(support & ~self.attacker.hidden):
            self._hide(int(position))

    def _hide(self, position: int) -> None:
        self.attacker.hide(position)

    def _prove(self, side: _Side) -> bool:
        levels = self.attacker.stretch(side.position, up=side.up)
        self.pool = np.vstack([self.pool[-POOL:], levels])
        return side.is_met(levels)

    def _is_proved(self, side: _Side, pool: Levels) -> bool:
        if not len(pool):
            return False
        reached = pool[:, side.position]
        return bool(
            (reached >= side.goal - TOLERANCE).any() if side.up else (reached <= side.goal + TOLERANCE).any()
        )

    def _keep_insiders_apart(self) -> None:
        if not self.problem.insider:
            return
        while lines := list(pinned_pairs(self.problem, self.attacker.hidden)):
            progress = [self._widen(line) for line in lines]
            if not any(progress):
                return

    def _widen(self, line: Relation) -> bool:
        """Hide one more cell of the line; a line of earlier and mandated figures alone says nothing new."""
        hidden, shown = self.attacker.hidden, self.problem.shown
        if sum(hidden[member] for member in line.members()) > 2:
            return True
        free = [member for member in line.members() if not hidden[member] and not shown[member]]
        if free:
            self._hide(min(free, key=lambda member: (self.problem.costs[member], member)))
            return True
        return False

    def _show_again(self) -> None:
        extra = np.flatnonzero(self.attacker.hidden & ~self.problem.hidden)
        order = sorted(extra, key=lambda one: (-self.problem.costs[one], -self.problem.values[one], one))
        recent: list[_Side] = []
        for position in order:
            broken = self._try_showing(int(position), recent)
            if broken is not None:
                recent = [broken, *(side for side in recent if side != broken)][:20]

    def _try_showing(self, position: int, recent: list[_Side]) -> _Side | None:
        """Show the cell if all still holds; otherwise hide it again and return the half that broke."""
        self.attacker.show(position)
        if self.problem.insider and self._pins(position):
            self.attacker.hide(position)
            return None
        kept = self.pool[np.abs(self.pool[:, position] - self.problem.values[position]) <= TOLERANCE]
        before, self.pool = self.pool, kept
        for side in self._doubtful(kept, recent):
            if not self._is_proved(side, self.pool) and not self._prove(side):
                self.attacker.hide(position)
                self.pool = np.vstack([before, self.pool[len(kept) :]])[-POOL:]
                return side
        return None

    def _pins(self, position: int) -> bool:
        near = replace(self.problem, relations=self.members.get(position, []))
        return any(True for _ in pinned_pairs(near, self.attacker.hidden))

    def _doubtful(self, pool: Levels, recent: list[_Side]) -> list[_Side]:
        """Return the halves no witness proves any more, those that broke lately first."""
        if len(pool):
            levels = pool[:, self.at]
            met = np.where(
                self.up,
                levels.max(axis=0) >= self.goal - TOLERANCE,
                levels.min(axis=0) <= self.goal + TOLERANCE,
            )
        else:
            met = np.zeros(len(self.sides), dtype=bool)
        order = {side: rank for rank, side in enumerate(recent)}
        doubtful = [self.sides[at] for at in np.flatnonzero(~met)]
        return sorted(doubtful, key=lambda side: order.get(side, len(order)))
