"""The pages of support: begun from a case, and run by the programme that knows of no case."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from casemgr.cases import queries as cases
from casemgr.cases.parts import Part, add_part
from casemgr.cases.words import add_words
from casemgr.errors import Refused, StaleVersion
from casemgr.i18n import gettext, lazy_gettext, ngettext
from casemgr.policy import Actor, Permission, may
from casemgr.support import forms, queries, service, words
from casemgr.support.rules import LIVE, SupportState
from casemgr.web.drafts import NOBODY, discard_draft, find_draft
from casemgr.web.fill import Filled, fill_again, sent_form, sent_version
from casemgr.web.guard import current_actor, requires
from casemgr.web.paging import next_start, page_start

blueprint = Blueprint("support", __name__)

add_words(fields={"support": lazy_gettext("support")})

ENDED = frozenset(SupportState) - LIVE

REFUSALS = {
    "consent_missing": (
        "limits_read",
        lazy_gettext("Her consent to this service is not on record. Ask her, then answer both questions."),
    ),
    "conflict_of_interest": (
        "",
        lazy_gettext(
            "Somebody from whom this case is kept reads the list of this programme. "
            "Arrange this support through another unit."
        ),
    ),
}


@blueprint.record_once
def _install(state: BlueprintSetupState) -> None:
    add_part(cast("Flask", state.app), _part)


def _part(actor: Actor, case_id: UUID) -> Part | None:
    if not may(actor, Permission.SUPPORT_LINK):
        return None
    rows = queries.list_support_of(actor, case_id)
    is_done = bool(rows) and all(row.state in ENDED for row in rows)
    status = "done" if is_done else "in_progress" if rows else "not_started"
    note = ngettext("%(num)s support action", "%(num)s support actions", len(rows)) if rows else ""
    url = url_for("support.list_begun", case_id=case_id)
    return Part(order=60, title=gettext("Livelihood and other support"), url=url, status=status, note=note)


@blueprint.route("/cases/<uuid:case_id>/support")
@requires(Permission.SUPPORT_LINK)
def list_begun(case_id: UUID) -> ResponseReturnValue:
    """Show the support that this case began."""
    actor = current_actor()
    rows = queries.list_support_of(actor, case_id)
    case = cases.get_case(actor, case_id, Permission.SUPPORT_LINK)
    return render_template("support/list_begun.html", case=case, rows=rows, words=words)


@blueprint.route("/cases/<uuid:case_id>/support/new", methods=["GET", "POST"])
@requires(Permission.SUPPORT_LINK)
def begin_support(case_id: UUID) -> ResponseReturnValue:
    """Plan support for the survivor of this case, whom the programme will know as a beneficiary."""
    actor = current_actor()
    cases.get_case(actor, case_id, Permission.SUPPORT_LINK)
    if request.method == "GET":
        draft = Filled(typed=find_draft(actor, forms.SUPPORT.name, case_id) or {})
        return _begin_page(case_id, draft, draft, [])
    support, consent = sent_form(forms.SUPPORT), sent_form(forms.CONSENT)
    errors = [*support.errors, *consent.errors] or _try_begin(actor, case_id, support, consent)
    if errors:
        return _begin_page(case_id, support, consent, errors), 422
    discard_draft(actor, forms.SUPPORT.name, case_id)
    flash(gettext("The support is planned. The programme sees a beneficiary, nothing of this case."), "ok")
    # The address of the answer is kept with the form's key, so it must name the case or the action, not both.
    return redirect(url_for("support.list_begun", case_id=case_id), code=303)


def _try_begin(actor: Actor, case_id: UUID, support: Filled, consent: Filled) -> list[tuple[str, str]]:
    limits_read = consent.values.get("limits_read") == "yes"
    try:
        service.add_from_case(
            actor, case_id, support.values, how=consent.values.get("how"), limits_read=limits_read
        )
    except Refused as refused:
        field, words_of_refusal = REFUSALS[refused.reason]
        return [(field, str(words_of_refusal))]
    return []


def _begin_page(case_id: UUID, support: Filled, consent: Filled, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "support/begin_support.html",
        case=cases.get_case(current_actor(), case_id, Permission.SUPPORT_LINK),
        section=forms.SUPPORT.sections[0],
        consent_section=forms.CONSENT.sections[0],
        support=support,
        consent=consent,
        errors=errors,
    )


@blueprint.route("/support")
@requires(Permission.SUPPORT_READ)
def list_support() -> ResponseReturnValue:
    """List the support actions of the unit by code."""
    shows_ended = request.args.get("state") == "ended"
    rows = queries.list_support(current_actor(), sorted(ENDED if shows_ended else LIVE), before=page_start())
    return render_template(
        "support/list_support.html", rows=rows, shows_ended=shows_ended, older=next_start(rows), words=words
    )


@blueprint.route("/support/new", methods=["GET", "POST"])
@requires(Permission.SUPPORT_CHANGE)
def add_support() -> ResponseReturnValue:
    """Plan support for a beneficiary of a programme."""
    actor = current_actor()
    if request.method == "GET":
        draft = find_draft(actor, forms.SUPPORT.name)
        return _add_page(Filled(typed=draft or {}))
    filled = sent_form(forms.SUPPORT)
    if filled.errors:
        return _add_page(filled), 422
    action = service.add_support(actor, filled.values)
    discard_draft(actor, forms.SUPPORT.name)
    return _to_action(action.id, gettext("The support is planned."))


def _add_page(filled: Filled) -> str:
    return render_template(
        "support/add_support.html",
        nobody=NOBODY,
        section=forms.SUPPORT.sections[0],
        filled=filled,
        errors=filled.errors,
    )


@blueprint.route("/support/<uuid:support_id>")
@requires(Permission.SUPPORT_READ)
def show_support(support_id: UUID) -> ResponseReturnValue:
    """Show an action, the name still hidden."""
    return _action_page(support_id)


@blueprint.route("/support/<uuid:support_id>/name", methods=["GET", "POST"])
@requires(Permission.SUPPORT_READ)
def show_name(support_id: UUID) -> ResponseReturnValue:
    """Show an action with the name of the beneficiary; whoever comes back to it later must ask anew."""
    if request.method == "GET":
        queries.get_support(current_actor(), support_id)
        return redirect(url_for("support.show_support", support_id=support_id), code=303)
    return _action_page(support_id, "beneficiary")


def _action_page(support_id: UUID, *more: str) -> str:
    action = queries.open_page(current_actor(), support_id, "answers", "outcome", *more)
    return render_template(
        "support/show_support.html",
        action=action,
        name=action.beneficiary if more else "",
        lines=words.answer_lines(action.known),
        outcome=words.outcome_lines(action.outcome),
        is_live=action.state in LIVE,
        words=words,
    )


@blueprint.route("/support/<uuid:support_id>/start", methods=["POST"])
@requires(Permission.SUPPORT_CHANGE)
def start_support(support_id: UUID) -> ResponseReturnValue:
    """Note that a planned action has begun."""
    service.start_support(current_actor(), support_id, version=sent_version())
    return _to_action(support_id, gettext("The support is under way."))


@blueprint.route("/support/<uuid:support_id>/change", methods=["GET", "POST"])
@requires(Permission.SUPPORT_CHANGE)
def change_support(support_id: UUID) -> ResponseReturnValue:
    """Change an action that is not finished."""
    actor = current_actor()
    queries.get_support(actor, support_id, Permission.SUPPORT_CHANGE)
    if request.method == "GET":
        return _change_page(support_id, None)
    filled = sent_form(forms.CHANGE)
    if filled.errors:
        return _change_page(support_id, filled, errors=filled.errors), 422
    try:
        service.change_support(actor, support_id, version=sent_version(), values=filled.values)
    except StaleVersion:
        return _change_page(support_id, filled, is_newer=True), 409
    return _to_action(support_id, gettext("The support is saved."))


def _change_page(
    support_id: UUID, filled: Filled | None, *, errors: Sequence[Any] = (), is_newer: bool = False
) -> str:
    action = queries.open_page(current_actor(), support_id, "answers")
    answers = action.known
    return render_template(
        "support/change_support.html",
        action=action,
        version=request.form.get("version", action.version) if errors else action.version,
        section=forms.CHANGE.sections[0],
        filled=filled or fill_again(forms.CHANGE, answers),
        newer=words.answer_lines(answers) if is_newer else [],
        errors=list(errors),
    )


@blueprint.route("/support/<uuid:support_id>/finish", methods=["GET", "POST"])
@requires(Permission.SUPPORT_CHANGE)
def finish_support(support_id: UUID) -> ResponseReturnValue:
    """Finish an action with its outcome."""
    action = queries.get_support(current_actor(), support_id, Permission.SUPPORT_CHANGE)
    filled = sent_form(forms.FINISH) if request.method == "POST" else fill_again(forms.FINISH)
    if request.method == "POST" and not filled.errors:
        _finish(support_id, filled.values)
        return _to_action(support_id, gettext("The support is finished."))
    section = forms.FINISH.sections[0]
    page = render_template(
        "support/finish_support.html", action=action, section=section, filled=filled, errors=filled.errors
    )
    return page, 422 if filled.errors else 200


def _finish(support_id: UUID, values: dict[str, Any]) -> None:
    service.finish_support(
        current_actor(),
        support_id,
        version=sent_version(),
        outcome=values["outcome"],
        finished_on=date.fromisoformat(values["finished_on"]),
        amount_paid=values.get("amount_paid"),
        needs_met=values.get("needs_met"),
    )


def _to_action(support_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("support.show_support", support_id=support_id), code=303)
