"""Dashboards in words, in the language of the page."""

from casemgr.dashboards.rules import Dashboard, Due
from casemgr.i18n import gettext, lazy_gettext

TITLES = {
    Dashboard.OWN: lazy_gettext("My cases"),
    Dashboard.UNIT: lazy_gettext("Our unit"),
    Dashboard.NETWORK: lazy_gettext("Network of services"),
    Dashboard.LEADERSHIP: lazy_gettext("For the leadership"),
    Dashboard.PROTECTION: lazy_gettext("Protection of figures"),
}

DUES = {
    Due.OVERDUE: lazy_gettext("Overdue"),
    Due.WEEK: lazy_gettext("In the next seven days"),
    Due.LATER: lazy_gettext("Later"),
    Due.NONE: lazy_gettext("No task"),
}

LENGTHS = {
    6: lazy_gettext("Half-years"),
    12: lazy_gettext("Years"),
    3: lazy_gettext("Quarters"),
}


def protection(*, is_hidden: bool, is_merged: bool) -> str:
    """Return the note on protection below a figure."""
    if is_merged:
        return str(gettext("Everything was merged into the total so that nobody can be recognised."))
    if is_hidden:
        return str(
            gettext(
                "[c]: Protected, not shown so that nobody can be recognised. The true number may be zero, "
                "small or large – do not read it as “few”."
            )
        )
    return str(gettext("Released figures: nobody can be recognised in them, also not by comparing periods."))
