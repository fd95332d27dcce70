"""`casemgr jobs`: what is in the queue, beginning a job anew, stopping one; never whose or what about."""

from dataclasses import asdict
from uuid import UUID

import click

from casemgr import clock
from casemgr.administration import queries, service
from casemgr.cli.acting import acting_as
from casemgr.cli.answering import JSON_OPTION, USER_OPTION, give_json, give_table, say
from casemgr.cli.installation import Installation
from casemgr.cli.spoken import SpokenGroup

JOB = click.argument("job_id", metavar="CODE", type=click.UUID)


@click.group(cls=SpokenGroup, help="help.jobs")
def jobs() -> None:
    """Look after the queue."""


@jobs.command("list", help="help.jobs.list")
@USER_OPTION
@JSON_OPTION
@click.pass_obj
def list_jobs(installation: Installation, user: str, *, as_json: bool) -> None:
    """List what runs, waits and has ended."""
    actor = acting_as(installation, user)
    with installation.work(write=False):
        rows = queries.list_jobs(actor)
    if as_json:
        give_json([asdict(row) for row in rows])
        return
    give_table(
        {
            "id": row.job_id,
            "kind": row.kind,
            "state": row.state,
            "due": f"{clock.local(row.due_at):%d/%m/%Y %H:%M}",
            "attempts": row.attempts,
            "error": row.error,
        }
        for row in rows
    )


@jobs.command(help="help.jobs.retry")
@JOB
@USER_OPTION
@JSON_OPTION
@click.pass_obj
def retry(installation: Installation, job_id: UUID, user: str, *, as_json: bool) -> None:
    """Let a job begin at once."""
    actor = acting_as(installation, user)
    with installation.work(write=True):
        service.retry_job(actor, job_id)
    _say_done(job_id, "retry", as_json=as_json)


@jobs.command(help="help.jobs.cancel")
@JOB
@USER_OPTION
@JSON_OPTION
@click.pass_obj
def cancel(installation: Installation, job_id: UUID, user: str, *, as_json: bool) -> None:
    """Stop a job."""
    actor = acting_as(installation, user)
    with installation.work(write=True):
        service.cancel_job(actor, job_id)
    _say_done(job_id, "cancel", as_json=as_json)


def _say_done(job_id: UUID, act: str, *, as_json: bool) -> None:
    if as_json:
        give_json({"job_id": str(job_id), "done": act})
    else:
        say(f"jobs.{act}")
