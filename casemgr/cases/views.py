"""The pages of the case file."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr.accounts import queries as people
from casemgr.cases import forms, queries, service, words
from casemgr.cases.parts import list_parts
from casemgr.cases.rules import LIVE, CaseState
from casemgr.errors import Refused, StaleVersion
from casemgr.i18n import gettext
from casemgr.policy import Permission, Role
from casemgr.web.drafts import discard_draft, find_draft
from casemgr.web.fill import Filled, fill_again, sent_form, sent_version
from casemgr.web.guard import current_actor, requires
from casemgr.web.paging import next_start, page_start

blueprint = Blueprint("cases", __name__, url_prefix="/cases")

CLOSED = (CaseState.CLOSED,)
ANSWERS = {"agree": True, "refuse": False}
"""What a second person answers to the proposal to lift a bar."""


def _to_case(case_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("cases.show_case", case_id=case_id), code=303)


@blueprint.route("")
@requires(Permission.CASE_LIST)
def list_cases() -> ResponseReturnValue:
    """List the cases in reach by code: live ones, or closed ones."""
    actor = current_actor()
    shows_closed = request.args.get("state") == "closed"
    rows = queries.list_cases(actor, states=tuple(CLOSED if shows_closed else LIVE), before=page_start())
    names = people.list_names(actor, {row.owner_id for row in rows})
    return render_template(
        "cases/list_cases.html",
        rows=rows,
        names=names,
        shows_closed=shows_closed,
        older=next_start(rows),
        words=words,
    )


def _case_page(case_id: UUID, **more: Any) -> str:
    actor = current_actor()
    case = queries.open_page(actor, case_id, "risk_level", "summary", "timeline", "tasks")
    entries = queries.list_entries(actor, case)
    names = people.list_names(
        actor, {case.owner_id, *(entry.author_id for entry in entries if entry.author_id)}
    )
    return render_template(
        "cases/show_case.html",
        **{
            "case": case,
            "parts": list_parts(actor, case_id),
            "entries": [words.entry_in_words(entry, names) for entry in entries],
            "tasks": [words.task_in_words(task) for task in queries.list_tasks(actor, case)],
            "names": names,
            "words": words,
            "note": Filled(typed=find_draft(actor, forms.NOTE.name, case_id) or {}),
            "task": fill_again(forms.TASK),
            "note_section": forms.NOTE.sections[0],
            "task_section": forms.TASK.sections[0],
            **more,
        },
    )


@blueprint.route("/<uuid:case_id>")
@requires(Permission.CASE_READ)
def show_case(case_id: UUID) -> ResponseReturnValue:
    """Show how a case stands: its parts, what is due, what happened."""
    return _case_page(case_id)


@blueprint.route("/<uuid:case_id>/notes", methods=["POST"])
@requires(Permission.CASE_CHANGE)
def add_note(case_id: UUID) -> ResponseReturnValue:
    """Write a note into the timeline."""
    filled = sent_form(forms.NOTE)
    if filled.errors:
        return _case_page(case_id, note=filled, errors=filled.errors), 422
    service.add_entry(current_actor(), case_id, "note", text=filled.values["text"])
    discard_draft(current_actor(), forms.NOTE.name, case_id)
    return _to_case(case_id, gettext("The note is saved."))


@blueprint.route("/<uuid:case_id>/tasks", methods=["POST"])
@requires(Permission.CASE_CHANGE)
def add_task(case_id: UUID) -> ResponseReturnValue:
    """Put a task on the list."""
    filled = sent_form(forms.TASK)
    if filled.errors:
        return _case_page(case_id, task=filled, errors=filled.errors), 422
    due_day = date.fromisoformat(filled.values["due_on"])
    service.add_task(current_actor(), case_id, "own", due_day=due_day, text=filled.values["task_text"])
    return _to_case(case_id, gettext("The task is on the list."))


@blueprint.route("/<uuid:case_id>/tasks/<uuid:task_id>/finish", methods=["POST"])
@requires(Permission.CASE_CHANGE)
def finish_task(case_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Mark a task as done."""
    service.finish_task(current_actor(), case_id, task_id)
    return _to_case(case_id, gettext("The task is done."))


