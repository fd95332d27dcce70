"""The queue: ordering a job, claiming one so that nobody else has it, ending it under that claim alone."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from casemgr import clock
from casemgr.db import current
from casemgr.errors import InvalidState, NotFound
from casemgr.jobs.models import Job, JobWorker
from casemgr.jobs.rules import LEASE, LIVE, LONGEST_PAYLOAD, SILENT, JobState, check_payload

FREE = {"claim_id": None, "worker_id": None, "lease_until": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A job in the hands of one worker, until its lease ends."""

    job_id: UUID
    claim_id: UUID
    kind: str
    owner_id: UUID
    payload: dict[str, str]
    attempts: int


def order(
    kind: str, owner_id: UUID, payload: Mapping[str, str], *, key: str = "", due_at: datetime | None = None
) -> UUID:
    """Put a job into the queue and return its id; one with the same key that has not ended stands for it.

    Raises ValueError for a payload that is more than ids, days and code words.
    """
    check_payload(payload)
    text = json.dumps(dict(payload), sort_keys=True, separators=(",", ":"))
    if len(text) > LONGEST_PAYLOAD:
        raise ValueError("payload")
    full_key = f"{kind}:{key}"
    same = select(Job.id).where(Job.key == full_key, Job.state.in_(LIVE))
    known = current().scalar(same)
    if known is not None:
        return known
    job = Job(
        kind=kind,
        key=full_key,
        owner_id=owner_id,
        payload=text,
        state=JobState.WAITING,
        due_at=due_at or clock.now(),
        created_at=clock.now(),
        attempts=0,
        steps_done=0,
        steps_all=0,
        cancel_asked=False,
        error="",
    )
    try:
        with current().begin_nested():
            current().add(job)
    except IntegrityError:
        # Somebody else ordered the same at this moment and was first.
        return current().scalars(same).one()
    return job.id


