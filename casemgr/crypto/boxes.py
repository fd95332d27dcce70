"""Boxes: bytes under one key and one context, for what is not a cell (wrapped keys, key files)."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casemgr.errors import SealError

NONCE_LENGTH = 12


class Box:
    """Closes and opens boxes under one key; contexts are made with `framing.lp`."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, content: bytes, context: bytes, *, nonce: bytes | None = None) -> bytes:
        """Encrypt content with AES-256-GCM so that it opens only under this key and context.

        The nonce is random and is given only by test vectors.
        """
        nonce = os.urandom(NONCE_LENGTH) if nonce is None else nonce
        return nonce + self._cipher.encrypt(nonce, content, context)

    def open(self, box: bytes, context: bytes) -> bytes:
        """Decrypt what `close` made; raises SealError for another key or context, or any changed byte."""
        try:
            return self._cipher.decrypt(box[:NONCE_LENGTH], box[NONCE_LENGTH:], context)
        except (InvalidTag, ValueError):
            raise SealError from None


def close_box(key: bytes, content: bytes, context: bytes, *, nonce: bytes | None = None) -> bytes:
    """Close one box under a key that is used once."""
    return Box(key).close(content, context, nonce=nonce)


def open_box(key: bytes, box: bytes, context: bytes) -> bytes:
    """Open one box under a key that is used once; raises SealError as `Box.open` does."""
    try:
        return Box(key).open(box, context)
    except ValueError:
        raise SealError from None
