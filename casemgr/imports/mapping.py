"""What a mapping is: where each column of a line list goes and what its values mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from casemgr.errors import CasemgrError
from casemgr.imports import reasons
from casemgr.imports.targets import Target
from casemgr.text.names import tidy

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake in a mapping, with its line; `kind` is a key of `reasons.MAPPINGS`."""

    line: int
    kind: str
    detail: str

    def words(self, language: str) -> str:
        """Say what is wrong, in Vietnamese or English."""
        return reasons.MAPPINGS[self.kind][language == "en"].format(detail=self.detail)


class UnusableMapping(CasemgrError):
    """A mapping with mistakes, all of them."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(*(mistake.kind for mistake in mistakes))
        self.mistakes = sorted(mistakes, key=lambda mistake: mistake.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is done with one column: where it goes, what its values mean, what an empty cell means."""

    name: str
    target: Target
    values: Mapping[str, Values]
    empty: Values
    otherwise: Values | None
    separator: str | None
    is_required: bool
    is_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMapping:
    """A mapping without mistakes."""

    name: str
    title: Mapping[str, str]
    digest: str
    sheet: str | None
    dates: tuple[str, ...]
    columns: Mapping[str, Column]
    ignored: frozenset[str]
    constants: Mapping[str, Values]
    consent_how: str | None
    is_closed: bool
    closure_reason: str | None
    type_reason: str
    type_order: tuple[tuple[str, str], ...]
    type_otherwise: str | None
    type_forms: Mapping[str, Values]


def fold(text: str) -> str:
    """Return a name of a column or a value as it is compared: no capitals, single spaces."""
    return tidy(text).casefold()
