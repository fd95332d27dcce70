"""Tables, sealed attributes and units of work; knows nothing of what is stored."""

from casemgr.db.base import Base, Row, UTCDateTime, bucket, plain
from casemgr.db.sealed import (
    Keyring,
    Scope,
    Sealed,
    SealedComparison,
    prefetch,
    sealed_date,
    sealed_int,
    sealed_json,
    sealed_text,
)
from casemgr.db.session import Database, afterwards, current, is_working, work
from casemgr.db.versions import Versioned, check_version

__all__ = [
    "Base",
    "Database",
    "Keyring",
    "Row",
    "Scope",
    "Sealed",
    "SealedComparison",
    "UTCDateTime",
    "Versioned",
    "afterwards",
    "bucket",
    "check_version",
    "current",
    "is_working",
    "plain",
    "prefetch",
    "sealed_date",
    "sealed_int",
    "sealed_json",
    "sealed_text",
    "work",
]
