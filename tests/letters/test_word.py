import io
import zipfile

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from casemgr.letters import word
from casemgr.letters.words import MOTTO, NATIONAL_NAME, WORDS
from tests.letters.sample import HOSTILE, TABLE, make_letter, make_report


@pytest.fixture(scope="module")
def made():
    return word.write_document(make_report(restricted="HẠN CHẾ"))


@pytest.fixture(scope="module")
def file(made):
    return docx.Document(io.BytesIO(made))


def all_text(file):
    return "\n".join(piece.text or "" for piece in file.element.iter(qn("w:t")))


def test_pages_have_the_margins_of_the_decree(file):
    first = file.sections[0]
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    for side, length in (("top", 20), ("bottom", 20), ("left", 30), ("right", 15)):
        assert getattr(first, f"{side}_margin").mm == pytest.approx(length, abs=0.1)


def test_a_wide_annex_lies_on_its_side(file):
    assert file.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    assert file.sections[-1].page_width > file.sections[-1].page_height


def test_text_is_set_in_times_new_roman_alone(file):
    named = {fonts.get(qn("w:ascii")) for fonts in file.element.iter(qn("w:rFonts"))}
    assert named <= {"Times New Roman", None}
    for name in ("Normal", "Header", "Footer", "Heading 1", "Heading 2", "Heading 3"):
        assert file.styles[name].font.name == "Times New Roman"


def test_the_page_number_stands_in_the_header_from_the_second_page(file):
    first = file.sections[0]
    assert first.different_first_page_header_footer
    assert "PAGE" not in first.first_page_header._element.xml.replace("HEADERPAGE", "").split("w:hdr", 1)[1]
    assert first.header._element.xml.count('w:instr="PAGE"') == 1
    assert not file.sections[-1].different_first_page_header_footer
    assert file.sections[-1].header.is_linked_to_previous


def test_the_head_has_agency_and_motto_side_by_side(file):
    agency, national = file.tables[0].rows[0].cells
    assert [line.text for line in agency.paragraphs if line.text] == ["ỦY BAN NHÂN DÂN", "XÃ CẨM TÚ"]
    assert [line.text for line in national.paragraphs if line.text] == [NATIONAL_NAME, MOTTO]
    assert agency.width.mm == pytest.approx(66, abs=0.1)
    assert national.width.mm == pytest.approx(99, abs=0.1)


def test_a_rule_as_wide_as_the_motto_stands_below_it(file):
    rule = file.tables[0].rows[0].cells[1].paragraphs[-1]
    indent = rule.paragraph_format.left_indent.mm + rule.paragraph_format.right_indent.mm
    assert 99 - indent == pytest.approx(60.4, abs=0.3)
    assert rule._p.find(f".//{qn('w:pBdr')}") is not None


def test_hostile_words_are_written_letter_by_letter(file):
    assert HOSTILE in all_text(file)


def test_tables_repeat_their_head_and_mark_protected_figures(file):
    table = next(one for one in file.tables if one.cell(0, 0).text == "TT")
    heads = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
    assert heads == [True, True] + [False] * len(TABLE.rows)
    assert table.cell(4, 5).text == "[bv]"
    assert table.cell(2, 4).text == "15.000"
    assert WORDS["vi"].protected_note in all_text(file)


def test_each_chart_is_a_picture_that_is_told_in_words(file):
    told = [one.get("descr") for one in file.element.iter(qn("wp:docPr"))]
    assert len(told) == 2
    assert any("số liệu được bảo vệ" in words for words in told)


def test_a_draft_is_marked_in_both_headers_and_a_signed_document_in_none(file):
    first = file.sections[0]
    for header in (first.first_page_header, first.header):
        assert 'string="DỰ THẢO"' in header._element.xml
    signed = docx.Document(io.BytesIO(word.write_document(make_letter())))
    assert "DỰ THẢO" not in signed.sections[0].header._element.xml


def test_marks_stand_at_the_foot_of_first_and_later_pages(file):
    first = file.sections[0]
    for footer in (first.first_page_footer, first.footer):
        assert [line.text for line in footer.paragraphs] == ["HẠN CHẾ", WORDS["vi"].synthetic]


def test_the_file_says_nothing_of_who_made_it_or_when(made, file):
    properties = file.core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert (properties.created.year, properties.created.month) == (2026, 6)
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert not [name for name in names if "thumbnail" in name]


def test_the_same_document_gives_the_same_bytes(made):
    assert word.write_document(make_report(restricted="HẠN CHẾ")) == made


def test_a_single_addressee_stands_beside_the_words_addressed_to():
    one = docx.Document(io.BytesIO(word.write_document(make_report(addressees=("Sở Nội vụ",)))))
    assert "Kính gửi: Sở Nội vụ" in [line.text for line in one.paragraphs]
