"""The hash of an entry: every stored word of it, bound to the entry before."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from casemgr.crypto.framing import lp

GENESIS = bytes(32)
"""Stands for the entry before the first."""

COVERED = (
    "action",
    "actor_id",
    "at",
    "detail_sealed",
    "door",
    "entry_id",
    "object_id",
    "object_kind",
    "outcome",
    "request_id",
    "scope_id",
    "scope_purpose",
    "seq",
    "session_id",
    "unit_id",
    "writes_sealed",
)
"""Columns under the hash, in its order; one without a value is left out."""

_LABELS = tuple(f"{name}=".encode() for name in COVERED)


def entry_hash(prev_hash: bytes, entry: Mapping[str, Any]) -> bytes:
    """SHA-256 over the hash before and every column, sealed ones as ciphertext: so keys may be erased."""
    return hash_of(prev_hash, [entry[name] for name in COVERED])


def hash_of(prev_hash: bytes, values: Iterable[Any]) -> bytes:
    """The same over the bare values of the covered columns, in their order."""
    pairs = zip(_LABELS, values, strict=True)
    parts = [prev_hash, *(label + _bytes(value) for label, value in pairs if value is not None)]
    return hashlib.sha256(b"\x00" + lp(*parts)).digest()


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").encode()
    return str(value).encode()
