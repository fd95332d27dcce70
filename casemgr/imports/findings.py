"""What a check of a line list found: counts, and which rows are refused, where and why; never a content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import merge
from typing import Any

from casemgr.imports.rules import Outcome, Problem, Tally, UnusableFile

MOST_LISTED = 100_000
"""Problems that are listed one by one; further ones are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """One reason for which a row does not come in; `number` is the row as the sheet counts it."""

    number: int
    problem: Problem


@dataclass(slots=True)
class Findings:
    """What was found so far; rows that share a column and a reason are kept together."""

    tally: Tally = field(default_factory=Tally)
    unknown: list[str] = field(default_factory=list)
    unusable: UnusableFile | None = None
    listed: int = 0
    problems: int = 0
    _numbers: dict[Problem, list[int]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.tally.imported + self.tally.refused

    def add(self, outcome: Outcome) -> None:
        """Take what becomes of the next row."""
        self.tally.add(outcome)
        for problem in outcome.problems:
            self.problems += 1
            if self.listed < MOST_LISTED:
                self.listed += 1
                self._numbers.setdefault(problem, []).append(outcome.number)

    def refused(self) -> list[RefusedRow]:
        """Return what is listed, in the order of the sheet."""
        each = (
            [RefusedRow(number=number, problem=problem) for number in numbers]
            for problem, numbers in self._numbers.items()
        )
        return list(merge(*each, key=lambda row: row.number))

    def to_storage(self) -> dict[str, Any]:
        """Return what is stored."""
        return {
            "tally": self.tally.to_storage(),
            "unknown": self.unknown,
            "unusable": [self.unusable.kind, self.unusable.detail] if self.unusable else None,
            "problems": self.problems,
            "refused": [[one.kind, one.column, one.vi, one.en, rows] for one, rows in self._numbers.items()],
        }

    @classmethod
    def from_storage(cls, stored: Mapping[str, Any]) -> "Findings":
        """Read back what was stored."""
        numbers = {
            Problem(kind=kind, column=column, vi=vi, en=en): rows
            for kind, column, vi, en, rows in stored["refused"]
        }
        return cls(
            tally=Tally.from_storage(stored["tally"]),
            unknown=stored["unknown"],
            unusable=UnusableFile(*stored["unusable"]) if stored["unusable"] else None,
            listed=sum(map(len, numbers.values())),
            problems=stored["problems"],
            _numbers=numbers,
        )
