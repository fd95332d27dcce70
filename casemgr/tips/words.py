"""Tips in words, in the language of the page."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from casemgr import clock, i18n
from casemgr.i18n import gettext, lazy_gettext
from casemgr.questions import Form, read_lines
from casemgr.text.phones import display_phone
from casemgr.tips import forms
from casemgr.tips.queries import Number

if TYPE_CHECKING:
    from casemgr.tips.models import Tip

STATES = {
    "new": (lazy_gettext("New"), "warn"),
    "checked": (lazy_gettext("Checked"), "info"),
    "closed": (lazy_gettext("Closed"), "neutral"),
}
DANGER = {
    "co": (lazy_gettext("Danger now"), "danger"),
    "khong_ro": (lazy_gettext("Danger not known"), "warn"),
    "khong": (lazy_gettext("No danger now"), "neutral"),
}

PROBLEMS = {
    "unknown": lazy_gettext("Choose again: the staff has changed meanwhile."),
    "nobody_left": lazy_gettext(
        "Nobody would be left to read it. Leave one person, or call one of the numbers above."
    ),
    "no_case_unit": lazy_gettext(
        "Nobody in this commune takes tips in this system yet. Nothing was sent. "
        "Call one of the numbers above."
    ),
}


def tag(known: Mapping[str, tuple[Any, str]], code: str) -> dict[str, str]:
    """Return a word with its tone, as tables show a tag."""
    label, tone = known[code]
    return {"text": str(label), "tone": tone}


def numbers(found: Iterable[Number]) -> list[dict[str, str]]:
    """Return telephone numbers as the page shows them: name, digits as written, address to dial."""
    return [
        {
            "name": str(getattr(number, i18n.language())),
            "shown": display_phone(number.phone),
            "url": f"tel:{number.phone}",
        }
        for number in found
    ]


def months(counts: Iterable[tuple[date, int]]) -> list[list[Any]]:
    """Return a sender's own figures as rows of a table."""
    return [[month.strftime("%m/%Y"), count] for month, count in counts]


def content_lines(tip: "Tip") -> list[tuple[str, str]]:
    """Return what was seen, question by question, with the hamlet and the time of sending."""
    sent_at = clock.local(datetime.fromisoformat(tip.content["sent_at"]))
    head = [
        (gettext("Hamlet or unit"), tip.content["hamlet"]),
        (gettext("Sent"), sent_at.strftime("%d/%m/%Y %H:%M")),
    ]
    return head + answer_lines(forms.TIP, tip.content["answers"])


def handling_lines(tip: "Tip", part: str, form: Form) -> list[tuple[str, str]]:
    """Return what is recorded about the check or the outcome, or nothing."""
    recorded = (tip.handling or {}).get(part)
    if not recorded:
        return []
    at = clock.local(datetime.fromisoformat(recorded["at"])).strftime("%d/%m/%Y %H:%M")
    return [*answer_lines(form, recorded["answers"]), (gettext("Recorded at"), at)]


def answer_lines(form: Form, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the answers to a form in words."""
    lines = read_lines(form.questions(), answers, i18n.language())
    return [(line.label, line.answer) for line in lines]
