"""Working days: Monday to Friday without the holidays of `data/holidays.csv`.

A day that is not certain to be a holiday is listed but not counted as one, and a year without a list has only
weekends: a clock may then end a day early, never a day late. A unit can put its own file in place of ours.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

HOLIDAYS = Path(__file__).parent / "data" / "holidays.csv"
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A day off, or a Saturday on which offices work (`kind` is "off" or "work")."""

    day: date
    kind: str
    is_counted: bool
    vi: str
    en: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days on which offices work."""

    days_off: frozenset[date]
    working_weekend: frozenset[date]

    @classmethod
    def of(cls, holidays: Iterable[Holiday]) -> "Calendar":
        """Make a calendar from the holidays that count."""
        counted = [holiday for holiday in holidays if holiday.is_counted]
        return cls(
            days_off=frozenset(holiday.day for holiday in counted if holiday.kind == "off"),
            working_weekend=frozenset(holiday.day for holiday in counted if holiday.kind == "work"),
        )

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work on a day."""
        if day.weekday() >= _SATURDAY:
            return day in self.working_weekend
        return day not in self.days_off

    def add_working_days(self, start: date, count: int) -> date:
        """Return the working day on which a term of `count` working days ends.

        The day of the event itself does not count (Civil Code 91/2015/QH13 Article 147): one working day
        from a Friday ends on Monday.
        """
        if count < 0:
            raise ValueError("a term cannot be negative")
        day = start
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def count_working_days(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and with `end`."""
        days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)


def read_holidays(path: Path = HOLIDAYS) -> tuple[Holiday, ...]:
    """Read a file of holidays; raises ValueError for a day or kind that is none."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_read_holiday(row) for row in csv.DictReader(file, strict=True))


@cache
def calendar(path: Path = HOLIDAYS) -> Calendar:
    """Return the calendar of a file, ours unless told."""
    return Calendar.of(read_holidays(path))


def is_working_day(day: date) -> bool:
    """Say whether offices work on a day, by our calendar."""
    return calendar().is_working_day(day)


def add_working_days(start: date, count: int) -> date:
    """Return the working day on which a term of `count` working days ends, by our calendar."""
    return calendar().add_working_days(start, count)


def add_hours(start: datetime, hours: int) -> datetime:
    """Return the moment at which a term in hours ends; nights, weekends and holidays count.

    Raises ValueError for a moment without time zone.
    """
    if start.tzinfo is None:
        raise ValueError("naive datetime")
    return start + timedelta(hours=hours)


def _read_holiday(row: dict[str, str]) -> Holiday:
    if row["kind"] not in ("off", "work"):
        raise ValueError(f"kind of {row['day']}: {row['kind']}")
    return Holiday(
        day=date.fromisoformat(row["day"]),
        kind=row["kind"],
        is_counted=row["is_counted"] == "1",
        vi=row["vi"],
        en=row["en"],
        source=row["source"],
    )
