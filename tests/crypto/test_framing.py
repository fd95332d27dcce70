"""What framing promises: joining is injective and padding hides lengths without losing a byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.crypto.framing import lp, pad, padded_length, unpad
from casemgr.errors import SealError

_PARTS = st.lists(st.binary(max_size=12), max_size=5)


@given(one=_PARTS, other=_PARTS)
def test_different_parts_never_join_to_the_same_bytes(one: list[bytes], other: list[bytes]) -> None:
    assert (lp(*one) == lp(*other)) == (one == other)


def test_joining_has_the_published_layout() -> None:
    assert lp(b"ab", b"").hex() == "00000002" + "00000002" + b"ab".hex() + "00000000"
    assert lp() == bytes(4)


@given(content=st.binary(max_size=3000))
def test_padding_is_undone_exactly(content: bytes) -> None:
    assert unpad(pad(content)) == content


@given(content=st.binary(max_size=400), tail=st.integers(0, 70))
def test_content_that_looks_like_padding_survives(content: bytes, tail: int) -> None:
    tricky = content + b"\x80" + bytes(tail)
    assert unpad(pad(tricky)) == tricky


def test_short_values_share_one_length() -> None:
    assert {len(pad(bytes(size))) for size in range(64)} == {64}
    assert [padded_length(size) for size in (64, 127, 128, 191, 192, 255)] == [128, 128, 192, 192, 256, 256]


def test_long_values_grow_by_less_than_seven_percent() -> None:
    sizes = range(256, 40_000)
    assert all(size < padded_length(size) <= (size + 1) * 1.07 for size in sizes)
    assert all(padded_length(size) <= padded_length(size + 1) for size in sizes)
    assert len({padded_length(size) for size in sizes}) < 130


@given(padded=st.binary(max_size=300))
def test_only_canonical_padding_is_accepted(padded: bytes) -> None:
    try:
        content = unpad(padded)
    except SealError:
        return
    assert pad(content) == padded


@pytest.mark.parametrize("padded", [b"", bytes(64), b"x" * 64, b"x\x80" + bytes(63), b"\x80" + bytes(127)])
def test_broken_padding_is_refused(padded: bytes) -> None:
    with pytest.raises(SealError):
        unpad(padded)
