"""Derivation of keys from keys: one HKDF-Expand with injectively framed labels."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from casemgr.crypto.framing import lp

KEY_LENGTH = 32
_PROTOCOL = b"gbv/1"


def derive_key(key: bytes, *labels: bytes) -> bytes:
    """Derive the 32-byte subkey that belongs to these labels.

    Raises ValueError when the source key is not 32 bytes long.
    """
    if len(key) != KEY_LENGTH:
        raise ValueError("a source key has 32 bytes")
    return HKDFExpand(SHA256(), KEY_LENGTH, lp(_PROTOCOL, *labels)).derive(key)
