"""Tables as spreadsheets and as comma-separated text: values only, no formula, no word of who made them."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from casemgr.letters.blocks import PlacedCell, Table, Value
from casemgr.letters.words import WORDS, Language, clean, shown

if TYPE_CHECKING:
    import xlsxwriter

# What spreadsheet programs take for the beginning of a formula, in ordinary and in wide letters.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
NAME_LENGTH = 31
FILE_TIME = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet of a workbook: its tab, lines of heading, and one table."""

    name: str
    heading: tuple[str, ...]
    table: Table


def write_workbook(
    sheets: Sequence[Sheet], *, title: str, language: Language, is_synthetic: bool = False
) -> bytes:
    """Return an XLSX workbook; figures are numbers, texts stay texts, protected figures are their mark."""
    import xlsxwriter

    written = io.BytesIO()
    plain = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(written, plain) as book:
        book.set_properties({"title": clean(title), "author": "", "company": "", "created": FILE_TIME})
        formats = _make_formats(book)
        foot = (WORDS[language].synthetic,) if is_synthetic else ()
        for name, sheet in zip(_tab_names(sheets), sheets, strict=True):
            _write_sheet(book.add_worksheet(name), sheet, formats, (language, foot))
    return written.getvalue()


def write_csv(names: Sequence[str], rows: Iterable[Sequence[Value]], *, protected: str) -> bytes:
    """Return comma-separated text (RFC 4180, UTF-8 with a byte order mark); no cell acts as a formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([_harmless(name) for name in names])
    for row in rows:
        writer.writerow([protected if value is None else _harmless(value) for value in row])
    return written.getvalue().encode("utf-8-sig")


def _harmless(value: str | int) -> str | int:
    """Put an apostrophe before a text that a spreadsheet would run; numbers are left as they are."""
    if isinstance(value, int):
        return value
    risky = value.startswith(FORMULA_STARTS) or clean(value).lstrip().startswith(FORMULA_STARTS)
    return f"'{clean(value)}" if risky else clean(value)


def _tab_names(sheets: Sequence[Sheet]) -> list[str]:
    """Return names that a workbook allows: short, without its forbidden signs, and no two alike."""
    taken: list[str] = []
    for order, sheet in enumerate(sheets, start=1):
        allowed = "".join("-" if letter in "[]:*?/\\" else letter for letter in clean(sheet.name)).strip("' ")
        name = allowed[:NAME_LENGTH] or str(order)
        if name.casefold() in (other.casefold() for other in taken):
            name = f"{name[: NAME_LENGTH - len(str(order)) - 1]} {order}"
        taken.append(name)
    return taken


def _make_formats(book: "xlsxwriter.Workbook") -> dict[str, Any]:
    face = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
    cell = face | {"border": 1, "text_wrap": True}
    kinds = {
        "title": face | {"bold": True, "font_size": 13},
        "note": face | {"italic": True, "font_size": 11},
        "head": cell | {"bold": True, "align": "center"},
    }
    for align in ("left", "center", "right"):
        for weight in (False, True):
            kinds[f"{align}-{weight}"] = cell | {"align": align, "bold": weight, "num_format": "#,##0"}
    return {kind: book.add_format(look) for kind, look in kinds.items()}


def _write_sheet(
    page: Any, sheet: Sheet, formats: dict[str, Any], told: tuple[Language, tuple[str, ...]]
) -> None:
    (language, foot), table = told, sheet.table
    top = 0
    captions = (clean(table.caption), f"{WORDS[language].unit}: {clean(table.unit)}" if table.unit else "")
    for line in (*sheet.heading, *(caption for caption in captions if caption)):
        page.write_string(top, 0, clean(line), formats["title" if top == 0 else "note"])
        top += 1
    for placed in table.placed_header():
        _write_head(page, placed, top, formats["head"])
    top += len(table.header)
    page.freeze_panes(top, 0)
    for order, row in enumerate(table.rows):
        for column, value in enumerate(row):
            look = formats[f"{table.columns[column].align}-{order in table.bold_rows}"]
            _write_value(page, (top + order, column), value, (look, language))
    top += len(table.rows)
    for order, note in enumerate((*table.notes_in(language), *foot)):
        page.write_string(top + order, 0, note, formats["note"])
    _set_paper(page, table, language)


def _write_head(page: Any, placed: PlacedCell, top: int, look: Any) -> None:
    row, column, cell = top + placed.row, placed.column, placed.cell
    if cell.across == cell.down == 1:
        page.write_string(row, column, clean(cell.text), look)
        return
    last = (row + cell.down - 1, column + cell.across - 1)
    # The merge writes its own text by guessing a kind; the text is written again as text.
    page.merge_range(row, column, *last, "", look)
    page.write_string(row, column, clean(cell.text), look)


def _write_value(page: Any, at: tuple[int, int], value: Value, told: tuple[Any, Language]) -> None:
    look, language = told
    if isinstance(value, int):
        page.write_number(*at, value, look)
    else:
        page.write_string(*at, shown(value, language), look)


def _set_paper(page: Any, table: Table, language: Language) -> None:
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    for column in range(len(table.columns)):
        longest = max((len(shown(row[column], language)) for row in table.rows), default=8)
        page.set_column(column, column, min(max(longest + 2, 8), 48))
