"""The bucket index of telephone and ID numbers: which coarse bucket a number falls into, per unit."""

from uuid import UUID

from casemgr.codes import lists
from casemgr.crypto.buckets import bucket_key, bucket_of, bucket_width
from casemgr.db import Keyring
from casemgr.survivors.rules import PLANNED

VERSION = 1
"""Version of the key and the width; a new one is written beside the old until all rows are moved."""


def bucket_number(keyring: Keyring, unit_id: UUID, unit_kind: str, kind: str, value: str) -> int:
    """Return the bucket of a number in the index of a unit."""
    level = lists.get("unit_kind")[unit_kind].attributes["level"]
    key = bucket_key(keyring.derive("index"), unit=unit_id, kind=kind, version=VERSION)
    return bucket_of(key, value, width=bucket_width(PLANNED[level]))
