"""The pages of the directory: looking something up, one unit, and what a unit says of itself."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock, i18n
from casemgr.codes import lists
from casemgr.directory import forms, queries, service, words
from casemgr.directory.queries import Listing
from casemgr.directory.rules import Availability, Wanted
from casemgr.errors import Conflict
from casemgr.i18n import gettext
from casemgr.policy import Actor, Permission
from casemgr.questions import parse
from casemgr.web.fill import Filled, fill, fill_again, sent_form, sent_version
from casemgr.web.guard import current_actor, requires

blueprint = Blueprint("directory", __name__, url_prefix="/directory")


def verify_days() -> int:
    """Return after how many days something must be confirmed anew, as the installation is set."""
    days: int = current_app.extensions["casemgr.settings"].verify_days
    return days


@blueprint.get("")
@requires(Permission.DIRECTORY_READ)
def list_units() -> ResponseReturnValue:
    """List the published units and their services, all or those that are looked for; made to be printed."""
    wanted = _wanted()
    listings, communes = queries.search_units(current_actor(), wanted)
    return render_template(
        "directory/list_units.html",
        listings=listings,
        wanted=wanted,
        services=_choices("service"),
        access=_choices("access_help"),
        languages=_choices("language"),
        communes=[(code, words.communes((code,))) for code in communes],
        words=words,
        days=verify_days(),
        today=clock.today(),
    )


def _wanted() -> Wanted:
    asked = request.args
    return Wanted(
        text=asked.get("q", "").strip()[:80],
        service=_known("service", asked.get("service", "")),
        commune=asked.get("commune", "").strip()[:5],
        access=_known("access_help", asked.get("access", "")),
        language=_known("language", asked.get("language", "")),
        open_now=asked.get("open") == "yes",
    )


def _known(code_list: str, code: str) -> str:
    return code if code in lists.get(code_list) else ""


def _choices(code_list: str) -> list[tuple[str, str]]:
    return [(code.code, code.label(i18n.language())) for code in lists.choices(code_list, clock.today())]


@blueprint.get("/<uuid:unit_id>")
@requires(Permission.DIRECTORY_READ)
def show_unit(unit_id: UUID) -> ResponseReturnValue:
    """Show what one unit says of itself, and to colleagues how to reach it."""
    return _page(current_actor(), unit_id, [])


def _page(actor: Actor, unit_id: UUID, errors: list[tuple[str, str]]) -> str:
    listing = queries.get_listing(actor, unit_id)
    return render_template(
        "directory/show_unit.html",
        listing=listing,
        staff=queries.open_staff_contact(actor, unit_id),
        keeps=queries.may_keep(actor, unit_id),
        closed_until=forms.CLOSED_UNTIL,
        typed_day=request.form.getlist("closed_until"),
        errors=errors,
        words=words,
        days=verify_days(),
    )


@blueprint.route("/<uuid:unit_id>/change", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_KEEP)
def change_entry(unit_id: UUID) -> ResponseReturnValue:
    """Change what a unit says of itself; saving confirms it."""
    actor = current_actor()
    listing = queries.get_kept_listing(actor, unit_id)
    if request.method == "GET":
        stored = _values(listing) | queries.open_staff_contact(actor, unit_id)
        return _form_page(listing, fill_again(forms.ENTRY, stored), [])
    filled = sent_form(forms.ENTRY)
    if filled.errors:
        return _form_page(listing, filled, filled.errors), 422
    try:
        service.change_entry(actor, unit_id, sent_version(), filled.values)
    except Conflict as conflict:
        return _form_page(listing, filled, [words.problem(conflict.field, conflict.reason)]), 422
    return _shown(unit_id, gettext("The entry is saved and confirmed today."))


def _values(listing: Listing) -> dict[str, Any]:
    return {
        **{name: list(getattr(listing, name)) for name in ("services", "languages", "access")},
        **{name: getattr(listing, name) or None for name in ("contact", "answered_by", "hours_note")},
        **{name: getattr(listing, name) or None for name in ("capacity", "cost", "open_days")},
        "communes": words.communes(listing.communes, "\n") or None,
        "opens": listing.hours.opens if listing.hours else None,
        "closes": listing.hours.closes if listing.hours else None,
        "valid_from": listing.valid_from.isoformat() if listing.valid_from else None,
        "valid_to": listing.valid_to.isoformat() if listing.valid_to else None,
    }


def _form_page(listing: Listing, filled: Filled, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "directory/change_entry.html", listing=listing, form=forms.ENTRY, filled=filled, errors=errors
    )


@blueprint.post("/<uuid:unit_id>/availability")
@requires(Permission.DIRECTORY_KEEP)
def set_availability(unit_id: UUID) -> ResponseReturnValue:
    """Say with one tap whether the unit takes people."""
    actor = current_actor()
    wanted = _known("availability", request.form.get("availability", "")) or Availability.CLOSED
    read = fill(parse([forms.CLOSED_UNTIL], dict(request.form.lists())))
    if read.errors:
        return _page(actor, unit_id, read.errors), 422
    until = read.values.get("closed_until")
    day = date.fromisoformat(until) if until else None
    try:
        service.set_availability(actor, unit_id, Availability(wanted), day)
    except Conflict as conflict:
        return _page(actor, unit_id, [words.problem(conflict.field, conflict.reason)]), 422
    return _shown(unit_id, gettext("The directory shows it at once."))


@blueprint.post("/<uuid:unit_id>/confirm")
@requires(Permission.DIRECTORY_KEEP)
def confirm_entry(unit_id: UUID) -> ResponseReturnValue:
    """Say that everything still holds."""
    service.confirm_entry(current_actor(), unit_id)
    return _shown(unit_id, gettext("Confirmed today."))


def _shown(unit_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("directory.show_unit", unit_id=unit_id), code=303)
