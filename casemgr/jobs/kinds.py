"""What a kind of job is, and what it is given when it runs. Features declare kinds, the top gathers them."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from casemgr import db
from casemgr.db import Database
from casemgr.errors import CasemgrError
from casemgr.keys.service import Keyring
from casemgr.policy import Actor, Role


class Stopped(CasemgrError):
    """The job was cancelled, the worker is ending, or the claim was lost: nothing more may be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What jobs may know of the installation around them."""

    directory: Path
    backup_directory: Path | None = None
    backups_kept: int = 30
    is_plain_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One run of a job.

    `find_actor` reads anew who acts and raises `NotFound` once the account may not act any more: call it in
    each unit of work. `step` renews the claim and raises `Stopped` when the work is to end here.
    """

    database: Database
    keyring: Keyring
    surroundings: Surroundings
    payload: Mapping[str, str]
    find_actor: Callable[[], Actor]
    step: Callable[[int, int], None]

    def work(self, *, write: bool) -> AbstractContextManager[Session]:
        """Open a unit of work."""
        return db.work(self.database, self.keyring, write=write)

    def housekeeper(self, unit_id: UUID, role: Role) -> Actor:
        """Return the installation itself, with the rights of one role in one unit."""
        own = self.find_actor()
        return Actor(account_id=own.account_id, unit_id=unit_id, roles=frozenset({role}), door=own.door)


Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of job: a word, and what to do, which must come to the same when it is done twice.

    With `every` it recurs by itself in the name of the installation. `most_attempts` bounds how often it is
    begun before it counts as failed; what a rule refuses is not tried again.
    """

    name: str
    act: Callable[[Task], Answer | None]
    every: timedelta | None = None
    most_attempts: int = 5
