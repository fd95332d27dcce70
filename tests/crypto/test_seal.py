"""What the sealed cell promises: it matches the published vectors and opens nowhere but in its own place."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemgr.crypto.seal import Algorithm, CellKey, algorithm_of, dek_id_of, field_key
from casemgr.errors import SealError
from tests.crypto.independent import independent_open, independent_seal

DEK = bytes(range(0x20, 0x40))
DEK_ID = bytes(range(0x40, 0x50))
KEY = field_key(DEK, DEK_ID)
SCOPE = UUID("11111111-1111-4111-8111-111111111111")
ROW = UUID("22222222-2222-4222-8222-222222222222")
PLACE: dict[str, Any] = {"table": "subject", "column": "full_name", "row": ROW, "scope": SCOPE}
NAME = "Nguyễn Thị Hoà".encode()
SEALED_NAME = bytes.fromhex(
    "c5010101404142434445464748494a4b4c4d4e4f000102030405060708090a0b85b37af1cb13d2948b77281370fda74b"
    "3e7164b001efee23371c4b0ca09a417778ee3d7b8c7282d11ebc9f4f63ccd08a541b72774717ad35b1c7930fe1adeb75"
    "da2cead9d75897ef313178805d2ef35d"
)


def seal(key: bytes, dek_id: bytes, plaintext: bytes, **place: Any) -> bytes:
    return CellKey(key, dek_id).seal(plaintext, **place)


def open_sealed(key: bytes, blob: bytes, **place: Any) -> bytes:
    return CellKey(key, dek_id_of(blob)).open(blob, **place)


def test_the_field_key_matches_the_published_vector() -> None:
    assert KEY.hex() == "180f67a457780570bfbfe1ab5c1ede6a4459de9e905d24ec7043feb5f554a0dc"


def test_the_sealed_name_matches_the_published_vector() -> None:
    assert seal(KEY, DEK_ID, NAME, nonce=bytes(range(12)), **PLACE) == SEALED_NAME


def test_the_published_vector_opens_in_its_place() -> None:
    assert open_sealed(KEY, SEALED_NAME, **PLACE) == NAME
    assert dek_id_of(SEALED_NAME) == DEK_ID
    assert algorithm_of(SEALED_NAME) is Algorithm.AES_256_GCM


@pytest.mark.parametrize("algorithm", list(Algorithm))
@given(plaintext=st.binary(max_size=2000))
@settings(max_examples=50)
def test_what_was_sealed_opens_again(algorithm: Algorithm, plaintext: bytes) -> None:
    blob = seal(KEY, DEK_ID, plaintext, algorithm=algorithm, **PLACE)
    assert open_sealed(KEY, blob, **PLACE) == plaintext


@given(plaintext=st.binary(max_size=600), row=st.uuids(), scope=st.uuids(), column=st.text(max_size=20))
@settings(max_examples=60)
def test_an_independent_implementation_writes_and_reads_the_same(
    plaintext: bytes, row: UUID, scope: UUID, column: str
) -> None:
    place: dict[str, Any] = {"table": "note", "column": column, "row": row, "scope": scope}
    blob = seal(KEY, DEK_ID, plaintext, **place)
    assert independent_open(DEK, blob, **place) == plaintext
    assert independent_seal(DEK, DEK_ID, plaintext, blob[20:32], **place) == blob


def test_two_seals_of_one_value_differ() -> None:
    assert seal(KEY, DEK_ID, b"x", **PLACE) != seal(KEY, DEK_ID, b"x", **PLACE)


@pytest.mark.parametrize(
    "moved",
    [
        {"table": "survivor"},
        {"column": "alias"},
        {"row": SCOPE},
        {"scope": ROW},
        {"row": SCOPE, "scope": ROW},
        {"table": "subjectfull", "column": "_name"},
        {"table": "subjectfull_name", "column": ""},
        {"table": "", "column": "subjectfull_name"},
        {"table": "full_name", "column": "subject"},
        {"table": "subject\x00"},
    ],
)
@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_ciphertext_moved_elsewhere_does_not_open(moved: dict[str, Any], algorithm: Algorithm) -> None:
    blob = seal(KEY, DEK_ID, NAME, algorithm=algorithm, **PLACE)
    with pytest.raises(SealError):
        open_sealed(KEY, blob, **(PLACE | moved))


def test_another_data_key_or_key_id_does_not_open() -> None:
    with pytest.raises(SealError):
        open_sealed(field_key(DEK, bytes(16)), SEALED_NAME, **PLACE)
    with pytest.raises(SealError):
        open_sealed(bytes(32), SEALED_NAME, **PLACE)
    with pytest.raises(SealError):
        open_sealed(b"short", SEALED_NAME, **PLACE)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_every_flipped_bit_is_refused(algorithm: Algorithm) -> None:
    blob = seal(KEY, DEK_ID, NAME, algorithm=algorithm, **PLACE)
    for position in range(len(blob)):
        for bit in range(8):
            changed = bytearray(blob)
            changed[position] ^= 1 << bit
            with pytest.raises(SealError):
                open_sealed(KEY, bytes(changed), **PLACE)


def test_every_cut_is_refused() -> None:
    for length in range(len(SEALED_NAME)):
        with pytest.raises(SealError):
            open_sealed(KEY, SEALED_NAME[:length], **PLACE)
        with pytest.raises(SealError):
            open_sealed(KEY, SEALED_NAME[length + 1 :], **PLACE)


@given(extension=st.binary(min_size=1, max_size=100), position=st.integers(0, len(SEALED_NAME)))
def test_every_extension_is_refused(extension: bytes, position: int) -> None:
    changed = SEALED_NAME[:position] + extension + SEALED_NAME[position:]
    with pytest.raises(SealError):
        open_sealed(KEY, changed, **PLACE)


@given(noise=st.binary(max_size=300))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(SealError):
        open_sealed(KEY, noise, **PLACE)
    with pytest.raises(SealError):
        open_sealed(KEY, SEALED_NAME[:20] + noise, **PLACE)


def test_the_header_alone_is_not_believed() -> None:
    with pytest.raises(SealError):
        dek_id_of(b"")
    with pytest.raises(SealError):
        dek_id_of(b"\xc5\x01\x03\x01" + SEALED_NAME[4:])


def test_a_refusal_tells_nothing() -> None:
    with pytest.raises(SealError) as caught:
        open_sealed(KEY, SEALED_NAME, **(PLACE | {"row": SCOPE}))
    assert caught.value.args == ()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_wrong_length_of_id_or_nonce_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        seal(KEY, b"short", b"", **PLACE)
    with pytest.raises(ValueError, match="nonce 12"):
        seal(KEY, DEK_ID, b"", nonce=b"short", **PLACE)


def test_yes_no_and_nothing_have_the_same_length() -> None:
    lengths = {len(seal(KEY, DEK_ID, value, **PLACE)) for value in (b"", b"yes", b"no", b"x" * 63)}
    assert lengths == {112}
