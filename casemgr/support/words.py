"""A support action in words, in the language of the page."""

from collections.abc import Mapping
from typing import Any

from casemgr import i18n
from casemgr.i18n import lazy_gettext
from casemgr.questions import Form, read_lines
from casemgr.support import forms
from casemgr.text.numbers import display_money

STATES = {
    "planned": lazy_gettext("Planned"),
    "running": lazy_gettext("Under way"),
    "done": lazy_gettext("Completed"),
    "dropped": lazy_gettext("Stopped"),
}
MONEY = frozenset({"amount", "amount_paid"})

TONES = {"planned": "neutral", "running": "info", "done": "ok", "dropped": "neutral"}


def state(code: str) -> str:
    """Return a state in words."""
    return str(STATES[code])


def tone(code: str) -> str:
    """Return the tone of a state's tag."""
    return TONES[code]


def answer_lines(answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the answers, question by question, without the name."""
    return _lines(forms.SUPPORT, answers)


def outcome_lines(outcome: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Return how an action ended."""
    return _lines(forms.FINISH, outcome or {})


def _lines(form: Form, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    locale = i18n.language()
    return [
        (line.label, display_money(values[line.name], locale=locale) if line.name in MONEY else line.answer)
        for line in read_lines(form.questions(), values, locale)
    ]
