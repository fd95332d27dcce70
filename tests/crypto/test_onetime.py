"""What one-time codes promise: the published TOTP values, no code twice, and codes that survive typing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.crypto.onetime import (
    current_code,
    new_recovery_codes,
    new_secret,
    new_sheet_codes,
    provisioning_uri,
    recovery_digest,
    sheet_digest,
    verify,
)
from casemgr.crypto.readable import ALPHABET, grouped, typed_code

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOON = datetime(2026, 3, 8, 5, 0, 0, tzinfo=UTC)
STEP = int(NOON.timestamp()) // 30
PEPPER = bytes(range(32))
ACCOUNT = UUID("44444444-4444-4444-8444-444444444444")


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_match_the_values_of_rfc_6238(seconds, code):
    at = datetime.fromtimestamp(seconds, UTC)
    assert current_code(RFC_SECRET, at) == code
    assert verify(RFC_SECRET, code, None, at) == seconds // 30


def test_one_step_early_or_late_is_accepted_and_two_are_not():
    code = current_code(RFC_SECRET, NOON)
    found = [verify(RFC_SECRET, code, None, NOON + timedelta(seconds=30 * late)) for late in range(-2, 3)]
    assert found == [None, STEP, STEP, STEP, None]


def test_a_code_works_once():
    code = current_code(RFC_SECRET, NOON)
    step = verify(RFC_SECRET, code, None, NOON)
    assert verify(RFC_SECRET, code, step, NOON) is None
    assert verify(RFC_SECRET, code, step, NOON + timedelta(seconds=30)) is None


def test_an_older_code_does_not_work_after_a_newer_one():
    older = current_code(RFC_SECRET, NOON)
    later = NOON + timedelta(seconds=30)
    step = verify(RFC_SECRET, current_code(RFC_SECRET, later), None, later)
    assert verify(RFC_SECRET, older, step, later) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0x1234"])
def test_what_is_no_code_is_refused(typed):
    assert verify(RFC_SECRET, typed, None, NOON) is None


def test_spaces_in_a_typed_code_do_not_matter():
    code = current_code(RFC_SECRET, NOON)
    assert verify(RFC_SECRET, f" {code[:3]} {code[3:]} ", None, NOON) == STEP


def test_codes_work_at_the_beginning_of_time_and_need_a_time_zone():
    start = datetime(1970, 1, 1, tzinfo=UTC)
    assert verify(RFC_SECRET, current_code(RFC_SECRET, start), None, start) == 0
    with pytest.raises(ValueError, match="naive"):
        current_code(RFC_SECRET, datetime(2026, 1, 1))  # noqa: DTZ001 - the naive one is the point


def test_the_address_for_the_authenticator_carries_the_given_neutral_names():
    uri = provisioning_uri(RFC_SECRET, account="cb017", issuer="So tay")
    assert uri.startswith("otpauth://totp/So%20tay:cb017?secret=" + RFC_SECRET)
    assert len({new_secret() for _ in range(20)}) == 20


def test_recovery_codes_are_ten_and_long():
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 28 for code in codes)


def test_sheet_codes_are_short_and_all_different():
    codes = new_sheet_codes(200)
    assert len(set(codes)) == 200
    assert all(len(code) == 9 and code[4] == "-" for code in codes)


@given(st.text(ALPHABET, min_size=28, max_size=28), st.lists(st.integers(0, 5), min_size=40, max_size=40))
def test_a_code_is_read_as_printed_however_it_is_typed(code, choices):
    printed = grouped(code)
    lookalikes = {"0": "0Oo", "1": "1IilL", "2": "2zZ", "5": "5sS", "8": "8bB", "6": "6gG", "-": "- –"}
    ways = [lookalikes.get(sign, sign + sign.lower()) for sign in printed]
    typed = "".join(way[choice % len(way)] for way, choice in zip(ways, choices, strict=False))
    assert typed_code(typed) == code
    assert recovery_digest(typed) == recovery_digest(printed)


def test_no_sign_of_a_code_is_changed_by_a_vietnamese_keyboard():
    assert not set(ALPHABET) & set("AEIOUYDW")
    assert typed_code(ALPHABET.lower()) == ALPHABET


def test_a_sheet_code_digest_needs_the_pepper_and_belongs_to_one_account():
    code = new_sheet_codes(1)[0]
    digest = sheet_digest(code, pepper=PEPPER, account_id=ACCOUNT)
    assert digest == sheet_digest(code.lower().replace("-", " "), pepper=PEPPER, account_id=ACCOUNT)
    assert digest != sheet_digest(code, pepper=bytes(32), account_id=ACCOUNT)
    assert digest != sheet_digest(code, pepper=PEPPER, account_id=UUID(int=1))
