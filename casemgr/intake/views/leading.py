"""Leading an intake: beginning, its parts in any order, the search before a record is made."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr.cases.queries import get_case
from casemgr.errors import NotFound
from casemgr.i18n import gettext
from casemgr.incidents.forms import PERPETRATOR
from casemgr.intake import forms, queries, rules, service, words
from casemgr.intake.views.blueprint import blueprint, typed, version
from casemgr.policy import Permission
from casemgr.questions import parse
from casemgr.survivors import hamlets
from casemgr.survivors.forms import LIMITS
from casemgr.survivors.queries import find_possible_duplicates
from casemgr.survivors.words import read
from casemgr.web.drafts import discard_draft, find_draft
from casemgr.web.fill import Filled, fill, fill_again
from casemgr.web.guard import current_actor, requires


@blueprint.route("/intake", methods=["GET", "POST"])
@requires(Permission.CASE_OPEN)
def start_intake() -> ResponseReturnValue:
    """Begin an intake with the one question that needs an answer, or go on with an earlier one."""
    return _start(None)


@blueprint.route("/cases/<uuid:case_id>/intake", methods=["GET", "POST"])
@requires(Permission.CASE_OPEN)
def start_intake_of_case(case_id: UUID) -> ResponseReturnValue:
    """Begin the intake of a case that was opened in an emergency, or go on with it."""
    actor = current_actor()
    get_case(actor, case_id, Permission.CASE_CHANGE)
    begun = queries.find_for_case(actor, case_id)
    return _to_overview(begun.id) if begun else _start(case_id)


def _tip_id() -> UUID | None:
    """Return the tip whose page led here."""
    try:
        return UUID(request.args["tip"]) if "tip" in request.args else None
    except ValueError:
        raise NotFound from None


def _start(case_id: UUID | None) -> ResponseReturnValue:
    actor = current_actor()
    filled = fill_again(forms.START)
    if request.method == "POST":
        filled = fill(parse(forms.START.questions(), typed()))
        if not filled.errors:
            begun = service.start_intake(actor, filled.values, case_id=case_id, tip_id=_tip_id())
            return _to_overview(begun.id)
    open_ones = queries.list_open(actor)
    page = render_template(
        "intake/start_intake.html",
        section=forms.START.sections[0],
        begun=open_ones,
        filled=filled,
        errors=filled.errors,
    )
    return page, 422 if filled.errors else 200


def _to_overview(intake_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("intake.show_intake", intake_id=intake_id), code=303)


@blueprint.route("/intake/<uuid:intake_id>")
@requires(Permission.CASE_OPEN)
def show_intake(intake_id: UUID) -> ResponseReturnValue:
    """Show how far an intake has come, part by part."""
    intake = queries.open_intake(current_actor(), intake_id)
    missing = rules.find_missing(intake.told, has_case=intake.case_id is not None)
    parts = words.parts(intake.told, missing, lambda section: _section_url(intake_id, section))
    return render_template(
        "intake/show_intake.html",
        intake=intake,
        parts=parts,
        suggestion=words.suggestion(intake.told),
        core_type=words.core_type(intake.told),
    )


def _section_url(intake_id: UUID, section: str) -> str:
    if section == "perpetrators":
        return url_for("intake.list_perpetrators", intake_id=intake_id)
    return url_for("intake.fill_section", intake_id=intake_id, section=section)


@blueprint.route("/intake/<uuid:intake_id>/<string:section>", methods=["GET", "POST"])
@requires(Permission.CASE_OPEN)
def fill_section(intake_id: UUID, section: str) -> ResponseReturnValue:
    """Fill one part of an intake; it may be saved at any point."""
    if section not in forms.PARTS:
        raise NotFound
    actor = current_actor()
    intake = queries.open_intake(actor, intake_id)
    if request.method == "GET":
        draft = find_draft(actor, _draft(section), intake_id)
        stored = fill_again(forms.PARTS[section], intake.told.get(section) or {})
        return _section_page(intake, section, Filled(typed=draft) if draft else stored)
    filled = read(forms.PARTS[section].questions(), typed(), hamlets.list_choices(actor), complete=False)
    if filled.errors:
        return _section_page(intake, section, filled), 422
    service.save_section(actor, intake_id, version(), section, filled.values)
    discard_draft(actor, _draft(section), intake_id)
    return redirect(_next_url(intake_id, section), code=303)


def _draft(section: str) -> str:
    return f"intake.{section}"


def _section_page(intake: Any, section: str, filled: Filled) -> str:
    return render_template(
        "intake/fill_section.html",
        intake=intake,
        section=section,
        title=words.title(section),
        parts=forms.PARTS[section].sections,
        filled=filled,
        hamlets=hamlets.list_choices(current_actor()) if section == "person" else [],
        limits=LIMITS if section == "consent" else (),
        suggestion=words.suggestion(intake.told) if section == "danger" else "",
        version=request.form.get("version") or intake.version,
        back=_came_from(),
        errors=filled.errors,
    )


def _came_from() -> str:
    """Return "check" when the part was opened from the page where answers are checked."""
    return "check" if request.values.get("from") == "check" else ""


def _next_url(intake_id: UUID, section: str) -> str:
    actor = current_actor()
    intake = queries.get_intake(actor, intake_id)
    values = rules.person_values(intake.told)
    looks = section in ("person", "contact") and not intake.told.get("looked_for")
    if looks and find_possible_duplicates(actor, values):
        return url_for("intake.choose_survivor", intake_id=intake_id)
    if _came_from():
        return url_for("intake.check_answers", intake_id=intake_id, _anchor=section)
    if request.form.get("then") == "next":
        return _following_url(intake_id, section)
    return url_for("intake.show_intake", intake_id=intake_id)


def _following_url(intake_id: UUID, section: str) -> str:
    following = rules.SECTIONS[rules.SECTIONS.index(section) + 1 :]
    return _section_url(intake_id, following[0]) if following else _check_url(intake_id)


def _check_url(intake_id: UUID) -> str:
    return url_for("intake.check_answers", intake_id=intake_id)


@blueprint.route("/intake/<uuid:intake_id>/known", methods=["GET", "POST"])
@requires(Permission.CASE_OPEN)
def choose_survivor(intake_id: UUID) -> ResponseReturnValue:
    """Look whether the person has a record already, before another one is made."""
    actor = current_actor()
    intake = queries.open_intake(actor, intake_id)
    hits = find_possible_duplicates(actor, rules.person_values(intake.told))
    if request.method == "GET":
        return render_template("intake/choose_survivor.html", intake=intake, hits=hits)
    chosen = next((hit for hit in hits if str(hit.survivor_id) == request.form.get("survivor")), None)
    service.choose_survivor(actor, intake_id, version(), chosen.survivor_id if chosen else None)
    return _to_overview(intake_id)


@blueprint.route("/intake/<uuid:intake_id>/people")
@requires(Permission.CASE_OPEN)
def list_perpetrators(intake_id: UUID) -> ResponseReturnValue:
    """List who is said to have done it."""
    intake = queries.open_intake(current_actor(), intake_id)
    people = words.perpetrators(intake.told)
    return render_template(
        "intake/list_perpetrators.html",
        intake=intake,
        people=people,
        next_url=_following_url(intake_id, "perpetrators"),
    )


@blueprint.route("/intake/<uuid:intake_id>/people/add", methods=["GET", "POST"])
@requires(Permission.CASE_OPEN)
def add_perpetrator(intake_id: UUID) -> ResponseReturnValue:
    """Note another alleged perpetrator."""
    return _perpetrator(intake_id, None, {})


@blueprint.route("/intake/<uuid:intake_id>/people/<int:place>", methods=["GET", "POST"])
@requires(Permission.CASE_OPEN)
def change_perpetrator(intake_id: UUID, place: int) -> ResponseReturnValue:
    """Change what was noted of an alleged perpetrator."""
    people = queries.open_intake(current_actor(), intake_id).told.get("perpetrators") or []
    if place >= len(people):
        raise NotFound
    return _perpetrator(intake_id, place, people[place])


def _perpetrator(intake_id: UUID, place: int | None, known: dict[str, Any]) -> ResponseReturnValue:
    actor = current_actor()
    intake = queries.open_intake(actor, intake_id)
    filled = fill_again(PERPETRATOR, known)
    if request.method == "POST":
        filled = fill(parse(PERPETRATOR.questions(), typed(), complete=False))
        if not filled.errors:
            service.save_perpetrator(actor, intake_id, version(), place, filled.values)
            return redirect(url_for("intake.list_perpetrators", intake_id=intake_id), code=303)
    page = render_template(
        "intake/change_perpetrator.html",
        intake=intake,
        section=PERPETRATOR.sections[0],
        version=request.form.get("version") or intake.version,
        filled=filled,
        errors=filled.errors,
    )
    return page, 422 if filled.errors else 200


@blueprint.route("/intake/<uuid:intake_id>/people/<int:place>/remove", methods=["POST"])
@requires(Permission.CASE_OPEN)
def remove_perpetrator(intake_id: UUID, place: int) -> ResponseReturnValue:
    """Drop what was noted of an alleged perpetrator."""
    service.remove_perpetrator(current_actor(), intake_id, version(), place)
    flash(gettext("The person is removed."), "ok")
    return redirect(url_for("intake.list_perpetrators", intake_id=intake_id), code=303)
