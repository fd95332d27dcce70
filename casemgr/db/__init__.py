"""Tables, sealed attributes and units of work; knows nothing of what is stored."""

from casemgr.db.among import among
from casemgr.db.base import Base, Row, UTCDateTime, bucket, plain
from casemgr.db.paging import Page, take_page
from casemgr.db.sealed import (
    Keyring,
    Scope,
    Sealed,
    SealedComparison,
    only,
    open_cells,
    prefetch,
    sealed_bytes,
    sealed_date,
    sealed_int,
    sealed_json,
    sealed_text,
)
from casemgr.db.session import Database, afterwards, asked_once, current, is_working, wait_for_writers, work
from casemgr.db.versions import Versioned, check_version, is_taken

__all__ = [
    "Base",
    "Database",
    "Keyring",
    "Page",
    "Row",
    "Scope",
    "Sealed",
    "SealedComparison",
    "UTCDateTime",
    "Versioned",
    "afterwards",
    "among",
    "asked_once",
    "bucket",
    "check_version",
    "current",
    "is_taken",
    "is_working",
    "only",
    "open_cells",
    "plain",
    "prefetch",
    "sealed_bytes",
    "sealed_date",
    "sealed_int",
    "sealed_json",
    "sealed_text",
    "take_page",
    "wait_for_writers",
    "work",
]
