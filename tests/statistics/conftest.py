"""A day after the year that the tests count."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from casemgr import clock


@pytest.fixture(autouse=True)
def _day_after() -> Iterator[None]:
    with clock.frozen(datetime(2026, 1, 5, 1, 0, tzinfo=UTC)):
        yield
