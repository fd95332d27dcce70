import dataclasses
import io
import re
import subprocess

import pypdf
import pytest

from casemgr.letters import pdf
from casemgr.letters.words import MOTTO, NATIONAL_NAME, WORDS
from tests.letters.sample import (
    CHART,
    CODE_SHEET,
    HOSTILE,
    REFERRAL,
    TABLE,
    make_letter,
    make_report,
)


@pytest.fixture(scope="module")
def report():
    return pdf.write_document(make_report())


def read(made, *options):
    run = subprocess.run(["pdftotext", *options, "-", "-"], input=made, capture_output=True, check=True)
    return run.stdout.decode()


def joined(text):
    return " ".join(text.split())


def pages(made):
    return read(made, "-layout").split("\f")[:-1]


def fonts(made, folder):
    path = folder / "made.pdf"
    path.write_bytes(made)
    run = subprocess.run(["pdffonts", path], capture_output=True, check=True)
    return {line.split()[0].split("+")[-1] for line in run.stdout.decode().splitlines()[2:]}


def test_the_national_name_and_the_motto_stand_on_one_line_each(report):
    lines = [joined(line) for line in pages(report)[0].splitlines()]
    assert any(line.endswith(NATIONAL_NAME) for line in lines)
    assert any(line.endswith(MOTTO) for line in lines)


def test_only_the_vendored_typeface_is_embedded(report, tmp_path):
    assert fonts(report, tmp_path) == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    assert fonts(pdf.write_slip(REFERRAL), tmp_path) <= {"Tinos", "Tinos-Bold"}


def test_the_first_page_has_no_number_and_later_pages_have_theirs(report):
    first = [line.strip() for line in pages(report)[0].splitlines()]
    assert "1" not in first
    assert "2" not in first
    for number, page in enumerate(pages(report)[1:], start=2):
        assert page.strip().splitlines()[0].strip() == str(number)


def test_the_page_number_is_centred_in_the_top_margin(report):
    boxes = read(report, "-f", "2", "-l", "2", "-bbox")
    place = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">2</word>', boxes)
    left, top, right, bottom = (float(part) / 72 * 25.4 for part in place.groups())
    assert (left + right) / 2 == pytest.approx(30 + 165 / 2, abs=0.5)
    assert top > 8
    assert bottom < 20


def test_pages_are_a4_and_a_wide_annex_lies_on_its_side(report):
    boxes = [page.mediabox for page in pypdf.PdfReader(io.BytesIO(report)).pages]
    sides = [(round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) for box in boxes]
    assert set(sides[:-1]) == {(210, 297)}
    assert sides[-1] == (297, 210)


def test_body_text_keeps_inside_the_margins(report):
    boxes = read(report, "-f", "1", "-l", "1", "-bbox")
    # The draft mark lies across the page on purpose; every other word keeps to the text area.
    words = re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">([^<]*)</word>', boxes)
    spread = [(float(left), float(right)) for left, right, word in words if word not in {"DỰ", "THẢO"}]
    assert min(left for left, _ in spread) >= 30 / 25.4 * 72 - 1
    assert max(right for _, right in spread) <= 195 / 25.4 * 72 + 1


def test_the_file_is_tagged_titled_and_says_its_language(report):
    reader = pypdf.PdfReader(io.BytesIO(report))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    assert reader.metadata.title.startswith("BÁO CÁO Kết quả công tác bình đẳng giới")


def test_the_file_says_nothing_of_who_made_it_or_when(report):
    metadata = pypdf.PdfReader(io.BytesIO(report)).metadata
    assert metadata.author is None
    assert metadata.creation_date is None


def test_the_same_document_gives_the_same_bytes(report):
    assert pdf.write_document(make_report()) == report
    assert pdf.write_slip(REFERRAL) == pdf.write_slip(REFERRAL)
    assert pdf.draw_picture(CHART, "vi") == pdf.draw_picture(CHART, "vi")


def test_hostile_words_are_printed_letter_by_letter(report):
    assert joined(HOSTILE) in joined(read(report))
    assert joined(HOSTILE) in joined(read(pdf.write_slip(REFERRAL)))


def test_hostile_words_are_harmless_in_every_place():
    hostile = make_report(
        abstract=HOSTILE,
        place=HOSTILE,
        sign=HOSTILE,
        number=HOSTILE,
        restricted=HOSTILE,
        parent_agency=HOSTILE,
        issuing_agency=(HOSTILE,),
        addressees=(HOSTILE,),
        bases=(HOSTILE,),
        recipients=(HOSTILE,),
    )
    assert joined(read(pdf.write_document(hostile))).count("#set") >= 8


