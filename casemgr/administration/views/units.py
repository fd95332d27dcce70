"""Units: organisations, addresses and hamlets with the time during which they exist."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.administration import forms, queries, words
from casemgr.administration.views.blueprint import Errors, blueprint, go, typed_id
from casemgr.errors import Conflict, Refused
from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.questions import parse
from casemgr.units import queries as units
from casemgr.units import service
from casemgr.units.administrative import list_provinces
from casemgr.units.service import UnitDetails
from casemgr.web.fill import Filled, fill, fill_again, sent_form, sent_version
from casemgr.web.guard import current_actor, requires


@blueprint.get("/units")
@requires(Permission.UNIT_MANAGE)
def list_units() -> ResponseReturnValue:
    """List the units as a tree."""
    with_closed = request.args.get("closed") == "yes"
    trees = queries.list_unit_trees(current_actor(), with_closed=with_closed)
    return render_template(
        "administration/list_units.html", trees=trees, with_closed=with_closed, words=words
    )


@blueprint.route("/units/add", methods=["GET", "POST"])
@requires(Permission.UNIT_MANAGE)
def add_unit() -> ResponseReturnValue:
    """Add a unit, most often below another one."""
    if request.method == "GET":
        return _form_page(fill_again(forms.UNIT, {"is_public": "yes"}), [], None)
    filled = sent_form(forms.UNIT)
    if filled.errors:
        return _form_page(filled, filled.errors, None), 422
    try:
        unit = service.add_unit(current_actor(), _details(filled))
    except Conflict as conflict:
        return _conflict_page(filled, conflict, None), 422
    return go("administration.show_unit", gettext("The unit is added."), unit_id=unit.id)


@blueprint.get("/units/<uuid:unit_id>")
@requires(Permission.UNIT_MANAGE)
def show_unit(unit_id: UUID) -> ResponseReturnValue:
    """Show one unit and what may be done with it."""
    return _unit_page(unit_id, [])


@blueprint.route("/units/<uuid:unit_id>/change", methods=["GET", "POST"])
@requires(Permission.UNIT_MANAGE)
def change_unit(unit_id: UUID) -> ResponseReturnValue:
    """Change what is known of a unit."""
    unit = units.get_unit(current_actor(), unit_id)
    if request.method == "GET":
        return _form_page(fill_again(forms.UNIT, _values(unit)), [], unit)
    filled = sent_form(forms.UNIT)
    if filled.errors:
        return _form_page(filled, filled.errors, unit), 422
    try:
        service.change_unit(current_actor(), unit_id, sent_version(), _details(filled))
    except Conflict as conflict:
        return _conflict_page(filled, conflict, unit), 422
    return go("administration.show_unit", gettext("The unit is changed."), unit_id=unit_id)


@blueprint.post("/units/<uuid:unit_id>/pause")
@requires(Permission.UNIT_MANAGE)
def pause_unit(unit_id: UUID) -> ResponseReturnValue:
    """Send the unit nothing for the time being."""
    service.pause_unit(current_actor(), unit_id, sent_version())
    return go("administration.show_unit", gettext("The unit gets nothing for now."), unit_id=unit_id)


@blueprint.post("/units/<uuid:unit_id>/resume")
@requires(Permission.UNIT_MANAGE)
def resume_unit(unit_id: UUID) -> ResponseReturnValue:
    """Send a paused unit referrals again."""
    service.resume_unit(current_actor(), unit_id, sent_version())
    return go("administration.show_unit", gettext("The unit works again."), unit_id=unit_id)


@blueprint.post("/units/<uuid:unit_id>/close")
@requires(Permission.UNIT_MANAGE)
def close_unit(unit_id: UUID) -> ResponseReturnValue:
    """End a unit with its last day; it stays in what was recorded."""
    read = fill(parse([forms.LAST_DAY], dict(request.form.lists())))
    if read.errors:
        return _unit_page(unit_id, read.errors), 422
    last_day = date.fromisoformat(read.values["valid_to"])
    try:
        service.close_unit(current_actor(), unit_id, sent_version(), last_day)
    except (Conflict, Refused) as problem:
        return _unit_page(unit_id, [words.problem("valid_to", problem.reason)]), 422
    return go("administration.show_unit", gettext("The unit is closed."), unit_id=unit_id)


@blueprint.route("/units/<uuid:unit_id>/posts", methods=["GET", "POST"])
@requires(Permission.UNIT_MANAGE)
def list_posts(unit_id: UUID) -> ResponseReturnValue:
    """List the posts of a unit with their terms, and add one."""
    if request.method == "GET":
        return _posts_page(unit_id, Filled(), [])
    units.get_unit(current_actor(), unit_id)
    filled = sent_form(forms.POST)
    if filled.errors:
        return _posts_page(unit_id, filled, filled.errors), 422
    begins, ends = (filled.values.get(name) for name in ("valid_from", "valid_to"))
    term = (date.fromisoformat(str(begins)), date.fromisoformat(ends) if ends else None)
    try:
        service.add_post(current_actor(), unit_id, filled.values["title"], *term)
    except Conflict as conflict:
        return _posts_page(unit_id, filled, [words.problem(conflict.field, conflict.reason)]), 422
    return go("administration.list_posts", gettext("The post is added."), unit_id=unit_id)


@blueprint.post("/posts/<uuid:post_id>/end")
@requires(Permission.UNIT_MANAGE)
def end_post(post_id: UUID) -> ResponseReturnValue:
    """End the term of a post today."""
    post = service.close_post(current_actor(), post_id, clock.today())
    return go("administration.list_posts", gettext("The term has ended."), unit_id=post.unit_id)


def _posts_page(unit_id: UUID, filled: Filled, errors: Errors) -> str:
    actor = current_actor()
    return render_template(
        "administration/list_posts.html",
        unit=units.get_unit(actor, unit_id),
        posts=units.list_posts(actor, unit_id),
        section=forms.POST.sections[0],
        filled=filled,
        errors=errors,
        today=clock.today(),
    )


def _unit_page(unit_id: UUID, errors: Errors) -> str:
    actor = current_actor()
    unit = units.get_unit(actor, unit_id)
    return render_template(
        "administration/show_unit.html",
        unit=unit,
        above=units.find_unit(actor, unit.parent_id) if unit.parent_id else None,
        last_day=forms.LAST_DAY,
        typed_day=request.form.getlist("valid_to"),
        errors=errors,
        words=words,
    )


def _values(unit: Any) -> dict[str, Any]:
    kept = {name: getattr(unit, name) for name in ("kind", "name", "former_commune", "duty_phone")}
    since = unit.valid_from.isoformat() if unit.valid_from else None
    return kept | {"valid_from": since, "is_public": "yes" if unit.is_public else "no"}


def _details(filled: Filled) -> UnitDetails:
    parent_id = typed_id(request.form.get("parent_id"))
    province, commune = queries.find_place(
        current_actor(),
        parent_id=parent_id,
        province_code=request.form.get("province_code", ""),
        commune=request.form.get("commune_code") or request.form.get("commune", ""),
    )
    since = filled.values.get("valid_from")
    return UnitDetails(
        kind=filled.values["kind"],
        name=filled.values["name"],
        province_code=province,
        commune_code=commune,
        parent_id=parent_id,
        former_commune=filled.values.get("former_commune"),
        duty_phone=filled.values.get("duty_phone"),
        is_public=filled.values["is_public"] == "yes",
        valid_from=date.fromisoformat(since) if since else None,
    )


def _conflict_page(filled: Filled, conflict: Conflict, unit: Any) -> str:
    found = conflict.candidates if isinstance(conflict, queries.SeveralPlaces) else ()
    candidates = [(one.code, words.place(one.province_code, one.code)) for one in found]
    errors = [words.problem(conflict.field, conflict.reason)]
    return _form_page(filled, errors, unit, candidates=candidates)


def _form_page(
    filled: Filled, errors: Errors, unit: Any, *, candidates: list[tuple[str, str]] | None = None
) -> str:
    others = [(one.id, one.name) for one in units.list_units(current_actor())]
    stored = {"parent_id": unit.parent_id, "province_code": unit.province_code} if unit else {}
    if unit and unit.commune_code:
        stored["commune"] = unit.commune_code
    names = ("parent_id", "province_code", "commune")
    return render_template(
        "administration/change_unit.html" if unit else "administration/add_unit.html",
        unit=unit,
        section=forms.UNIT.sections[0],
        filled=filled,
        others=[pair for pair in others if unit is None or pair[0] != unit.id],
        provinces=[(province.code, province.name) for province in list_provinces()],
        typed_place={name: request.values.get(name, stored.get(name) or "") for name in names},
        candidates=candidates or [],
        errors=errors,
        words=words,
    )
