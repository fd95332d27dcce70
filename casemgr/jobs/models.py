"""Tables of jobs: what is to be done, by whom it was claimed until when, and which workers are alive."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped

from casemgr.db import Base, Row, Scope, plain, sealed_json
from casemgr.jobs.rules import LONGEST_PAYLOAD

_LIVE = text("state IN ('waiting', 'running')")


class Job(Row, Base):
    """One thing to do. Its answer is sealed under the key of the account that asked."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'running') = (claim_id IS NOT NULL)", name="claim"),
        # Asked for twice, a thing is done once; what has ended may be asked for again.
        Index("uq_job_key", "key", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_job_due", "state", "due_at"),
        Index("ix_job_owner_id", "owner_id"),
        # A job changes with every step; what it does to records is on record as an act of its own.
        {"info": {"audited": False}},
    )
    __scope__ = Scope(purpose="account", attribute="owner_id")

    kind: Mapped[str] = plain("word of the program for what is to be done", String(40))
    key: Mapped[str] = plain("kind with ids, days and codes, so that nothing is done twice", String(300))
    owner_id: Mapped[UUID] = plain("random id of who asked, or that of the installation")
    payload: Mapped[str] = plain(
        "ids, days and code words alone; never what was typed", String(LONGEST_PAYLOAD)
    )
    state: Mapped[str] = plain("waiting, running, done, failed or cancelled", String(10))
    due_at: Mapped[datetime] = plain("not before this moment; of the machine, not of a person")
    created_at: Mapped[datetime] = plain("age of the job, for the administrator")
    ended_at: Mapped[datetime | None] = plain("when it ended last, for the purge")
    attempts: Mapped[int] = plain("how often it was begun", Integer, default=0)
    claim_id: Mapped[UUID | None] = plain("random number of the claim that may end it")
    worker_id: Mapped[UUID | None] = plain("random number of the worker that claimed it")
    lease_until: Mapped[datetime | None] = plain("then the claim is void, because the worker must be dead")
    steps_done: Mapped[int] = plain("progress in steps of the program", Integer, default=0)
    steps_all: Mapped[int] = plain("how many steps there are, 0 while unknown", Integer, default=0)
    cancel_asked: Mapped[bool] = plain("somebody wants it to stop", default=False)
    error: Mapped[str] = plain("class of the last error, without its message", String(80), default="")

    answer = sealed_json()


class JobWorker(Base):
    """A process that works on jobs; gone with it, or counted as dead when it is silent."""

    __tablename__ = "job_worker"

    id: Mapped[UUID] = plain("random number of the process", primary_key=True)
    started_at: Mapped[datetime] = plain("when it began; of the machine, not of a person")
    seen_at: Mapped[datetime] = plain("its last sign of life")
