"""The blueprint of conferences, and their line on the case page."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from casemgr.cases.parts import Part, add_part
from casemgr.conferences import queries
from casemgr.conferences.rules import LIVE
from casemgr.i18n import gettext, ngettext
from casemgr.policy import Actor, Permission, may

blueprint = Blueprint("conferences", __name__)

IN_CASE = "/cases/<uuid:case_id>/conferences"


@blueprint.record_once
def _install(state: BlueprintSetupState) -> None:
    add_part(cast("Flask", state.app), _part)


def _part(actor: Actor, case_id: UUID) -> Part | None:
    if not may(actor, Permission.CONFERENCE_CALL):
        return None
    rows = queries.list_conferences_of(actor, case_id)
    live = sum(row.state in LIVE for row in rows)
    return Part(
        order=45,
        title=gettext("Case conferences"),
        url=url_for("conferences.list_conferences_of", case_id=case_id),
        status="in_progress" if live else "done" if rows else "not_started",
        note=ngettext("%(num)s in progress", "%(num)s in progress", live) if live else "",
    )


def to_conference(case_id: UUID, conference_id: UUID, message: str) -> ResponseReturnValue:
    """Go back to a conference of a case, with what has just been done."""
    flash(message, "ok")
    url = url_for("conferences.show_conference", case_id=case_id, conference_id=conference_id)
    return redirect(url, code=303)
