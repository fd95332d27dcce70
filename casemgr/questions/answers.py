"""From what was typed to answers: everything typed is kept, every problem is said beside its question."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from casemgr import clock
from casemgr.codes import lists
from casemgr.questions.declaration import Kind, Question, Text
from casemgr.questions.problems import PROBLEMS
from casemgr.text.dates import PartialDate, parse_date
from casemgr.text.identity_numbers import parse_identity_number
from casemgr.text.invalid import InvalidText
from casemgr.text.names import normalise_name, tidy
from casemgr.text.numbers import parse_whole_number
from casemgr.text.phones import display_phone, normalise_phone

UNKNOWN = "~unknown"
DECLINED = "~declined"
NOT_ANSWERED = frozenset({UNKNOWN, DECLINED})

Value = str | int | list[str] | None
Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The outcome of reading a form: stored values, what was typed, and what is wrong with it."""

    values: dict[str, Any]
    typed: dict[str, list[str]]
    problems: dict[str, Text] = field(default_factory=dict)
    labels: dict[str, Text] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        """Whether everything typed can be stored."""
        return not self.problems


def parse(questions: Iterable[Question], typed: Typed, *, complete: bool = True) -> Answers:
    """Read typed answers; with `complete=False` nothing is required, so that unfinished work can be saved.

    Answers to questions that their condition hides are dropped.
    """
    asked = list(questions)
    kept = {question.name: [str(text) for text in typed.get(question.name, ())] for question in asked}
    reached = _reached(asked, kept)
    values: dict[str, Any] = {}
    problems: dict[str, Text] = {}
    for question in asked:
        if question.name not in reached:
            continue
        try:
            value = _read(question, kept[question.name])
        except InvalidText as invalid:
            problems[question.name] = PROBLEMS[_problem_of(question, invalid.reason)]
            continue
        if value in (None, []) and question.required and complete:
            problems[question.name] = PROBLEMS["required"]
        elif value not in (None, []):
            values[question.name] = value
    labels = {question.name: question.label for question in asked if question.name in problems}
    return Answers(values=values, typed=kept, problems=problems, labels=labels)


def is_asked(question: Question, typed: Typed) -> bool:
    """Say whether a question's condition holds for what was typed or stored."""
    condition = question.shown_if
    return condition is None or bool(condition.values & set(typed.get(condition.question, ())))


def _reached(questions: Sequence[Question], typed: Typed) -> frozenset[str]:
    """Return the questions that are asked: a condition on a question that is hidden itself does not hold."""
    shown = {question.name for question in questions}
    for _ in questions:
        answers = {name: texts for name, texts in typed.items() if name in shown}
        left = {question.name for question in questions if is_asked(question, answers)}
        if left == shown:
            break
        shown = left
    return frozenset(shown)


def typed_again(questions: Iterable[Question], values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Turn stored values back into what a person would have typed, to fill a form."""
    return {question.name: _typed(question, values.get(question.name)) for question in questions}


def _typed(question: Question, value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [str(part) for part in value]
    if value in NOT_ANSWERED:
        return [str(value)]
    if question.kind in (Kind.DATE, Kind.PARTIAL_DATE):
        return [PartialDate.from_storage(value).display()]
    if question.kind is Kind.PHONE:
        return [display_phone(value)]
    return [str(value)]


def _read(question: Question, texts: list[str]) -> Value:
    if question.sensitive and (plain := NOT_ANSWERED & set(texts)):
        return min(plain)
    if question.kind is Kind.CODES:
        return [_read_code(question, text) for text in dict.fromkeys(texts) if text]
    text = texts[0].strip() if texts else ""
    return READERS[question.kind](question, text) if text else None


def _read_text(question: Question, text: str) -> str:
    clean = tidy(text)
    if len(clean) > question.longest:
        raise InvalidText("long")
    return clean


def _read_long_text(question: Question, text: str) -> str:
    clean = "\n".join(tidy(line) for line in text.splitlines()).strip()
    if len(clean) > question.longest:
        raise InvalidText("long")
    return clean


def _read_number(question: Question, text: str) -> int:
    value = parse_whole_number(text)
    if question.least is not None and value < question.least:
        raise InvalidText("too_small")
    if question.greatest is not None and value > question.greatest:
        raise InvalidText("too_large")
    return value


def _read_yes_no(_: Question, text: str) -> str:
    if text not in ("yes", "no"):
        raise InvalidText("choice")
    return text


def _read_code(question: Question, text: str) -> str:
    if text not in lists.get(question.codes or ""):
        raise InvalidText("choice")
    return text


def _read_date(question: Question, text: str) -> str:
    read = parse_date(text, not_after=_last_day(question))
    if question.kind is Kind.DATE and read.exact is None:
        raise InvalidText("whole_date")
    return read.to_storage()


def _last_day(question: Question) -> date | None:
    return clock.today() if question.past_only else None


TIME = re.compile(r"([01]?\d|2[0-3])[:hg. ]?([0-5]\d)")


def _read_time(_: Question, text: str) -> str:
    found = TIME.fullmatch(text)
    if found is None:
        raise InvalidText("time")
    return f"{int(found[1]):02}:{found[2]}"


READERS: dict[Kind, Callable[[Question, str], Value]] = {
    Kind.TEXT: _read_text,
    Kind.LONG_TEXT: _read_long_text,
    Kind.NAME: lambda _, text: normalise_name(text),
    Kind.PHONE: lambda _, text: normalise_phone(text),
    Kind.IDENTITY_NUMBER: lambda _, text: parse_identity_number(text).digits,
    Kind.NUMBER: _read_number,
    Kind.YES_NO: _read_yes_no,
    Kind.CODE: _read_code,
    Kind.DATE: _read_date,
    Kind.PARTIAL_DATE: _read_date,
    Kind.TIME: _read_time,
}


def _problem_of(question: Question, reason: str) -> str:
    specific = f"{question.kind}.{reason}"
    if specific in PROBLEMS:
        return specific
    return reason if reason in PROBLEMS else "other"
