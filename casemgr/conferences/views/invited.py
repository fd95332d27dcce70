"""The pages of an invited unit: its invitations, one conference, its answer, its tasks."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr.conferences import forms, queries, service, words
from casemgr.conferences.views.blueprint import blueprint
from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.web.fill import Filled, sent_form
from casemgr.web.guard import current_actor, requires


@blueprint.route("/conferences")
@requires(Permission.CONFERENCE_ATTEND)
def list_invitations() -> ResponseReturnValue:
    """List the conferences to which the unit is invited."""
    actor = current_actor()
    rows, called_off = queries.list_invitations(actor), queries.list_called_off(actor)
    return render_template("conferences/list_invitations.html", rows=rows, called_off=called_off, words=words)


@blueprint.route("/conferences/<uuid:conference_id>")
@requires(Permission.CONFERENCE_ATTEND)
def show_invitation(conference_id: UUID) -> ResponseReturnValue:
    """Show a conference to which the unit is invited."""
    return _page(conference_id, Filled())


def _page(conference_id: UUID, filled: Filled) -> str:
    actor = current_actor()
    view = queries.open_invited(actor, conference_id)
    return render_template(
        "conferences/show_invitation.html",
        conference=view,
        own=next(seat for seat in view.seats if seat.unit_id == actor.unit_id),
        words=words,
        answering=forms.ANSWER,
        filled=filled,
        errors=filled.errors,
    )


@blueprint.route("/conferences/<uuid:conference_id>/answer", methods=["POST"])
@requires(Permission.CONFERENCE_ATTEND)
def answer_invitation(conference_id: UUID) -> ResponseReturnValue:
    """Say whether somebody of the unit comes."""
    actor = current_actor()
    queries.get_invited(actor, conference_id)
    filled = sent_form(forms.ANSWER)
    if filled.errors:
        return _page(conference_id, filled), 422
    values = filled.values
    service.answer_invitation(
        actor, conference_id, comes=values["comes"] == "yes", who=values.get("who"), note=values.get("note")
    )
    flash(gettext("The caller has your answer."), "ok")
    return redirect(url_for("conferences.show_invitation", conference_id=conference_id), code=303)


@blueprint.route("/conferences/actions/<uuid:action_id>", methods=["POST"])
@requires(Permission.CONFERENCE_ATTEND)
def finish_action(action_id: UUID) -> ResponseReturnValue:
    """Say that what the unit was to do is done."""
    note = request.form.get("note", "").strip()[:500] or None
    action = service.finish_action(current_actor(), action_id, note=note)
    flash(gettext("Recorded as done. The caller knows at once."), "ok")
    url = url_for("conferences.show_invitation", conference_id=action.conference_id)
    return redirect(url, code=303)
