"""The pages of the rota, of absences, and of the numbers that must answer."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from casemgr.accounts.queries import list_staff
from casemgr.accounts.stepup import fresh
from casemgr.duty import forms, queries, service, words
from casemgr.duty.service import Days
from casemgr.errors import Conflict
from casemgr.i18n import gettext
from casemgr.policy import Actor, Permission, may
from casemgr.units.queries import get_own_unit
from casemgr.web.fill import Filled, sent_form
from casemgr.web.guard import current_actor, find_actor, requires
from casemgr.web.pages import add_to_frame

blueprint = Blueprint("duty", __name__, url_prefix="/duty")

Errors = list[tuple[str, str]]


@blueprint.record_once
def _install(state: BlueprintSetupState) -> None:
    add_to_frame(cast("Flask", state.app), _frame)


def _frame() -> dict[str, Any]:
    actor = find_actor()
    if actor is None:
        return {}
    return {
        "stood_in_for": lambda: queries.list_stood_in_for(actor),
        "standing_in": lambda: queries.list_standing_in(actor),
        "leave_told": lambda: queries.list_told_by_staff(actor),
        "stale_numbers": lambda: _count_stale(actor),
    }


def _count_stale(actor: Actor) -> int:
    """Return how many numbers must be called again, for whoever is to see to it."""
    if not may(actor, Permission.DUTY_VERIFY):
        return 0
    return sum(row.is_stale for row in queries.list_numbers(actor, _verify_days()))


def _verify_days() -> int:
    days: int = current_app.extensions["casemgr.settings"].verify_days
    return days


@blueprint.get("")
@requires(Permission.DUTY_READ)
def show_rota() -> ResponseReturnValue:
    """Show who is on duty now and in the next weeks, who is away and who stands in."""
    return _rota_page(Filled(), [])


def _rota_page(filled: Filled, errors: Errors) -> str:
    actor = current_actor()
    return render_template(
        "duty/show_rota.html",
        unit=get_own_unit(actor),
        shifts=queries.list_shifts(actor),
        absences=queries.list_absences(actor),
        words=words,
        staff=[(person.account_id, person.name) for person in list_staff(actor)],
        form=forms.SHIFT,
        filled=filled,
        errors=errors,
    )


@blueprint.post("/shifts")
@requires(Permission.DUTY_MANAGE)
def add_shift() -> ResponseReturnValue:
    """Put somebody on the rota."""
    filled = sent_form(forms.SHIFT)
    account_id = _typed_id("account")
    if filled.errors or account_id is None:
        missing = [] if account_id else [words.problem("account", "unknown")]
        return _rota_page(filled, [*missing, *filled.errors]), 422
    try:
        service.add_shift(current_actor(), account_id, filled.values["part"], _days(filled))
    except Conflict as conflict:
        return _rota_page(filled, [words.problem(conflict.field, conflict.reason)]), 422
    return _to_rota(gettext("The rota is changed."))


@blueprint.post("/shifts/<uuid:shift_id>/remove")
@requires(Permission.DUTY_MANAGE)
def remove_shift(shift_id: UUID) -> ResponseReturnValue:
    """Take a line off the rota."""
    service.remove_shift(current_actor(), shift_id)
    return _to_rota(gettext("The rota is changed."))


@blueprint.route("/leave/new", methods=["GET", "POST"])
@requires(Permission.DUTY_LEAVE)
@fresh
def add_absence() -> ResponseReturnValue:
    """Enter that somebody is away, and who stands in."""
    if request.method == "GET":
        return _leave_page(Filled(), [])
    filled = sent_form(forms.ABSENCE)
    account_id, cover_id = _typed_id("account"), _typed_id("cover")
    if filled.errors or account_id is None or cover_id is None:
        chosen = (("account", account_id), ("cover", cover_id))
        missing = [words.problem(name, "unknown") for name, found in chosen if found is None]
        return _leave_page(filled, [*missing, *filled.errors]), 422
    try:
        left = service.add_absence(current_actor(), account_id, cover_id, _days(filled))
    except Conflict as conflict:
        return _leave_page(filled, [words.problem(conflict.field, conflict.reason)]), 422
    return _to_rota(*words.entered(left))


def _leave_page(filled: Filled, errors: Errors) -> str:
    actor = current_actor()
    absentees = [(person.account_id, person.name) for person in queries.list_absentees(actor)]
    only = absentees[0][0] if len(absentees) == 1 else None
    return render_template(
        "duty/add_absence.html",
        absentees=absentees,
        staff=[(person.account_id, person.name) for person in list_staff(actor) if person.account_id != only],
        section=forms.ABSENCE.sections[0],
        filled=filled,
        errors=errors,
    )


@blueprint.post("/leave/<uuid:absence_id>/end")
@requires(Permission.DUTY_LEAVE)
def end_absence(absence_id: UUID) -> ResponseReturnValue:
    """Note that somebody is back."""
    service.end_absence(current_actor(), absence_id)
    return _to_rota(gettext("Nobody stands in any more."))


@blueprint.get("/numbers")
@requires(Permission.DUTY_VERIFY)
def list_numbers() -> ResponseReturnValue:
    """List the numbers that people are given, with the day on which each last answered."""
    days = _verify_days()
    rows = queries.list_numbers(current_actor(), days)
    return render_template("duty/list_numbers.html", rows=rows, days=days, words=words)


@blueprint.post("/numbers")
@requires(Permission.DUTY_VERIFY)
def verify_number() -> ResponseReturnValue:
    """Note with one tap that a number was called and answered today."""
    service.verify_number(current_actor(), request.form.get("subject", ""))
    flash(gettext("Verified today."), "ok")
    return redirect(url_for("duty.list_numbers"), code=303)


def _days(filled: Filled) -> Days:
    found = {name: date.fromisoformat(filled.values[name]) for name in ("from_day", "until_day")}
    return Days(**found)


def _typed_id(name: str) -> UUID | None:
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        return None


def _to_rota(message: str, tone: str = "ok") -> ResponseReturnValue:
    flash(message, tone)
    return redirect(url_for("duty.show_rota"), code=303)
