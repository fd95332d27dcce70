"""What becomes of a row: every problem of it is told, and nothing of its content."""

from datetime import UTC, date, datetime

import pytest

from casemgr import clock
from casemgr.imports.dates import read_date
from casemgr.imports.reading import LineList
from casemgr.imports.rules import UnusableFile, settle
from casemgr.imports.shelf import read_mapping
from casemgr.imports.translating import Translator
from casemgr.text.invalid import InvalidText
from tests.imports.conftest import GOOD, HEADER, MAPPING

RECORDER = {
    "INCIDENT ID": "c61fce8",
    "SURVIVOR CODE": "S-001",
    "DATE OF INTERVIEW": "05-Mar-2025",
    "DATE OF INCIDENT": "01-Mar-2025",
    "DATE OF BIRTH": "01-Jan-1990",
    "SEX": "F",
    "ETHNICITY": "Mường",
    "CIVIL / MARITAL STATUS": "Married / Cohabitating",
    "INCIDENT LOCATION": "Client's Home",
    "INCIDENT DISTRICT": "Thanh Hóa",
    "INCIDENT CAMP / TOWN": "Cẩm Tú",
    "GBV TYPE": "Psychological / Emotional Abuse",
    "PREVIOUSLY REPORTED THIS INCIDENT?": "Yes-GBVIMS Org / Agency",
    "No. ALLEGED PRIMARY PERPETRATOR(S)": "1",
    "ALLEGED PERPETRATOR SEX": "M",
    "ALLEGED PERPETRATOR AGE GROUP": "Age 26 - 40",
    "ALLEGED PERPETRATOR - SURVIVOR RELATIONSHIP": "Intimate Partner / Former Partner",
    "SAFE HOUSE / SHELTER": "Referred & Service unavailable",
    "CONSENT GIVEN": "Yes",
}


@pytest.fixture(autouse=True)
def _may():
    with clock.frozen(datetime(2025, 5, 31, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def outcomes_of(write, mapping):
    return lambda *rows: list(settle(Translator(LineList(write(*rows)), mapping).outcomes()))


def kinds(outcome):
    return [(one.column, one.kind) for one in outcome.problems]


def test_a_row_becomes_person_incident_perpetrator_and_what_is_kept(outcomes_of):
    [outcome] = outcomes_of(GOOD)

    line = outcome.line
    assert (line.registered_on, line.core_type) == (date(2025, 3, 5), "phys_assault")
    assert line.person == {"sex": "nu", "age": 31, "age_stated_on": "2025-03-05"}
    assert line.incident == {"forms": ["than_the", "tinh_than"], "place_detail": "Xóm Chợ"}
    assert line.perpetrator == {"relation": "chong"}
    assert line.kept == (("Ghi chú", "Gọi buổi sáng"),)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",,Nữ,31,x,,,,", [("Ngày", "required")]),
        ("31/02/2025,,Nữ,31,x,,,,", [("Ngày", "date")]),
        ("5 tháng 3,,Nữ,31,x,,,,", [("Ngày", "date")]),
        ("03/2025,,Nữ,31,x,,,,", [("Ngày", "date")]),
        ("01/06/2025,,Nữ,31,x,,,,", [("Ngày", "date_future")]),
        ("05/03/2025,,Đàn bà,31,x,,,,", [("Giới", "unknown_value")]),
        ("05/03/2025,,Nữ,131,x,,,,", [("Tuổi", "number")]),
        ("05/03/2025,,Nữ,31.5,x,,,,", [("Tuổi", "number")]),
        ("05/03/2025,,Nữ,31,,,,,", [("core_type", "no_core_type")]),
        ("05/03/2025,,Nữ,31,x,,,", [("", "cells")]),
        ("05/03/2025,,Nữ,31,x,,,,,", [("", "cells")]),
        ("05/03/2025,,Nữ,31,x,," + "y" * 301 + ",,", [("Nơi", "answer")]),
        ("ngày xưa,,Bà,già,có,,,Ai,", [(c, k) for c, k in (
            ("Ngày", "date"), ("Giới", "unknown_value"), ("Tuổi", "number"),
            ("Đánh", "unknown_value"), ("Quan hệ", "unknown_value"),
        )]),
    ],
)  # fmt: skip
def test_every_problem_of_a_row_is_told(outcomes_of, row, expected):
    [outcome] = outcomes_of(row)

    assert outcome.line is None
    assert kinds(outcome) == expected


def test_a_problem_repeats_nothing_of_the_content(outcomes_of):
    [outcome] = outcomes_of("ngày Lò Thị Xuân,,Lò Thị Xuân,Lò Thị Xuân,x,,,,")

    assert "Xuân" not in repr(outcome)
    assert all(problem.vi and problem.en for problem in outcome.problems)


def test_numbers_written_as_fractions_of_nothing_are_whole(outcomes_of):
    assert outcomes_of(GOOD.replace("31", "31.0"))[0].line.person["age"] == 31


