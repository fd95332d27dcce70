"""Audit: an attacker with a solver of his own tries to break what is about to be released.

He reads the printed rows, those of every earlier release, and the public code lists. Only the verdict uses
the sealed list of small cells. A cell is safe when whole numbers, not only fractions, allow it to be as
small and as great as the rule demands, because counts are whole and an attacker knows that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from casemgr.statistics.disclosure.cells import Cell
from casemgr.statistics.disclosure.reading import MOST_ATOMS, Picture, look
from casemgr.statistics.disclosure.tables import SafeTable

NEAR = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A small cell from the sealed list, and the range an outsider must not be able to narrow."""

    cell: Cell
    least: int
    greatest: int


@dataclass(slots=True, kw_only=True)
class AuditReport:
    """What the attacker learnt: least and greatest value of each hidden cell, and the secrets he broke."""

    intervals: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    broken: tuple[Cell, ...] = ()
    modes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether nothing was broken."""
        return not self.broken


def audit(
    tables: Sequence[SafeTable],
    secrets: Iterable[Secret],
    *,
    every_interval: bool = True,
    most_atoms: int = MOST_ATOMS,
) -> AuditReport:
    """Attack these tables together; with `every_interval` every hidden cell is measured.

    Give every table of this release and of all earlier ones. An interval is rounded inwards to whole numbers.
    """
    sealed = tuple(secrets)
    report = AuditReport()
    broken: list[Cell] = []
    pictures = look(tables, (secret.cell for secret in sealed), most_atoms)
    for picture in pictures:
        own = [secret for secret in sealed if secret.cell in picture.sums]
        attack = _Attack(picture, max((secret.greatest for secret in own), default=0))
        broken += [secret.cell for secret in own if not attack.is_safe(secret)]
        hidden = [cell for cell in picture.sums if cell not in picture.known]
        if every_interval:
            report.intervals |= {cell: attack.interval(cell) for cell in hidden}
    broken += [secret.cell for secret in sealed if not any(secret.cell in one.sums for one in pictures)]
    report.broken = tuple(broken)
    report.modes = tuple(picture.mode for picture in pictures)
    return report


Range = tuple[int, int]


def narrow(
    tables: Sequence[SafeTable],
    beside: Mapping[Cell, Sequence[Cell]],
    *,
    most_atoms: int = MOST_ATOMS,
) -> dict[Cell, tuple[Range, Range]]:
    """Return for each asked cell what everybody can learn of it, and the most that an insider could.

    The insider is the single person of one of the hidden cells beside it, whichever tells most; whether
    there is such a person is not asked, so the answer rests on printed figures alone.
    """
    found: dict[Cell, tuple[Range, Range]] = {}
    for picture in look(tables, beside, most_atoms):
        attack = _Attack(picture, 0)
        for cell, others in beside.items():
            if cell in picture.sums:
                outside = attack.interval(cell)
                inside = [one for other in others if (one := attack.interval_knowing(cell, other))]
                found[cell] = outside, min([outside, *inside], key=lambda one: one[1] - one[0])
    return found


class _Attack:
    """One linear program over a picture; each asked cell is a column of its own, so that asking is cheap."""

    def __init__(self, picture: Picture, threshold: int) -> None:
        self._picture = picture
        self._cells = [cell for cell in picture.sums if cell not in picture.known]
        self._column = {cell: picture.unknowns + at for at, cell in enumerate(self._cells)}
        self._ceiling = _ceiling(picture, threshold)
        self._highs = self._start(whole=False)
        self._whole: highspy.Highs | None = None
        self._found: list[NDArray[np.float64]] = []

    def _start(self, *, whole: bool) -> highspy.Highs:
        highs = highspy.Highs()
        highs.silent()
        highs.setOptionValue("threads", 1)
        count = self._picture.unknowns + len(self._cells)
        highs.addVars(count, np.zeros(count), np.full(count, self._ceiling))
        for cell, unknowns in self._picture.sums.items():
            self._add_sum(highs, cell, unknowns)
        for total, parts in self._picture.balances:
            index = np.array([total, *parts], dtype=np.int32)
            highs.addRow(0.0, 0.0, len(index), index, np.array([1.0] + [-1.0] * len(parts)))
        for one, other in self._picture.seams:
            index = np.concatenate([one, other]).astype(np.int32)
            signs = np.concatenate([np.ones(len(one)), -np.ones(len(other))])
            highs.addRow(0.0, 0.0, len(index), index, signs)
        if whole:
            for column in range(count):
                highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        else:
            highs.setOptionValue("presolve", "off")
        return highs

    def _add_sum(self, highs: highspy.Highs, cell: Cell, unknowns: NDArray[np.int64]) -> None:
        index, entries = unknowns.astype(np.int32), np.ones(len(unknowns))
        if cell in self._picture.known:
            value = float(self._picture.known[cell])
            highs.addRow(value, value, len(index), index, entries)
        else:
            index = np.append(index, self._column[cell]).astype(np.int32)
            highs.addRow(0.0, 0.0, len(index), index, np.append(entries, -1.0))

    def interval(self, cell: Cell) -> tuple[int, int]:
        """Return the least and greatest whole value between the bounds of the linear program."""
        if cell not in self._column:
            return self._picture.known[cell], self._picture.known[cell]
        column = self._column[cell]
        least, greatest = self._reach(column, up=False), self._reach(column, up=True)
        return int(np.ceil(least - NEAR)), int(np.floor(greatest + NEAR))

    def interval_knowing(self, cell: Cell, other: Cell) -> Range | None:
        """Return the interval for whoever knows that another hidden cell is 1, or None where it cannot be."""
        column = self._column.get(other)
        if column is None:
            return None
        self._highs.changeColBounds(column, 1.0, 1.0)
        is_possible = self._solve(self._highs) is not None
        found = self.interval(cell) if is_possible else None
        self._highs.changeColBounds(column, 0.0, self._ceiling)
        return found

    def is_safe(self, secret: Secret) -> bool:
        """Tell whether whole counts let the cell be small enough, and others great enough."""
        column = self._column.get(secret.cell)
        if column is None:
            return False
        return all(
            self._is_reachable(column, goal, up=up)
            for goal, up in ((secret.least, False), (secret.greatest, True))
        )

    def _is_reachable(self, column: int, goal: int, *, up: bool) -> bool:
        if any(_meets(levels[column], goal, up=up) for levels in self._found):
            return True
        if not _meets(self._reach(column, up=up), goal, up=up):
            return False
        if self._found and _meets(self._found[-1][column], goal, up=up):
            return True
        return self._has_whole(column, goal, up=up)

    def _reach(self, column: int, *, up: bool) -> float:
        self._highs.changeColCost(column, -1.0 if up else 1.0)
        levels = self._solve(self._highs)
        self._highs.changeColCost(column, 0.0)
        if levels is None:
            raise ValueError("the printed tables contradict one another")
        if np.abs(levels - np.round(levels)).max(initial=0.0) < NEAR:
            self._found.append(np.round(levels))
        return float(levels[column])

    def _has_whole(self, column: int, goal: int, *, up: bool) -> bool:
        if self._whole is None:
            self._whole = self._start(whole=True)
        low, high = (float(goal), self._ceiling) if up else (0.0, float(goal))
        self._whole.changeColBounds(column, low, high)
        levels = self._solve(self._whole)
        self._whole.changeColBounds(column, 0.0, self._ceiling)
        if levels is not None:
            self._found.append(np.round(levels))
        return levels is not None

    def _solve(self, highs: highspy.Highs) -> NDArray[np.float64] | None:
        highs.run()
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise ValueError(f"the attacker's solver stopped with {status}")
        return np.array(highs.getSolution().col_value)


def _ceiling(picture: Picture, threshold: int) -> float:
    """Return what no unknown needs to exceed, even a hidden total above everything that is shown."""
    return float(2 * sum(picture.known.values()) + 10 * threshold + 10)


def _meets(level: float, goal: int, *, up: bool) -> bool:
    return bool(level >= goal - NEAR if up else level <= goal + NEAR)
