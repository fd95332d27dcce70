"""A stay in words, and what stood in the way of writing something down."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from casemgr import i18n
from casemgr.cases.words import add_words
from casemgr.i18n import gettext, lazy_gettext
from casemgr.questions import Section, read_lines
from casemgr.shelters.words import coded, money, person_line, supply_line
from casemgr.stays.rules import Span, SpanKind

__all__ = [
    "SPANS",
    "coded",
    "day",
    "lines",
    "money",
    "person_line",
    "refusal",
    "span_name",
    "supply_line",
]

REFUSALS = {
    "no_bed": lazy_gettext("There are not enough free beds for so many."),
    "no_reason": lazy_gettext("Say why more people than declared are taken in."),
    "exposed": lazy_gettext("The address has become known: everybody moves today, nothing is extended."),
    "corrected": lazy_gettext("Somebody has corrected this meanwhile. Compare, then save again."),
    "not_later": lazy_gettext("Choose a later day than the one agreed so far."),
}

add_words(
    fields={
        "group": lazy_gettext("how many stay at an address"),
        "people": lazy_gettext("who stays at an address"),
        "entries": lazy_gettext("what was written down of a stay"),
    }
)


def span_name(span: Span) -> str:
    """Return a month, a quarter or a year as a person reads it."""
    if span.kind is SpanKind.MONTH:
        return f"{span.first:%m/%Y}"
    if span.kind is SpanKind.QUARTER:
        return str(gettext("quarter %(number)s of %(year)s", number=span.quarter, year=span.first.year))
    return str(gettext("year %(year)s", year=span.first.year))


SPANS = {
    "month": lazy_gettext("By month"),
    "quarter": lazy_gettext("By quarter"),
    "year": lazy_gettext("By year"),
}


def refusal(reason: str) -> str:
    """Return why something was refused, in words."""
    return str(REFUSALS.get(reason) or gettext("This is not possible at present."))


def lines(section: Section, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was written down, question by question."""
    return [(line.label, line.answer) for line in read_lines(section, content, i18n.language())]


def day(written: str | None) -> date | None:
    """Return a stored day."""
    return date.fromisoformat(written) if written else None
