"""The sealed cell, format GBV1: a ciphertext that opens only in its own table, column, row and scope.

Layout: magic, version, algorithm, padding profile, 16 bytes of data key id, 12 bytes of nonce, then the
padded plaintext under an authenticated cipher whose associated data names the place.
"""

import os
from enum import IntEnum
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV

from casemgr.crypto.derivation import KEY_LENGTH, derive_key
from casemgr.crypto.framing import lp, pad, unpad
from casemgr.errors import SealError

MAGIC = 0xC5
VERSION = 0x01
PADDING_PROFILE = 0x01
KEY_ID_LENGTH = 16
NONCE_LENGTH = 12
TAG_LENGTH = 16
_LABELS_LENGTH = 4
_HEADER_LENGTH = _LABELS_LENGTH + KEY_ID_LENGTH
_BODY_START = _HEADER_LENGTH + NONCE_LENGTH
_SHORTEST = _BODY_START + 64 + TAG_LENGTH
_FIELD_CONTEXT = b"gbv/1/field"


class Algorithm(IntEnum):
    """Ciphers a sealed cell may use; the number stands in the header, so both can live side by side."""

    AES_256_GCM = 0x01
    AES_256_GCM_SIV = 0x02


_CIPHERS: dict[int, type[AESGCM] | type[AESGCMSIV]] = {
    Algorithm.AES_256_GCM: AESGCM,
    Algorithm.AES_256_GCM_SIV: AESGCMSIV,
}


def field_key(dek: bytes, dek_id: bytes) -> bytes:
    """Derive the key that seals the cells of one data key."""
    return derive_key(dek, b"field", dek_id)


class CellKey:
    """The key that seals the cells of one data key, with its cipher set up once for all that it opens."""

    __slots__ = ("_cipher", "_dek_id", "_key")

    def __init__(self, key: bytes, dek_id: bytes) -> None:
        if len(key) != KEY_LENGTH:
            raise SealError
        if len(dek_id) != KEY_ID_LENGTH:
            raise ValueError("a key id has 16 bytes and a nonce 12")
        self._key, self._dek_id, self._cipher = key, dek_id, AESGCM(key)

    def seal(
        self,
        plaintext: bytes,
        *,
        table: str,
        column: str,
        row: UUID,
        scope: UUID,
        algorithm: Algorithm = Algorithm.AES_256_GCM,
        nonce: bytes | None = None,
    ) -> bytes:
        """Seal the value of one cell; the nonce is random and is given only by test vectors.

        Raises ValueError when the nonce has the wrong length.
        """
        nonce = os.urandom(NONCE_LENGTH) if nonce is None else nonce
        if len(nonce) != NONCE_LENGTH:
            raise ValueError("a key id has 16 bytes and a nonce 12")
        header = bytes((MAGIC, VERSION, algorithm, PADDING_PROFILE)) + self._dek_id
        place = _place(header, table, column, row, scope)
        return header + nonce + self._cipher_for(algorithm).encrypt(nonce, pad(plaintext), place)

    def open(self, blob: bytes, *, table: str, column: str, row: UUID, scope: UUID) -> bytes:
        """Open the sealed value of one cell.

        Raises SealError, always without a reason, for a wrong key, a wrong place or any changed byte.
        """
        header = _checked_header(blob)
        place = _place(header, table, column, row, scope)
        try:
            padded = self._cipher_for(header[2]).decrypt(
                blob[_HEADER_LENGTH:_BODY_START], blob[_BODY_START:], place
            )
        except (InvalidTag, ValueError):
            raise SealError from None
        return unpad(padded)

    def _cipher_for(self, algorithm: int) -> AESGCM | AESGCMSIV:
        return self._cipher if algorithm == Algorithm.AES_256_GCM else _CIPHERS[algorithm](self._key)


def dek_id_of(blob: bytes) -> bytes:
    """Read the data key id out of a sealed value.

    Raises SealError when the header is not one of this format; the id is proven only by opening.
    """
    return _checked_header(blob)[_LABELS_LENGTH:]


def algorithm_of(blob: bytes) -> Algorithm:
    """Read the cipher out of a sealed value, for a change of algorithm; raises SealError like `dek_id_of`."""
    return Algorithm(_checked_header(blob)[2])


def _checked_header(blob: bytes) -> bytes:
    if len(blob) < _SHORTEST:
        raise SealError
    magic, version, algorithm, padding = blob[:_LABELS_LENGTH]
    if (magic, version, padding) != (MAGIC, VERSION, PADDING_PROFILE) or algorithm not in _CIPHERS:
        raise SealError
    return bytes(blob[:_HEADER_LENGTH])


def _place(header: bytes, table: str, column: str, row: UUID, scope: UUID) -> bytes:
    own = str(row).encode()
    # Many cells stand in the row that is their scope; to write an id out costs as much as to open a cell.
    return lp(
        _FIELD_CONTEXT,
        header,
        table.encode(),
        column.encode(),
        own,
        own if row is scope else str(scope).encode(),
    )
