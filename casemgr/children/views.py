"""The pages of child protection: the link from a case, and the records of their owner."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from casemgr.accounts import queries as people
from casemgr.cases import queries as cases
from casemgr.cases.parts import Part, add_part
from casemgr.cases.words import add_words
from casemgr.children import forms, queries, service, words
from casemgr.children.rules import ChildState
from casemgr.errors import Refused, StaleVersion
from casemgr.i18n import gettext, lazy_gettext, ngettext
from casemgr.policy import Actor, Permission, may
from casemgr.web.drafts import discard_draft, find_draft
from casemgr.web.fill import Filled, fill_again, sent_form, sent_version
from casemgr.web.guard import current_actor, requires
from casemgr.web.paging import next_start, page_start

blueprint = Blueprint("children", __name__)

add_words(
    entries={"child_linked": lazy_gettext("Child protection record linked")},
    fields={"children": lazy_gettext("links to child protection")},
)

REFUSALS = {
    "consent_missing": (
        "agreed",
        lazy_gettext(
            "Without her consent only a child in danger or abused can be reported. "
            "Say above what the danger is, or wait until she agrees."
        ),
    ),
    "conflict_of_interest": ("owner", lazy_gettext("This colleague cannot have the record. Choose another.")),
}


@blueprint.record_once
def _install(state: BlueprintSetupState) -> None:
    add_part(cast("Flask", state.app), _part)


def _part(actor: Actor, case_id: UUID) -> Part | None:
    if not may(actor, Permission.CHILD_LINK):
        return None
    states = queries.list_states_of(actor, case_id)
    is_done = bool(states) and set(states) == {ChildState.CLOSED}
    status = "done" if is_done else "in_progress" if states else "not_started"
    note = ngettext("%(num)s linked record", "%(num)s linked records", len(states)) if states else ""
    url = url_for("children.list_links", case_id=case_id)
    return Part(order=50, title=gettext("Child protection"), url=url, status=status, note=note)


@blueprint.route("/cases/<uuid:case_id>/children")
@requires(Permission.CHILD_LINK)
def list_links(case_id: UUID) -> ResponseReturnValue:
    """Show the records linked to a case, as far as the case may know them."""
    actor = current_actor()
    case = cases.get_case(actor, case_id, Permission.CHILD_LINK)
    links = queries.list_children_of(actor, case_id)
    names = people.list_names(actor, {link.owner_id for link in links})
    return render_template("children/list_links.html", case=case, links=links, names=names, words=words)


@blueprint.route("/cases/<uuid:case_id>/children/new", methods=["GET", "POST"])
@requires(Permission.CHILD_LINK)
def link_child(case_id: UUID) -> ResponseReturnValue:
    """Open a protection record for a child of this case and hand it to its owner."""
    actor = current_actor()
    workers = queries.list_workers(actor, case_id)
    if request.method == "GET":
        typed = find_draft(actor, forms.LINK.name, case_id) or {}
        return _link_page(case_id, workers, Filled(typed=typed), Filled(typed=typed), [], typed.get("owner"))
    link, child = sent_form(forms.LINK), sent_form(forms.CHILD)
    owner = next((one for one in workers if str(one.account_id) == request.form.get("owner")), None)
    errors = [*link.errors, *_owner_errors(owner), *child.errors]
    if not errors and owner is not None:
        errors = _try_link(actor, case_id, owner.account_id, link, child)
    if errors:
        return _link_page(case_id, workers, link, child, errors, request.form.getlist("owner")), 422
    discard_draft(actor, forms.LINK.name, case_id)
    flash(gettext("The record is open and on the list of its owner. The legal clocks are running."), "ok")
    return redirect(url_for("children.list_links", case_id=case_id), code=303)


def _owner_errors(owner: people.Person | None) -> list[tuple[str, str]]:
    return [] if owner else [("owner", gettext("Choose a child-protection worker."))]


def _try_link(
    actor: Actor, case_id: UUID, owner_id: UUID, link: Filled, child: Filled
) -> list[tuple[str, str]]:
    basis = dict(link.values)
    relation = str(basis.pop("relation"))
    try:
        service.link_child(
            actor, case_id, owner_id=owner_id, relation=relation, basis=basis, values=child.values
        )
    except Refused as refused:
        field, words_of_refusal = REFUSALS[refused.reason]
        return [(field, str(words_of_refusal))]
    return []


def _link_page(
    case_id: UUID,
    workers: Sequence[people.Person],
    link: Filled,
    child: Filled,
    errors: list[tuple[str, str]],
    owner: Sequence[str] | None,
) -> str:
    return render_template(
        "children/link_child.html",
        case=cases.get_case(current_actor(), case_id, Permission.CHILD_LINK),
        workers=workers,
        owner=owner[0] if owner else str(workers[0].account_id) if len(workers) == 1 else "",
        link_section=forms.LINK.sections[0],
        child_sections=forms.CHILD.sections,
        link=link,
        child=child,
        errors=errors,
    )


@blueprint.route("/children")
@requires(Permission.CHILD_CHANGE)
def list_children() -> ResponseReturnValue:
    """List the records of the actor by code."""
    shows_closed = request.args.get("state") == ChildState.CLOSED
    state = ChildState.CLOSED if shows_closed else ChildState.OPEN
    rows = queries.list_children(current_actor(), state, before=page_start())
    return render_template(
        "children/list_children.html",
        rows=rows,
        shows_closed=shows_closed,
        older=next_start(rows),
        words=words,
    )


@blueprint.route("/children/<uuid:child_id>")
@requires(Permission.CHILD_READ)
def show_child(child_id: UUID) -> ResponseReturnValue:
    """Show a record to its owner, the name still hidden."""
    return _child_page(child_id)


@blueprint.route("/children/<uuid:child_id>/name", methods=["GET", "POST"])
@requires(Permission.CHILD_READ)
def show_name(child_id: UUID) -> ResponseReturnValue:
    """Show a record with the name of the child; whoever comes back to it later must ask anew."""
    if request.method == "GET":
        queries.get_child(current_actor(), child_id)
        return redirect(url_for("children.show_child", child_id=child_id), code=303)
    return _child_page(child_id, "name")


def _child_page(child_id: UUID, *more: str) -> str:
    actor = current_actor()
    child = queries.open_page(actor, child_id, "answers", "risk_level", "tasks", "closure", *more)
    answers = child.known
    sides = queries.list_cases_of(actor, child_id)
    return render_template(
        "children/show_child.html",
        child=child,
        name=(child.name or gettext("The name is not known")) if "name" in more else "",
        youth=words.youth_in_words(answers.get("birth")),
        lines=words.answer_lines(answers),
        closure=words.closure_lines(child.closure),
        duties=[words.duty_in_words(duty) for duty in queries.list_duties(actor, child_id)],
        sides=sides,
        names=people.list_names(actor, {child.owner_id, *(side.owner_id for side in sides)}),
        words=words,
    )


@blueprint.route("/children/<uuid:child_id>/change", methods=["GET", "POST"])
@requires(Permission.CHILD_CHANGE)
def change_child(child_id: UUID) -> ResponseReturnValue:
    """Change what is known of the child."""
    actor = current_actor()
    queries.get_child(actor, child_id, Permission.CHILD_CHANGE)
    if request.method == "GET":
        return _change_page(child_id, None)
    filled = sent_form(forms.CHILD)
    if filled.errors:
        return _change_page(child_id, filled, errors=filled.errors), 422
    try:
        service.change_child(actor, child_id, version=sent_version(), values=filled.values)
    except StaleVersion:
        return _change_page(child_id, filled, is_newer=True), 409
    discard_draft(actor, forms.CHILD.name, child_id)
    return _to_child(child_id, gettext("The record is saved."))


def _change_page(
    child_id: UUID, filled: Filled | None, *, errors: Sequence[Any] = (), is_newer: bool = False
) -> str:
    actor = current_actor()
    child = queries.open_page(actor, child_id, "answers", "risk_level")
    values = {**child.known, "risk_level": child.risk_level}
    draft = find_draft(actor, forms.CHILD.name, child_id) if filled is None else None
    # A draft, and a form sent with mistakes, still stand on the version that they were opened on.
    version = request.form.get("version", child.version) if errors else child.version
    version = draft.get("version", [child.version])[0] if draft else version
    return render_template(
        "children/change_child.html",
        child=child,
        version=version,
        sections=forms.CHILD.sections,
        filled=filled or (Filled(typed=draft) if draft else fill_again(forms.CHILD, values)),
        newer=words.answer_lines(values) if is_newer else [],
        errors=list(errors),
    )


@blueprint.route("/children/<uuid:child_id>/tasks/<uuid:task_id>/finish", methods=["POST"])
@requires(Permission.CHILD_CHANGE)
def finish_task(child_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Note that a legal duty is done."""
    service.finish_task(current_actor(), child_id, task_id)
    return _to_child(child_id, gettext("The duty is done."))


