"""How the queue stands: lists without who and what, one's own jobs with their answer, signs of life."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from casemgr import clock
from casemgr.db import current
from casemgr.errors import NotFound
from casemgr.jobs.models import Job, JobWorker
from casemgr.jobs.rules import LIVE, SILENT, JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """A job as the administrator sees it: neither who asked nor what about."""

    job_id: UUID
    kind: str
    state: JobState
    created_at: datetime
    due_at: datetime
    ended_at: datetime | None
    attempts: int
    steps_done: int
    steps_all: int
    cancel_asked: bool
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnJob:
    """A job as whoever asked for it sees it; `answer` is None until it has ended."""

    row: JobRow
    payload: str
    answer: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueHealth:
    """Whether jobs are done: how many workers live, since when the oldest job should have been begun."""

    workers: int
    waiting_since: datetime | None
    failed: int


def list_jobs(limit: int = 200) -> list[JobRow]:
    """Return what runs and waits, then what ended last."""
    live = select(Job).where(Job.state.in_(LIVE)).order_by(Job.state, Job.due_at).limit(limit)
    ended = select(Job).where(Job.state.not_in(LIVE)).order_by(Job.ended_at.desc()).limit(limit)
    return [_row(job) for query in (live, ended) for job in current().scalars(query)]


def list_own(owner_id: UUID, kinds: Collection[str], since: datetime) -> list[OwnJob]:
    """Return what somebody asked for since a moment, the latest first."""
    mine = select(Job).where(Job.owner_id == owner_id, Job.kind.in_(kinds), Job.created_at >= since)
    return [_own(job) for job in current().scalars(mine.order_by(Job.created_at.desc(), Job.id))]


def get_own(owner_id: UUID, job_id: UUID, kinds: Collection[str]) -> OwnJob:
    """Return a job to whoever asked for it; raises NotFound for anybody else's."""
    mine = select(Job).where(Job.id == job_id, Job.owner_id == owner_id, Job.kind.in_(kinds))
    job = current().scalar(mine)
    if job is None:
        raise NotFound
    return _own(job)


def get_health() -> QueueHealth:
    """Return how the queue stands."""
    now = clock.now()
    alive = select(func.count()).select_from(JobWorker).where(JobWorker.seen_at > now - SILENT)
    due = select(func.min(Job.due_at)).where(Job.state == JobState.WAITING, Job.due_at <= now)
    failed = select(func.count()).select_from(Job).where(Job.state == JobState.FAILED)
    return QueueHealth(
        workers=current().scalar(alive) or 0,
        waiting_since=current().scalar(due),
        failed=current().scalar(failed) or 0,
    )


def _row(job: Job) -> JobRow:
    return JobRow(
        job_id=job.id,
        kind=job.kind,
        state=JobState(job.state),
        created_at=job.created_at,
        due_at=job.due_at,
        ended_at=job.ended_at,
        attempts=job.attempts,
        steps_done=job.steps_done,
        steps_all=job.steps_all,
        cancel_asked=job.cancel_asked,
        error=job.error,
    )


def _own(job: Job) -> OwnJob:
    has_ended = job.state not in LIVE
    return OwnJob(row=_row(job), payload=job.payload, answer=job.answer if has_ended else None)
