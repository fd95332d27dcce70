"""A network of units in a unit of work at a fixed moment."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from casemgr import clock
from tests.rig.network import Network, build_network

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Viet Nam."""


@pytest.fixture
def session(work: Callable[..., AbstractContextManager[Session]]) -> Iterator[Session]:
    with clock.frozen(NOW), work() as session:
        yield session


@pytest.fixture
def network(session: Session) -> Network:
    return build_network()