def test_a_draft_says_so_on_every_page_and_a_signed_document_does_not(report):
    signed = pdf.write_document(make_letter())
    assert all("DỰ THẢO" in page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report)).pages)
    assert not any("DỰ THẢO" in page.extract_text() for page in pypdf.PdfReader(io.BytesIO(signed)).pages)


def test_synthetic_data_says_so_on_every_page(report):
    assert all(WORDS["vi"].synthetic in page for page in pages(report))
    assert WORDS["vi"].synthetic not in read(pdf.write_document(make_report(is_synthetic=False)))


def test_a_restricted_report_says_so_at_its_head_and_on_every_page():
    words = "HẠN CHẾ – Không sao chụp, không đăng tải"
    made = pages(pdf.write_document(make_report(restricted=words)))
    assert all(words in page for page in made)
    assert joined(made[0]).count("HẠN CHẾ") == 2


def test_protected_figures_are_marked_and_explained(report):
    text = joined(read(report))
    assert text.count("[bv]") >= 6
    assert WORDS["vi"].protected_note in text


def test_the_head_of_a_table_stands_again_on_the_next_page():
    long_table = type(TABLE)(columns=TABLE.columns, header=TABLE.header, rows=TABLE.rows[:8] * 8)
    made = pages(pdf.write_document(make_report(body=(long_table,), annexes=())))
    assert sum("Huy động" in page for page in made) == len(made) >= 2


def test_who_signs_and_who_receives_are_printed(report):
    text = read(report)
    for words in ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nơi nhận:", "- Lưu: VT, VHXH."):
        assert words in text


def test_a_letter_has_its_subject_under_the_number_and_no_name_of_type():
    first = pages(pdf.write_document(make_letter()))[0]
    assert "V/v hướng dẫn thực hiện" in first
    assert "BÁO CÁO" not in first
    assert "Kính gửi:" in first


def test_a_long_subject_and_a_long_name_of_agency_do_not_reach_into_the_motto():
    long_name = make_report(issuing_agency=("TRUNG TÂM CUNG ỨNG DỊCH VỤ CÔNG TÁC XÃ HỘI VÀ BẢO TRỢ TRẺ EM",))
    assert NATIONAL_NAME in pages(pdf.write_document(long_name))[0]


def test_a_ruled_title_is_measured_as_it_is_printed():
    measured = pdf.measure_lines(MOTTO, size=14, width=99)
    assert measured.lines == (MOTTO,)
    assert 59 < measured.last_width < 62
    assert 95 < pdf.measure_lines(NATIONAL_NAME, size=13, width=99).last_width < 97


def test_a_long_title_is_broken_into_lines_of_like_length():
    words = make_report().abstract
    measured = pdf.measure_lines(words, size=14, width=140)
    assert " ".join(measured.lines) == words
    assert len(measured.lines) == 2
    assert abs(len(measured.lines[0]) - len(measured.lines[1])) < 12


def test_a_slip_carries_its_code_in_the_corner():
    boxes = read(pdf.write_slip(CODE_SHEET), "-bbox")
    place = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>T-0412</word>', boxes)
    left, top = (float(part) / 72 * 25.4 for part in place.groups())
    assert left > 150
    assert top < 30


def test_a_form_of_several_sheets_carries_its_code_on_each():
    long = dataclasses.replace(REFERRAL, rows=REFERRAL.rows * 6)
    made = pages(pdf.write_slip(long))
    assert len(made) > 1
    assert all(page.count(REFERRAL.code) == 1 for page in made)


def test_a_sheet_of_codes_numbers_every_code():
    text = joined(read(pdf.write_slip(CODE_SHEET), "-layout"))
    for order, code in enumerate(CODE_SHEET.cells, start=1):
        assert f"{order}. {code}" in text


def test_a_slip_offers_its_choices_and_room_to_write():
    text = read(pdf.write_slip(REFERRAL))
    for words in ("Tạm lánh", "Không thể tiếp nhận", "Nhu cầu đặc biệt", "Trong 2 giờ"):
        assert words in text


def test_the_picture_for_word_files_is_png():
    assert pdf.draw_picture(CHART, "vi").startswith(b"\x89PNG")
