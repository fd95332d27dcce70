"""Periods as sets of days, so that overlapping releases can be taken apart into separate pieces."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A set of days: sorted spans (first day, last day), both included, that never touch."""

    spans: tuple[tuple[date, date], ...]

    @classmethod
    def between(cls, from_on: date, to_on: date) -> "Period":
        """Return the period of every day from the first to the last, both included."""
        if to_on < from_on:
            raise ValueError("a period must not end before it begins")
        return cls(((from_on, to_on),))

    def contains(self, day: date) -> bool:
        """Tell whether the day belongs to this period."""
        return any(first <= day <= last for first, last in self.spans)

    def covers(self, other: "Period") -> bool:
        """Tell whether every day of the other period belongs to this one."""
        return all(any(a <= first and last <= b for a, b in self.spans) for first, last in other.spans)

    def overlaps(self, other: "Period") -> bool:
        """Tell whether the two periods share a day."""
        return any(a <= last and first <= b for a, b in self.spans for first, last in other.spans)

    def without(self, other: "Period") -> "Period":
        """Return the days of this period that the other does not have; the other must leave some."""
        rest = [
            piece for piece in elementary((self, other)) if self.covers(piece) and not other.covers(piece)
        ]
        return _merged(span for piece in rest for span in piece.spans)

    def __str__(self) -> str:
        return "+".join(f"{first}..{last}" for first, last in self.spans)


def elementary(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Cut periods at each other's ends: pieces that never overlap, and of which every period is a sum."""
    given = tuple(periods)
    cuts = sorted({day for one in given for first, last in one.spans for day in (first, last + DAY)})
    pieces = (Period.between(start, end - DAY) for start, end in pairwise(cuts))
    return tuple(piece for piece in pieces if any(one.covers(piece) for one in given))


def _merged(spans: Iterable[tuple[date, date]]) -> Period:
    merged: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if merged and merged[-1][1] + DAY >= first:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return Period(tuple(merged))
