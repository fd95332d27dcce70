"""Released tables as files and pictures: every one of them made from the safe table alone."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

from casemgr.letters.blocks import Column, HeaderCell
from casemgr.letters.blocks import Table as PrintedTable
from casemgr.letters.charts import BarChart, Series
from casemgr.letters.sheets import Sheet, write_csv, write_workbook
from casemgr.letters.words import WORDS, Language
from casemgr.statistics import legend
from casemgr.statistics.catalogue import TableEntry
from casemgr.statistics.catalogue.entries import FAMILIES
from casemgr.statistics.disclosure.tables import SafeRow, SafeTable
from casemgr.statistics.grids import Grid, Wording, arrange, list_margins

BEFORE = ("period_from", "period_to")
AFTER = ("value", "status", "note_vi", "note_en")
READING = "Cách đọc – How to read"
UNITS: dict[str, tuple[str, str]] = {
    "incident": ("vụ việc", "incidents"),
    "service": ("lượt dịch vụ", "services"),
    "stay": ("lượt tạm lánh", "stays"),
    "child": ("trẻ em", "children"),
    "support": ("lượt hỗ trợ", "support actions"),
    "gap": ("lần tìm", "searches"),
}


def language_of(wording: Wording) -> Language:
    """Return the language of a file."""
    return "en" if wording.locale == "en" else "vi"


def unit_of(table: SafeTable, wording: Wording) -> str:
    """Return what the figures of a table count, in words."""
    return UNITS[table.spec.measure][wording.locale == "en"]


def period_in_words(table: SafeTable) -> str:
    """Return the days of a table as dd/mm/yyyy."""
    (first, last), *_ = table.period.spans
    return f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


def export_csv(table: SafeTable, wording: Wording) -> bytes:
    """Return every printed cell as a line: days, codes and words of each dimension, figure, status.

    A hidden figure is its mark, and says beside it in both languages what the mark means.
    """
    (first, last), *_ = table.period.spans
    names = [one.name for one in table.spec.dimensions]
    heads = [*BEFORE, *names, *(f"{name}_text" for name in names), *AFTER]
    lines = (
        [
            first.isoformat(),
            last.isoformat(),
            *row.codes,
            *(wording.code(table.spec, name, code) for name, code in zip(names, row.codes, strict=True)),
            row.value,
            row.status,
            *(legend.HIDDEN if row.value is None else ("", "")),
        ]
        for row in table.rows
    )
    return write_csv(heads, lines, protected=WORDS[language_of(wording)].mark)


def read_csv(file: bytes, like: SafeTable) -> SafeTable:
    """Return the table that a reader finds in the file, with the declaration that the catalogue publishes."""
    marks = {words.mark for words in WORDS.values()}
    rows = []
    for line in csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")):
        codes = tuple(line[one.name] for one in like.spec.dimensions)
        rows.append(SafeRow(codes=codes, value=None if line["value"] in marks else int(line["value"])))
    return SafeTable(spec=like.spec, period=like.period, rows=tuple(rows))


def export_workbook(
    entry: TableEntry, table: SafeTable, wording: Wording, *, heading: Sequence[str], is_synthetic: bool
) -> bytes:
    """Return a workbook with one sheet for each grid, and one that explains the marks in both languages."""
    title = entry.title(wording.locale)
    sheets = [*_sheets(entry, table, wording, heading), reading_sheet(is_restricted=bool(heading))]
    return write_workbook(sheets, title=title, language=language_of(wording), is_synthetic=is_synthetic)


def export_set(
    tables: Sequence[tuple[TableEntry, SafeTable]],
    wording: Wording,
    *,
    heading: Sequence[str],
    is_synthetic: bool,
) -> bytes:
    """Return one workbook with all tables of a family, each on sheets named by the table."""
    sheets: list[Sheet] = []
    for entry, table in tables:
        tab = entry.title(wording.locale)
        sheets += [replace(sheet, name=tab) for sheet in _sheets(entry, table, wording, heading)]
    sheets.append(reading_sheet(is_restricted=bool(heading)))
    title = FAMILIES[tables[0][0].family][wording.locale == "en"]
    return write_workbook(sheets, title=title, language=language_of(wording), is_synthetic=is_synthetic)


def _sheets(entry: TableEntry, table: SafeTable, wording: Wording, heading: Sequence[str]) -> list[Sheet]:
    return [
        Sheet(
            name=grid.title or wording.number,
            heading=(entry.title(wording.locale), period_in_words(table), *heading),
            table=print_grid(grid, unit=unit_of(table, wording)),
        )
        for grid in arrange(table, wording)
    ]


def reading_sheet(*, is_restricted: bool) -> Sheet:
    """Return the sheet that explains the marks."""
    return Sheet(
        name=READING,
        heading=(READING,),
        table=PrintedTable(
            columns=(Column(),),
            header=((HeaderCell(text="Giải thích / Explanation"),),),
            rows=tuple((line,) for line in legend.lines(is_restricted=is_restricted)),
        ),
    )


def print_grid(grid: Grid, *, unit: str = "", caption: str = "") -> PrintedTable:
    """Return a grid as a printed table; totals are bold."""
    return PrintedTable(
        columns=(Column(share=2.4), *(Column(align="right") for _ in grid.columns)),
        header=((HeaderCell(text=grid.row_head), *(HeaderCell(text=column) for column in grid.columns)),),
        rows=tuple((row.text, *row.values) for row in grid.rows),
        caption=". ".join(part for part in (caption, grid.title) if part),
        unit=unit,
        bold_rows=frozenset(at for at, row in enumerate(grid.rows) if row.depth == 0),
    )


def draw_chart(name: str, table: SafeTable, wording: Wording) -> BarChart | None:
    """Return the bars of a table's first dimension, or None when the table has only a total.

    Only what is not divided further is drawn, so that nothing stands in two bars.
    """
    grid = list_margins(table, wording)[0]
    bars = [row for row in grid.rows if row.depth and not row.is_divided]
    if not bars:
        return None
    counted, divided = unit_of(table, wording), f"{grid.row_head[:1].lower()}{grid.row_head[1:]}"
    by = "by" if wording.locale == "en" else "theo"
    return BarChart(
        name=name,
        title=f"{counted[:1].upper()}{counted[1:]} {by} {divided}",
        unit=counted,
        period=period_in_words(table),
        count=grid.rows[0].values[0],
        categories=tuple(row.label for row in bars),
        series=(Series(values=tuple(row.values[0] for row in bars)),),
    )


def explained(picture: BarChart) -> BarChart:
    """Return a picture that says below its bars, in both languages, what a hatched bar means."""
    return replace(picture, notes=legend.HIDDEN)
