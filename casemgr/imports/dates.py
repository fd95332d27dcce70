"""Dates of line lists, in the forms that a mapping names; years always have four digits."""

import re
from datetime import date

from casemgr.text.dates import PartialDate
from casemgr.text.invalid import InvalidText

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY, _MONTH, _YEAR = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})", r"(?P<year>\d{4})"
_NAMED = r"(?P<named>[a-z]{3})[a-z]*"

FORMS: dict[str, re.Pattern[str]] = {
    "yyyy-mm-dd": re.compile(f"{_YEAR}-{_MONTH}-{_DAY}(?:[t ].*)?"),
    "dd/mm/yyyy": re.compile(f"{_DAY}[/.-]{_MONTH}[/.-]{_YEAR}"),
    "mm/dd/yyyy": re.compile(f"{_MONTH}[/.-]{_DAY}[/.-]{_YEAR}"),
    "dd-mmm-yyyy": re.compile(f"{_DAY}[- ]{_NAMED}[- ]{_YEAR}"),
    "mm/yyyy": re.compile(f"{_MONTH}[/.-]{_YEAR}"),
    "yyyy-mm": re.compile(f"{_YEAR}-{_MONTH}"),
    "yyyy": re.compile(_YEAR),
}
"""Form → what it matches; `mmm` are the English names of months."""

ALWAYS = "yyyy-mm-dd"
"""What date cells of a sheet are read as; no other date can be meant by it."""


def read_date(text: str, forms: tuple[str, ...]) -> PartialDate:
    """Read a date in the first form that fits; raises InvalidText."""
    typed = text.strip().casefold()
    for form in (ALWAYS, *forms):
        if found := FORMS[form].fullmatch(typed):
            parts = found.groupdict()
            day = int(parts["day"]) if parts.get("day") else None
            return PartialDate(year=int(parts["year"]), month=_month_of(parts), day=day)
    raise InvalidText("shape")


def read_day(text: str, forms: tuple[str, ...]) -> date:
    """Read a date that is known to the day; raises InvalidText."""
    day = read_date(text, forms).exact
    if day is None:
        raise InvalidText("whole_date")
    return day


def _month_of(parts: dict[str, str]) -> int | None:
    if parts.get("named"):
        if parts["named"] not in _MONTHS:
            raise InvalidText("month")
        return _MONTHS.index(parts["named"]) + 1
    return int(parts["month"]) if parts.get("month") else None
