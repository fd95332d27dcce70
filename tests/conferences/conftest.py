"""A commune whose units are called together about one case, in a unit of work at a fixed moment."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from casemgr import clock
from tests.rig.table import Table, lay_table

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def session(work: Callable[..., AbstractContextManager[Session]]) -> Iterator[Session]:
    with clock.frozen(NOW), work() as session:
        yield session


@pytest.fixture
def table(session: Session) -> Table:
    return lay_table()
