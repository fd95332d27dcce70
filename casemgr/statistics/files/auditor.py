"""The auditor of a protected file: reads the text that will be written, and tries to break it.

He shares no code with the side that protects: he reads the file and the public trees, writes his own
equations, has his own solver. He is told which cells are small and which alternative counts are claimed;
a claim is checked equation by equation, and what has no valid claim he attacks himself.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from casemgr.statistics.files.crossing import Crossing
from casemgr.statistics.files.specification import Specification

Key = tuple[str, ...]
NEAR = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """A small cell from the sealed list with its true value, and the range nobody may narrow."""

    key: Key
    value: int
    least: int
    greatest: int


@dataclass(slots=True, kw_only=True)
class Sealed:
    """What the judge knows and no reader: small cells, claimed alternatives, true counts.

    `excused` are pairs of cells that always hold the same people.
    """

    small: Sequence[Small]
    claims: Mapping[Key, Sequence[int]]
    alternatives: Sequence[Mapping[Key, float]]
    truth: Mapping[Key, int]
    excused: frozenset[tuple[Key, Key]] = frozenset()


@dataclass(slots=True, kw_only=True)
class Findings:
    """What was found: contradictions in the file, cells that were broken, the intervals as far as known."""

    wrong: list[str] = field(default_factory=list)
    broken: list[Key] = field(default_factory=list)
    intervals: dict[Key, tuple[float, float]] = field(default_factory=dict)


class Auditor:
    """One reader of one file, who may hold earlier files as well."""

    def __init__(self, texts: Iterable[str], specification: Specification, *, floor: int) -> None:
        self.specification, self.floor = specification, floor
        self.names = [tree.name for tree in specification.trees]
        self.cells: dict[Key, int | None] = {}
        self.findings = Findings()
        self.equations: list[tuple[Key, ...]] = []
        for text in texts:
            for keys in self._tables(text):
                self._sum_up(keys)
        self.equations = list(dict.fromkeys(self.equations))
        self._by_cell: dict[Key, list[tuple[Key, ...]]] = {}
        for equation in self.equations:
            for key in equation:
                self._by_cell.setdefault(key, []).append(equation)
        self._check_sums()
        self.number = {key: at for at, key in enumerate(k for k, v in self.cells.items() if v is None)}
        self._highs: highspy.Highs | None = None

    def _tables(self, text: str) -> Iterable[list[Key]]:
        tables: dict[str, list[Key]] = {}
        for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
            key = tuple(row[name] for name in self.names)
            value = int(row["value"]) if row["status"] == "published" else None
            if (row["value"] == "") != (row["status"] == "suppressed"):
                self.findings.wrong.append(f"{key}: status and value disagree")
            before = self.cells.get(key, value)
            if value is not None and before is not None and before != value:
                self.findings.wrong.append(f"{key}: {before} and {value}")
            self.cells[key] = value if before is None else before
            tables.setdefault(row["table"], []).append(key)
        return tables.values()

    def _sum_up(self, keys: list[Key]) -> None:
        inside = set(keys)
        for at, tree in enumerate(self.specification.trees):
            families = tree.families()
            for key in keys:
                parts = tuple((*key[:at], child, *key[at + 1 :]) for child in families.get(key[at], ()))
                if parts and all(part in inside for part in parts):
                    self.equations.append((key, *parts))

    def _check_sums(self) -> None:
        for total, *parts in self.equations:
            values = [self.cells[part] for part in parts]
            whole = self.cells[total]
            if whole is not None and None not in values and sum(filter(None, values)) != whole:
                self.findings.wrong.append(f"{total}: its parts do not add up")

    def hidden(self) -> set[Key]:
        """Return the cells that show no figure anywhere."""
        return set(self.number)

    def judge(self, sealed: Sealed, *, measure: bool) -> Findings:
        """Try every small cell; with `measure` every hidden cell gets the interval the solver gives."""
        holding = [self._holds(one, sealed) for one in sealed.alternatives]
        good = {
            key: [sealed.alternatives[at] for at in claims if holding[at]]
            for key, claims in sealed.claims.items()
        }
        for small in sealed.small:
            claims = good.get(small.key, [])
            if small.key not in self.number or not self._is_safe(small, claims, sealed):
                self.findings.broken.append(small.key)
        for key in self.number if measure else ():
            self.findings.intervals[key] = self._attack(key, {})
        return self.findings

    def _holds(self, moves: Mapping[Key, float], sealed: Sealed) -> bool:
        """Check that a claimed alternative agrees with everything that is shown."""
        for key, move in moves.items():
            if key in self.cells and (key not in self.number or sealed.truth[key] + move < self.floor - NEAR):
                return False
            if sealed.truth.get(key, 0) + move < -NEAR:
                return False
        return all(
            abs(moves.get(total, 0) - sum(moves.get(part, 0) for part in parts)) <= NEAR
            for total, *parts in self._touched(moves)
        )

    def cross(self, small: Sequence[Small]) -> list[Key]:
        """Return the small cells that all tables together, over the finest codes, break."""
        crossing = Crossing(self.specification, self.cells, self.floor)
        return list(crossing.broken([(one.key, one.least, one.greatest) for one in small]))

    def _touched(self, moves: Mapping[Key, float]) -> Iterable[tuple[Key, ...]]:
        return dict.fromkeys(equation for key in moves for equation in self._by_cell.get(key, ()))

    def _is_safe(self, small: Small, claims: Sequence[Mapping[Key, float]], sealed: Sealed) -> bool:
        reached = [small.value + one.get(small.key, 0) for one in claims]
        if (
            min(reached, default=small.value) > small.least + NEAR
            or max(reached, default=0) < small.greatest - NEAR
        ):
            low, high = self._attack(small.key, {})
            if low > small.least + NEAR or high < small.greatest - NEAR:
                return False
        return not self.specification.insider or self._insiders_fail(small, claims, sealed)

    def _insiders_fail(self, small: Small, claims: Sequence[Mapping[Key, float]], sealed: Sealed) -> bool:
        """Tell whether no single person of a hidden cell can work this cell out."""
        moving = [one for one in claims if one.get(small.key, 0)]
        suspects = set.intersection(*(set(one) for one in moving)) if moving else set(self.number)
        for key in suspects - {small.key}:
            if key in self.number and sealed.truth[key] == 1 and (small.key, key) not in sealed.excused:
                low, high = self._attack(small.key, {key: 1})
                if high - low < 1 - NEAR:
                    return False
        return True

    def _attack(self, key: Key, private: Mapping[Key, int]) -> tuple[float, float]:
        highs = self._solver()
        for known, value in private.items():
            highs.changeColBounds(self.number[known], value, value)
        at, found = self.number[key], []
        for sign in (1.0, -1.0):
            highs.changeColCost(at, sign)
            highs.run()
            status, level = highs.getModelStatus(), highs.getSolution().col_value[at]
            highs.changeColCost(at, 0.0)
            if status == highspy.HighsModelStatus.kOptimal:
                found.append(float(level))
            elif status in (
                highspy.HighsModelStatus.kUnbounded,
                highspy.HighsModelStatus.kUnboundedOrInfeasible,
            ):
                found.append(float("inf") if sign < 0 else float(self.floor))
            else:
                raise ArithmeticError(f"the auditor's solver stopped with {status}")
        for known in private:
            highs.changeColBounds(self.number[known], float(self.floor), highspy.kHighsInf)
        return found[0], found[1]

    def _solver(self) -> highspy.Highs:
        if self._highs is None:
            highs = self._highs = highspy.Highs()
            highs.silent()
            highs.setOptionValue("threads", 1)
            highs.setOptionValue("presolve", "off")
            count = len(self.number)
            highs.addVars(count, np.full(count, float(self.floor)), np.full(count, highspy.kHighsInf))
            for total, *parts in self.equations:
                self._add(highs, total, parts)
        return self._highs

    def _add(self, highs: highspy.Highs, total: Key, parts: Sequence[Key]) -> None:
        shown = sum(self.cells[part] or 0 for part in parts) - (self.cells[total] or 0)
        index = [self.number[key] for key in (total, *parts) if key in self.number]
        signs = [1.0] * (total in self.number) + [-1.0] * (len(index) - (total in self.number))
        if index:
            highs.addRow(shown, shown, len(index), np.array(index, dtype=np.int32), np.array(signs))