def claim_next(worker_id: UUID, kinds: Collection[str]) -> Claim | None:
    """Take the job that has been due for longest; one whose worker fell silent is taken over."""
    now = clock.now()
    waiting = and_(Job.state == JobState.WAITING, Job.due_at <= now)
    found = (
        select(Job)
        .where(or_(waiting, _is_abandoned()), Job.kind.in_(kinds))
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = current().scalar(found.execution_options(populate_existing=True))
    if job is None:
        return None
    job.state, job.claim_id, job.worker_id, job.lease_until = (
        JobState.RUNNING,
        uuid4(),
        worker_id,
        now + LEASE,
    )
    job.attempts += 1
    current().flush()
    return Claim(
        job_id=job.id,
        claim_id=job.claim_id,
        kind=job.kind,
        owner_id=job.owner_id,
        payload=json.loads(job.payload),
        attempts=job.attempts,
    )


def is_work_waiting(kinds: Collection[str]) -> bool:
    """Say whether a claim would find anything, without taking the write lock."""
    waiting = and_(Job.state == JobState.WAITING, Job.due_at <= clock.now())
    here = select(Job.id).where(or_(waiting, _is_abandoned()), Job.kind.in_(kinds)).limit(1)
    return current().scalar(here) is not None


def renew(claim: Claim, steps: tuple[int, int] | None = None) -> bool:
    """Lengthen the lease and note progress; False when the claim is void or the job is to stop."""
    values: dict[str, Any] = {"lease_until": clock.now() + LEASE}
    if steps is not None:
        values |= {"steps_done": steps[0], "steps_all": steps[1]}
    return bool(_change(_held(claim), values)) and not is_cancelled(claim)


def finish(claim: Claim, answer: Mapping[str, Any] | None = None) -> bool:
    """End a job that is done; False when the claim is void."""
    if answer is not None:
        job = current().scalar(select(Job).where(_held(claim)))
        if job is not None:
            job.answer = dict(answer)
            current().flush()
    return bool(_end(claim, JobState.DONE, ""))


def fail(claim: Claim, error: str) -> None:
    """End a job that is not to be tried again, with the class of its error."""
    _end(claim, JobState.FAILED, error)


def give_up(claim: Claim) -> None:
    """End a job because somebody wanted it to stop."""
    _end(claim, JobState.CANCELLED, "")


def put_back(claim: Claim, due_at: datetime, error: str, *, attempts: int) -> None:
    """Let a job wait until a moment, to be begun again."""
    values = {"state": JobState.WAITING, "due_at": due_at, "error": error, "attempts": attempts, **FREE}
    _change(_held(claim), values)


def wait_for_next(claim: Claim, due_at: datetime, error: str) -> None:
    """Let a recurring job wait for its next time; the error of the last one stays to be seen."""
    ended = {"ended_at": clock.now(), "steps_done": 0, "steps_all": 0, "cancel_asked": False}
    values = {"state": JobState.WAITING, "due_at": due_at, "error": error, "attempts": 0}
    _change(_held(claim), {**values, **ended, **FREE})


def is_cancelled(claim: Claim) -> bool:
    """Say whether somebody wants a claimed job to stop."""
    return bool(current().scalar(select(Job.cancel_asked).where(_held(claim))))


def cancel(job_id: UUID) -> None:
    """Take a waiting job out, and let a running one stop at its next step; raises NotFound, InvalidState."""
    job = _get(job_id)
    if job.state == JobState.WAITING:
        job.state, job.ended_at = JobState.CANCELLED, clock.now()
    elif job.state == JobState.RUNNING:
        job.cancel_asked = True
    else:
        raise InvalidState(job.state)
    current().flush()


def is_scheduled(job_id: UUID) -> bool:
    """Say whether a job waits for its time and comes again by itself: the kind alone is its key."""
    job = current().get(Job, job_id)
    return job is not None and job.state == JobState.WAITING and job.key == f"{job.kind}:"


def retry(job_id: UUID) -> None:
    """Let a job that failed, was cancelled or waits begin at once; raises NotFound, InvalidState."""
    job = _get(job_id)
    if job.state not in (JobState.FAILED, JobState.CANCELLED, JobState.WAITING):
        raise InvalidState(job.state)
    again = select(Job.id).where(Job.key == job.key, Job.state.in_(LIVE), Job.id != job.id)
    if current().scalar(again) is not None:
        raise InvalidState("ordered_again")
    job.state, job.due_at, job.attempts, job.cancel_asked, job.ended_at = (
        JobState.WAITING,
        clock.now(),
        0,
        False,
        None,
    )
    current().flush()


def keep_schedule(kinds: Mapping[str, datetime], owner_id: UUID) -> None:
    """Have one waiting job of each recurring kind."""
    for kind, due_at in kinds.items():
        order(kind, owner_id, {}, due_at=due_at)


def purge(before: datetime) -> int:
    """Remove what ended before a moment, and workers that fell silent; return how many jobs went."""
    ended = Job.ended_at < before
    gone = current().execute(delete(Job).where(ended, Job.state.not_in(LIVE)))
    current().execute(delete(JobWorker).where(JobWorker.seen_at < clock.now() - SILENT))
    return cast("CursorResult[Any]", gone).rowcount


def show_alive(worker_id: UUID) -> None:
    """Note that a worker lives."""
    row = current().get(JobWorker, worker_id)
    if row is None:
        current().add(JobWorker(id=worker_id, started_at=clock.now(), seen_at=clock.now()))
    else:
        row.seen_at = clock.now()
    current().flush()


def sign_off(worker_id: UUID) -> None:
    """Note that a worker has ended."""
    current().execute(delete(JobWorker).where(JobWorker.id == worker_id))


def _is_abandoned() -> ColumnElement[bool]:
    return and_(Job.state == JobState.RUNNING, Job.lease_until < clock.now())


def _held(claim: Claim) -> ColumnElement[bool]:
    return and_(Job.id == claim.job_id, Job.claim_id == claim.claim_id)


def _end(claim: Claim, state: JobState, error: str) -> int:
    return _change(_held(claim), {"state": state, "error": error, "ended_at": clock.now(), **FREE})


def _change(where: ColumnElement[bool], values: Mapping[str, Any]) -> int:
    statement = update(Job).where(where).values(**values).execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", current().execute(statement)).rowcount


def _get(job_id: UUID) -> Job:
    job = current().scalar(select(Job).where(Job.id == job_id).with_for_update())
    if job is None:
        raise NotFound
    return job
