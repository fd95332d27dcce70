"""Reports in words, in the language of the page."""

from datetime import date
from typing import TYPE_CHECKING

from casemgr import i18n
from casemgr.deadlines.reporting import ReportingPeriod, next_due, reporting_lines
from casemgr.i18n import gettext, lazy_gettext
from casemgr.statistics.service import Tier

if TYPE_CHECKING:
    from casemgr.reporting.models import PeriodicReport

TIERS = {
    Tier.RESTRICTED: lazy_gettext("Restricted report to superior agencies, with exact totals"),
    Tier.PUBLIC: lazy_gettext("Public version"),
}
STATES = {"draft": lazy_gettext("Draft"), "approved": lazy_gettext("Approved")}


def period_key(period: ReportingPeriod) -> str:
    """Return what names a period in a form."""
    return f"{period.line.code}-{period.year}"


def period_choice(period: ReportingPeriod) -> str:
    """Return a period as a choice: its line, year, days and when it is due."""
    line = period.line.en if i18n.language() == "en" else period.line.vi
    days = f"{period.starts_on:%d/%m/%Y} – {period.ends_on:%d/%m/%Y}"
    due = gettext("due before %(day)s", day=f"{period.due_before:%d/%m/%Y}")
    return f"{line} {period.year} ({days}), {due}"


def what_is_next(today: date) -> str:
    """Return which report is due next, and from when its figures can be made."""
    period = next_due(today)
    if period.ends_on <= today:
        return str(gettext("Next: %(period)s.", period=period_choice(period)))
    return str(
        gettext(
            "Next: %(period)s. Its figures can be made from %(day)s on, when the period is over.",
            period=period_choice(period),
            day=f"{period.ends_on:%d/%m/%Y}",
        )
    )


def title_of(report: "PeriodicReport") -> str:
    """Return the short title of a report."""
    found = next((line for line in reporting_lines() if line.code == report.line), None)
    if found is None:
        return str(gettext("Report"))
    line = found.en if i18n.language() == "en" else found.vi
    return f"{line} {report.period_to.year}"


def days_of(report: "PeriodicReport") -> str:
    """Return the days of a report."""
    return f"{report.period_from:%d/%m/%Y} – {report.period_to:%d/%m/%Y}"


def tier_of(report: "PeriodicReport") -> str:
    """Return the audience of a report."""
    return str(TIERS[Tier(report.tier)])


def state_of(report: "PeriodicReport") -> str:
    """Return the state of a report."""
    return str(STATES[report.state])
