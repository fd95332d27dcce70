"""Released tables side by side: one way to divide them, over several periods; from safe tables alone.

Every release was checked together with all earlier ones, so that putting them beside one another tells
nothing new. What a period does not show, because it is hidden or because its table was made coarser, is
protected alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from casemgr.letters.blocks import Column, HeaderCell
from casemgr.letters.blocks import Table as PrintedTable
from casemgr.letters.charts import BarChart, Series
from casemgr.letters.sheets import Sheet, write_csv, write_workbook
from casemgr.letters.words import WORDS
from casemgr.statistics import legend
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.tables import SafeTable
from casemgr.statistics.exports import language_of, reading_sheet, unit_of
from casemgr.statistics.grids import Wording, list_printed

TOTAL_LINE = ("Tổng số", "Total")
HEADS = ("period_from", "period_to", "code", "text", "value", "status", "note_vi", "note_en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One category with its figure in each period; the total has no code."""

    code: str
    text: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What page, picture and file show alike: a title, the periods, and a line for each category."""

    name: str
    title: str
    unit: str
    divided: str
    periods: tuple[Period, ...]
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line
    wording: Wording

    @property
    def span(self) -> str:
        """Return the days from the first period to the last."""
        first, last = self.periods[0].spans[0][0], self.periods[-1].spans[0][1]
        return f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"

    @property
    def has_protected(self) -> bool:
        """Say whether a figure is protected."""
        return any(None in line.values for line in (*self.lines, self.total))


def compare(name: str, tables: Sequence[SafeTable], dimension: str, wording: Wording) -> Comparison:
    """Put tables of one kind beside one another, the earliest first; what is zero everywhere is left out."""
    lines = [
        Line(
            code=code,
            text=wording.code(newest.spec, dimension, code),
            values=tuple(_value(table, dimension, code) for table in tables),
        )
        for code, newest in _codes(tables, dimension).items()
    ]
    english = wording.locale == "en"
    counted, divided = unit_of(tables[-1], wording), wording.dimension(dimension)
    return Comparison(
        name=name,
        title=f"{_capital(counted)} {'by' if english else 'theo'} {divided[:1].lower()}{divided[1:]}",
        unit=counted,
        divided=divided,
        periods=tuple(table.period for table in tables),
        labels=tuple(name_months(table.period) for table in tables),
        lines=tuple(line for line in lines if set(line.values) != {0}),
        total=Line(
            code="", text=TOTAL_LINE[english], values=tuple(_value(one, dimension, "") for one in tables)
        ),
        wording=wording,
    )


def name_months(period: Period) -> str:
    """Return a period as a short label: its first and its last month."""
    (first, last), *_ = period.spans
    return f"{first:%m/%Y}–{last:%m/%Y}"


def picture(comparison: Comparison) -> BarChart | None:
    """Return the bars of a comparison, or None when there is nothing but a total."""
    if not comparison.lines:
        return None
    several = len(comparison.labels) > 1
    return BarChart(
        name=comparison.name.replace("_", "-"),
        title=comparison.title,
        unit=comparison.unit,
        period=comparison.span,
        count=comparison.total.values[-1] if not several else _sum(comparison.total.values),
        categories=tuple(line.text for line in comparison.lines),
        series=tuple(
            Series(values=tuple(line.values[at] for line in comparison.lines), name=label if several else "")
            for at, label in enumerate(comparison.labels)
        ),
        notes=legend.HIDDEN,
    )


def export_csv(comparison: Comparison) -> bytes:
    """Return the figures that the page shows, one a line."""
    lines = (
        [
            first.isoformat(),
            last.isoformat(),
            line.code,
            line.text,
            line.values[at],
            "suppressed" if line.values[at] is None else "published",
            *(legend.HIDDEN if line.values[at] is None else ("", "")),
        ]
        for at, period in enumerate(comparison.periods)
        for first, last in period.spans[:1]
        for line in (*comparison.lines, comparison.total)
    )
    return write_csv(HEADS, lines, protected=WORDS[language_of(comparison.wording)].mark)


def export_workbook(comparison: Comparison, *, is_synthetic: bool) -> bytes:
    """Return the table that the page shows as a workbook, with the sheet that explains the marks."""
    rows = (*comparison.lines, comparison.total)
    printed = PrintedTable(
        columns=(Column(share=2.4), *(Column(align="right") for _ in comparison.labels)),
        header=(tuple(HeaderCell(text=text) for text in (comparison.divided, *comparison.labels)),),
        rows=tuple((line.text, *line.values) for line in rows),
        unit=comparison.unit,
        bold_rows=frozenset({len(rows) - 1}),
    )
    sheet = Sheet(name=comparison.title, heading=(comparison.title, comparison.span), table=printed)
    sheets = [sheet, reading_sheet(is_restricted=False)]
    language = language_of(comparison.wording)
    return write_workbook(sheets, title=comparison.title, language=language, is_synthetic=is_synthetic)


def _codes(tables: Sequence[SafeTable], dimension: str) -> dict[str, SafeTable]:
    """Return the finest printed codes of a dimension, the newest table's first, with a table of each."""
    found: dict[str, SafeTable] = {}
    for table in reversed(tables):
        for one in table.spec.dimensions:
            if one.name == dimension:
                divided = {parent for _, parent in one.parents}
                own = [code for code in list_printed(one) if code not in divided and code != one.total]
                found |= {code: table for code in own if code not in found}
    return found


def _value(table: SafeTable, dimension: str, code: str) -> int | None:
    """Return a figure of one table, or None where it is hidden or not printed; no code is the total."""
    names = [one.name for one in table.spec.dimensions]
    codes = [list_printed(one)[0] for one in table.spec.dimensions]
    if code:
        if dimension not in names:
            return None
        codes[names.index(dimension)] = code
    return next((row.value for row in table.rows if row.codes == tuple(codes)), None)


def _sum(values: Sequence[int | None]) -> int | None:
    return None if None in values else sum(value or 0 for value in values)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
