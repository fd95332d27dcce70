"""The pages of incidents, their classification and the alleged perpetrators."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from casemgr.cases.parts import Part, add_part
from casemgr.cases.queries import get_case
from casemgr.i18n import gettext, ngettext
from casemgr.incidents import forms, queries, service, words
from casemgr.incidents.rules import WIZARD
from casemgr.policy import Actor, Permission
from casemgr.questions import Form
from casemgr.text.codes import normalise_code
from casemgr.text.invalid import InvalidText
from casemgr.web.drafts import discard_draft, find_draft
from casemgr.web.fill import Filled, fill_again, sent_form, sent_version
from casemgr.web.guard import current_actor, requires

blueprint = Blueprint("incidents", __name__, url_prefix="/cases/<uuid:case_id>/incidents")

DRAFT = "incident"
NEW = Form(name="incident_new", version=1, sections=(forms.REGISTRATION, *forms.INCIDENT.sections))


def _to_incident(case_id: UUID, incident_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    address = url_for("incidents.show_incident", case_id=case_id, incident_id=incident_id)
    return redirect(address, code=303)


def _split(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part the answers about what happened from those of the classification."""
    told = {name: value for name, value in values.items() if name not in WIZARD}
    return told, {name: values[name] for name in WIZARD if name in values}


@blueprint.route("")
@requires(Permission.CASE_READ)
def list_incidents(case_id: UUID) -> ResponseReturnValue:
    """List the incidents of a case by code, type and day."""
    actor = current_actor()
    case = get_case(actor, case_id)
    rows = [words.headline(incident) for incident in queries.list_incidents(actor, case_id)]
    return render_template("incidents/list_incidents.html", case=case, rows=rows)


@blueprint.route("/add", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE)
def add_incident(case_id: UUID) -> ResponseReturnValue:
    """Record an incident; no answer is required, and what is missing can be added later."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    if request.method == "GET":
        draft = find_draft(actor, DRAFT, case_id)
        filled = Filled(typed=draft) if draft else fill_again(NEW)
        return _form("incidents/add_incident.html", case, NEW, filled)
    filled = sent_form(NEW)
    if filled.errors:
        return _form("incidents/add_incident.html", case, NEW, filled), 422
    values, wizard = _split(filled.values)
    day = values.pop("reported_on", None)
    registered_on = date.fromisoformat(day) if day else None
    added = service.add_incident(actor, case_id, values=values, wizard=wizard, registered_on=registered_on)
    discard_draft(actor, DRAFT, case_id)
    return _to_incident(case_id, added.id, gettext("The incident is recorded."))


def _form(template: str, case: Any, form: Form, filled: Filled, **more: Any) -> str:
    return render_template(
        template, case=case, sections=form.sections, filled=filled, errors=filled.errors, **more
    )


@blueprint.route("/<uuid:incident_id>")
@requires(Permission.CASE_READ)
def show_incident(case_id: UUID, incident_id: UUID) -> ResponseReturnValue:
    """Show an incident: its type, what follows from the answers, what was told, and about whom."""
    actor = current_actor()
    incident = queries.open_incident(actor, case_id, incident_id)
    derived = queries.derive(actor, incident)
    perpetrators = queries.list_perpetrators(actor, case_id, incident_id)
    return render_template(
        "incidents/show_incident.html",
        case=get_case(actor, case_id),
        incident=incident,
        derived=derived,
        perpetrators=perpetrators,
        words=words,
    )


@blueprint.route("/<uuid:incident_id>/change", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE)
def change_incident(case_id: UUID, incident_id: UUID) -> ResponseReturnValue:
    """Change the answers about an incident; what counts it is corrected."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    incident = queries.open_incident(actor, case_id, incident_id)
    if request.method == "GET":
        stored = {**incident.answers, **(incident.classification or {}).get("answers", {})}
        draft = find_draft(actor, DRAFT, incident_id)
        filled = Filled(typed=draft) if draft else fill_again(forms.INCIDENT, stored)
        return _change_form(case, incident, filled, incident.version)
    filled = sent_form(forms.INCIDENT)
    if filled.errors:
        return _change_form(case, incident, filled, sent_version()), 422
    values, wizard = _split(filled.values)
    service.change_incident(actor, case_id, incident_id, sent_version(), values=values, wizard=wizard)
    discard_draft(actor, DRAFT, incident_id)
    return _to_incident(case_id, incident_id, gettext("The incident is saved."))


def _change_form(case: Any, incident: Any, filled: Filled, version: int) -> str:
    template = "incidents/change_incident.html"
    return _form(template, case, forms.INCIDENT, filled, incident=incident, version=version)


