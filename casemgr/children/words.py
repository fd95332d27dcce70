"""A child record in words: age in law, duties and states, in the language of the page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from casemgr import clock, i18n
from casemgr.cases.words import risk
from casemgr.children import clocks, forms
from casemgr.children.rules import TAKEN_BACK, Youth, is_age_certain, youth
from casemgr.i18n import lazy_gettext
from casemgr.questions import read_lines

if TYPE_CHECKING:
    from casemgr.children.queries import Duty

__all__ = ["answer_lines", "closure_lines", "duty_in_words", "fields", "risk", "state", "youth_in_words"]

STATES = {"open": lazy_gettext("Open record"), "closed": lazy_gettext("Closed record")}

YOUTHS = {
    Youth.CHILD: (lazy_gettext("Under 16: a child in law"), "warn"),
    Youth.MINOR: (lazy_gettext("16 to under 18: a minor, no longer a child in law"), "info"),
    Youth.ADULT: (lazy_gettext("18 or older"), "neutral"),
    Youth.UNKNOWN: (lazy_gettext("Age not known: treated as a child"), "warn"),
}

UNCERTAIN = lazy_gettext("The date of birth is not exact; the youngest age it allows counts.")


DUTIES = {
    TAKEN_BACK: lazy_gettext(
        "The referral was taken back: ask whoever is in charge of the case. This record goes on."
    ),
}
"""Duties that no legal clock sets."""

FIELDS = {
    "answers": lazy_gettext("what is known"),
    "risk_level": lazy_gettext("risk"),
    "tasks": lazy_gettext("legal duties"),
    "closure": lazy_gettext("closing"),
    "name": lazy_gettext("name"),
}


def fields(names: Sequence[str]) -> str:
    """Return which parts were read, in words."""
    return ", ".join(str(FIELDS.get(name, name)) for name in names)


def state(code: str) -> str:
    """Return a state in words."""
    return str(STATES[code])


def youth_in_words(birth: str | None) -> dict[str, str]:
    """Return what the age means in law today, with a tone for the tag and a remark when it is not certain."""
    text, tone = YOUTHS[youth(birth, clock.today())]
    remark = str(UNCERTAIN) if birth and not is_age_certain(birth, clock.today()) else ""
    return {"text": str(text), "tone": tone, "remark": remark}


def duty_in_words(duty: "Duty") -> dict[str, Any]:
    """Return a legal duty with its words, its term and where it stands."""
    legal = clocks.read_clocks().get(duty.kind)
    return {
        "id": duty.id,
        "title": getattr(legal, i18n.language()) if legal else str(DUTIES.get(duty.kind, duty.kind)),
        "state": duty.state,
        "minutes": int((duty.due_at - clock.now()).total_seconds() // 60),
        "due_at": duty.due_at,
        "done_at": duty.done_at,
        "is_late": duty.done_at is not None and duty.done_at > duty.due_at,
    }


def answer_lines(answers: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the answers, question by question, without the name."""
    lines = read_lines(forms.CHILD.questions(), answers, i18n.language())
    return [(line.label, line.answer) for line in lines]


def closure_lines(closure: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Return how a record was closed."""
    lines = read_lines(forms.CLOSURE.questions(), closure or {}, i18n.language())
    return [(line.label, line.answer) for line in lines]
