"""The directory in words: hours, whether a unit takes people, what is missing."""

from casemgr import clock, i18n
from casemgr.codes import lists
from casemgr.directory.queries import Listing
from casemgr.directory.rules import Availability
from casemgr.duty.rules import is_stale
from casemgr.errors import NotFound
from casemgr.i18n import gettext, lazy_gettext
from casemgr.units.administrative import get_commune

TONES = {Availability.OPEN: "ok", Availability.FULL: "warn", Availability.CLOSED: "danger"}

PROBLEMS = {
    ("communes", "unknown"): lazy_gettext("Write each commune as it is called today, one a line."),
    ("valid_to", "before_start"): lazy_gettext("The last day lies before the first."),
    ("closed_until", "past"): lazy_gettext("The day is over already."),
}


def problem(field: str, reason: str) -> tuple[str, str]:
    """Return the line of the error summary for something that does not fit."""
    words = PROBLEMS.get((field, reason)) or lazy_gettext("This cannot be used. Look at it again.")
    return field, str(words)


def labels(code_list: str, codes: tuple[str, ...]) -> str:
    """Return some codes of a list in words, side by side."""
    return ", ".join(lists.label(code_list, code, i18n.language()) for code in codes)


def communes(codes: tuple[str, ...], between: str = ", ") -> str:
    """Return the names of some communes; one that is no longer listed stands there by its code."""
    return between.join(_commune(code) for code in codes)


def _commune(code: str) -> str:
    try:
        return get_commune(code).name
    except NotFound:
        return code


def hours(listing: Listing) -> str:
    """Return when a unit is open."""
    if listing.hours is None or listing.open_days is None:
        return listing.hours_note
    days = lists.label("open_days", listing.open_days, i18n.language())
    opens, closes = listing.hours.opens, listing.hours.closes
    when = f"{opens} – {closes}" if opens and closes else gettext("day and night")
    return " · ".join(part for part in (f"{days}, {when}", listing.hours_note) if part)


def availability(listing: Listing) -> tuple[str, str]:
    """Return whether a unit takes people, with the tone of its tag."""
    if listing.availability is None:
        return gettext("Not said yet"), "neutral"
    said = lists.label("availability", listing.availability, i18n.language())
    if listing.closed_until:
        said = gettext("%(said)s until %(day)s", said=said, day=f"{listing.closed_until:%d/%m/%Y}")
    return said, TONES[listing.availability]


def confirmed(listing: Listing, days: int) -> tuple[str, str]:
    """Return when an entry was last confirmed, and whether that is more than so many days ago, as a tone."""
    if listing.confirmed_day is None:
        return gettext("Not confirmed by the unit yet: call before you rely on it"), "warn"
    day = f"{listing.confirmed_day:%d/%m/%Y}"
    if is_stale(listing.confirmed_day, days, clock.today()):
        return gettext("Last confirmed %(day)s: call before you rely on it", day=day), "warn"
    return gettext("Confirmed %(day)s", day=day), "neutral"
