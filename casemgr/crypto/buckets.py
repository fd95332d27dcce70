"""Coarse bucket index for exact identifiers: a bucket is shared by several people on purpose.

The index narrows a search to a handful of rows, which are then opened and compared; neither the bucket nor a
stolen index key can be turned back into an ID card or a phone number.
"""

import hmac
from uuid import UUID

from casemgr.crypto.derivation import derive_key
from casemgr.crypto.framing import lp

_NARROWEST = 3
_WIDEST = 16
_ROWS_PER_BUCKET = 8


def bucket_width(planned: int) -> int:
    """Bits of a bucket for a planned number of rows, so that each bucket holds about 8 to 16 of them."""
    whole_buckets = max(1, planned // _ROWS_PER_BUCKET)
    return max(_NARROWEST, min(_WIDEST, whole_buckets.bit_length() - 1))


def bucket_key(index_key: bytes, *, unit: UUID, kind: str, version: int) -> bytes:
    """Derive the key of one unit's index over one kind of identifier ("id_card", "phone")."""
    return derive_key(index_key, b"index", str(unit).encode(), kind.encode(), str(version).encode())


def bucket_of(key: bytes, value: str, *, width: int) -> int:
    """Bucket of a normalised value: the top `width` bits of its keyed digest."""
    digest = hmac.digest(key, lp(value.encode()), "sha256")
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - width)
