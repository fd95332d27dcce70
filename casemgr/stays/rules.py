"""What the reports of the model add up over a month."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A calendar month."""

    first: date

    @property
    def last(self) -> date:
        """The last day."""
        after = (self.first + timedelta(days=31)).replace(day=1)
        return after - timedelta(days=1)

    @property
    def code(self) -> str:
        """How an address in the browser names it."""
        return f"{self.first:%Y-%m}"

    def contains(self, day: date | None) -> bool:
        """Say whether a day lies in the month."""
        return day is not None and self.first <= day <= self.last


def list_months(today: date, count: int = 12) -> list[Month]:
    """Return this month and those before it, the latest first."""
    months = [Month(first=today.replace(day=1))]
    while len(months) < count:
        months.append(Month(first=(months[-1].first - timedelta(days=1)).replace(day=1)))
    return months


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One stay as the month counts it: numbers only."""

    arrived_day: date | None
    left_day: date | None
    adults: int
    children: int
    exceeds: bool
    leaving: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFigures:
    """Exact figures of a month, for the unit that keeps the register alone."""

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


def add_up(stays: Iterable[Told], month: Month, *, incidents: int, undecided: int) -> MonthFigures:
    """Add up what began and what ended in a month; a stay still going on has no cost yet."""
    known = list(stays)
    began = [stay for stay in known if month.contains(stay.arrived_day)]
    ended = [stay for stay in known if month.contains(stay.left_day)]
    supplies = Counter(code for stay in ended for code in stay.leaving.get("supplies") or ())
    return MonthFigures(
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
