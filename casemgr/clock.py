"""The one clock: every other module asks here what time it is, so tests and the demo can set it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

_set: ContextVar[Callable[[], datetime] | None] = ContextVar("clock", default=None)
_TICK = timedelta(milliseconds=1)


def now() -> datetime:
    """Return the present moment as an aware UTC datetime."""
    read = _set.get()
    return read() if read else datetime.now(UTC)


def today() -> date:
    """Return the calendar day in Viet Nam, where day boundaries and due days are reckoned."""
    return now().astimezone(LOCAL).date()


def local(moment: datetime) -> datetime:
    """Return the moment as the wall clock in Viet Nam shows it."""
    return moment.astimezone(LOCAL)


def uptime() -> timedelta:
    """Return how long the machine has been on, its sleep included; setting the clock does not change it."""
    since_boot = getattr(time, "CLOCK_BOOTTIME", None)
    return timedelta(seconds=time.monotonic() if since_boot is None else time.clock_gettime(since_boot))


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment while the block runs."""
    held = at.astimezone(UTC)
    with _reading(lambda: held):
        yield


@contextmanager
def passing(at: datetime) -> Iterator[None]:
    """Start the clock at an aware moment while the block runs; it goes on a tick whenever somebody looks.

    What is written one after the other then has an order, as in life.
    """
    begun, looks = at.astimezone(UTC), count()
    with _reading(lambda: begun + next(looks) * _TICK):
        yield


@contextmanager
def _reading(read: Callable[[], datetime]) -> Iterator[None]:
    token = _set.set(read)
    try:
        yield
    finally:
        _set.reset(token)
