"""Looking at what an installation stands on: queue, log, disks, backups, clock; opens no record."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casemgr import clock
from casemgr.audit import queries as audit
from casemgr.audit.queries import LogState
from casemgr.db import Database, current
from casemgr.health import notebook
from casemgr.health.rules import (
    JUMPS_SHOWN,
    LARGEST_WAL,
    LONGEST_UNSIGNED,
    LONGEST_WITHOUT_BACKUP,
    Jump,
    Trouble,
    is_late,
    least_free,
)
from casemgr.jobs import queries as queue
from casemgr.jobs.queries import QueueHealth

LAST_BACKUP = "last-backup.json"
WAL = "-wal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """How much room there is around a folder."""

    folder: Path
    free: int
    total: int
    needed: int

    @property
    def is_short(self) -> bool:
        """Whether it may soon be too little."""
        return self.free < self.needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """Everything that was looked at, at one moment."""

    at: datetime
    queue: QueueHealth
    log: LogState
    disks: tuple[Disk, ...]
    wal_bytes: int
    backup_at: datetime | None
    jumps: tuple[Jump, ...]


def look(database: Database, directory: Path, backup_directory: Path | None = None) -> Signs:
    """Look at everything, inside a unit of work; without the keys it sees as much."""
    file = database_file(database)
    notes = notebook.read_notes(directory)
    folders = [directory, file.parent if file else None, backup_directory]
    since = clock.now() - JUMPS_SHOWN
    return Signs(
        at=clock.now(),
        queue=queue.get_health(),
        log=audit.find_log_state(current()),
        disks=tuple(_disks([folder for folder in folders if folder], least_free(_size(file)))),
        wal_bytes=_size(file.with_name(file.name + WAL)) if file else 0,
        backup_at=find_last_backup(directory),
        jumps=tuple(jump for jump in (notes.jumps if notes else ()) if jump.noticed_at > since),
    )


def troubles_of(signs: Signs) -> list[Trouble]:
    """Return what is no longer well, the most pressing first."""
    found = {
        Trouble.LITTLE_SPACE: any(disk.is_short for disk in signs.disks),
        Trouble.NO_WORKER: not signs.queue.workers,
        Trouble.JOBS_LATE: bool(signs.queue.workers) and is_late(signs.queue.waiting_since, signs.at),
        Trouble.CLOCK_SET: bool(signs.jumps),
        Trouble.LOG_UNSIGNED: is_unsigned(signs),
        Trouble.JOBS_FAILED: bool(signs.queue.failed),
        Trouble.NO_BACKUP: signs.backup_at is None,
        Trouble.OLD_BACKUP: signs.backup_at is not None
        and signs.at - signs.backup_at > LONGEST_WITHOUT_BACKUP,
        Trouble.LONG_WAL: signs.wal_bytes > LARGEST_WAL,
    }
    return [trouble for trouble, is_here in found.items() if is_here]


def is_unsigned(signs: Signs) -> bool:
    """Say whether what was written into the log lies unsigned for too long."""
    waits_since = signs.log.unsigned_since
    return waits_since is not None and signs.at - waits_since > LONGEST_UNSIGNED


def find_last_backup(directory: Path) -> datetime | None:
    """Return when the last backup was made, or None."""
    try:
        told = json.loads((directory / LAST_BACKUP).read_text(encoding="utf-8"))
        return datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError):
        return None


def database_file(database: Database) -> Path | None:
    """Return the file of a SQLite database, or None."""
    return Path(str(database.engine.url.database)) if database.is_sqlite else None


def _disks(folders: Iterable[Path], needed: int) -> Iterable[Disk]:
    """Look at each disk once; a folder that is not there now, such as a stick's, has nothing to say."""
    seen: set[int] = set()
    for folder in folders:
        if folder.is_dir() and folder.stat().st_dev not in seen:
            seen.add(folder.stat().st_dev)
            usage = shutil.disk_usage(folder)
            yield Disk(folder=folder, free=usage.free, total=usage.total, needed=needed)


def _size(path: Path | None) -> int:
    return path.stat().st_size if path is not None and path.exists() else 0
