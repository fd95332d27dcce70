"""Boxes: bytes under one key and one context, for what is not a cell (wrapped keys, key files)."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casemgr.errors import SealError

NONCE_LENGTH = 12


def close_box(key: bytes, content: bytes, context: bytes, *, nonce: bytes | None = None) -> bytes:
    """Encrypt content with AES-256-GCM so that it opens only under this key and context.

    The nonce is random and is given only by test vectors; contexts are made with `framing.lp`.
    """
    nonce = os.urandom(NONCE_LENGTH) if nonce is None else nonce
    return nonce + AESGCM(key).encrypt(nonce, content, context)


def open_box(key: bytes, box: bytes, context: bytes) -> bytes:
    """Decrypt what `close_box` made; raises SealError for another key or context, or any changed byte."""
    try:
        return AESGCM(key).decrypt(box[:NONCE_LENGTH], box[NONCE_LENGTH:], context)
    except (InvalidTag, ValueError):
        raise SealError from None
