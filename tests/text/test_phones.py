"""Telephone numbers: whatever is on the paper, one stored form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.text.invalid import InvalidText
from casemgr.text.phones import PhoneKind, display_phone, normalise_phone, phone_kind


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912345678", "+84912345678"),
        ("0912 345 678", "+84912345678"),
        ("0912.345.678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0084912345678", "+84912345678"),
        ("+84 (0)912 345 678", "+84912345678"),
        ("０９１２３４５６７８", "+84912345678"),
        ("0168 345 6789", "+84383456789"),
        ("+84 168 345 6789", "+84383456789"),
        ("0120 345 6789", "+84703456789"),
        ("0199 345 6789", "+84593456789"),
        ("0237 3851 234", "+842373851234"),
        ("024 3825 1234", "+842438251234"),
        ("1800 1744", "18001744"),
        ("1900 561 234", "1900561234"),
        ("111", "111"),
        ("+856 20 5555 1234", "+8562055551234"),
        ("00 856 20 5555 1234", "+8562055551234"),
    ],
)
def test_a_number_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert normalise_phone(typed) == stored


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("- -", "empty"),
        ("09123x5678", "characters"),
        ("+84+912345678", "characters"),
        ("0612345678", "prefix"),
        ("01303456789", "prefix"),
        ("091234", "length"),
        ("09123456789012", "length"),
        ("١٢٣", "characters"),
    ],
)
def test_what_cannot_be_dialled_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidText) as refused:
        normalise_phone(typed)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("stored", "kind", "shown"),
    [
        ("+84912345678", PhoneKind.MOBILE, "0912 345 678"),
        ("+842373851234", PhoneKind.LANDLINE, "0237 3851 234"),
        ("+842438251234", PhoneKind.LANDLINE, "024 3825 1234"),
        ("18001744", PhoneKind.HOTLINE, "1800 1744"),
        ("111", PhoneKind.SHORT, "111"),
        ("+8562055551234", PhoneKind.FOREIGN, "+8562055551234"),
    ],
)
def test_a_number_is_shown_as_people_write_it(stored: str, kind: PhoneKind, shown: str) -> None:
    assert phone_kind(stored) is kind
    assert display_phone(stored) == shown
    assert normalise_phone(shown) == stored


@given(st.text(alphabet="0123456789+ .-()x", max_size=20))
def test_a_stored_number_is_stored_again_as_it_is(text: str) -> None:
    try:
        stored = normalise_phone(text)
    except InvalidText:
        return

    assert normalise_phone(stored) == stored
    assert normalise_phone(display_phone(stored)) == stored
