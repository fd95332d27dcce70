"""Identity numbers: the shape is checked, and what the digits say is read."""

import pytest

from casemgr.text.identity_numbers import (
    mask_identity_number,
    parse_identity_number,
)
from casemgr.text.invalid import InvalidText


def test_twelve_digits_tell_province_sex_and_year_of_birth() -> None:
    number = parse_identity_number("038 190 012 345")

    assert (number.province_code, number.sex, number.birth_year) == ("038", "female", 1990)
    assert parse_identity_number("038205012345").birth_year == 2005
    assert parse_identity_number("038205012345").sex == "male"


def test_nine_digits_are_accepted_and_called_legacy() -> None:
    number = parse_identity_number("171.234.567")

    assert number.digits == "171234567"
    assert number.is_legacy


@pytest.mark.parametrize(
    ("typed", "reason"),
    [(" ", "empty"), ("03819001234x", "characters"), ("0381900123", "length"), ("١" * 12, "characters")],
)
def test_another_shape_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidText) as refused:
        parse_identity_number(typed)

    assert refused.value.reason == reason


def test_a_masked_number_shows_three_and_two_digits() -> None:
    assert mask_identity_number("038190012312") == "038*******12"
    assert mask_identity_number("171234567") == "171****67"
