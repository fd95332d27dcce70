"""What a form is: sections of questions, each with its type, its words and why it is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text in both languages; neither may be empty."""

    vi: str
    en: str

    def __post_init__(self) -> None:
        if not (self.vi and self.en):
            raise ValueError("a text needs both languages")


class Kind(StrEnum):
    """How a question is answered, and so how it is shown, checked and stored."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NAME = "name"
    PHONE = "phone"
    IDENTITY_NUMBER = "identity_number"
    NUMBER = "number"
    YES_NO = "yes_no"
    CODE = "code"
    CODES = "codes"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    TIME = "time"


CODED = frozenset({Kind.CODE, Kind.CODES})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownIf:
    """A question is only asked when another one of its form has one of these answers."""

    question: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; `sensitive` offers "don't know" and "prefer not to answer" as answers of their own."""

    name: str
    kind: Kind
    label: Text
    hint: Text | None = None
    why: Text | None = None
    codes: str | None = None
    required: bool = False
    sensitive: bool = False
    shown_if: ShownIf | None = None
    least: int | None = None
    greatest: int | None = None
    longest: int = 4000
    past_only: bool = False
    legal_basis: str = ""

    def __post_init__(self) -> None:
        if (self.kind in CODED) != (self.codes is not None):
            raise ValueError(f"{self.name}: a coded question names its list, others do not")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Questions that belong together and are saved together."""

    name: str
    title: Text
    questions: tuple[Question, ...]
    intro: Text | None = None

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A declared form; raise `version` when the meaning of a stored answer changes."""

    name: str
    version: int
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        names = [question.name for question in self.questions()]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.name}: question names repeat")

    def questions(self) -> Iterator[Question]:
        """Yield all questions in order."""
        for section in self.sections:
            yield from section

    def section(self, name: str) -> Section:
        """Return one section; raises KeyError."""
        return {section.name: section for section in self.sections}[name]

    def question(self, name: str) -> Question:
        """Return one question; raises KeyError."""
        return {question.name: question for question in self.questions()}[name]
