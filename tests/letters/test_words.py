import pytest

from casemgr.letters.words import GAP, WORDS, clean, figure, shown, written_day


def test_a_day_below_ten_and_the_first_two_months_carry_a_zero():
    assert written_day(2026, 2, 5) == "ngày 05 tháng 02 năm 2026"
    assert written_day(2026, 6, 15) == "ngày 15 tháng 6 năm 2026"


def test_a_part_of_the_day_not_yet_known_is_a_gap_for_the_pen():
    assert written_day(2023, 4, None) == f"ngày {GAP} tháng 4 năm 2023"
    assert written_day(2023, None, None) == f"ngày {GAP} tháng {GAP} năm 2023"


def test_thousands_are_marked_as_each_language_marks_them():
    assert figure(1234567, "vi") == "1.234.567"
    assert figure(1234567, "en") == "1,234,567"


def test_a_protected_figure_is_its_mark_and_zero_is_zero():
    assert shown(None, "vi") == "[bv]"
    assert shown(None, "en") == "[c]"
    assert shown(0, "vi") == "0"
    assert shown("", "vi") == ""


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_note_on_protected_figures_begins_with_their_mark(language):
    assert WORDS[language].protected_note.startswith(WORDS[language].mark)


def test_clean_text_is_composed_and_loses_control_and_direction_marks():
    assert clean("tie\u0302\u0301ng\x00 \u202eViệt\u200b") == "ti\u1ebfng Việt"
    assert clean("một\r\nhai\tba\u2028bốn") == "một hai ba bốn"


def test_clean_text_keeps_what_only_looks_dangerous():
    assert clean("#set <b>& $x$ =cmd") == "#set <b>& $x$ =cmd"
