"""Derivation of keys from keys: one HKDF-Expand with injectively framed labels."""

import hmac

from casemgr.crypto.framing import lp

KEY_LENGTH = 32
_PROTOCOL = b"gbv/1"
_FIRST_BLOCK = b"\x01"


def derive_key(key: bytes, *labels: bytes) -> bytes:
    """Derive the 32-byte subkey that belongs to these labels.

    HKDF-Expand (RFC 5869) for one block of SHA-256 is one HMAC, which is a fifth of the work.

    Raises ValueError when the source key is not 32 bytes long.
    """
    if len(key) != KEY_LENGTH:
        raise ValueError("a source key has 32 bytes")
    return hmac.digest(key, lp(_PROTOCOL, *labels) + _FIRST_BLOCK, "sha256")
