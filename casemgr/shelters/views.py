"""The pages of trusted addresses: the board, the keeper's own page, the register."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.errors import Conflict, InvalidState
from casemgr.i18n import gettext
from casemgr.policy import Actor, Permission
from casemgr.questions import parse
from casemgr.shelters import forms, queries, service, words
from casemgr.shelters.guests import list_guests
from casemgr.shelters.rules import AddressState, together
from casemgr.shelters.service import AddressEntry
from casemgr.web.fill import Filled, fill, fill_again, sent_version
from casemgr.web.guard import current_actor, requires

SETTABLE = {state.value: state for state in (AddressState.ACTIVE, AddressState.CLOSING)}
"""What a supervisor may put an address into, beside stopping it."""

blueprint = Blueprint("shelters", __name__, url_prefix="/shelters")


def _done(endpoint: str, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for(endpoint), code=303)


@blueprint.route("")
@requires(Permission.SHELTER_BOARD)
def show_board() -> ResponseReturnValue:
    """Show where beds are free, never where a hidden address lies."""
    rows = queries.list_board(current_actor())
    return render_template("shelters/show_board.html", rows=rows, words=words)


@blueprint.route("/own")
@requires(Permission.SHELTER_KEEP)
def show_address() -> ResponseReturnValue:
    """Show a keeper the own address: free beds, who is expected and who is here."""
    actor = current_actor()
    guests = list_guests(actor)
    address = queries.get_own_address(actor).known_to(guest.people for guest in guests)
    return render_template("shelters/show_address.html", address=address, guests=guests)


@blueprint.route("/own/beds", methods=["POST"])
@requires(Permission.SHELTER_KEEP)
def change_beds() -> ResponseReturnValue:
    """Take places off the board, or give them back."""
    actor = current_actor()
    match request.form.get("change"):
        case "less":
            service.hold_beds(actor, 1)
        case "more":
            service.hold_beds(actor, -1)
        case "full":
            known = together(guest.people for guest in list_guests(actor))
            service.close_all_beds(actor, full=True, used=known)
        case "free":
            service.close_all_beds(actor, full=False)
        case _:
            abort(400)
    return _done("shelters.show_address", gettext("The board shows it at once."))


@blueprint.route("/register")
@requires(Permission.SHELTER_MANAGE)
def list_register() -> ResponseReturnValue:
    """List the trusted addresses of the commune."""
    return _register_page(current_actor(), [])


def _register_page(actor: Actor, errors: list[tuple[str, str]]) -> str:
    rows, waiting = queries.list_register(actor), queries.list_unregistered(actor)
    context = {"words": words, "today": clock.today(), "can_add": bool(waiting), "errors": errors}
    return render_template("shelters/list_register.html", rows=rows, **context)


@blueprint.route("/register/new", methods=["GET", "POST"])
@requires(Permission.SHELTER_MANAGE)
def add_address() -> ResponseReturnValue:
    """Enter an address into the register."""
    actor, errors = current_actor(), []
    units = queries.list_unregistered(actor)
    filled = _typed() if request.method == "POST" else Filled()
    unit_id = next((unit.id for unit in units if str(unit.id) == request.form.get("unit")), None)
    if request.method == "POST":
        errors = ([] if unit_id else [("unit", gettext("Choose an address."))]) + filled.errors
        if unit_id and not errors:
            service.add_address(actor, unit_id, _entry(filled))
            return _done("shelters.list_register", gettext("The address stands in the register."))
    page = _form_page("shelters/add_address.html", filled, units=units, errors=errors)
    return page, 422 if errors else 200


@blueprint.route("/register/<uuid:unit_id>", methods=["GET", "POST"])
@requires(Permission.SHELTER_MANAGE)
def change_address(unit_id: UUID) -> ResponseReturnValue:
    """Change what the register says of an address."""
    actor = current_actor()
    address = queries.open_address(actor, unit_id)
    if request.method == "POST":
        filled = _typed()
        if not filled.errors:
            service.change_address(actor, unit_id, sent_version(), _entry(filled))
            return _done("shelters.list_register", gettext("The register is changed."))
    else:
        beds = {"adult_beds": address.adult_beds, "child_beds": address.child_beds}
        stored = {**address.details, **beds, "is_public": "yes" if address.is_public else "no"}
        filled = fill_again(forms.ADDRESS, stored)
    page = _form_page("shelters/change_address.html", filled, address=address, errors=filled.errors)
    return page, 422 if filled.errors else 200


@blueprint.route("/register/<uuid:unit_id>/state", methods=["POST"])
@requires(Permission.SHELTER_MANAGE)
def set_state(unit_id: UUID) -> ResponseReturnValue:
    """Stop an address from taking people in, or let it go on."""
    actor, wanted = current_actor(), SETTABLE.get(request.form.get("state", ""), AddressState.SUSPENDED)
    reason = request.form.get("reason", "").strip()[:500]
    try:
        service.set_address_state(actor, unit_id, sent_version(), wanted, reason)
    except Conflict:
        errors = [(f"reason-{unit_id}", gettext("Say why."))]
        return _register_page(actor, errors), 422
    except InvalidState:
        errors = [("", gettext("Somebody is still there and must move first."))]
        return _register_page(actor, errors), 409
    return _done("shelters.list_register", gettext("The board shows it at once."))


def _typed() -> Filled:
    return fill(parse(forms.ADDRESS.questions(), dict(request.form.lists())))


def _entry(filled: Filled) -> AddressEntry:
    values: dict[str, Any] = dict(filled.values)
    values["is_public"] = values["is_public"] == "yes"
    own = {field.name for field in fields(AddressEntry)}
    profile = {name: value for name, value in values.items() if name not in own}
    return AddressEntry(**{name: value for name, value in values.items() if name in own}, profile=profile)


def _form_page(template: str, filled: Filled, **context: Any) -> str:
    return render_template(template, section=forms.ADDRESS.sections[0], filled=filled, **context)
