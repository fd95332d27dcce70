"""The pages of imports: lists that wait, what a check found, batches, and taking one out again."""

import csv
from collections.abc import Callable
from io import StringIO
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.accounts.queries import list_names, list_staff
from casemgr.accounts.stepup import require_fresh
from casemgr.errors import Conflict, NotFound, Refused
from casemgr.i18n import gettext
from casemgr.imports import forms, jobs, queries, service, words
from casemgr.imports.mapping import UnusableMapping
from casemgr.imports.rules import UnusableFile, harmless
from casemgr.imports.service.batches import OWNERS
from casemgr.imports.service.lists import KEPT
from casemgr.jobs.queries import get_own
from casemgr.policy import Permission
from casemgr.web.guard import current_actor, requires

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

SHOWN = 100
"""Refused rows on the page; the sheet has all of them."""

ORDERED = (jobs.CHECK.name, jobs.TAKE.name, jobs.ROLL_BACK.name)


@blueprint.route("")
@requires(Permission.IMPORT_RUN)
def list_batches() -> ResponseReturnValue:
    """Show the lists that wait and the batches that came in."""
    actor = current_actor()
    waiting, batches = queries.list_waiting(actor), queries.list_batches(actor)
    names = list_names(actor, {one.owner_id for one in waiting} | {one.owner_id for one in batches})
    return render_template(
        "imports/list_batches.html", waiting=waiting, batches=batches, names=names, kept=KEPT, words=words
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def add_list() -> ResponseReturnValue:
    """Send a list with its mapping; what can be told at once is told at once, the rest by a check."""
    sent = forms.read_sent()
    if request.method == "GET":
        return _form_page(forms.Sent(owner=str(current_actor().account_id)), [])
    upload, errors = forms.read_upload(sent)
    if upload is None:
        return _form_page(sent, errors), 422
    actor = current_actor()
    try:
        file_id = service.add_list(actor, upload)
    except (UnusableMapping, UnusableFile, Conflict, Refused) as refusal:
        return _form_page(sent, _told(refusal)), 422
    return _follow(jobs.order_check(actor, file_id), url_for("imports.show_list", file_id=file_id))


@blueprint.route("/lists/<uuid:file_id>")
@requires(Permission.IMPORT_RUN)
def show_list(file_id: UUID) -> ResponseReturnValue:
    """Show what the check of a list found, and let it be taken in or thrown away."""
    actor = current_actor()
    waiting = queries.get_waiting(actor, file_id)
    refused = waiting.findings.refused() if waiting.findings else []
    return render_template(
        "imports/show_list.html",
        waiting=waiting,
        findings=waiting.findings,
        refused=refused[:SHOWN],
        batch=queries.get_batch(actor, waiting.batch_id) if waiting.batch_id else None,
        owner=list_names(actor, [waiting.owner_id])[waiting.owner_id],
        ends_on=waiting.added_on + KEPT,
        words=words,
    )


@blueprint.route("/lists/<uuid:file_id>/refused.csv")
@requires(Permission.IMPORT_RUN)
def download_refused(file_id: UUID) -> ResponseReturnValue:
    """Download which rows are refused and why; what stands in them is not part of it."""
    findings = queries.get_waiting(current_actor(), file_id).findings
    if findings is None:
        raise NotFound
    sheet = StringIO()
    for cells in words.refused_sheet(findings.refused()):
        csv.writer(sheet).writerow([harmless(str(cell)) for cell in cells])
    name = f"refused_{clock.today():%Y%m%d}.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(sheet.getvalue().encode("utf-8-sig"), mimetype="text/csv", headers=disposition)


@blueprint.route("/lists/<uuid:file_id>/check", methods=["POST"])
@requires(Permission.IMPORT_RUN)
def check_list(file_id: UUID) -> ResponseReturnValue:
    """Check a list once more, where the first check was stopped."""
    actor = current_actor()
    queries.find_file(actor, file_id)
    return _follow(jobs.order_check(actor, file_id), url_for("imports.show_list", file_id=file_id))


@blueprint.route("/lists/<uuid:file_id>/take", methods=["POST"])
@requires(Permission.IMPORT_RUN)
def take_list(file_id: UUID) -> ResponseReturnValue:
    """Take a checked list in, or go on where that was stopped."""
    actor = current_actor()

    def order() -> UUID:
        return jobs.order_take(actor, file_id, service.begin_list(actor, file_id).id)

    return _unless_refused(order, url_for("imports.show_list", file_id=file_id))


@blueprint.route("/lists/<uuid:file_id>/throw-away", methods=["POST"])
@requires(Permission.IMPORT_RUN)
def throw_away(file_id: UUID) -> ResponseReturnValue:
    """Destroy a list; what came in of it stays."""
    service.throw_away(current_actor(), file_id)
    flash(gettext("The list is destroyed."), "ok")
    return redirect(url_for("imports.list_batches"), code=303)


@blueprint.route("/batches/<uuid:batch_id>")
@requires(Permission.IMPORT_RUN)
def show_batch(batch_id: UUID) -> ResponseReturnValue:
    """Show how far a batch is and what came in."""
    return _batch_page("imports/show_batch.html", batch_id)


@blueprint.route("/batches/<uuid:batch_id>/take-out", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def take_out(batch_id: UUID) -> ResponseReturnValue:
    """Look a second time, then take a batch out with everything that came in by it."""
    if request.method == "GET":
        return _batch_page("imports/take_out.html", batch_id)
    if answer := require_fresh():
        return answer
    actor = current_actor()

    def order() -> UUID:
        return jobs.order_roll_back(actor, service.start_rollback(actor, batch_id).id)

    return _unless_refused(order, url_for("imports.show_batch", batch_id=batch_id))


def _batch_page(template: str, batch_id: UUID) -> str:
    actor = current_actor()
    batch = queries.get_batch(actor, batch_id)
    return render_template(
        template,
        batch=batch,
        owner=list_names(actor, [batch.owner_id])[batch.owner_id],
        waiting=next((one for one in queries.list_waiting(actor) if one.batch_id == batch_id), None),
        is_worked_on=batch.state in ("running", "finished") and queries.is_worked_on(actor, batch_id),
        words=words,
    )


def _unless_refused(order: Callable[[], UUID], back: str) -> ResponseReturnValue:
    """Order something and follow it, or say on the page before why it cannot be."""
    try:
        return _follow(order(), back)
    except Refused as refusal:
        flash(str(words.PROBLEMS[refusal.reason]), "warn")
        return redirect(back, code=303)


def _follow(job_id: UUID, back: str) -> ResponseReturnValue:
    """Go to where the job can be watched; what somebody else ordered before can be watched by her alone."""
    try:
        get_own(current_actor().account_id, job_id, ORDERED)
    except NotFound:
        flash(gettext("Somebody else has asked for this already; it is under way."), "info")
        return redirect(back, code=303)
    return redirect(url_for("home.show_job", job_id=job_id), code=303)


def _told(refusal: Exception) -> forms.Errors:
    """Return what the service refused as errors of the form."""
    if isinstance(refusal, UnusableMapping):
        return words.mistakes_of(refusal)
    if isinstance(refusal, UnusableFile):
        return [("file", words.why_unusable(refusal))]
    if isinstance(refusal, Refused) and refusal.reason in words.PROBLEMS:
        return [
            ("file" if refusal.reason == "import_too_many" else "name", str(words.PROBLEMS[refusal.reason]))
        ]
    return [("owner", gettext("Choose who answers for the files."))]


def _form_page(sent: forms.Sent, errors: forms.Errors) -> str:
    staff = [person for person in list_staff(current_actor()) if person.roles & OWNERS]
    return render_template(
        "imports/add_list.html",
        sent=sent,
        errors=errors,
        mappings=words.mapping_choices(forms.OWN),
        owners=[(str(person.account_id), person.name) for person in staff],
        wrong=dict(reversed(errors)),
    )
