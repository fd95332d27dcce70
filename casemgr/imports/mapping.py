"""Mappings: TOML files that say where each column of a line list goes and what its values mean."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casemgr.errors import CasemgrError
from casemgr.imports import reasons
from casemgr.imports.targets import Target
from casemgr.text.names import tidy

SHIPPED = Path(__file__).parent / "mappings"
_SYNTAX_LINE = re.compile(r"at line (\d+)")

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


def list_shipped() -> list[str]:
    """Return the names of the mappings that come with the program."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def read_mapping(name: str) -> LineMapping:
    """Read a shipped mapping by its name, or a file by its path; raises UnusableMapping with all mistakes."""
    # Checking needs the forms of the features; the name alone must not load them.
    from casemgr.imports.checking import check

    path = SHIPPED / f"{name}.toml" if name in list_shipped() else Path(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        shipped = ", ".join(list_shipped())
        raise UnusableMapping([Mistake(line=0, kind="not_found", detail=shipped)]) from error
    try:
        content: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _SYNTAX_LINE.search(str(error))
        mistake = Mistake(line=int(line[1]) if line else 1, kind="syntax", detail=str(error))
        raise UnusableMapping([mistake]) from error
    return check(content, text, digest=hashlib.sha256(text.encode()).hexdigest())
