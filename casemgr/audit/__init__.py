"""The audit log: who did and who read what, chained, signed, and written in the same transaction.

Importing any part of it also sets the hook that chains entries before each commit.
"""

from casemgr.audit.service import UNAUDITED, changed, give, listed, noted, reading, refused, seen, take

__all__ = ["UNAUDITED", "changed", "give", "listed", "noted", "reading", "refused", "seen", "take"]
