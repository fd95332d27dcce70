"""Rules of jobs as plain Python: states, waiting times, times of day, and what an order may hold."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

LEASE = timedelta(seconds=60)
"""How long a worker may be silent until its job is taken to be abandoned."""

SILENT = timedelta(seconds=90)
"""How long a worker that gives no sign of life still counts as one."""

LONGEST_PAYLOAD = 2000
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)

_DAY = timedelta(days=1)
_PLAIN = re.compile(r"[A-Za-z0-9_.:-]{0,60}(,[A-Za-z0-9_.:-]{1,60}){0,30}")


class JobState(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = (JobState.WAITING, JobState.RUNNING)


def wait_after(attempts: int) -> timedelta:
    """Return how long a failed job waits: 10 seconds, then four times as long each time, up to an hour."""
    times: int = 4 ** min(max(attempts - 1, 0), 6)
    return min(LONGEST_WAIT, FIRST_WAIT * times)


def next_slot(now: datetime, every: timedelta) -> datetime:
    """Return the next moment of a recurring job, counted from midnight of the wall clock that `now` shows.

    What comes every day comes in the first minute of the day, or whenever the machine is on again.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if every >= _DAY:
        return midnight + every
    return midnight + every * ((now - midnight) // every + 1)


def check_payload(payload: Mapping[str, str]) -> None:
    """Raise ValueError for anything but ids, days and code words: an order lies in the clear."""
    for name, value in payload.items():
        if not _PLAIN.fullmatch(value):
            raise ValueError(name)
