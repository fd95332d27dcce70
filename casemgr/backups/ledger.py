"""The erasure ledger: what was erased stays erased, also when an older backup comes back.

It holds random key ids only, and stands beside backups, never inside them.
"""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casemgr.crypto.keyfiles import replace_key_file
from casemgr.db import Base

NAME = "erased-keys.txt"


def read(path: Path) -> frozenset[UUID]:
    """Return the key ids of a ledger; none when there is no such file."""
    if not path.exists():
        return frozenset()
    lines = path.read_text(encoding="ascii").split()
    return frozenset(UUID(line) for line in lines)


def add(path: Path, key_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Add key ids to a ledger, which only grows; return all that it then holds."""
    known = read(path)
    every = known | frozenset(key_ids)
    if every != known or not path.exists():
        replace_key_file(path, "".join(f"{key_id}\n" for key_id in sorted(every)).encode())
    return every


def list_erased(session: Session) -> frozenset[UUID]:
    """Return the ids of all data keys that were destroyed so far."""
    keys = Base.metadata.tables["data_key"]
    return frozenset(session.scalars(select(keys.c.id).where(keys.c.state == "destroyed")))
