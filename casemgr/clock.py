"""The one clock: every other module asks here what time it is, so tests and the demo can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the present moment as an aware UTC datetime."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """Return the calendar day in Viet Nam, where day boundaries and due days are reckoned."""
    return now().astimezone(LOCAL).date()


def local(moment: datetime) -> datetime:
    """Return the moment as the wall clock in Viet Nam shows it."""
    return moment.astimezone(LOCAL)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment while the block runs."""
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
