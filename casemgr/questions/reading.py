"""Answers as lines to read: question, answer in words, in the language of the reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from casemgr.codes import lists
from casemgr.questions.answers import DECLINED, UNKNOWN
from casemgr.questions.declaration import Kind, Question, Text
from casemgr.text.dates import PartialDate
from casemgr.text.identity_numbers import mask_identity_number
from casemgr.text.phones import display_phone

WORDS = {
    UNKNOWN: Text(vi="Không biết", en="Not known"),
    DECLINED: Text(vi="Không muốn trả lời", en="Preferred not to answer"),
    "yes": Text(vi="Có", en="Yes"),
    "no": Text(vi="Không", en="No"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One answered question in words."""

    name: str
    label: str
    answer: str


def read_lines(questions: Iterable[Question], values: Mapping[str, Any], locale: str) -> list[Line]:
    """Return the answered questions in order, in words."""
    return [
        Line(
            name=question.name,
            label=getattr(question.label, locale),
            answer=answer_in_words(question, values[question.name], locale),
        )
        for question in questions
        if values.get(question.name) not in (None, "", [])
    ]


def answer_in_words(question: Question, value: Any, locale: str) -> str:
    """Return one stored answer as a person reads it; ID numbers are masked."""
    if isinstance(value, str) and value in WORDS and (question.sensitive or question.kind is Kind.YES_NO):
        return str(getattr(WORDS[value], locale))
    match question.kind:
        case Kind.CODE:
            return lists.label(question.codes or "", value, locale)
        case Kind.CODES:
            return "; ".join(lists.label(question.codes or "", code, locale) for code in value)
        case Kind.DATE | Kind.PARTIAL_DATE:
            return PartialDate.from_storage(value).display(locale)
        case Kind.PHONE:
            return display_phone(value)
        case Kind.IDENTITY_NUMBER:
            return mask_identity_number(value)
        case _:
            return str(value)
