"""Files as they come: other separators, marks of order, quotes, blank lines, sheets, and hostile archives."""

import hashlib
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from casemgr.imports import workbooks
from casemgr.imports.reading import LineList
from casemgr.imports.rules import UnusableFile
from casemgr.imports.workbooks import FORMULA

HARD_TO_PACK = b"".join(
    hashlib.sha256(bytes([place % 256, place // 256])).hexdigest().encode() for place in range(1024)
)[:65530]
"""Ends just before the end of the first piece that is read, so that what follows stands across two."""


def read(path, sheet=None):
    lines = LineList(path, sheet)
    return [(record.position, record.number, record.cells) for record in lines.records()]


def write_bytes(tmp_path, content: bytes, name="tep.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def refusal_of(path, sheet=None):
    with pytest.raises(UnusableFile) as caught:
        read(path, sheet)
    return caught.value


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_separator_encoding_and_line_ends_are_recognised(tmp_path, separator, encoding, ending):
    text = ending.join([separator.join(cells) for cells in (("Ngày", "Nơi"), ("1/2/2025", "Xóm Chợ"))])
    path = write_bytes(tmp_path, (text + ending).encode(encoding))

    assert LineList(path).header == ("Ngày", "Nơi")
    assert read(path) == [(1, 2, ["1/2/2025", "Xóm Chợ"])]


def test_a_line_that_names_the_separator_is_not_a_row_of_the_list(tmp_path):
    path = write_bytes(tmp_path, b"sep=;\r\na;b\r\n1;2\r\n")

    assert LineList(path).header == ("a", "b")
    assert read(path) == [(1, 3, ["1", "2"])]


def test_a_missing_last_line_end_loses_no_row(tmp_path):
    assert read(write_bytes(tmp_path, b"a,b\n1,2\n3,4"))[-1] == (2, 3, ["3", "4"])


def test_quotes_hold_separators_line_ends_and_quotes(tmp_path):
    path = write_bytes(tmp_path, b'a,b\n"x, y","line\nnext ""said"""\n1,2\n')

    assert [cells for _, _, cells in read(path)] == [["x, y", 'line\nnext "said"'], ["1", "2"]]


def test_blank_lines_are_no_rows(tmp_path):
    path = write_bytes(tmp_path, b"\na,b\n\n1,2\n , \n3,4\n\n")

    assert [cells for _, _, cells in read(path)] == [["1", "2"], ["3", "4"]]
    assert LineList(path).count() == 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b'a,b\n1,"open quote\n2,3\n', "csv"),
        (b'a,b\n"x"y,2\n', "csv"),
        ("Ngày,Nơi\n1,Chợ\n".encode("cp1258", errors="replace") + b"\xff\xd0,1\n", "encoding"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old_excel"),
        (b"PK\x03\x04 nothing of a workbook", "workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(tmp_path, content, kind):
    path = write_bytes(tmp_path, content)
    with pytest.raises(UnusableFile) as caught:
        assert LineList(path).header
        LineList(path).count()

    assert caught.value.kind == kind
    assert all(caught.value.words(language) for language in ("vi", "en"))


def test_a_broken_quote_is_told_with_its_line(tmp_path):
    assert refusal_of(write_bytes(tmp_path, b'a,b\n1,2\n"x"y,2\n')).detail == "3"


@pytest.fixture
def sheet(tmp_path):
    def write_sheet(*rows, title="Danh sách"):
        book = Workbook()
        book.active.title = title
        for row in rows:
            book.active.append(row)
        path = tmp_path / "so.xlsx"
        book.save(path)
        return path

    return write_sheet


def test_a_sheet_is_read_like_a_list(sheet):
    path = sheet(
        ["Ngày", "Tuổi", "Nơi"], [date(2025, 3, 5), 31.0, None], [None, None, None], ["6/3/2025", 4, "Chợ"]
    )

    assert LineList(path).header == ("Ngày", "Tuổi", "Nơi")
    assert read(path) == [(1, 2, ["2025-03-05", "31", ""]), (2, 4, ["6/3/2025", "4", "Chợ"])]


def test_a_formula_is_no_value(sheet):
    [(_, _, cells)] = read(sheet(["a", "b"], ["=1+1", "x"]))

    assert cells == [FORMULA, "x"]


def test_a_named_sheet_is_found_or_missed(sheet):
    path = sheet(["a"], ["1"], title="Incident Data")

    assert read(path, "Incident Data") == [(1, 2, ["1"])]
    assert refusal_of(path, "Menu Data").kind == "sheet"


def test_what_a_sheet_claims_of_its_size_does_not_count(sheet, tmp_path):
    honest, lying = sheet(["a"], ["1"]), tmp_path / "lies.xlsx"
    with zipfile.ZipFile(honest) as source, zipfile.ZipFile(lying, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(
                entry, content.replace(b'<dimension ref="A1:A2"', b'<dimension ref="A1:XFD1048576"')
            )

    assert read(lying) == [(1, 2, ["1"])]


def archive(tmp_path, entries):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("entries", "detail"),
    [
        ({"xl/big.xml": b"0" * 2**20}, "ratio > 100"),
        ({f"x{number}": b"" for number in range(workbooks.MOST_ENTRIES + 1)}, "> 1000 entries"),
        ({"x.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "DTD"),
        ({"x.xml": HARD_TO_PACK + b"<!ENTITY b 'c'>"}, "DTD"),
        ({"x.xml": '<?xml version="1.0"?><a/>'.encode("utf-16")}, "UTF-16"),
    ],
)
def test_a_hostile_archive_is_not_opened(tmp_path, monkeypatch, entries, detail):
    monkeypatch.setattr(workbooks, "load_workbook", lambda *_, **__: pytest.fail("was opened"))

    found = refusal_of(archive(tmp_path, entries))

    assert (found.kind, found.detail) == ("bomb", detail)


def test_an_archive_that_unpacks_too_large_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "LARGEST_TOTAL", 1000)

    assert refusal_of(archive(tmp_path, {"x": bytes(range(256)) * 5})).kind == "bomb"
