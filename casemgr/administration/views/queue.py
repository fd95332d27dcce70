"""The queue as the administrator sees it: what kind, how far, since when; neither whose nor what about."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from casemgr.administration import job_words, queries, service
from casemgr.administration.views.blueprint import blueprint, go
from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.web.guard import current_actor, requires


@blueprint.get("/jobs")
@requires(Permission.JOB_MANAGE)
def list_jobs() -> ResponseReturnValue:
    """List what runs, waits and has ended."""
    actor = current_actor()
    return render_template(
        "administration/list_jobs.html",
        rows=queries.list_jobs(actor),
        health=queries.get_queue_health(actor),
        words=job_words,
    )


@blueprint.post("/jobs/<uuid:job_id>/retry")
@requires(Permission.JOB_MANAGE)
def retry_job(job_id: UUID) -> ResponseReturnValue:
    """Let a job begin at once."""
    service.retry_job(current_actor(), job_id)
    return go("administration.list_jobs", gettext("The job begins at once."))


@blueprint.post("/jobs/<uuid:job_id>/cancel")
@requires(Permission.JOB_MANAGE)
def cancel_job(job_id: UUID) -> ResponseReturnValue:
    """Stop a job at its next step."""
    service.cancel_job(current_actor(), job_id)
    return go("administration.list_jobs", gettext("The job stops at its next step."))
