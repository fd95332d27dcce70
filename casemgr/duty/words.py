"""The rota in words: what does not fit, and what whoever stands in cannot do."""

from collections.abc import Collection
from datetime import date

from casemgr.i18n import gettext, lazy_gettext
from casemgr.policy import Role
from casemgr.text.phones import display_phone

PROBLEMS = {
    ("account", "unknown"): lazy_gettext("Choose somebody of the unit."),
    ("account", "stands_in"): lazy_gettext(
        "She stands in for somebody else on these days. Change that first, so that nothing waits."
    ),
    ("cover", "unknown"): lazy_gettext("Choose who stands in."),
    ("cover", "same"): lazy_gettext("Somebody else must stand in."),
    ("cover", "lacks"): lazy_gettext(
        "This colleague could do nothing of what waits for whoever is away. Choose somebody who can."
    ),
    ("cover", "away"): lazy_gettext("She is away herself on some of these days. Choose somebody else."),
    ("from_day", "exists"): lazy_gettext("This stands there already."),
    ("until_day", "before_start"): lazy_gettext("The last day lies before the first."),
    ("until_day", "too_long"): lazy_gettext("At most one year at a time."),
    ("part", "unknown"): lazy_gettext("Choose the hours."),
}


WORK = {
    Role.CASE_WORKER: lazy_gettext("files of survivors"),
    Role.SUPERVISOR: lazy_gettext("what a supervisor agrees to"),
    Role.CHILD_WORKER: lazy_gettext("child protection records"),
    Role.KEEPER: lazy_gettext("the beds of the address"),
    Role.RECIPIENT: lazy_gettext("requests to the unit"),
    Role.LEADER: lazy_gettext("decisions and signatures of the leader"),
    Role.PROGRAMME_OFFICER: lazy_gettext("support records"),
    Role.REPORT_OFFICER: lazy_gettext("reports"),
}
"""What each role leaves waiting."""


def problem(field: str, reason: str) -> tuple[str, str]:
    """Return the line of the error summary for something that does not fit."""
    return field, str(PROBLEMS.get((field, reason)) or lazy_gettext("This cannot be used. Look at it again."))


def left(roles: Collection[Role]) -> str:
    """Return what of the work of somebody who is away nobody does, in one line; empty for nothing."""
    return ", ".join(str(words) for role, words in WORK.items() if role in roles)


def entered(roles: Collection[Role]) -> tuple[str, str]:
    """Return what is said when leave was entered, and its tone."""
    undone = left(roles)
    if not undone:
        return gettext("Whoever stands in has the files and tasks from the first day to the last."), "ok"
    said = gettext(
        "The leave is entered. On these days nobody has: %(what)s. Enter a second one who may.", what=undone
    )
    return said, "warn"


def checked(day: date | None, *, stale: bool) -> tuple[str, str]:
    """Return when a number last answered, with the tone of its tag."""
    if day is None:
        return gettext("Never verified"), "warn"
    return gettext("Verified %(day)s", day=f"{day:%d/%m/%Y}"), "warn" if stale else "ok"


def phone(number: str) -> str:
    """Return a number as people write it."""
    return display_phone(number)
