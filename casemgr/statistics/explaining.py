"""Why a figure is hidden and what may be said instead, from nothing but the table that everybody may see.

Which of the reasons holds for a cell (few, none, or many beside a small one) is never told: with that word
beside every cell of a table that was otherwise safe, one small cell in ten could be worked out. What can be
told is what the table itself shows: which sums the cell stands in, and which figures near it are shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from casemgr.statistics.disclosure.tables import Dimension, SafeTable

MOST_INSTEAD = 4

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A sum in which a hidden cell stands: along which dimension, its total, the other hidden parts."""

    dimension: str
    total: Codes
    total_is_shown: bool
    others: tuple[Codes, ...]
    has_unprinted: bool

    @property
    def gives_away(self) -> Codes | None:
        """Return the one cell that could be worked out by subtraction if this one were told."""
        alone = self.total_is_shown and not self.has_unprinted and len(self.others) == 1
        return self.others[0] if alone else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A figure that may be said: a coarser cell around a hidden one."""

    codes: Codes
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What can be said about a hidden cell: the sums it stands in, and figures that may be said instead."""

    codes: Codes
    sums: tuple[Sum, ...]
    instead: tuple[Shown, ...]


def list_hidden(table: SafeTable) -> list[Codes]:
    """Return the hidden cells in the order of the table."""
    return [row.codes for row in table.rows if row.value is None]


def explain(table: SafeTable, codes: Codes) -> Explanation:
    """Explain a hidden cell; raises KeyError for one not printed, ValueError for one that is shown."""
    values = {row.codes: row.value for row in table.rows}
    if values[codes] is not None:
        raise ValueError("the figure is shown")
    sums = tuple(_sums(table, values, codes))
    return Explanation(codes=codes, sums=sums, instead=tuple(_instead(table, values, codes))[:MOST_INSTEAD])


def _sums(table: SafeTable, values: dict[Codes, int | None], codes: Codes) -> Iterator[Sum]:
    for place, dimension in enumerate(table.spec.dimensions):
        parent = dict(dimension.parents).get(codes[place])
        if parent is None:
            continue
        total = _with(codes, place, parent)
        parts = [_with(codes, place, child) for child in dict(dimension.families())[parent]]
        yield Sum(
            dimension=dimension.name,
            total=total,
            total_is_shown=values.get(total) is not None,
            others=tuple(part for part in parts if part in values and part != codes and values[part] is None),
            has_unprinted=any(part not in values for part in parts),
        )


def _instead(table: SafeTable, values: dict[Codes, int | None], codes: Codes) -> Iterator[Shown]:
    """Yield the shown cells around a hidden one, those that say most of it first."""
    for wider in _wider(table, codes):
        value = values.get(wider)
        if value is not None:
            yield Shown(codes=wider, value=value)


def _wider(table: SafeTable, codes: Codes) -> list[Codes]:
    """Return every combination of the cell's own categories and those above them, the nearest first."""
    found: list[tuple[int, Codes]] = [(0, ())]
    for dimension, code in zip(table.spec.dimensions, codes, strict=True):
        above = list(_path(dimension, code))
        found = [(far + at, (*rest, one)) for far, rest in found for at, one in enumerate(above)]
    return [wider for far, wider in sorted(found, key=lambda one: one[0]) if far]


def _path(dimension: Dimension, code: str) -> Iterator[str]:
    up = dict(dimension.parents)
    yield code
    while code in up:
        code = up[code]
        yield code


def _with(codes: Codes, place: int, code: str) -> Codes:
    return (*codes[:place], code, *codes[place + 1 :])
