"""Accounts: listed, added, shut, opened and reset by somebody who learns no password."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.accounts import queries, service
from casemgr.accounts.stepup import fresh
from casemgr.administration import forms, words
from casemgr.administration import service as administration
from casemgr.administration.views.blueprint import Errors, blueprint, go, typed_id
from casemgr.administration.views.invitations import show_code
from casemgr.errors import Conflict, Refused
from casemgr.i18n import gettext
from casemgr.policy import Permission, Role
from casemgr.units import queries as units
from casemgr.web.fill import Filled, fill_again, sent_form
from casemgr.web.guard import current_actor, requires

STATES = tuple(words.ACCOUNT_STATES)


@blueprint.get("/accounts")
@requires(Permission.ACCOUNT_MANAGE)
def list_accounts() -> ResponseReturnValue:
    """List the accounts, all or those of a state or a unit."""
    actor = current_actor()
    state, unit_id = request.args.get("state"), typed_id(request.args.get("unit"))
    people = queries.list_accounts(actor, unit_id=unit_id)
    return render_template(
        "administration/list_accounts.html",
        people=[person for person in people if state not in STATES or person.state == state],
        units={unit.id: unit.name for unit in units.list_units(actor, with_closed=True)},
        state=state if state in STATES else "",
        words=words,
    )


@blueprint.route("/accounts/add", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def add_account() -> ResponseReturnValue:
    """Add an account and draw its invitation."""
    if request.method == "GET":
        return _add_page(fill_again(forms.PERSON), [])
    filled, unit_id = sent_form(forms.PERSON), typed_id(request.form.get("unit_id"))
    if filled.errors or unit_id is None:
        missing = [] if unit_id else [words.problem("unit_id", "unknown")]
        return _add_page(filled, [*filled.errors, *missing]), 422
    try:
        account_id, given = administration.add_person(
            current_actor(), unit_id=unit_id, roles=_typed_roles(), **filled.values
        )
    except Conflict as conflict:
        return _add_page(filled, [words.problem(conflict.field, conflict.reason)]), 422
    return show_code(account_id, given)


def _typed_roles() -> list[Role]:
    known = {role.value for role in Role}
    return [Role(name) for name in request.form.getlist("roles") if name in known]


def _add_page(filled: Filled, errors: Errors) -> str:
    actor = current_actor()
    return render_template(
        "administration/add_account.html",
        filled=filled,
        section=forms.PERSON.sections[0],
        units=[(unit.id, unit.name) for unit in units.list_units(actor)],
        unit_id=request.values.get("unit_id", ""),
        chosen=request.form.getlist("roles"),
        role_choices=words.role_choices(),
        errors=errors,
    )


@blueprint.get("/accounts/<uuid:account_id>")
@requires(Permission.ACCOUNT_MANAGE)
def show_account(account_id: UUID) -> ResponseReturnValue:
    """Show one account and what may be done with it."""
    actor = current_actor()
    person = queries.get_account(actor, account_id)
    return render_template(
        "administration/show_account.html",
        person=person,
        unit=units.find_unit(actor, person.unit_id),
        is_own=person.account_id == actor.account_id,
        asked=queries.find_request(actor, account_id),
        now=clock.now(),
        words=words,
    )


@blueprint.route("/accounts/<uuid:account_id>/roles", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def change_roles(account_id: UUID) -> ResponseReturnValue:
    """Give somebody else other roles."""
    person = queries.get_account(current_actor(), account_id)
    if request.method == "GET":
        return _roles_page(person, sorted(person.roles), [])
    try:
        given = service.change_roles(current_actor(), account_id, _typed_roles())
    except Conflict as conflict:
        errors = [words.problem(conflict.field, conflict.reason)]
        return _roles_page(person, request.form.getlist("roles"), errors), 422
    if given.waits:
        return show_code(account_id, given)
    message = gettext("The roles are changed. The data protection officer sees it in the access log.")
    return go("administration.show_account", message, account_id=account_id)


def _roles_page(person: queries.Person, chosen: Sequence[Any], errors: Errors) -> str:
    return render_template(
        "administration/change_roles.html",
        person=person,
        is_own=person.account_id == current_actor().account_id,
        chosen=chosen,
        role_choices=words.role_choices(),
        errors=errors,
    )


@blueprint.post("/accounts/<uuid:account_id>/disable")
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def disable_account(account_id: UUID) -> ResponseReturnValue:
    """Shut an account; its sessions end at once."""
    service.disable_account(current_actor(), account_id)
    message = gettext("The account is shut. Its open sessions have ended.")
    return go("administration.show_account", message, account_id=account_id)


@blueprint.post("/accounts/<uuid:account_id>/enable")
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def enable_account(account_id: UUID) -> ResponseReturnValue:
    """Open a shut account again; its owner enrols anew."""
    return show_code(account_id, service.enable_account(current_actor(), account_id))


@blueprint.post("/accounts/<uuid:account_id>/reset")
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def reset_account(account_id: UUID) -> ResponseReturnValue:
    """Void password and codes of somebody who lost them, and invite anew."""
    return show_code(account_id, service.reset_account(current_actor(), account_id))


@blueprint.post("/accounts/<uuid:account_id>/invite")
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def invite_again(account_id: UUID) -> ResponseReturnValue:
    """Draw a new invitation for somebody who has not used the old one."""
    return show_code(account_id, service.invite(current_actor(), account_id))


@blueprint.post("/accounts/<uuid:account_id>/withdraw")
@requires(Permission.ACCOUNT_MANAGE)
def withdraw_request(account_id: UUID) -> ResponseReturnValue:
    """Take back what was asked for about an account."""
    service.withdraw(current_actor(), account_id)
    message = gettext("Taken back. The account stays as it is.")
    return go("administration.show_account", message, account_id=account_id)


@blueprint.post("/accounts/<uuid:account_id>/carry-out")
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def carry_out(account_id: UUID) -> ResponseReturnValue:
    """Carry out what nobody is left to release, after the waiting time; on record for everybody who asks."""
    try:
        given = administration.carry_out_unreleased(current_actor(), account_id)
    except Refused as refused:
        flash(words.waiting(refused.reason), "warn")
        return go("administration.show_account", account_id=account_id)
    return show_code(account_id, given)
