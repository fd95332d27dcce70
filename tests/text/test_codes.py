"""Opaque codes: random, checked, forgiving about spaces and capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.text.codes import ALPHABET, CodeKind, is_code, new_code, normalise_code
from casemgr.text.invalid import InvalidText


@pytest.mark.parametrize("kind", CodeKind)
def test_a_new_code_is_valid_for_its_kind_alone(kind: CodeKind) -> None:
    code = new_code(kind)

    assert code.startswith(f"{kind.value}-")
    assert len(code) == len(kind.value) + 7
    assert [other for other in CodeKind if is_code(code, other)] == [kind]


def test_codes_are_drawn_at_random() -> None:
    assert len({new_code(CodeKind.SURVIVOR) for _ in range(50)}) > 45


def test_a_code_is_read_however_it_was_spaced() -> None:
    code = new_code(CodeKind.CASE_FILE)

    assert normalise_code(f" {code.lower().replace('-', ' ')} ") == code


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("", "empty"), ("XX-234567", "kind"), ("HS-23456O", "characters"), ("HS-2345", "length")],
)
def test_what_is_no_code_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidText) as refused:
        normalise_code(typed)

    assert refused.value.reason == reason


@given(st.sampled_from(CodeKind), st.integers(0, 5), st.sampled_from(ALPHABET))
def test_every_single_wrong_sign_is_noticed(kind: CodeKind, place: int, sign: str) -> None:
    code = new_code(kind)
    start = len(kind.value) + 1 + place
    changed = code[:start] + sign + code[start + 1 :]

    assert is_code(changed, kind) == (changed == code)


@given(st.sampled_from(CodeKind), st.integers(0, 4))
def test_every_exchange_of_neighbours_is_noticed(kind: CodeKind, place: int) -> None:
    code = new_code(kind)
    start = len(kind.value) + 1 + place
    changed = code[:start] + code[start + 1] + code[start] + code[start + 2 :]

    assert is_code(changed, kind) == (changed == code)
