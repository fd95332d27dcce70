"""What is no longer well, as plain Python: thresholds, and a clock that somebody has set."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LATE = timedelta(minutes=15)
"""How long a job may wait past its time while workers are alive."""

LEAST_FREE = 1024**3
COPIES = 2
"""A backup lays a copy of the database beside it: so many times its size must be free."""

LONGEST_WITHOUT_BACKUP = timedelta(days=8)
LONGEST_UNSIGNED = timedelta(hours=6)
"""The log is signed every quarter of an hour while a worker is alive."""

LARGEST_WAL = 256 * 1024**2
"""SQLite writes its log back at four megabytes; one that grows on is held open by somebody."""

JUMP = timedelta(seconds=60)
JUMPS_SHOWN = timedelta(days=7)


class Trouble(StrEnum):
    """What an administrator is warned of."""

    NO_WORKER = "no_worker"
    JOBS_LATE = "jobs_late"
    JOBS_FAILED = "jobs_failed"
    LITTLE_SPACE = "little_space"
    NO_BACKUP = "no_backup"
    OLD_BACKUP = "old_backup"
    LOG_UNSIGNED = "log_unsigned"
    LONG_WAL = "long_wal"
    CLOCK_SET = "clock_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the clock showed, and how long the machine had been on, its sleep included."""

    at: datetime
    uptime: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """A clock that was set: when it was noticed, and by how much; less than nothing is back."""

    noticed_at: datetime
    by: timedelta


def find_jump(before: Reading | None, now: Reading) -> Jump | None:
    """Return by how much the clock was set between two readings, or None.

    After the machine was off it is only known that time cannot have gone back.
    """
    if before is None:
        return None
    passed = now.uptime - before.uptime
    if passed >= timedelta(0):
        by = (now.at - before.at) - passed
        return Jump(noticed_at=now.at, by=by) if abs(by) > JUMP else None
    by = now.at - before.at
    return Jump(noticed_at=now.at, by=by) if by < -JUMP else None


def least_free(database_bytes: int) -> int:
    """Return how many bytes must be free on the disk of a database of this size."""
    return max(LEAST_FREE, COPIES * database_bytes)


def is_late(waiting_since: datetime | None, now: datetime) -> bool:
    """Say whether a job has waited too long."""
    return waiting_since is not None and now - waiting_since > LATE
