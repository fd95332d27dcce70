"""Is a copy good? Its rows are counted, its audit log walked, and cells of every table opened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casemgr.audit.checkpoints import notes_in, public_key_from
from casemgr.audit.verify import Verdict, verify
from casemgr.backups.copying import count_rows
from casemgr.crypto.seal import dek_id_of
from casemgr.db import Base, Database, work
from casemgr.db.migrate import load_models
from casemgr.db.sealed import Sealing
from casemgr.errors import Refused, SealError
from casemgr.keys.service import Keyring

OTHER_COUNTS = "backup_counts_differ"
CLOSED_CELLS = "backup_cells_closed"
_ROWS_A_TABLE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in a copy: rows, cells that opened, and the verdict on its audit log."""

    rows: int
    cells: int
    log: Verdict


def check_copy(path: Path, checkpoints: Path, counts: Mapping[str, int], keyring: Keyring) -> Checked:
    """Check a copy against what its maker counted; a broken log is reported in the answer.

    Raises Refused with `backup_counts_differ` or `backup_cells_closed`.
    """
    load_models()
    if count_rows(path) != dict(counts):
        raise Refused(OTHER_COUNTS)
    database = Database(f"sqlite:///{path}")
    try:
        with work(database, keyring, write=False) as session:
            cells = sum(_open_sample(session, table) for table in _sealed_classes(counts))
        keys = [public_key_from(keyring)]
        anchors = list(notes_in(checkpoints)) if checkpoints.exists() else []
        log = verify(database, keyring, public_keys=keys, anchors=anchors)
    finally:
        database.close()
    return Checked(rows=sum(counts.values()), cells=cells, log=log)


def _sealed_classes(counts: Mapping[str, int]) -> Iterator[Any]:
    for mapper in Base.registry.mappers:
        table: Any = mapper.class_
        if issubclass(table, Sealing) and counts.get(table.__tablename__) and table.__sealings__:
            yield table


def _open_sample(session: Session, table: Any) -> int:
    opened = 0
    for row in session.scalars(select(table).limit(_ROWS_A_TABLE)):
        for name, sealing in table.__sealings__.items():
            opened += _opens(session, row, name, getattr(row, sealing.column))
    return opened


def _opens(session: Session, row: Any, name: str, blob: bytes) -> bool:
    """Open one cell; what was erased stays closed, anything else that does is a fault."""
    try:
        getattr(row, name)
    except SealError:
        if _is_erased(session, blob):
            return False
        raise Refused(CLOSED_CELLS) from None
    return True


def _is_erased(session: Session, blob: bytes) -> bool:
    keys = Base.metadata.tables["data_key"]
    here = keys.c.id == UUID(bytes=dek_id_of(blob))
    return session.scalar(select(keys.c.state).where(here)) == "destroyed"
