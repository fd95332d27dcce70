"""The blueprint of conferences, their line on the case page, and what its forms have in common."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from casemgr.cases.parts import Part, add_part
from casemgr.conferences import queries
from casemgr.conferences.rules import LIVE
from casemgr.i18n import gettext, ngettext
from casemgr.policy import Actor, Permission, may
from casemgr.web.fill import Filled

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


def meeting_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return when and where, as a form was answered."""
    told = {name: values.get(name) for name in ("meets_at", "place", "phone")}
    return {"meets_on": date.fromisoformat(values["meets_on"]), **told}


def chosen_units(actor: Actor) -> frozenset[UUID]:
    """Return the units that were ticked, of those that may be invited."""
    wanted = set(request.form.getlist("units"))
    return frozenset(unit.id for unit in queries.list_inviteable(actor) if str(unit.id) in wanted)


def missing_units(unit_ids: Collection[UUID]) -> list[tuple[str, str]]:
    """Return what is said when no unit was ticked."""
    return [] if unit_ids else [("units", gettext("Choose at least one unit."))]


def chosen_people(actor: Actor, unit_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return whom the form leaves out, of those who could read it at some units."""
    wanted = set(request.form.getlist("excluded"))
    known = queries.list_attending(actor, unit_ids)
    return frozenset(found for found, _, _ in known if str(found) in wanted)


def inviteable(actor: Actor, filled: Filled, *, but: Collection[UUID] = ()) -> dict[str, Any]:
    """Return the units that may be invited and the people there, with what is ticked."""
    units = [unit for unit in queries.list_inviteable(actor) if unit.id not in but]
    names = {unit.id: unit.name for unit in units}
    people = queries.list_attending(actor, list(names))
    return {
        "units": [(unit.id, unit.name) for unit in units],
        "chosen": request.form.getlist("units") or filled.typed.get("units", []),
        "people": [(found, f"{name} · {names[unit_id]}") for found, name, unit_id in people],
        "excluded": request.form.getlist("excluded") or filled.typed.get("excluded", []),
    }
