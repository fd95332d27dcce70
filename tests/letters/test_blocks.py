import pytest

from casemgr.letters.blocks import Column, HeaderCell, Table
from tests.letters.sample import TABLE, make_letter, make_report


def test_header_cells_know_their_places_below_those_that_reach_down():
    places = {placed.cell.text: (placed.row, placed.column) for placed in TABLE.placed_header()}
    assert places["TT"] == (0, 0)
    assert places["Kinh phí (nghìn đồng)"] == (0, 4)
    assert places["Nữ"] == (1, 2)
    assert places["Huy động"] == (1, 5)


def test_a_row_that_does_not_fill_the_columns_is_refused():
    with pytest.raises(ValueError, match="every row"):
        Table(columns=(Column(),), header=((HeaderCell(text="a"),),), rows=(("1", "2"),))


def test_a_head_that_does_not_fill_the_columns_is_refused():
    with pytest.raises(ValueError, match="head"):
        Table(columns=(Column(), Column()), header=((HeaderCell(text="a"),),), rows=())


def test_the_meaning_of_the_mark_is_printed_only_where_a_figure_is_protected():
    assert len(TABLE.notes_in("vi")) == 2
    plain = Table(columns=(Column(),), header=((HeaderCell(text="a"),),), rows=((1,),))
    assert plain.notes_in("vi") == ()


def test_the_number_stays_a_gap_until_it_is_assigned():
    assert make_report().number_line.endswith("/BC-UBND")
    assert make_report(number="45").number_line == "Số: 45/BC-UBND"


def test_only_a_letter_carries_its_subject_under_the_number():
    assert make_report().subject == ""
    assert make_letter().subject.startswith("V/v hướng dẫn")