@blueprint.route("/children/<uuid:child_id>/close", methods=["GET", "POST"])
@requires(Permission.CHILD_CHANGE)
def close_child(child_id: UUID) -> ResponseReturnValue:
    """Close a record with its outcome."""
    child = queries.get_child(current_actor(), child_id, Permission.CHILD_CHANGE)
    filled = sent_form(forms.CLOSURE) if request.method == "POST" else fill_again(forms.CLOSURE)
    if request.method == "POST" and not filled.errors:
        ending: Mapping[str, Any] = filled.values
        service.close_child(
            current_actor(),
            child_id,
            version=sent_version(),
            outcome=ending["outcome"],
            note=ending.get("note"),
            needs_met=ending.get("needs_met"),
        )
        return _to_child(child_id, gettext("The record is closed."))
    section = forms.CLOSURE.sections[0]
    page = render_template(
        "children/close_child.html", child=child, section=section, filled=filled, errors=filled.errors
    )
    return page, 422 if filled.errors else 200


@blueprint.route("/children/<uuid:child_id>/reopen", methods=["POST"])
@requires(Permission.CHILD_CHANGE)
def reopen_child(child_id: UUID) -> ResponseReturnValue:
    """Open a closed record again."""
    service.reopen_child(current_actor(), child_id, version=sent_version())
    return _to_child(child_id, gettext("The record is open again."))


@blueprint.route("/children/<uuid:child_id>/readers")
@requires(Permission.CHILD_CHANGE)
def list_readers(child_id: UUID) -> ResponseReturnValue:
    """Show who opened this record."""
    actor = current_actor()
    child = queries.get_child(actor, child_id, Permission.CHILD_CHANGE)
    readings = queries.list_readers(actor, child_id)
    names = people.list_names(actor, {reading.actor_id for reading in readings if reading.actor_id})
    return render_template(
        "children/list_readers.html", child=child, readings=readings, names=names, words=words
    )


def _to_child(child_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("children.show_child", child_id=child_id), code=303)
