"""The rota in words: what does not fit, and what whoever stands in cannot do."""

from collections.abc import Collection
from datetime import date

from casemgr.i18n import gettext, lazy_gettext
from casemgr.text.phones import display_phone

PROBLEMS = {
    ("account", "unknown"): lazy_gettext("Choose somebody of the unit."),
    ("account", "stands_in"): lazy_gettext(
        "She stands in for somebody else on these days. Change that first, so that nothing waits."
    ),
    ("cover", "unknown"): lazy_gettext("Choose who stands in."),
    ("cover", "same"): lazy_gettext("Somebody else must stand in."),
    ("cover", "away"): lazy_gettext("She is away herself on some of these days. Choose somebody else."),
    ("from_day", "exists"): lazy_gettext("This stands there already."),
    ("until_day", "before_start"): lazy_gettext("The last day lies before the first."),
    ("until_day", "too_long"): lazy_gettext("At most one year at a time."),
    ("part", "unknown"): lazy_gettext("Choose the hours."),
}


def problem(field: str, reason: str) -> tuple[str, str]:
    """Return the line of the error summary for something that does not fit."""
    return field, str(PROBLEMS.get((field, reason)) or lazy_gettext("This cannot be used. Look at it again."))


def lacking(roles: Collection[str]) -> str:
    """Return what is said when whoever stands in lacks a role of the one who is away, or nothing."""
    if not roles:
        return ""
    return str(gettext("Whoever stands in has not all the roles. Name a second one, so that nothing waits."))


def checked(day: date | None, *, stale: bool) -> tuple[str, str]:
    """Return when a number last answered, with the tone of its tag."""
    if day is None:
        return gettext("Never verified"), "warn"
    return gettext("Verified %(day)s", day=f"{day:%d/%m/%Y}"), "warn" if stale else "ok"


def phone(number: str) -> str:
    """Return a number as people write it."""
    return display_phone(number)
