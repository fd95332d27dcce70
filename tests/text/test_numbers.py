"""Numbers with decimal comma and dots between thousands."""

from decimal import Decimal

import pytest

from casemgr.text.invalid import InvalidText
from casemgr.text.numbers import display_money, display_number, parse_number, parse_whole_number


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1.500.000", "1500000"),
        ("0", "0"),
        ("-3,25", "-3.25"),
        ("1 234", "1234"),
    ],
)
def test_numbers_are_read_as_offices_write_them(typed: str, value: str) -> None:
    assert parse_number(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("1.5", "separator"),
        ("1,234.5", "separator"),
        ("mười", "characters"),
        ("9" * 25, "long"),
        ("1,", "separator"),
    ],
)
def test_what_is_ambiguous_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidText) as refused:
        parse_number(typed)

    assert refused.value.reason == reason


def test_counts_of_people_are_whole() -> None:
    assert parse_whole_number("1.200") == 1200
    with pytest.raises(InvalidText, match="fraction"):
        parse_whole_number("1,5")


def test_numbers_are_written_for_the_language() -> None:
    assert display_number(Decimal("1234.5")) == "1.234,5"
    assert display_number(Decimal("1234.5"), locale="en") == "1,234.5"
    assert display_number(Decimal("66.667"), places=1) == "66,7"
    assert display_money(1_500_000) == "1.500.000 đồng"
    assert display_money(1_500_000, locale="en") == "VND 1,500,000"
