"""The one page on which a supervisor says that an address has become known."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.referrals import queries, service
from casemgr.referrals.views.blueprint import blueprint
from casemgr.shelters.queries import list_board, open_register_row
from casemgr.web.guard import current_actor, requires


@blueprint.route("/shelters/register/<uuid:unit_id>/exposed", methods=["GET", "POST"])
@requires(Permission.SHELTER_MANAGE)
def expose_address(unit_id: UUID) -> ResponseReturnValue:
    """Stop an address at once, take back what was sent there, and tell who must move; show where to."""
    actor = current_actor()
    row = open_register_row(actor, unit_id)
    if request.method == "POST":
        version = request.form.get("version", "")
        service.expose_address(actor, unit_id, int(version) if version.isdigit() else 0)
        flash(gettext("The address is stopped and all senders are told."), "ok")
        return redirect(url_for("referrals.expose_address", unit_id=unit_id), code=303)
    others = [other for other in list_board(actor) if other.takes_people and other.unit_id != unit_id]
    others.sort(key=lambda other: other.is_public)
    groups = queries.list_moving(actor, unit_id)
    return render_template("referrals/expose_address.html", address=row, others=others, groups=groups)
