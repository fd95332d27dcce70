import csv
import io
import zipfile

import openpyxl
import pytest

from casemgr.letters.blocks import Column, HeaderCell, Table
from casemgr.letters.sheets import Sheet, write_csv, write_workbook
from casemgr.letters.words import WORDS
from tests.letters.sample import HOSTILE, TABLE

FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1+1", "\r\n=1")


def make_sheet(*values, name="Bảng"):
    rows = tuple((value, None) for value in values)
    head = (HeaderCell(text="=Tên"), HeaderCell(text="Số"))
    table = Table(columns=(Column(), Column(align="right")), header=(head,), rows=rows)
    return Sheet(name=name, heading=("=HYPERLINK(1)",), table=table)


def written(*sheets, **more):
    made = write_workbook(sheets, title="Phụ lục", language="vi", **more)
    return made, openpyxl.load_workbook(io.BytesIO(made))


def test_texts_that_look_like_formulas_stay_texts():
    _, book = written(make_sheet(*FORMULAS, HOSTILE, "http://example.org", "0123"))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "0123" in [cell.value for cell in cells]
    assert HOSTILE in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.hyperlink]


def test_figures_are_numbers_and_protected_figures_their_mark():
    _, book = written(Sheet(name="Truyền thông", heading=("Phụ lục",), table=TABLE))
    by_hamlet = {row[1].value: row for row in book.active.iter_rows() if row[1].value}
    assert by_hamlet["Thôn Lương 3"][2].value == 123
    assert by_hamlet["Thôn Lương 3"][5].value == "[bv]"
    notes = [row[0].value for row in book.active.iter_rows()]
    assert WORDS["vi"].protected_note in notes


def test_header_cells_that_reach_further_are_merged():
    _, book = written(Sheet(name="Truyền thông", heading=("Phụ lục",), table=TABLE))
    assert {str(one) for one in book.active.merged_cells.ranges} == {"A4:A5", "B4:B5", "C4:D4", "E4:F4"}
    assert book.active["E4"].value == "Kinh phí (nghìn đồng)"


def test_a_workbook_says_nothing_of_who_made_it_or_when():
    made, book = written(make_sheet("a"))
    assert book.properties.creator in {None, ""}
    assert book.properties.created.year == 1980
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert not [name for name in names if "comment" in name or "pivot" in name or "external" in name]


def test_the_same_tables_give_the_same_bytes():
    assert written(make_sheet("a", 3))[0] == written(make_sheet("a", 3))[0]


def test_nothing_in_a_workbook_is_hidden():
    _, book = written(make_sheet("a"), make_sheet("b", name="Hai"))
    assert {page.sheet_state for page in book.worksheets} == {"visible"}
    for page in book.worksheets:
        assert not [row for row in page.row_dimensions.values() if row.hidden]


def test_names_of_tabs_are_made_fit_and_unlike_each_other():
    long = "Tên rất dài [2026]: số liệu/kỳ báo cáo?"
    _, book = written(make_sheet("a", name=long), make_sheet("b", name=long), make_sheet("c", name="''"))
    assert len(set(book.sheetnames)) == 3
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert book.sheetnames[2] == "3"


def test_synthetic_data_says_so_in_the_workbook():
    _, book = written(make_sheet("a"), is_synthetic=True)
    assert WORDS["vi"].synthetic in [row[0].value for row in book.active.iter_rows()]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_csv_acts_as_a_formula(formula):
    rows = list(csv.reader(io.StringIO(write_csv([formula], [[formula]], protected="").decode("utf-8-sig"))))
    assert all(cell.startswith("'") for row in rows for cell in row)


def test_csv_has_a_byte_order_mark_line_ends_and_quoting_as_the_standard_asks():
    made = write_csv(["tên", "số"], [['một, "hai"', 1234], ["a", None], ["b", -5]], protected="[bv]")
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.decode("utf-8-sig") == 'tên,số\r\n"một, ""hai""",1234\r\na,[bv]\r\nb,-5\r\n'


def test_ordinary_words_are_left_as_they_are_in_csv():
    made = write_csv(["a"], [["Nguyễn Thị A"], ["12-05"], ["a=b"]], protected="").decode("utf-8-sig")
    assert made == "a\r\nNguyễn Thị A\r\n12-05\r\na=b\r\n"
