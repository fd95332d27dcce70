"""Dates as people know them: to the day, the month, the year, or about a year.

Typed and shown as dd/mm/yyyy; stored as ISO-like text: `2026`, `2026-03`, `2026-03-27`, `~2026`.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from casemgr.text.invalid import InvalidText

_FIRST_YEAR, _LAST_YEAR = 1880, 2199
_DAY = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{2,4})")
_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_MONTH = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{4})")
_STORED = re.compile(r"(~?)([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_ABOUT = ("~", "khoảng năm", "khoảng", "about", "k.")


class InvalidDate(InvalidText):
    """A date that cannot be used.

    Reasons: `empty`, `shape`, `year_two_digits`, `year`, `month`, `day`, `future`, `too_early`.
    """


class Precision(StrEnum):
    """How exactly a date is known; the value is the code of list `date_precision`."""

    DAY = "ngay"
    MONTH = "thang"
    YEAR = "nam"
    ESTIMATED = "uoc_tinh"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A date of which the day, or the day and the month, may be unknown.

    Raises InvalidDate when the parts are not a date.
    """

    year: int
    month: int | None = None
    day: int | None = None
    is_estimated: bool = False

    def __post_init__(self) -> None:
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise InvalidDate("year")
        if self.month is not None and not 1 <= self.month <= 12:
            raise InvalidDate("month")
        if self.day is not None:
            if self.month is None:
                raise InvalidDate("month")
            if not 1 <= self.day <= calendar.monthrange(self.year, self.month)[1]:
                raise InvalidDate("day")

    @classmethod
    def from_date(cls, day: date) -> Self:
        """Take a date that is known to the day."""
        return cls(year=day.year, month=day.month, day=day.day)

    @classmethod
    def from_storage(cls, text: str) -> Self:
        """Read the stored form; raises InvalidDate with reason `shape` for anything else."""
        found = _STORED.fullmatch(text)
        if found is None:
            raise InvalidDate("shape")
        about, year, month, day = found.groups()
        return cls(
            year=int(year),
            month=int(month) if month else None,
            day=int(day) if day else None,
            is_estimated=bool(about),
        )

    @property
    def precision(self) -> Precision:
        """Say how exactly the date is known."""
        if self.is_estimated:
            return Precision.ESTIMATED
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def earliest(self) -> date:
        """The first day that this date can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that this date can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def exact(self) -> date | None:
        """The day, when it is known for certain."""
        return self.earliest if self.precision is Precision.DAY else None

    def to_storage(self) -> str:
        """Return the stored form."""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return ("~" if self.is_estimated else "") + "-".join(parts)

    def display(self, locale: str = "vi") -> str:
        """Return the shown form: 27/03/2026, 03/2026, 2026, khoảng 2026."""
        known = [f"{part:02d}" for part in (self.day, self.month) if part is not None]
        shown = "/".join([*known, f"{self.year:04d}"])
        if not self.is_estimated:
            return shown
        return f"khoảng {shown}" if locale == "vi" else f"about {shown}"


def parse_date(text: str, *, not_after: date | None = None, not_before: date | None = None) -> PartialDate:
    """Read a typed date: dd/mm/yyyy, d-m-yyyy, ddmmyyyy, mm/yyyy, yyyy, ~yyyy, or the stored form.

    Raises InvalidDate. A partial date is `future` or `too_early` only when no day it can mean is allowed.
    """
    typed = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if not typed:
        raise InvalidDate("empty")
    about = next((word for word in _ABOUT if typed.startswith(word)), "")
    parsed = _read(typed.removeprefix(about).strip(), is_estimated=bool(about))
    if not_after is not None and parsed.earliest > not_after:
        raise InvalidDate("future")
    if not_before is not None and parsed.latest < not_before:
        raise InvalidDate("too_early")
    return parsed


def age_at(birth: PartialDate, day: date) -> int:
    """Return the age in whole years on a day.

    For a partial date of birth this is the youngest age it allows, so that nobody who may be a child
    is missed. Before birth it is 0.
    """
    return age_range_at(birth, day)[0]


def age_range_at(birth: PartialDate, day: date) -> tuple[int, int]:
    """Return the youngest and the oldest age that a date of birth allows on a day."""
    return _whole_years(birth.latest, day), _whole_years(birth.earliest, day)


def display_date(day: date) -> str:
    """Return a date as dd/mm/yyyy."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def official_date(day: date) -> str:
    """Return a date as in official documents: ngày 05 tháng 6 năm 2026.

    Decree 30/2020/NĐ-CP: a leading 0 for days below 10 and for the months 1 and 2.
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _read(typed: str, *, is_estimated: bool) -> PartialDate:
    if found := _DAY.fullmatch(typed) or _DIGITS.fullmatch(typed):
        day, month, year = found.groups()
        if len(year) != 4:
            raise InvalidDate("year_two_digits")
        return PartialDate(year=int(year), month=int(month), day=int(day), is_estimated=is_estimated)
    if found := _MONTH.fullmatch(typed):
        month, year = found.groups()
        return PartialDate(year=int(year), month=int(month), is_estimated=is_estimated)
    if typed.startswith("~"):
        raise InvalidDate("shape")
    stored = PartialDate.from_storage(typed)
    return PartialDate(year=stored.year, month=stored.month, day=stored.day, is_estimated=is_estimated)


def _whole_years(birth: date, day: date) -> int:
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return max(0, years)
