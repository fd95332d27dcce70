"""Wrapping of data keys under a root key, bound to the key's id, purpose and scope."""

from uuid import UUID

from casemgr.crypto.boxes import Box
from casemgr.crypto.derivation import KEY_LENGTH, derive_key
from casemgr.crypto.framing import lp
from casemgr.errors import SealError

_WRAP_CONTEXT = b"gbv/1/dek"


class Wrapping:
    """Wraps and unwraps data keys under one root key.

    What is derived from the root key is derived once, since a list unwraps dozens of keys; it lives as long
    as this.
    """

    def __init__(self, root_key: bytes, root_key_id: str) -> None:
        self._root_key_id = root_key_id.encode()
        self._box = Box(derive_key(root_key, b"wrap", self._root_key_id))

    def wrap(
        self, dek: bytes, *, dek_id: bytes, purpose: str, scope: UUID, nonce: bytes | None = None
    ) -> bytes:
        """Wrap a data key; the nonce is random and is given only by test vectors."""
        if len(dek) != KEY_LENGTH:
            raise ValueError("a data key has 32 bytes")
        return self._box.close(dek, self._context(dek_id, purpose, scope), nonce=nonce)

    def unwrap(self, wrapped: bytes, *, dek_id: bytes, purpose: str, scope: UUID) -> bytes:
        """Unwrap a data key; raises SealError for another id, purpose, scope or root key."""
        dek = self._box.open(wrapped, self._context(dek_id, purpose, scope))
        if len(dek) != KEY_LENGTH:
            raise SealError
        return dek

    def _context(self, dek_id: bytes, purpose: str, scope: UUID) -> bytes:
        return lp(_WRAP_CONTEXT, self._root_key_id, dek_id, purpose.encode(), str(scope).encode())
