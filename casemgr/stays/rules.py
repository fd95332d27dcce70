"""What the reports of the model add up over a month, a quarter or a year."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


class SpanKind(StrEnum):
    """For how long a periodic report of the model is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {SpanKind.MONTH: 1, SpanKind.QUARTER: 3, SpanKind.YEAR: 12}
SHOWN = {SpanKind.MONTH: 12, SpanKind.QUARTER: 8, SpanKind.YEAR: 3}
"""How many of each can be chosen, this one among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A month, a quarter or a year of the calendar."""

    kind: SpanKind
    first: date

    @classmethod
    def around(cls, kind: SpanKind, day: date) -> "Span":
        """Return the one in which a day lies."""
        months = MONTHS[kind]
        return cls(kind=kind, first=date(day.year, (day.month - 1) // months * months + 1, 1))

    @property
    def last(self) -> date:
        """The last day."""
        after = self.first.month - 1 + MONTHS[self.kind]
        return date(self.first.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)

    @property
    def quarter(self) -> int:
        """Which quarter of the year it begins with."""
        return (self.first.month + 2) // 3

    @property
    def code(self) -> str:
        """How an address in the browser names it."""
        forms = {
            SpanKind.MONTH: f"{self.first:%Y-%m}",
            SpanKind.QUARTER: f"{self.first:%Y}-Q{self.quarter}",
            SpanKind.YEAR: f"{self.first:%Y}",
        }
        return forms[self.kind]

    def contains(self, day: date | None) -> bool:
        """Say whether a day lies in it."""
        return day is not None and self.first <= day <= self.last


def list_spans(kind: SpanKind, today: date) -> list[Span]:
    """Return this month, quarter or year and those before it, the latest first."""
    spans = [Span.around(kind, today)]
    while len(spans) < SHOWN[kind]:
        spans.append(Span.around(kind, spans[-1].first - timedelta(days=1)))
    return spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One stay as a report counts it: numbers only."""

    arrived_day: date | None
    left_day: date | None
    adults: int
    children: int
    exceeds: bool
    leaving: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanFigures:
    """Exact figures of some days, for the unit that keeps the register alone."""

    began: int
    adults: int
    children: int
    ended: int
    nights: int
    cost: int
    extensions: int
    exceeded: int
    supplies: tuple[tuple[str, int], ...]
    incidents: int
    undecided: int


def add_up(stays: Iterable[Told], span: Span, *, incidents: int, undecided: int) -> SpanFigures:
    """Add up what began and what ended in some days; a stay still going on has no cost yet."""
    known = list(stays)
    began = [stay for stay in known if span.contains(stay.arrived_day)]
    ended = [stay for stay in known if span.contains(stay.left_day)]
    supplies = Counter(code for stay in ended for code in stay.leaving.get("supplies") or ())
    return SpanFigures(
        began=len(began),
        adults=sum(stay.adults for stay in began),
        children=sum(stay.children for stay in began),
        ended=len(ended),
        nights=sum(stay.leaving.get("nights") or 0 for stay in ended),
        cost=sum(stay.leaving.get("cost") or 0 for stay in ended),
        extensions=sum(stay.leaving.get("extensions") or 0 for stay in ended),
        exceeded=sum(stay.exceeds for stay in began),
        supplies=tuple(supplies.most_common()),
        incidents=incidents,
        undecided=undecided,
    )
