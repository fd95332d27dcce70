"""The worker: claims a job, runs it outside the queue's transactions, keeps its lease, and ends it.

What is killed at any point is begun again by the next worker once the lease has ended.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic
from uuid import UUID, uuid4

from sqlalchemy.exc import SQLAlchemyError

from casemgr import clock, db
from casemgr.db import Database
from casemgr.errors import CasemgrError, Locked, SealError
from casemgr.jobs import service
from casemgr.jobs.kinds import Kind, Stopped, Surroundings, Task
from casemgr.jobs.rules import LEASE, next_slot, wait_after
from casemgr.jobs.service import Claim
from casemgr.keys.service import Keyring
from casemgr.policy import Actor

log = logging.getLogger("casemgr.jobs")

IDLE_SECONDS = 1.0
ALIVE_SECONDS = 30.0
WORKER_DIED = "WorkerDied"
"""In place of the class of an error: the process ended each time in the middle of it."""

RETRIED = (Locked, SealError)
"""What may pass by itself; every other refusal stands however often it is tried."""


@dataclass(slots=True, kw_only=True)
class Worker:
    """One worker; `find_actor` gives who acts for an owner by now, `owner_id` is the installation."""

    database: Database
    keyring: Keyring
    kinds: Mapping[str, Kind]
    find_actor: Callable[[UUID, str], Actor]
    owner_id: UUID
    surroundings: Surroundings
    told: Event = field(default_factory=Event)
    worker_id: UUID = field(default_factory=uuid4)

    def run(self) -> None:
        """Work until told to stop; an unreachable database is waited for."""
        seen = -ALIVE_SECONDS
        while not self.told.is_set():
            try:
                if monotonic() - seen >= ALIVE_SECONDS:
                    self.begin()
                    seen = monotonic()
                if not self.run_next():
                    self.told.wait(IDLE_SECONDS)
            except SQLAlchemyError as error:
                log.warning("database unavailable: %s", type(error).__name__)
                self.told.wait(ALIVE_SECONDS)
        with db.work(self.database, self.keyring, write=True):
            service.sign_off(self.worker_id)

    def run_due(self) -> int:
        """Do everything that is due now, once, and return how many jobs were begun."""
        self.begin()
        begun = 0
        while not self.told.is_set() and self.run_next():
            begun += 1
        with db.work(self.database, self.keyring, write=True):
            service.sign_off(self.worker_id)
        return begun

    def begin(self) -> None:
        """Show that this worker lives, and have every recurring kind wait for its time."""
        now = clock.now()
        recurring = {name: now for name, kind in self.kinds.items() if kind.every is not None}
        with db.work(self.database, self.keyring, write=True):
            service.show_alive(self.worker_id)
            service.keep_schedule(recurring, self.owner_id)

    def run_next(self) -> bool:
        """Claim one job and run it; False when nothing is due."""
        with db.work(self.database, self.keyring, write=False):
            if not service.is_work_waiting(self.kinds):
                return False
        with db.work(self.database, self.keyring, write=True):
            claim = service.claim_next(self.worker_id, self.kinds)
        if claim is not None:
            self._run(claim)
        return claim is not None

    def _run(self, claim: Claim) -> None:
        kind = self.kinds[claim.kind]
        begun = monotonic()
        if claim.attempts > kind.most_attempts:
            outcome = self._after_error(claim, kind, WORKER_DIED, is_final=True)
        else:
            with _Lease(self.database, self.keyring, claim, self.worker_id):
                outcome = self._act(claim, kind)
        log.info(
            "job", extra={"kind": claim.kind, "state": outcome, "ms": round((monotonic() - begun) * 1000)}
        )

    def _act(self, claim: Claim, kind: Kind) -> str:
        task = Task(
            database=self.database,
            keyring=self.keyring,
            surroundings=self.surroundings,
            payload=claim.payload,
            find_actor=lambda: self.find_actor(claim.owner_id, kind.name),
            step=lambda done, total: self._step(claim, done, total),
        )
        try:
            self._step(claim, 0, 0)
            answer = kind.act(task)
        except Stopped:
            return self._after_stop(claim, kind)
        except CasemgrError as refusal:
            is_final = not isinstance(refusal, RETRIED)
            return self._after_error(claim, kind, type(refusal).__name__, is_final=is_final)
        except Exception as error:  # noqa: BLE001 - whatever a kind stumbles over, the worker lives on
            return self._after_error(claim, kind, type(error).__name__, is_final=False)
        with db.work(self.database, self.keyring, write=True):
            if kind.every is not None:
                service.wait_for_next(claim, _next(kind.every), "")
            else:
                service.finish(claim, answer)
        return "done"

    def _step(self, claim: Claim, done: int, total: int) -> None:
        with db.work(self.database, self.keyring, write=True):
            may_go_on = service.renew(claim, (done, total))
        if not may_go_on or self.told.is_set():
            raise Stopped

    def _after_stop(self, claim: Claim, kind: Kind) -> str:
        with db.work(self.database, self.keyring, write=True):
            if not service.is_cancelled(claim):
                service.put_back(claim, clock.now(), "", attempts=claim.attempts - 1)
                return "stopped"
            if kind.every is not None:
                service.wait_for_next(claim, _next(kind.every), "")
            else:
                service.give_up(claim)
        return "cancelled"

    def _after_error(self, claim: Claim, kind: Kind, error: str, *, is_final: bool) -> str:
        is_final = is_final or claim.attempts >= kind.most_attempts
        with db.work(self.database, self.keyring, write=True):
            if not is_final:
                later = clock.now() + wait_after(claim.attempts)
                service.put_back(claim, later, error, attempts=claim.attempts)
            elif kind.every is not None:
                service.wait_for_next(claim, _next(kind.every), error)
            else:
                service.fail(claim, error)
        return error


class _Lease:
    """Keeps a claim and the sign of life of its worker beside a long step, until the work ends or dies."""

    def __init__(self, database: Database, keyring: Keyring, claim: Claim, worker_id: UUID) -> None:
        self._over = Event()
        self._thread = Thread(target=self._renew, args=(database, keyring, claim, worker_id), daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _renew(self, database: Database, keyring: Keyring, claim: Claim, worker_id: UUID) -> None:
        while not self._over.wait(LEASE.total_seconds() / 3):
            try:
                with db.work(database, keyring, write=True):
                    service.renew(claim)
                    service.show_alive(worker_id)
            except SQLAlchemyError as error:
                log.warning("lease not renewed: %s", type(error).__name__)


def _next(every: timedelta) -> datetime:
    return next_slot(clock.local(clock.now()), every)
