"""A released table laid out for people: grids of rows and columns with words, from the safe table alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from casemgr.statistics.catalogue import label
from casemgr.statistics.classifications import UNIT, titles_of
from casemgr.statistics.disclosure.tables import Dimension, SafeTable, TableSpec

NUMBER_LABEL = ("Số lượng", "Number")


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One line: its words, how deep it stands under its total, and its figures (None: protected)."""

    label: str
    depth: int
    values: tuple[int | None, ...]
    is_divided: bool = False
    cells: tuple[tuple[str, ...], ...] = ()
    """The codes behind each figure, in the order of the table's dimensions."""

    @property
    def text(self) -> str:
        """Return the words with a dash for each level below the total."""
        return f"{'– ' * self.depth}{self.label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A flat piece of a table: what is fixed, what the rows are, what the columns are.

    `is_whole` says that what is fixed are totals alone, so the same figures stand in other tables too.
    """

    title: str
    row_head: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    is_whole: bool = False

    @property
    def has_protected(self) -> bool:
        """Say whether a figure of this piece is protected."""
        return any(value is None for row in self.rows for value in row.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Puts codes into words: the language, and the names of the places in the table."""

    locale: str
    places: Mapping[str, str]

    def code(self, spec: TableSpec, dimension: str, code: str) -> str:
        """Return the words of a code."""
        if dimension == UNIT and code in self.places:
            return self.places[code]
        return label(spec, dimension, code, self.locale)

    def dimension(self, name: str) -> str:
        """Return the words of a dimension."""
        return titles_of(name)[self.locale == "en"]

    @property
    def number(self) -> str:
        """Return the head of a single column of figures."""
        return NUMBER_LABEL[self.locale == "en"]


def arrange(table: SafeTable, wording: Wording) -> tuple[Grid, ...]:
    """Return every printed cell of a table in grids; totals may stand in more than one."""
    return tuple(grid for names in _crossings(table.spec) for grid in _grids(table, names, wording))


def list_margins(table: SafeTable, wording: Wording) -> tuple[Grid, ...]:
    """Return the table one dimension at a time, as a report's body shows it."""
    shown = [one.name for one in table.spec.dimensions if len(_printed(one)) > 1]
    return tuple(grid for name in shown or [""] for grid in _grids(table, (name,) if name else (), wording))


def _crossings(spec: TableSpec) -> tuple[tuple[str, ...], ...]:
    """Return the largest sets of dimensions that are crossed, each with its longest dimension first."""
    sizes = {one.name: len(_printed(one)) for one in spec.dimensions}
    several = tuple(name for name, size in sizes.items() if size > 1)
    given: Sequence[tuple[str, ...]] = [several] if spec.crossings is None else spec.crossings
    sets = [frozenset(names) & set(several) for names in given]
    largest = dict.fromkeys(one for one in sets if not any(one < other for other in sets))
    return tuple(tuple(sorted(one, key=lambda name: (-sizes[name], name))) for one in largest)


def _grids(table: SafeTable, names: Sequence[str], wording: Wording) -> Iterator[Grid]:
    by_name = {one.name: one for one in table.spec.dimensions}
    values = {row.codes: row.value for row in table.rows}
    rows = by_name[names[0]] if names else None
    columns = by_name[names[1]] if len(names) > 1 else None
    kept = [by_name[name] for name in names[2:]]
    for fixed in product(*(_printed(section) for section in kept)):
        chosen = {section.name: code for section, code in zip(kept, fixed, strict=True)}

        def cells(row: str | None, chosen: Mapping[str, str] = chosen) -> Iterable[tuple[str, ...]]:
            for column in _printed(columns):
                codes = {**chosen, **_named(rows, row), **_named(columns, column)}
                yield tuple(codes.get(one.name, _printed(one)[0]) for one in table.spec.dimensions)

        yield Grid(
            title="; ".join(
                f"{wording.dimension(name)}: {wording.code(table.spec, name, code)}"
                for name, code in chosen.items()
            ),
            row_head=wording.dimension(rows.name) if rows is not None else "",
            columns=tuple(
                wording.code(table.spec, columns.name, code) if columns is not None else wording.number
                for code in _printed(columns)
            ),
            rows=tuple(
                _row(table.spec, rows, code, [(cell, values[cell]) for cell in cells(code)], wording)
                for code in _printed(rows)
            ),
            is_whole=bool(chosen) and all(by_name[name].total == code for name, code in chosen.items()),
        )


def _row(
    spec: TableSpec,
    rows: Dimension | None,
    code: str,
    figures: Sequence[tuple[tuple[str, ...], int | None]],
    wording: Wording,
) -> GridRow:
    values, cells = tuple(value for _, value in figures), tuple(cell for cell, _ in figures)
    if rows is None:
        return GridRow(label=wording.code(spec, "", "tong"), depth=0, values=values, cells=cells)
    return GridRow(
        label=wording.code(spec, rows.name, code),
        depth=len(_path(rows, code)) - 1,
        values=values,
        is_divided=any(parent == code for _, parent in rows.parents),
        cells=cells,
    )


def _path(dimension: Dimension, code: str) -> list[str]:
    up, steps = dict(dimension.parents), [code]
    while steps[-1] in up:
        steps.append(up[steps[-1]])
    return steps


def list_printed(dimension: Dimension) -> tuple[str, ...]:
    """Return the codes of a dimension that are printed, each before those under it."""
    return _printed(dimension)


def _printed(dimension: Dimension | None) -> tuple[str, ...]:
    """Return the codes that are printed, each before those under it; what is not crossed has one place."""
    if dimension is None:
        return ("",)
    below = dict(dimension.families())

    def walk(code: str) -> Iterator[str]:
        yield code
        for child in below.get(code, ()):
            yield from walk(child)

    return tuple(code for code in walk(dimension.total) if code not in dimension.unshown)


def _named(dimension: Dimension | None, code: str | None) -> dict[str, str]:
    return {dimension.name: code} if dimension is not None and code else {}
