"""The search: hides more until every small cell has its witnesses, then shows what need not hide.

A small cell counts as protected only while witnesses are at hand: alternative sets of whole counts that
agree with all that is shown, in which it is as small and as great as demanded, and, for every single person
of a hidden cell, one in which that person's cell stands still and the small cell moves.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

import numpy as np

from casemgr.statistics.disclosure.attacker import TOLERANCE
from casemgr.statistics.disclosure.cells import CannotProtect, Mask
from casemgr.statistics.disclosure.gathering import gather
from casemgr.statistics.disclosure.local import Neighbourhoods, Wish
from casemgr.statistics.disclosure.problem import (
    OutOfTime,
    Problem,
    Proof,
    Requirement,
    Stopwatch,
    Suppression,
    Witness,
)

ONE_BY_ONE = 0.5
PRICES = (0.3, 0.1, 0.03, 0.0)
UNBOUND = "a small cell is bound by figures that must stay shown"


class Search:
    """What is hidden now, and the witnesses that prove it safe."""

    def __init__(
        self,
        problem: Problem,
        clock: Stopwatch,
        hidden: Mask | None = None,
        excused: Iterable[tuple[int, int]] = (),
    ) -> None:
        self.problem = problem
        self.clock = clock
        self.hidden = (problem.hidden if hidden is None else hidden).copy()
        self.required = {one.position: one for one in problem.requirements}
        self.kept: dict[int, list[Witness]] = {at: [] for at in self.required}
        self.excused = set(excused)
        self._twins = problem.web.twins(problem.shown) if problem.insider else []
        self._moving: dict[int, set[int]] = {}
        self._serving: dict[int, set[int]] = {}
        self._failed: dict[int, int] = {}
        self._near = Neighbourhoods(problem, clock)

    def use(self, clock: Stopwatch) -> None:
        """Go on with another time allowed."""
        self.clock = self._near.clock = clock

    @property
    def is_whole(self) -> bool:
        """Tell whether witnesses must be sets of whole counts here."""
        return self._near.must_be_whole

    def adopt(self, witnesses: Iterable[tuple[int, Witness]]) -> None:
        """Take over what somebody else found about small cells."""
        for position, witness in witnesses:
            self._keep(position, [*self.kept[position], witness])

    def complete(self, *, together: bool = False) -> Mask:
        """Hide until every requirement holds and return what is hidden; raises CannotProtect, OutOfTime.

        Small cells are served one by one while there is time, or else `together`, which hides more.
        """
        left = self._in_order() if together else self._serve_one_by_one()
        if left:
            self._gather()
        for one in left:
            if self._ensure(one, hide_more=True) is not None:
                raise CannotProtect(UNBOUND)
        return self.hidden.copy()

    def _serve_one_by_one(self) -> list[int]:
        """Serve small cells in turn, and return those for which there was no time."""
        whole, left = self.clock, self._in_order()
        self.use(whole.part(ONE_BY_ONE))
        with suppress(OutOfTime):
            while left:
                if self._ensure(left[-1], hide_more=True) is not None:
                    raise CannotProtect(UNBOUND)
                left.pop()
        self.use(whole)
        return left

    def _gather(self) -> None:
        """Serve as many small cells as possible at once, at prices that fall until hiding costs nothing."""
        for price in PRICES:
            for up in (False, True):
                left = self._unmet(up=up)
                while left:
                    witness = gather(self.problem, self.hidden, left, price, self.clock)
                    if witness is None:
                        break
                    served = [one for one in left if _reaches(witness.of(one.position), one.move)]
                    if len(served) < max(1, len(left) // 50):
                        break
                    self.hidden[list(witness.moves)] = True
                    for one in served:
                        self._keep(one.position, [*self.kept[one.position], witness])
                    left = self._unmet(up=up)

    def _unmet(self, *, up: bool) -> list[Wish]:
        return [
            Wish(position, move)
            for position, wanted in self.required.items()
            for move in _moves(wanted, int(self.problem.values[position]))
            if (move > 0) == up and not any(_reaches(one.of(position), move) for one in self.kept[position])
        ]

    def weakest(self) -> Iterator[Wish]:
        """Yield, for every small cell that what is hidden does not protect, the wish that fails."""
        for position in self.required:
            wish = self._ensure(position, hide_more=False)
            if wish is not None:
                yield wish

    def thin_out(self) -> Mask:
        """Show again, the dearest first, what need not hide; whatever was reached when time ends is safe."""
        extra = np.flatnonzero(self.hidden & ~self.problem.hidden)
        costs, values = self.problem.costs, self.problem.values

        def order(one: int) -> tuple[float, int, int]:
            return -round(float(costs[one])), len(self._moving.get(one, ())), -int(values[one])

        for position in sorted(extra.tolist(), key=order):
            if self.clock.left() <= 0:
                break
            self.try_showing(position)
        return self.hidden.copy()

    def try_showing(self, position: int) -> bool:
        """Show the cell if every small cell keeps its witnesses; otherwise leave it hidden."""
        users = self._users(position)
        self.hidden[position] = False
        for user in sorted(users, key=lambda one: (-self._failed.get(one, 0), one)):
            before = self.kept[user]
            self._keep(user, [one for one in before if not one.of(position)])
            if not self._is_kept_safe(user):
                self.hidden[position] = True
                self._keep(user, before)
                self._failed[user] = len(self._failed) + max(self._failed.values(), default=0)
                return False
        return True

    def _users(self, position: int) -> set[int]:
        """Return the small cells of which some witness moves this cell."""
        return {user for one in self._moving.get(position, ()) for user in self._serving[one]}

    def result(self, proof: Proof, bound: float = 0.0) -> Suppression:
        """Return what is hidden now, with the witnesses that prove it safe."""
        twins = self._twins
        pairs = [
            (at, one) for at, kept in self.kept.items() for one in self._common(kept) if twins and at != one
        ]
        same = [(at, one) for at, one in pairs if twins[at] == twins[one]]
        return Suppression(
            hidden=self.hidden.copy(),
            proof=proof,
            cost=float(self.problem.costs[self.hidden & self.problem.open].sum()),
            bound=bound,
            witnesses=dict(self.kept),
            excused=frozenset((*self.excused, *same)),
        )

    def _is_kept_safe(self, position: int) -> bool:
        try:
            return self._ensure(position, hide_more=False) is None
        except (CannotProtect, OutOfTime):
            return False

    def _in_order(self) -> list[int]:
        """Return the small cells, those that need most room last."""
        values = self.problem.values
        return sorted(self.required, key=lambda at: (values[at], -at))

    def _ensure(self, position: int, *, hide_more: bool) -> Wish | None:
        """Find what witnesses the cell lacks; returns the wish that cannot be met, or None when all are."""
        tried: set[Wish] = set()
        while (wish := self._lacks(position)) is not None:
            witness = None
            for one in (wish, Wish(position, -wish.move, wish.barred)) if wish.barred >= 0 else (wish,):
                witness = self._near.find(one, self.hidden, hide_more=hide_more)
                if witness is not None:
                    break
            if witness is None and hide_more and wish.barred >= 0:
                self.excused.add((position, wish.barred))
                continue
            if witness is None or wish in tried:
                return wish
            tried.add(wish)
            self._take(position, witness)
        return None

    def _lacks(self, position: int) -> Wish | None:
        wanted, kept = self.required[position], self.kept[position]
        for move in _moves(wanted, int(self.problem.values[position])):
            if not any(_reaches(one.of(position), move) for one in kept):
                return Wish(position, move)
        return self._pinned(position, kept) if self.problem.insider else None

    def _pinned(self, position: int, kept: Sequence[Witness]) -> Wish | None:
        """Return the wish that a single person whose cell always moves too cannot subtract herself."""
        own = self._twins[position]
        common = {
            one
            for one in self._common(kept)
            if self._twins[one] != own and (position, one) not in self.excused
        }
        if not common:
            return None
        return Wish(position, 1, min(common))

    def _common(self, kept: Sequence[Witness]) -> set[int]:
        if not kept:
            return set()
        first, *others = sorted(kept, key=lambda one: len(one.moves))
        common = {one for one in first.moves if one in self.problem.singles}
        return {cell for cell in common if all(cell in one.moves for one in others)}

    def _take(self, position: int, witness: Witness) -> None:
        """Hide what moves in the witness, and keep it for every small cell that it serves."""
        for cell in witness.moves:
            self.hidden[cell] = True
        self._keep(position, [*self.kept[position], witness])
        for cell in witness.moves:
            if cell in self.required and cell != position and self._serves(cell, witness):
                self._keep(cell, [*self.kept[cell], witness])

    def _serves(self, position: int, witness: Witness) -> bool:
        kept, value = self.kept[position], int(self.problem.values[position])
        return any(
            _reaches(witness.of(position), move) and not any(_reaches(one.of(position), move) for one in kept)
            for move in _moves(self.required[position], value)
        )

    def _keep(self, position: int, witnesses: list[Witness]) -> None:
        before = {id(one): one for one in self.kept[position]}
        now = {id(one): one for one in witnesses}
        self.kept[position] = list(now.values())
        for number in before.keys() - now.keys():
            self._serving[number].discard(position)
            if not self._serving[number]:
                del self._serving[number]
                for cell in before[number].moves:
                    self._moving[cell].discard(number)
        for number in now.keys() - before.keys():
            if number not in self._serving:
                for cell in now[number].moves:
                    self._moving.setdefault(cell, set()).add(number)
            self._serving.setdefault(number, set()).add(position)


def _moves(wanted: Requirement, value: int) -> Iterator[int]:
    """Return how far a cell must be able to move, down and up."""
    if wanted.least < value:
        yield int(wanted.least) - value
    if wanted.greatest > value:
        yield int(wanted.greatest) - value


def _reaches(moved: float, move: int) -> bool:
    return moved >= move - TOLERANCE if move > 0 else moved <= move + TOLERANCE
