"""Names: cleaned, compared and sorted as Vietnamese people expect."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.text.invalid import InvalidText
from casemgr.text.names import (
    BARE_EQUAL,
    FULL_EQUAL,
    I_FOR_Y,
    ONE_TYPO,
    PREFIX,
    fold,
    match_rank,
    normalise_name,
    phrase_key,
    tidy,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Nguyễn   Thị\u00a0Lan ", "Nguyễn Thị Lan"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Hòa"), "Nguyễn Thị Hòa"),
        ("Bùi\u200b Thị\ufeff Mai", "Bùi Thị Mai"),
        ("H’Nhi Niê", "H'Nhi Niê"),
        ("HʼNhi Niê", "H'Nhi Niê"),
        ("Ðinh Văn Ðức", "Đinh Văn Đức"),
        ("Y-Blô M.", "Y-Blô M."),
        ("Müller", "Müller"),
        ("François Noël", "François Noël"),
        ("Xuân", "Xuân"),
        ("HOÀ", "HOÀ"),
    ],
)
def test_a_name_is_stored_in_one_clean_form(typed: str, stored: str) -> None:
    assert normalise_name(typed) == stored


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" \u200b ", "empty"),
        ("a" * 101, "long"),
        ("Lan 2", "characters"),
        ("<b>Lan</b>", "characters"),
        ("Lan\x00", "characters"),
        ("---", "characters"),
        ("NguyÔn ThÞ Hµ", "legacy_font"),
        ("Tr­¬ng", "legacy_font"),
        ("HuÕ", "legacy_font"),
        ("Nguyeãn Vaên", "legacy_font"),
        ("Höông", "legacy_font"),
        ("Ñinh", "legacy_font"),
        ("TRAÀN", "legacy_font"),
    ],
)
def test_what_is_not_a_name_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidText) as refused:
        normalise_name(typed)

    assert refused.value.reason == reason


def test_no_common_vietnamese_name_is_taken_for_an_old_font() -> None:
    names = (
        "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Trương Đinh Quách Phùng "
        "Thủy Thuý Hoà Hòa Khoẻ Quý Quí Loan Oanh Uyên Nguyệt Tuấn Ước Ưng Én Ích Ổn Yến Ỷ Toàn Toán Luân "
        "Huế Thuở Ngoãn"
    )

    assert [word for word in names.split() if normalise_name(word) != word] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà", "hòa"), ("thuý", "thúy"), ("khoẻ", "khỏe"), ("Thuỷ", "THỦY"), ("hòa", "ho\u0300a")],
)
def test_old_and_new_tone_placement_are_one_name(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_the_full_key_tells_vowels_and_tones_apart_and_the_bare_key_does_not() -> None:
    assert fold("Lan").full != fold("Lân").full
    assert fold("ma").full != fold("má").full
    assert fold("Đào").full != fold("Dào").full
    assert fold("Đặng Lân Ước").bare == ("dang", "lan", "uoc")


@pytest.mark.parametrize(
    ("query", "name", "rank"),
    [
        ("Hoà", "Nguyễn Thị Hòa", FULL_EQUAL),
        ("lan nguyễn", "Nguyễn Thị Lan", FULL_EQUAL),
        ("nguyen lan", "Nguyễn Thị Lan", BARE_EQUAL),
        ("Lân", "Nguyễn Thị Lan", BARE_EQUAL),
        ("HNhi", "H'Nhi", BARE_EQUAL),
        ("h nhi", "H’Nhi Niê", FULL_EQUAL),
        ("Nguy", "Nguyễn Thị Lan", PREFIX),
        ("phuogn", "Bùi Thị Phương", ONE_TYPO),
        ("Nguyển Thj", "Nguyễn Thị Lan", None),
        ("Nguyên", "Nguyễn Thị Lan", BARE_EQUAL),
        ("Lí", "Lý Thị Mai", I_FOR_Y),
        ("mia", "Bùi Thị Mai", None),
        ("lan lan", "Nguyễn Thị Lan", None),
        ("t thi", "Trần Thị Mai", PREFIX),
        ("", "Lan", None),
        ("Lan", "", None),
    ],
)
def test_a_query_finds_a_name_as_well_as_its_worst_word(query: str, name: str, rank: int | None) -> None:
    assert match_rank(query, name) == rank


def test_tones_are_sorted_in_the_order_of_dictionaries_and_after_letters() -> None:
    words = ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "măng", "mâm"]

    shuffled = words[3:] + words[:3]

    assert sorted(shuffled, key=phrase_key) == words


def test_places_are_sorted_with_their_numbers_as_numbers() -> None:
    places = ["Thôn 1", "Thôn 2", "Thôn 10", "Thôn An", "Thôn Đông", "Xã Cẩm Tú"]
    shuffled = places[4:] + places[:4]

    assert sorted(shuffled, key=phrase_key) == places


@given(st.text(max_size=120))
def test_any_text_is_either_a_clean_name_or_refused(text: str) -> None:
    try:
        name = normalise_name(text)
    except InvalidText:
        return

    assert normalise_name(name) == name == tidy(name)
    assert match_rank(name, name) in (FULL_EQUAL, None)
    assert phrase_key(name) == phrase_key(name.lower())