@blueprint.route("/<uuid:case_id>/propose-closure", methods=["GET", "POST"])
@requires(Permission.CASE_PROPOSE_CLOSURE)
def propose_closure(case_id: UUID) -> ResponseReturnValue:
    """Ask the supervisor to agree that a case is done."""
    case = queries.get_case(current_actor(), case_id, Permission.CASE_PROPOSE_CLOSURE)
    filled = sent_form(forms.CLOSURE) if request.method == "POST" else fill_again(forms.CLOSURE)
    if request.method == "POST" and not filled.errors:
        checks = dict(filled.values)
        reason, note = checks.pop("reason"), checks.pop("note", None)
        version = sent_version()
        service.propose_closure(
            current_actor(), case_id, version=version, reason=reason, checks=checks, note=note
        )
        return _to_case(case_id, gettext("The supervisor has been asked to agree."))
    page = render_template(
        "cases/propose_closure.html",
        case=case,
        section=forms.CLOSURE.sections[0],
        left=_left(case_id),
        filled=filled,
        errors=filled.errors,
    )
    return page, 422 if filled.errors else 200


@blueprint.route("/<uuid:case_id>/agree-closure", methods=["GET", "POST"])
@requires(Permission.CASE_AGREE_CLOSURE)
def agree_closure(case_id: UUID) -> ResponseReturnValue:
    """Agree that a case is closed, or send it back with a reason."""
    actor = current_actor()
    if request.method == "POST":
        return _answer_closure(case_id)
    case = queries.open_page(actor, case_id, "closure")
    if case.state != CaseState.CLOSURE_PROPOSED:
        return _to_case(case_id, gettext("No closing is waiting for agreement."))
    lines = words.closure_lines(case)
    return render_template("cases/agree_closure.html", case=case, lines=lines, left=_left(case_id))


def _left(case_id: UUID) -> list[str]:
    actor = current_actor()
    case = queries.open_page(actor, case_id, "tasks")
    return [words.task_in_words(task)["title"] for task in queries.list_tasks(actor, case)]


def _answer_closure(case_id: UUID) -> ResponseReturnValue:
    actor, version = current_actor(), sent_version()
    if request.form.get("answer") == "return":
        note = request.form.get("note", "")
        service.return_closure(actor, case_id, version=version, note=note)
        return _to_case(case_id, gettext("The case was sent back to the case worker."))
    service.agree_closure(actor, case_id, version=version)
    return _to_case(case_id, gettext("The case is closed."))


@blueprint.route("/<uuid:case_id>/reopen", methods=["GET", "POST"])
@requires(Permission.CASE_REOPEN)
def reopen_case(case_id: UUID) -> ResponseReturnValue:
    """Open a closed case again, with the reason."""
    case = queries.get_case(current_actor(), case_id, Permission.CASE_REOPEN)
    filled = sent_form(forms.REASON) if request.method == "POST" else fill_again(forms.REASON)
    if request.method == "POST" and not filled.errors:
        version = sent_version()
        service.reopen(current_actor(), case_id, version=version, reason=filled.values["reason"])
        return _to_case(case_id, gettext("The case is open again."))
    page = render_template(
        "cases/reopen_case.html",
        case=case,
        section=forms.REASON.sections[0],
        filled=filled,
        errors=filled.errors,
    )
    return page, 422 if filled.errors else 200


@blueprint.route("/<uuid:case_id>/assign", methods=["GET", "POST"])
@requires(Permission.CASE_ASSIGN)
def assign_case(case_id: UUID) -> ResponseReturnValue:
    """Give a case to another case worker."""
    actor = current_actor()
    case = queries.get_case(actor, case_id, Permission.CASE_ASSIGN)
    staff = people.list_staff(actor, Role.CASE_WORKER)
    chosen = next((person for person in staff if str(person.account_id) == request.form.get("account")), None)
    if request.method == "POST" and chosen is not None:
        service.assign(actor, case_id, chosen.account_id)
        return _to_case(case_id, gettext("The case has a new owner."))
    errors = [("account", gettext("Choose a case worker."))] if request.method == "POST" else []
    page = render_template("cases/assign_case.html", case=case, staff=staff, errors=errors)
    return page, 422 if errors else 200


@blueprint.route("/<uuid:case_id>/bars", methods=["GET", "POST"])
@requires(Permission.CASE_BAR)
def add_bar(case_id: UUID) -> ResponseReturnValue:
    """Keep a case from a colleague who is named in it or close to somebody who is."""
    actor = current_actor()
    case = queries.get_case(actor, case_id, Permission.CASE_BAR)
    if request.method == "GET":
        return _bar_page(case, fill_again(forms.REASON), [])
    filled = sent_form(forms.REASON)
    chosen = [person for person in _colleagues() if str(person.account_id) == request.form.get("account")]
    if not chosen or filled.errors:
        missing = [] if chosen else [("account", gettext("Choose a colleague."))]
        return _bar_page(case, filled, [*missing, *filled.errors]), 422
    service.bar_account(actor, case_id, chosen[0].account_id, filled.values["reason"])
    return _to_case(case_id, gettext("From now on this case does not exist for that colleague."))


