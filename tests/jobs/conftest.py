"""A worker for tests, with kinds of their own or with all kinds of the product."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from casemgr import db
from casemgr.audit.rules import INSTALLATION
from casemgr.jobs import service
from casemgr.jobs.kinds import Kind, Surroundings
from casemgr.jobs.worker import Worker
from casemgr.keys.service import Keyring
from casemgr.kinds import find_actor

MakeWorker = Callable[..., Worker]


@pytest.fixture
def make_worker(database: db.Database, keys: Keyring, tmp_path: Path) -> MakeWorker:
    """Call it with kinds for a worker that knows them."""

    def make(*kinds: Kind, **surroundings: object) -> Worker:
        return Worker(
            database=database,
            keyring=keys,
            kinds={kind.name: kind for kind in kinds},
            find_actor=find_actor,
            owner_id=INSTALLATION,
            surroundings=Surroundings(directory=tmp_path / "home", **surroundings),
        )

    return make


@pytest.fixture
def order(work) -> Callable[..., UUID]:
    """Order a job in a unit of work of its own, in the name of the installation unless told."""

    def put(kind: str, owner_id: UUID = INSTALLATION, **payload: str) -> UUID:
        with work():
            return service.order(kind, owner_id, payload, key=",".join(payload.values()))

    return put
