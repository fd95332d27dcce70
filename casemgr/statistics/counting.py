"""Counting: opened facts as columns of codes, counted over any days by the finest codes of a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.tables import LeafCounts, TableSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Facts of one measure: the day each counts for, its codes, and how many it stands for."""

    days: NDArray[np.datetime64]
    codes: Mapping[str, NDArray[np.str_]]
    weights: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Iterable[tuple[date, Mapping[str, str]]], dimensions: Sequence[str]) -> "Columns":
        """Build columns from (day, codes by dimension), one fact each."""
        given = list(rows)
        return cls(
            days=np.array([day for day, _ in given], dtype="datetime64[D]"),
            codes={name: np.array([codes[name] for _, codes in given], dtype=np.str_) for name in dimensions},
            weights=np.ones(len(given), dtype=np.int64),
        )

    def within(self, period: Period) -> NDArray[np.bool_]:
        """Return which facts count for a day of the period."""
        inside = np.zeros(len(self.days), dtype=bool)
        for first, last in period.spans:
            inside |= (self.days >= np.datetime64(first)) & (self.days <= np.datetime64(last))
        return inside


class FactCounter:
    """Counts facts of several measures; satisfies the counter that disclosure control asks."""

    def __init__(self, measures: Mapping[str, Columns]) -> None:
        self._measures = measures

    def leaf_counts(self, spec: TableSpec, period: Period) -> LeafCounts:
        """Return counts by finest codes, in the order of the table's dimensions; zeros are left out."""
        columns = self._measures[spec.measure]
        inside = columns.within(period)
        weights = columns.weights[inside]
        if not spec.dimensions:
            return {(): int(weights.sum())}
        table = np.stack([columns.codes[one.name][inside] for one in spec.dimensions], axis=1)
        rows, group = np.unique(table, axis=0, return_inverse=True)
        sums = np.zeros(len(rows), dtype=np.int64)
        np.add.at(sums, group.ravel(), weights)
        return {tuple(map(str, row)): int(count) for row, count in zip(rows, sums, strict=True)}
