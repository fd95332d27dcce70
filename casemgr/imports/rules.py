"""What a row of a line list becomes, and why it is refused; no table and no page."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from casemgr.errors import CasemgrError
from casemgr.imports import reasons


class UnusableFile(CasemgrError):
    """A file that is refused as a whole; `kind` is a key of `reasons.FILES`."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail

    def words(self, language: str) -> str:
        """Say why, in Vietnamese or English."""
        return reasons.FILES[self.kind][language == "en"].format(detail=self.detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that keeps a row out: its kind, the column, and words that repeat nothing of the content."""

    kind: str
    column: str
    vi: str
    en: str

    @classmethod
    def of(cls, kind: str, column: str) -> "Problem":
        """Return a problem in the words of its kind."""
        vi, en = reasons.ROWS[kind]
        return cls(kind=kind, column=column, vi=vi, en=en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row that can be taken."""

    registered_on: date
    survivor_code: str | None
    person: Mapping[str, Any]
    incident: Mapping[str, Any]
    perpetrator: Mapping[str, Any]
    core_type: str
    reporting_consent: str | None
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one row: a line, or its problems. `position` counts rows, `number` is the sheet's."""

    position: int
    number: int
    line: Line | None
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Tally:
    """How far an import is; imported and refused add up to the rows."""

    position: int = 0
    imported: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """Count one row; a refused one by its first problem, so that the reasons add up too."""
        self.position = outcome.position
        if outcome.line is not None:
            self.imported += 1
            return
        self.refused += 1
        self.reasons[outcome.problems[0].kind] += 1

    def to_storage(self) -> dict[str, Any]:
        """Return what is stored."""
        return {
            "position": self.position,
            "imported": self.imported,
            "refused": self.refused,
            "reasons": dict(self.reasons),
        }

    @classmethod
    def from_storage(cls, stored: Mapping[str, Any]) -> "Tally":
        """Read back what was stored."""
        return cls(stored["position"], stored["imported"], stored["refused"], Counter(stored["reasons"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What was sent: the file, the text of its mapping, the name of the batch and who answers for it."""

    name: str
    content: bytes
    mapping: str
    owner_id: UUID


def settle(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Let rows with one survivor code share the person of the first of them; one who differs is refused."""
    people: dict[str, Mapping[str, Any]] = {}
    for outcome in outcomes:
        line = outcome.line
        if line is None or line.survivor_code is None:
            yield outcome
            continue
        person = people.setdefault(line.survivor_code, line.person)
        problems = [name for name in ("sex", "birth") if _differ(person.get(name), line.person.get(name))]
        yield _refused(outcome, problems) if problems else _shared(outcome, line, person)


def _differ(first: object, later: object) -> bool:
    return first is not None and later is not None and first != later


def _refused(outcome: Outcome, names: list[str]) -> Outcome:
    problems = tuple(Problem.of("survivor_differs", f"survivor.{name}") for name in names)
    return Outcome(position=outcome.position, number=outcome.number, line=None, problems=problems)


def _shared(outcome: Outcome, line: Line, person: Mapping[str, Any]) -> Outcome:
    shared = Line(
        registered_on=line.registered_on,
        survivor_code=line.survivor_code,
        person=person,
        incident=line.incident,
        perpetrator=line.perpetrator,
        core_type=line.core_type,
        reporting_consent=line.reporting_consent,
        kept=line.kept,
    )
    return Outcome(position=outcome.position, number=outcome.number, line=shared, problems=())


_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Keep a name of a column from being a formula where a list of refused rows is opened."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
