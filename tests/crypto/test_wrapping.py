"""What wrapping promises: the published vector, and a data key that unwraps only as what it was."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemgr.crypto.boxes import close_box, open_box
from casemgr.crypto.wrapping import Wrapping
from casemgr.errors import SealError
from tests.crypto.independent import independent_wrap

ROOT_KEY = bytes(range(32))
DEK = bytes(range(0x20, 0x40))
PLACE: dict[str, Any] = {
    "dek_id": bytes(range(0x40, 0x50)),
    "purpose": "case",
    "scope": UUID("11111111-1111-4111-8111-111111111111"),
}
WRAPPED = bytes.fromhex(
    "000000000000000000000000266fcc66d4b7ad5574b469e4a7ddd38a1d59c0cfb343a6c1c3fc3383ebcd51df"
    "ae85dc116ed97aedd4974ee0bb0ebc24"
)


def test_the_wrapped_key_matches_the_published_vector():
    assert Wrapping(ROOT_KEY, "k1").wrap(DEK, nonce=bytes(12), **PLACE) == WRAPPED
    assert Wrapping(ROOT_KEY, "k1").unwrap(WRAPPED, **PLACE) == DEK


@pytest.mark.parametrize(
    "other",
    [
        {"dek_id": bytes(16)},
        {"purpose": "survivor"},
        {"scope": UUID("22222222-2222-4222-8222-222222222222")},
        {"root_key_id": "k2"},
        {"root_key": bytes(32)},
    ],
)
def test_a_wrapped_key_does_not_unwrap_as_another(other):
    arguments = {"root_key": ROOT_KEY, "root_key_id": "k1", "wrapped": WRAPPED, **PLACE, **other}
    with pytest.raises(SealError):
        Wrapping(arguments.pop("root_key"), arguments.pop("root_key_id")).unwrap(**arguments)


def test_every_changed_or_missing_byte_is_refused():
    for position in range(len(WRAPPED)):
        changed = bytearray(WRAPPED)
        changed[position] ^= 1
        for wrapped in (bytes(changed), WRAPPED[:position]):
            with pytest.raises(SealError):
                Wrapping(ROOT_KEY, "k1").unwrap(wrapped, **PLACE)


def test_a_key_of_another_length_is_neither_wrapped_nor_unwrapped():
    with pytest.raises(ValueError, match="32 bytes"):
        Wrapping(ROOT_KEY, "k1").wrap(b"short", **PLACE)
    with pytest.raises(ValueError, match="32 bytes"):
        Wrapping(b"short", "k1").wrap(DEK, **PLACE)


@given(dek=st.binary(min_size=32, max_size=32), scope=st.uuids(), purpose=st.text(max_size=9))
@settings(max_examples=40)
def test_an_independent_implementation_wraps_the_same(dek, scope, purpose):
    key_id = scope.bytes
    wrapped = Wrapping(ROOT_KEY, "k7").wrap(dek, dek_id=key_id, purpose=purpose, scope=scope)
    assert independent_wrap(ROOT_KEY, "k7", dek, key_id, purpose, str(scope), wrapped[:12]) == wrapped


@given(content=st.binary(max_size=200), context=st.binary(max_size=20), noise=st.binary(max_size=80))
def test_a_box_opens_only_with_its_key_and_context(content, context, noise):
    box = close_box(ROOT_KEY, content, context)
    assert open_box(ROOT_KEY, box, context) == content
    for key, tried, place in [
        (DEK, box, context),
        (ROOT_KEY, box, context + b"x"),
        (ROOT_KEY, noise, context),
        (b"short", box, context),
    ]:
        with pytest.raises(SealError):
            open_box(key, tried, place)
