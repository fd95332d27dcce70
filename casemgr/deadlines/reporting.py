"""Periodic reports as data: which days a report covers and before which day it is due.

"Before 5 June" means that 4 June is the last day. A report due in June cannot cover the calendar half-year,
so the days covered belong to the reporting line.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

LINES = Path(__file__).parent / "data" / "reporting_lines.csv"
REMINDERS_BEFORE = (15, 7, 3, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingLine:
    """A report that returns every year; days are (month, day), `from_year` is 0 or -1."""

    code: str
    vi: str
    en: str
    from_year: int
    from_day: tuple[int, int]
    to_day: tuple[int, int]
    due_before: tuple[int, int]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingPeriod:
    """One report of one year: the days it covers and when it is due."""

    line: ReportingLine
    year: int
    starts_on: date
    ends_on: date
    due_before: date

    @property
    def last_day(self) -> date:
        """The last day on which the report is in time."""
        return self.due_before - timedelta(days=1)

    def is_late(self, sent_on: date) -> bool:
        """Say whether a report sent on a day was late."""
        return sent_on >= self.due_before

    def reminder_days(self) -> tuple[date, ...]:
        """The days on which to remind, counted back from the last day in time."""
        return tuple(self.last_day - timedelta(days=days) for days in REMINDERS_BEFORE)


def read_lines(path: Path = LINES) -> tuple[ReportingLine, ...]:
    """Read a file of reporting lines."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_read_line(row) for row in csv.DictReader(file, strict=True))


@cache
def reporting_lines(path: Path = LINES) -> tuple[ReportingLine, ...]:
    """Return the reporting lines of a file, ours unless told."""
    return read_lines(path)


def list_periods(year: int) -> tuple[ReportingPeriod, ...]:
    """Return the reports due in a year, the first due first."""
    periods = [_period(line, year) for line in reporting_lines()]
    return tuple(sorted(periods, key=lambda period: period.due_before))


def next_due(day: date) -> ReportingPeriod:
    """Return the report that is due next and can still be in time on a day."""
    upcoming = [*list_periods(day.year), *list_periods(day.year + 1)]
    return next(period for period in upcoming if not period.is_late(day))


def _period(line: ReportingLine, year: int) -> ReportingPeriod:
    return ReportingPeriod(
        line=line,
        year=year,
        starts_on=date(year + line.from_year, *line.from_day),
        ends_on=date(year, *line.to_day),
        due_before=date(year, *line.due_before),
    )


def _read_line(row: dict[str, str]) -> ReportingLine:
    return ReportingLine(
        code=row["code"],
        vi=row["vi"],
        en=row["en"],
        from_year=int(row["from_year"]),
        from_day=_month_and_day(row["from_day"]),
        to_day=_month_and_day(row["to_day"]),
        due_before=_month_and_day(row["due_before"]),
        source=row["source"],
    )


def _month_and_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
