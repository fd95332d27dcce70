"""Wrapping of data keys under a root key, bound to the key's id, purpose and scope."""

from uuid import UUID

from casemgr.crypto.boxes import close_box, open_box
from casemgr.crypto.derivation import KEY_LENGTH, derive_key
from casemgr.crypto.framing import lp
from casemgr.errors import SealError

_WRAP_CONTEXT = b"gbv/1/dek"


def wrap_key(
    root_key: bytes,
    root_key_id: str,
    dek: bytes,
    *,
    dek_id: bytes,
    purpose: str,
    scope: UUID,
    nonce: bytes | None = None,
) -> bytes:
    """Wrap a data key; the nonce is random and is given only by test vectors."""
    if len(dek) != KEY_LENGTH:
        raise ValueError("a data key has 32 bytes")
    context = _context(root_key_id, dek_id, purpose, scope)
    return close_box(_wrap_key(root_key, root_key_id), dek, context, nonce=nonce)


def unwrap_key(
    root_key: bytes, root_key_id: str, wrapped: bytes, *, dek_id: bytes, purpose: str, scope: UUID
) -> bytes:
    """Unwrap a data key; raises SealError when it was wrapped for another id, purpose, scope or root key."""
    context = _context(root_key_id, dek_id, purpose, scope)
    dek = open_box(_wrap_key(root_key, root_key_id), wrapped, context)
    if len(dek) != KEY_LENGTH:
        raise SealError
    return dek


def _wrap_key(root_key: bytes, root_key_id: str) -> bytes:
    return derive_key(root_key, b"wrap", root_key_id.encode())


def _context(root_key_id: str, dek_id: bytes, purpose: str, scope: UUID) -> bytes:
    return lp(_WRAP_CONTEXT, root_key_id.encode(), dek_id, purpose.encode(), str(scope).encode())