@blueprint.route("/<uuid:case_id>/bars/<uuid:bar_id>", methods=["POST"])
@requires(Permission.CASE_BAR)
def answer_bar(case_id: UUID, bar_id: UUID) -> ResponseReturnValue:
    """Propose that a bar is lifted, with the reason, or answer somebody else's proposal."""
    actor, filled, answer = current_actor(), sent_form(forms.REASON), request.form.get("answer")
    try:
        if answer in ANSWERS:
            service.answer_lift(actor, case_id, bar_id, agreed=ANSWERS[answer])
        elif filled.errors:
            return _bar_page(
                queries.get_case(actor, case_id, Permission.CASE_BAR), filled, filled.errors
            ), 422
        else:
            service.propose_lift(actor, case_id, bar_id, filled.values["reason"])
    except Refused:
        flash(gettext("Somebody else has to agree to what you proposed."), "warn")
    return redirect(url_for("cases.add_bar", case_id=case_id), code=303)


@blueprint.route("/unsupervised")
@requires(Permission.BAR_OVERSEE)
def list_unsupervised() -> ResponseReturnValue:
    """Show, without a word of any case, which cases are kept from all their supervisors."""
    return _unsupervised_page(fill_again(forms.REASON))


@blueprint.route("/unsupervised/<uuid:bar_id>", methods=["POST"])
@requires(Permission.BAR_OVERSEE)
def answer_unsupervised(bar_id: UUID) -> ResponseReturnValue:
    """Propose from outside that a bar is lifted, or answer somebody else's proposal."""
    actor, filled, answer = current_actor(), sent_form(forms.REASON), request.form.get("answer")
    try:
        if answer in ANSWERS:
            service.answer_overseen_lift(actor, bar_id, agreed=ANSWERS[answer])
        elif filled.errors:
            queries.get_overseen(actor, bar_id)
            return _unsupervised_page(filled), 422
        else:
            service.propose_overseen_lift(actor, bar_id, filled.values["reason"])
    except Refused:
        flash(gettext("Somebody else has to agree to what you proposed."), "warn")
    return redirect(url_for("cases.list_unsupervised"), code=303)


def _unsupervised_page(filled: Filled) -> str:
    actor = current_actor()
    overseen = queries.list_overseen(actor)
    named = {one.bar.made_by for one in overseen if one.bar.made_by} | _named(overseen)
    return render_template(
        "cases/list_unsupervised.html",
        overseen=overseen,
        names=people.list_names(actor, named),
        own_id=actor.account_id,
        section=forms.REASON.sections[0],
        filled=filled,
        errors=filled.errors,
    )


def _named(bars: Sequence[queries.Standing | queries.Overseen]) -> set[UUID]:
    proposed = {one.lift.proposed_by for one in bars if one.lift is not None}
    return {one.bar.account_id for one in bars} | proposed


def _colleagues() -> list[people.Person]:
    actor = current_actor()
    return [person for person in people.list_staff(actor) if person.account_id != actor.account_id]


def _bar_page(case: Any, filled: Filled, errors: list[tuple[str, str]]) -> str:
    actor = current_actor()
    bars = queries.list_bars(actor, case)
    return render_template(
        "cases/add_bar.html",
        case=case,
        staff=_colleagues(),
        bars=bars,
        names=people.list_names(actor, _named(bars)),
        own_id=actor.account_id,
        section=forms.REASON.sections[0],
        filled=filled,
        errors=errors,
    )


@blueprint.route("/<uuid:case_id>/readers")
@requires(Permission.CASE_ACCESS_LOG)
def list_readers(case_id: UUID) -> ResponseReturnValue:
    """Show who opened this case."""
    actor = current_actor()
    case = queries.get_case(actor, case_id, Permission.CASE_ACCESS_LOG)
    readings = queries.list_readers(actor, case)
    names = people.list_names(actor, {reading.actor_id for reading in readings if reading.actor_id})
    return render_template("cases/list_readers.html", case=case, readings=readings, names=names, words=words)


@blueprint.app_errorhandler(StaleVersion)
def show_newer(_: StaleVersion) -> ResponseReturnValue:
    """Somebody saved a newer version: show what was typed here, so that nothing is lost."""
    typed = [
        (name, text) for name, text in request.form.items(multi=True) if name not in words.OWN_FIELDS and text
    ]
    return render_template("cases/show_newer.html", typed=typed), 409