def test_codes_are_known_by_code_and_by_label_in_both_languages(outcomes_of):
    words = ("nu", "NỮ", "female", " Female ")

    assert {one.line.person["sex"] for one in outcomes_of(*(GOOD.replace("Nữ", word) for word in words))} == {
        "nu"
    }


def test_rows_with_one_survivor_code_are_one_person(outcomes_of):
    first, second, other = outcomes_of(
        "05/03/2025,S1,Nữ,31,x,,,,", "06/03/2025,S1,Nữ,32,x,,,,", "06/03/2025,S1,Nam,32,x,,,,"
    )

    assert second.line.person == first.line.person
    assert kinds(other) == [("survivor.sex", "survivor_differs")]


def test_a_file_without_a_mapped_column_is_refused_with_all_that_are_missing(write, mapping):
    with pytest.raises(UnusableFile) as caught:
        Translator(LineList(write("5/3/2025,x", header="Ngày,Đánh")), mapping)

    assert caught.value.detail == "Mã người, Giới, Tuổi, Chửi, Nơi, Quan hệ, Ghi chú"


def test_a_mapped_column_that_is_there_twice_is_refused(write, mapping):
    with pytest.raises(UnusableFile, match="columns_twice"):
        Translator(LineList(write(GOOD + ",x", header=HEADER + ",tuổi")), mapping)


def test_columns_that_the_mapping_does_not_know_are_told(write, mapping):
    translator = Translator(LineList(write(GOOD + ",x", header=HEADER + ",Lạ")), mapping)

    assert translator.unknown == ["Lạ"]
    assert next(translator.outcomes()).line is not None


def test_a_formula_is_refused_where_it_counts(tmp_path, mapping):
    from openpyxl import Workbook

    book = Workbook()
    for row in (HEADER.split(","), ["05/03/2025", "", "Nữ", "=30+1", "x", "", "", "", ""]):
        book.active.append(row)
    book.save(tmp_path / "so.xlsx")

    [outcome] = Translator(LineList(tmp_path / "so.xlsx"), mapping).outcomes()

    assert kinds(outcome) == [("Tuổi", "formula")]


def test_an_incident_after_its_report_is_refused(write, mapping_file):
    mapping_file.write_text(
        MAPPING.replace('to = "incident.place_detail"', 'to = "incident.happened_on"'), encoding="utf-8"
    )
    lines = LineList(write("05/03/2025,,Nữ,31,x,,06/03/2025,,"))

    [outcome] = Translator(lines, read_mapping(str(mapping_file))).outcomes()

    assert kinds(outcome) == [("incident.happened_on", "date_order")]


def test_a_row_of_the_recorder_becomes_a_line(tmp_path):
    mapping = read_mapping("gbvims_ir")
    names = [column.name for column in mapping.columns.values()]
    path = tmp_path / "ir.csv"
    rows = (names, [RECORDER.get(name, "") for name in names])
    path.write_text("\n".join("\t".join(row) for row in rows), encoding="utf-8")

    [outcome] = Translator(LineList(path), mapping).outcomes()

    assert outcome.problems == ()
    line = outcome.line
    assert (line.survivor_code, line.core_type, line.reporting_consent) == ("S-001", "psych", "yes")
    assert line.person == {"birth": "1990-01-01", "sex": "nu", "ethnicity": "muong", "marital": "co_vc"}
    assert line.incident == {
        "happened_on": "2025-03-01",
        "place": "nha_nguoi_bi_bao_luc",
        "place_detail": "Thanh Hóa, Cẩm Tú",
        "reported_elsewhere": "co_gbvims",
        "perpetrator_number": "mot",
        "forms": ["tinh_than"],
    }
    assert line.perpetrator == {"sex": "nam", "age_band": "a26_40", "relation": "chung_song"}
    assert ("SAFE HOUSE / SHELTER", "Referred & Service unavailable") in line.kept


@pytest.mark.parametrize(
    ("text", "form", "stored"),
    [
        ("5/3/2025", "dd/mm/yyyy", "2025-03-05"),
        ("05.03.2025", "dd/mm/yyyy", "2025-03-05"),
        ("3/5/2025", "mm/dd/yyyy", "2025-03-05"),
        ("05-Mar-2025", "dd-mmm-yyyy", "2025-03-05"),
        ("5 March 2025", "dd-mmm-yyyy", "2025-03-05"),
        ("03/2025", "mm/yyyy", "2025-03"),
        ("2025", "yyyy", "2025"),
        ("2025-03-05", "dd/mm/yyyy", "2025-03-05"),
        ("2025-03-05 00:00:00", "dd/mm/yyyy", "2025-03-05"),
    ],
)
def test_dates_are_read_in_the_forms_that_are_named(text, form, stored):
    assert read_date(text, (form,)).to_storage() == stored


@pytest.mark.parametrize("text", ["5/3/25", "05-Mai-2025", "2025", "13/13/2025", "hôm qua"])
def test_no_other_date_is_guessed(text):
    with pytest.raises(InvalidText):
        read_date(text, ("dd/mm/yyyy", "dd-mmm-yyyy"))
