"""Excel sheets, opened only after the archive was found harmless, and read row by row."""

import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook

from casemgr.imports.rules import UnusableFile

MOST_ENTRIES = 1000
LARGEST_TOTAL = 50 * 2**20
LARGEST_RATIO = 100
MOST_COLUMNS = 500
FORMULA = "\0formula"
"""Stands for a cell whose value nobody has typed: a formula, or the error of one."""

_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_PIECE = 2**16
_DAMAGED = (
    *(BadZipFile, ParseError, SyntaxError, EOFError),
    *(KeyError, IndexError, ValueError, TypeError, AttributeError),
)


def check_archive(file: Path | BytesIO) -> None:
    """Refuse an archive that would unpack too large, or whose XML declares entities; opens no sheet."""
    try:
        with ZipFile(file) as archive:
            entries = archive.infolist()
            _check_sizes(entries)
            for entry in entries:
                _check_entry(archive, entry)
    except (BadZipFile, RuntimeError, EOFError) as error:
        raise UnusableFile("workbook") from error


def read_rows(file: Path | BytesIO, sheet: str | None) -> Iterator[list[str]]:
    """Yield the rows of a sheet as texts, the first sheet unless one is named."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(file, read_only=True, keep_links=False)
    except _DAMAGED as error:
        raise UnusableFile("workbook") from error
    try:
        yield from _rows(_sheet_of(workbook, sheet))
    except _DAMAGED as error:
        raise UnusableFile("workbook") from error
    finally:
        with suppress(*_DAMAGED):
            workbook.close()


def _rows(sheet: Any) -> Iterator[list[str]]:
    # What the sheet says of its own size may be wrong or hostile; only its cells count.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_col=MOST_COLUMNS):
        yield [_text_of(cell) for cell in row]


def _sheet_of(workbook: Any, name: str | None) -> Any:
    if name is None:
        return workbook.worksheets[0]
    if name not in workbook.sheetnames:
        raise UnusableFile("sheet", name)
    return workbook[name]


def _text_of(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        return FORMULA
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _check_sizes(entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise UnusableFile("bomb", f"> {MOST_ENTRIES} entries")
    if sum(entry.file_size for entry in entries) > LARGEST_TOTAL:
        raise UnusableFile("bomb", f"> {LARGEST_TOTAL >> 20} MiB")
    if any(entry.file_size > LARGEST_RATIO * max(1, entry.compress_size) for entry in entries):
        raise UnusableFile("bomb", f"ratio > {LARGEST_RATIO}")


def _check_entry(archive: ZipFile, entry: ZipInfo) -> None:
    """Read an entry through: never more than it declares, and without declarations of its own entities."""
    tail = b""
    is_xml = entry.filename.endswith((".xml", ".rels"))
    with archive.open(entry) as opened:
        while piece := opened.read(_PIECE):
            if not tail and is_xml and piece.startswith(_OTHER_ENCODINGS):
                raise UnusableFile("bomb", "UTF-16")
            if any(mark in tail + piece for mark in _FORBIDDEN):
                raise UnusableFile("bomb", "DTD")
            tail = piece[-16:]
