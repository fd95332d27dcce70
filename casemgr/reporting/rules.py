"""What a periodic report is, and which tables belong into it."""

from datetime import date
from enum import StrEnum

from casemgr.deadlines.reporting import ReportingPeriod, list_periods

OTHER_LINE = "other"
LEAST_DAYS_OF_A_YEAR = 360

EVERY_PERIOD = (
    "incidents",
    "incidents_form_physical",
    "incidents_form_psychological",
    "incidents_form_sexual",
    "incidents_form_economic",
    "services",
    "stays",
)
ONCE_A_YEAR = ("incidents_by_hamlet",)


class ReportState(StrEnum):
    """How far a report is: being written, or approved by the leader and closed."""

    DRAFT = "draft"
    APPROVED = "approved"


def list_table_names(first: date, last: date) -> tuple[str, ...]:
    """Return the tables of a report; hamlets are shown once a year."""
    is_year = (last - first).days + 1 >= LEAST_DAYS_OF_A_YEAR
    return (*EVERY_PERIOD, *ONCE_A_YEAR) if is_year else EVERY_PERIOD


def line_of(first: date, last: date) -> str:
    """Return the code of the reporting line that covers exactly these days, or `other`."""
    found = (one for one in list_periods(last.year) if (one.starts_on, one.ends_on) == (first, last))
    return next((one.line.code for one in found), OTHER_LINE)


def list_choices(today: date) -> tuple[ReportingPeriod, ...]:
    """Return the periods of this year and last that are over, the latest first."""
    found = (*list_periods(today.year), *list_periods(today.year - 1))
    over = (one for one in found if one.ends_on <= today)
    return tuple(sorted(over, key=lambda one: one.ends_on, reverse=True))
