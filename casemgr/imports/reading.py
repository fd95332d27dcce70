"""Line lists as files: which format, which separator, which header, and the rows one after the other."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader, BytesIO, TextIOWrapper
from itertools import chain
from pathlib import Path

from casemgr.imports.rules import UnusableFile
from casemgr.imports.workbooks import check_archive, read_rows

SEPARATORS = (",", ";", "\t")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATOR_LINE = "sep="


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row that is not blank: which one it is, where it stands in the sheet, and its cells."""

    position: int
    number: int
    cells: list[str]


class LineList:
    """A file of rows under a header; it is read from the start each time it is asked for its records.

    `source` is where it lies, or its bytes: what came through a page is never laid into a file.
    """

    def __init__(self, source: Path | bytes, sheet: str | None = None) -> None:
        self._source = source
        self._sheet = sheet
        try:
            with self._open() as file:
                self._start = file.read(4)
                file.seek(0)
                self.digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise UnusableFile("missing") from error
        if self._start == _OLE:
            raise UnusableFile("old_excel")
        if self.is_workbook:
            check_archive(self._archive())

    @property
    def is_workbook(self) -> bool:
        """Whether it is an Excel sheet, told by its content."""
        return self._start == _ZIP

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The names of the columns; raises UnusableFile when there is no row at all."""
        for _, cells in self._numbered():
            names = [cell.strip() for cell in cells]
            while names and not names[-1]:
                names.pop()
            return tuple(names)
        raise UnusableFile("empty")

    def records(self) -> Iterator[Record]:
        """Yield every row under the header that is not blank; raises UnusableFile where it cannot be read."""
        rows = self._numbered()
        next(rows, None)
        for position, (number, cells) in enumerate(rows, 1):
            if self.is_workbook:
                cells = self._fitted(cells)  # noqa: PLW2901 - a sheet leaves out cells at the end of a row
            yield Record(position=position, number=number, cells=cells)

    def count(self) -> int:
        """Read the file through and return how many rows it has."""
        return sum(1 for _ in self.records())

    def _open(self) -> BufferedReader | BytesIO:
        return BytesIO(self._source) if isinstance(self._source, bytes) else self._source.open("rb")

    def _archive(self) -> Path | BytesIO:
        return BytesIO(self._source) if isinstance(self._source, bytes) else self._source

    def _fitted(self, cells: list[str]) -> list[str]:
        width = len(self.header)
        padded = cells + [""] * (width - len(cells))
        return padded if any(padded[width:]) else padded[:width]

    def _numbered(self) -> Iterator[tuple[int, list[str]]]:
        rows = read_rows(self._archive(), self._sheet) if self.is_workbook else self._read_csv()
        return ((number, cells) for number, cells in enumerate(rows, 1) if any(map(str.strip, cells)))

    def _read_csv(self) -> Iterator[list[str]]:
        encoding = next((name for bom, name in _BOMS.items() if self._start.startswith(bom)), "utf-8")
        reader = None
        try:
            with TextIOWrapper(self._open(), encoding=encoding, newline="") as file:
                first = file.readline()
                separator, is_told = _separator_of(first)
                lines = chain([] if is_told else [first], file)
                reader = csv.reader(lines, delimiter=separator, strict=True)
                # The line that only names the separator is a row of the sheet as people see it.
                yield from chain([[]] if is_told else [], reader)
        except UnicodeError as error:
            raise UnusableFile("encoding") from error
        except csv.Error as error:
            raise UnusableFile("csv", str(reader.line_num if reader else 1)) from error


def _separator_of(first: str) -> tuple[str, bool]:
    """Return what divides the cells, and whether the first line only says so, as Excel may write it."""
    told = first.strip("\r\n")
    if told.lower().startswith(_SEPARATOR_LINE) and told[len(_SEPARATOR_LINE) :] in SEPARATORS:
        return told[len(_SEPARATOR_LINE) :], True
    widths = {separator: len(next(csv.reader([first], delimiter=separator), [])) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: widths[separator]), False
