"""Identity numbers: the shape is checked, everything else only warned about."""

import pytest

from casemgr.text.identity_numbers import (
    PROVINCES,
    identity_warnings,
    mask_identity_number,
    parse_identity_number,
)
from casemgr.text.invalid import InvalidText


def test_twelve_digits_tell_province_sex_and_year_of_birth() -> None:
    number = parse_identity_number("038 190 012 345")

    assert (number.province_code, number.sex, number.birth_year) == ("038", "female", 1990)
    assert parse_identity_number("038205012345").birth_year == 2005
    assert parse_identity_number("038205012345").sex == "male"
    assert PROVINCES["038"] == "Thanh Hóa"
    assert len(PROVINCES) == 63


def test_nine_digits_are_accepted_and_called_legacy() -> None:
    number = parse_identity_number("171.234.567")

    assert number.digits == "171234567"
    assert identity_warnings(number, this_year=2026) == ("legacy",)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [(" ", "empty"), ("03819001234x", "characters"), ("0381900123", "length"), ("١" * 12, "characters")],
)
def test_another_shape_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidText) as refused:
        parse_identity_number(typed)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("digits", "recorded", "warnings"),
    [
        ("038190012345", {"sex": "female", "birth_year": 1990}, ()),
        ("038190012345", {"sex": "other"}, ()),
        ("038190012345", {"sex": "male"}, ("sex_differs",)),
        ("038190012345", {"birth_year": 1991}, ("birth_year_differs",)),
        ("003190012345", {}, ("province_unknown",)),
        ("101190012345", {}, ()),
        ("038390012345", {}, ("birth_year_future",)),
    ],
)
def test_what_does_not_fit_is_a_warning(
    digits: str, recorded: dict[str, object], warnings: tuple[str, ...]
) -> None:
    number = parse_identity_number(digits)

    assert identity_warnings(number, this_year=2026, **recorded) == warnings  # type: ignore[arg-type]


def test_a_masked_number_shows_three_and_two_digits() -> None:
    assert mask_identity_number("038190012312") == "038*******12"
    assert mask_identity_number("171234567") == "171****67"