@blueprint.route("/<uuid:incident_id>/classification", methods=["GET", "POST"])
@requires(Permission.CASE_ASSIGN)
def override_classification(case_id: UUID, incident_id: UUID) -> ResponseReturnValue:
    """Let the supervisor put another type in place of the derived one, with the reason."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.CASE_ASSIGN)
    incident = queries.open_incident(actor, case_id, incident_id)
    filled = sent_form(forms.OVERRIDE) if request.method == "POST" else fill_again(forms.OVERRIDE)
    if request.method == "GET" or filled.errors:
        template = "incidents/override_classification.html"
        page = _form(template, case, forms.OVERRIDE, filled, incident=incident, words=words)
        return page, 422 if filled.errors else 200
    service.override_classification(actor, case_id, incident_id, sent_version(), **filled.values)
    return _to_incident(case_id, incident_id, gettext("The classification is changed."))


@blueprint.route("/same-event", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE)
def add_same_event(case_id: UUID) -> ResponseReturnValue:
    """Record the event of an incident in another file, of another survivor, in this file too."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    filled = sent_form(forms.SAME_EVENT) if request.method == "POST" else fill_again(forms.SAME_EVENT)
    source = _find_source(actor, filled) if request.method == "POST" and not filled.errors else None
    if request.method == "POST" and source is None and not filled.errors:
        filled = Filled(typed=filled.typed, problems={"code": forms.UNKNOWN_CODE})
    if source is None:
        page = _form("incidents/add_same_event.html", case, forms.SAME_EVENT, filled)
        return page, 422 if filled.errors else 200
    added = service.add_same_event(actor, source.case_id, source.id, case_id)
    return _to_incident(case_id, added.id, gettext("The event is recorded in this file too."))


def _find_source(actor: Actor, filled: Filled) -> Any:
    try:
        return queries.find_by_code(actor, normalise_code(filled.values["code"]))
    except InvalidText:
        return None


@blueprint.route("/<uuid:incident_id>/people/add", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE)
def add_perpetrator(case_id: UUID, incident_id: UUID) -> ResponseReturnValue:
    """Record an alleged perpetrator."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    incident = queries.get_incident(actor, case_id, incident_id, Permission.CASE_CHANGE)
    filled = sent_form(forms.PERPETRATOR) if request.method == "POST" else fill_again(forms.PERPETRATOR)
    if request.method == "GET" or filled.errors:
        template = "incidents/add_perpetrator.html"
        page = _form(template, case, forms.PERPETRATOR, filled, incident=incident)
        return page, 422 if filled.errors else 200
    service.add_perpetrator(actor, case_id, incident_id, filled.values)
    return _to_incident(case_id, incident_id, gettext("The person is recorded."))


@blueprint.route("/<uuid:incident_id>/people/<uuid:perpetrator_id>", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE)
def change_perpetrator(case_id: UUID, incident_id: UUID, perpetrator_id: UUID) -> ResponseReturnValue:
    """Change what is known of an alleged perpetrator."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    known = _open_perpetrator(actor, case_id, incident_id, perpetrator_id)
    is_sent = request.method == "POST"
    filled = sent_form(forms.PERPETRATOR) if is_sent else fill_again(forms.PERPETRATOR, known.answers)
    if not is_sent or filled.errors:
        version = sent_version() if is_sent else known.version
        more = {"perpetrator": known, "incident_id": incident_id, "version": version}
        page = _form("incidents/change_perpetrator.html", case, forms.PERPETRATOR, filled, **more)
        return page, 422 if filled.errors else 200
    service.change_perpetrator(actor, case_id, incident_id, perpetrator_id, sent_version(), filled.values)
    return _to_incident(case_id, incident_id, gettext("The person is saved."))


def _open_perpetrator(actor: Actor, case_id: UUID, incident_id: UUID, perpetrator_id: UUID) -> Any:
    queries.list_perpetrators(actor, case_id, incident_id)
    return queries.get_perpetrator(actor, case_id, incident_id, perpetrator_id, Permission.CASE_CHANGE)


@blueprint.route("/<uuid:incident_id>/people/<uuid:perpetrator_id>/remove", methods=["POST"])
@requires(Permission.CASE_CHANGE)
def remove_perpetrator(case_id: UUID, incident_id: UUID, perpetrator_id: UUID) -> ResponseReturnValue:
    """Remove somebody who was recorded in error."""
    service.remove_perpetrator(current_actor(), case_id, incident_id, perpetrator_id)
    return _to_incident(case_id, incident_id, gettext("The person is removed."))


def _part(actor: Actor, case_id: UUID) -> Part | None:
    count = queries.count_incidents(actor, case_id)
    return Part(
        order=30,
        title=gettext("Incidents"),
        url=url_for("incidents.list_incidents", case_id=case_id),
        status="done" if count else "not_started",
        note=ngettext("%(num)s incident", "%(num)s incidents", count) if count else "",
    )


@blueprint.record_once
def _join(state: BlueprintSetupState) -> None:
    add_part(cast("Flask", state.app), _part)
