"""Mappings: every mistake is told at once with its line; the shipped ones have none."""

from time import process_time

import pytest

from casemgr.codes import lists
from casemgr.imports.mapping import UnusableMapping
from casemgr.imports.places import Places
from casemgr.imports.shelf import list_shipped, read_mapping
from tests.imports.conftest import MAPPING

RECORDER_COLUMNS = 41


def mistakes_of(path):
    with pytest.raises(UnusableMapping) as caught:
        read_mapping(str(path))
    return [(one.line, one.kind, one.detail) for one in caught.value.mistakes]


def line_of(text: str, piece: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if piece in line)


@pytest.mark.parametrize("name", list_shipped())
def test_a_shipped_mapping_has_no_mistake(name):
    assert read_mapping(name).name == name


def test_the_recorder_is_mapped_column_by_column():
    mapping = read_mapping("gbvims_ir")

    assert len(mapping.columns) == RECORDER_COLUMNS
    assert set(mapping.type_forms) == {code.code for code in lists.get("gbvims_type")} - {"non_gbv"}


def test_all_mistakes_are_told_at_once_with_their_lines(mapping_file):
    text = (
        MAPPING.replace('to = "survivor.sex"', 'to = "survivor.sexx"')
        .replace('values = { x = "than_the" }', 'values = { x = "danh_dap" }\ncolour = "red"')
        .replace('dates = ["dd/mm/yyyy"]', 'dates = ["d/m/y"]')
        .replace('state = "closed"', 'state = "shut"')
        .replace('["tinh_than", "psych"]', '["tinh_than", "insult"]')
        .replace('to = "perpetrator.relation"', 'to = "survivor.age"')
    )
    mapping_file.write_text(text, encoding="utf-8")

    assert mistakes_of(mapping_file) == [
        (line_of(text, "dates ="), "date_form", "d/m/y"),
        (line_of(text, "[case]"), "bad_value", "shut"),
        (line_of(text, "order ="), "bad_value", "['tinh_than', 'insult']"),
        (line_of(text, "survivor.sexx"), "unknown_target", "survivor.sexx"),
        (line_of(text, "danh_dap"), "bad_value", "danh_dap"),
        (line_of(text, "colour"), "unknown_key", "colour"),
        (line_of(text, '[columns."Quan hệ"]') + 1, "target_twice", "survivor.age"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ('to = "registered_on"', 'to = "kept"', "no_registered_on"),
        ("order = [", "forms = {}\n# order = [", "no_core_type"),
        ('to = "kept"', 'to = "reporting_consent"', "no_consent_how"),
        ('name = "thu"', 'name = "Thử nghiệm"', "shape"),
        ('name = "thu"', "", "missing_key"),
        ('title = { vi = "Thử", en = "Trial" }', 'title = { vi = "Thử" }', "missing_key"),
        ('dates = ["dd/mm/yyyy"]', 'ignored = ["Tuổi"]', "column_twice"),
    ],
)
def test_what_a_mapping_must_say_is_missed(mapping_file, before, after, kind):
    mapping_file.write_text(MAPPING.replace(before, after, 1), encoding="utf-8")

    assert kind in [found for _, found, _ in mistakes_of(mapping_file)]


def test_a_slip_of_syntax_is_told_with_its_line(mapping_file):
    mapping_file.write_text(MAPPING.replace('state = "closed"', "state = closed"), encoding="utf-8")

    [(line, kind, _)] = mistakes_of(mapping_file)

    assert (line, kind) == (line_of(MAPPING, "state ="), "syntax")


def test_an_unknown_mapping_names_those_that_there_are(tmp_path):
    assert mistakes_of(tmp_path / "none.toml") == [(0, "not_found", "gbvims_ir, linea144")]


def test_a_mistake_is_said_in_both_languages(mapping_file):
    mapping_file.write_text(MAPPING.replace("survivor.sex", "survivor.sexx"), encoding="utf-8")
    with pytest.raises(UnusableMapping) as caught:
        read_mapping(str(mapping_file))

    assert caught.value.mistakes[0].words("vi") == "không có nơi ghi “survivor.sexx”"
    assert caught.value.mistakes[0].words("en") == "there is no target “survivor.sexx”"


@pytest.mark.parametrize("line", [" " * 26, "a" * 26, "[" + " " * 4000, "a " * 2000])
def test_no_line_of_a_mapping_keeps_the_reader_busy(line):
    begun = process_time()
    Places(line)
    assert process_time() - begun < 0.5
