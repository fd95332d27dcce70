"""The pages of the platform itself: keeping a draft, the gallery of components."""

import re
from uuid import UUID

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from casemgr.policy import Permission
from casemgr.web.drafts import save_draft as keep
from casemgr.web.guard import current_actor, public, requires

blueprint = Blueprint("web", __name__)

FORM_NAME = re.compile(r"[a-z_]{1,30}(\.[a-z_]{1,29})?")


@blueprint.route("/drafts/<string:form>/<uuid:object_id>", methods=["POST"])
@requires(Permission.ACCOUNT_SELF)
def save_draft(form: str, object_id: UUID) -> ResponseReturnValue:
    """Keep what has been typed so far."""
    if not FORM_NAME.fullmatch(form):
        abort(404)
    keep(current_actor(), form, object_id, dict(request.form.lists()))
    return "", 204


@blueprint.route("/gallery")
@public
def show_gallery() -> ResponseReturnValue:
    """Show every component in every state, where the settings allow it."""
    if not current_app.extensions["casemgr.settings"].gallery:
        abort(404)
    return render_template("gallery/show_gallery.html")
