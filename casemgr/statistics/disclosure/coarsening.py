"""Coarsening: declared ladders of ever coarser versions of a table, for units whose counts are too small."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from casemgr.statistics.disclosure.cells import CannotProtect
from casemgr.statistics.disclosure.linkage import Counter, Release
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.protect import Protected, Reader, Rules, protect
from casemgr.statistics.disclosure.tables import SafeTable, TableSpec

MOST_HIDDEN = 0.5
LEAST_MEAN = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One version of a table; `step` is the stable code of what was merged, empty for the finest."""

    spec: TableSpec
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The versions of one table from the finest to the coarsest."""

    rungs: tuple[Rung, ...]

    def steps_to(self, level: int) -> tuple[str, ...]:
        """Return what was merged on the way to this rung, as codes "table:step"."""
        return tuple(f"{rung.spec.name}:{rung.step}" for rung in self.rungs[1 : level + 1])


def protect_on_ladders(
    ladders: Sequence[Ladder],
    period: Period,
    counter: Counter,
    *,
    rules: Rules | None = None,
    earlier: Sequence[Release] = (),
    readers: Sequence[Reader] = (),
    most_hidden: float = MOST_HIDDEN,
) -> Protected:
    """Protect the finest versions that hold enough counts and of which at most this share has to be hidden.

    A version holds enough if its finest cells count one on average. The result says what was coarsened. The
    coarsest version is taken whatever it hides; raises CannotProtect if even that one cannot be protected.
    """
    levels = [_first_filled(ladder, period, counter) for ladder in ladders]
    while True:
        plan = [ladder.rungs[level].spec for ladder, level in zip(ladders, levels, strict=True)]
        try:
            done = protect(plan, period, counter, rules=rules, earlier=earlier, readers=readers)
        except CannotProtect:
            step = _largest(ladders, levels)
            if step is None:
                raise
        else:
            step = _emptiest(ladders, levels, done.tables, most_hidden)
            if step is None:
                merged = (one.steps_to(level) for one, level in zip(ladders, levels, strict=True))
                return replace(done, coarsened=tuple(step for steps in merged for step in steps))
        levels[step] += 1


def _first_filled(ladder: Ladder, period: Period, counter: Counter) -> int:
    """Return the finest version whose finest cells count enough on average, or the coarsest."""
    for level, rung in enumerate(ladder.rungs):
        total = sum(counter.leaf_counts(rung.spec, period).values())
        if total >= LEAST_MEAN * _finest_cells(rung.spec):
            return level
    return len(ladder.rungs) - 1


def _finest_cells(spec: TableSpec) -> int:
    sizes = {one.name: len(one.leaves()) for one in spec.dimensions}
    crossings = [tuple(sizes)] if spec.crossings is None else spec.crossings
    return max(math.prod(sizes[name] for name in crossing) for crossing in crossings)


def _climbable(ladders: Sequence[Ladder], levels: Sequence[int]) -> list[int]:
    return [at for at, ladder in enumerate(ladders) if levels[at] + 1 < len(ladder.rungs)]


def _largest(ladders: Sequence[Ladder], levels: Sequence[int]) -> int | None:
    def size(at: int) -> int:
        return sum(1 for _ in ladders[at].rungs[levels[at]].spec.combinations())

    return max(_climbable(ladders, levels), key=size, default=None)


def _emptiest(
    ladders: Sequence[Ladder], levels: Sequence[int], tables: Sequence[SafeTable], most_hidden: float
) -> int | None:
    def share(at: int) -> float:
        return tables[at].hidden() / max(1, len(tables[at].rows))

    too_empty = [at for at in _climbable(ladders, levels) if share(at) > most_hidden]
    return max(too_empty, key=share, default=None)
