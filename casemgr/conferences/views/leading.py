"""The pages of a conference in its case: answers by telephone, minutes, tasks, the end, paper."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.accounts import queries as people
from casemgr.cases.queries import get_case
from casemgr.conferences import forms, queries, service, words
from casemgr.conferences.views.blueprint import IN_CASE, blueprint, to_conference
from casemgr.errors import Refused, StaleVersion
from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.web.fill import Filled, sent_form, sent_version
from casemgr.web.guard import current_actor, requires

ONE = f"{IN_CASE}/<uuid:conference_id>"


@blueprint.route(ONE)
@requires(Permission.CONFERENCE_CALL)
def show_conference(case_id: UUID, conference_id: UUID) -> ResponseReturnValue:
    """Show a conference of a case: answers, minutes, tasks, and who opened it."""
    return _page(case_id, conference_id)


def _page(case_id: UUID, conference_id: UUID, **more: Any) -> str:
    actor = current_actor()
    case = get_case(actor, case_id, Permission.CONFERENCE_CALL)
    view = queries.open_called(actor, case_id, conference_id)
    readings = queries.list_readers(actor, case_id, conference_id)
    known = {"present": [view.minutes.get("present") or ""], "text": [view.minutes.get("text") or ""]}
    context = {
        "case": case,
        "conference": view,
        "words": words,
        "readings": readings,
        "names": people.list_names(actor, {one.actor_id for one in readings if one.actor_id}),
        "own_unit_id": case.unit_id,
        "answering": forms.ANSWER,
        "minutes": forms.MINUTES,
        "acting": forms.ACTION,
        "answered": Filled(),
        "written": Filled(typed=known),
        "given": Filled(),
        "errors": [],
        "asks_drop": False,
        "has_come": clock.today() >= view.meets_day,
    }
    return render_template("conferences/show_conference.html", **{**context, **more})


@blueprint.route(f"{ONE}/answers/<uuid:seat_id>", methods=["POST"])
@requires(Permission.CONFERENCE_CALL)
def record_answer(case_id: UUID, conference_id: UUID, seat_id: UUID) -> ResponseReturnValue:
    """Record what a unit said by telephone or on paper."""
    filled = sent_form(forms.ANSWER)
    if filled.errors:
        return _page(case_id, conference_id, errors=filled.errors, answered=filled), 422
    service.answer_by_phone(
        current_actor(),
        case_id,
        conference_id,
        seat_id,
        comes=filled.values["comes"] == "yes",
        who=filled.values.get("who"),
        note=filled.values.get("note"),
    )
    return to_conference(case_id, conference_id, gettext("The answer is recorded."))


@blueprint.route(f"{ONE}/minutes", methods=["POST"])
@requires(Permission.CONFERENCE_CALL)
def write_minutes(case_id: UUID, conference_id: UUID) -> ResponseReturnValue:
    """Write or correct the minutes."""
    filled = sent_form(forms.MINUTES)
    errors, status = list(filled.errors), 422
    if not errors:
        try:
            text, present = filled.values["text"], filled.values.get("present")
            service.write_minutes(
                current_actor(), case_id, conference_id, version=sent_version(), text=text, present=present
            )
        except Refused as refused:
            errors = [("text", words.refusal(refused.reason)[1])]
        except StaleVersion:
            errors, status = [("text", words.is_newer())], 409
    if errors:
        return _page(case_id, conference_id, errors=errors, written=filled), status
    return to_conference(case_id, conference_id, gettext("The minutes are kept. The units can read them."))


@blueprint.route(f"{ONE}/actions", methods=["POST"])
@requires(Permission.CONFERENCE_CALL)
def add_action(case_id: UUID, conference_id: UUID) -> ResponseReturnValue:
    """Give a unit something to do by a day."""
    actor, filled = current_actor(), sent_form(forms.ACTION)
    view, case = queries.open_called(actor, case_id, conference_id), get_case(actor, case_id)
    known = {str(seat.unit_id): seat.unit_id for seat in view.seats} | {str(case.unit_id): case.unit_id}
    unit_id = known.get(request.form.get("unit", ""))
    errors = [*filled.errors, *([] if unit_id else [("unit", gettext("Choose a unit."))])]
    if not errors and unit_id is not None:
        text, due_day = filled.values["task"], date.fromisoformat(filled.values["due_on"])
        try:
            service.add_action(actor, case_id, conference_id, unit_id=unit_id, text=text, due_day=due_day)
        except Refused as refused:
            errors = [("task", words.refusal(refused.reason)[1])]
    if errors:
        return _page(case_id, conference_id, errors=errors, given=filled), 422
    return to_conference(case_id, conference_id, gettext("The unit has it on its list."))


@blueprint.route(f"{ONE}/actions/<uuid:action_id>", methods=["POST"])
@requires(Permission.CONFERENCE_CALL)
def finish_action_for(case_id: UUID, conference_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """Record that something is done, of the own unit or as another one told."""
    note = request.form.get("note", "").strip()[:500] or None
    service.finish_action_for(current_actor(), case_id, conference_id, action_id, note=note)
    return to_conference(case_id, conference_id, gettext("Recorded as done."))


@blueprint.route(f"{ONE}/units/<uuid:seat_id>/remove", methods=["POST"])
@requires(Permission.CONFERENCE_CALL)
def remove_unit(case_id: UUID, conference_id: UUID, seat_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    service.remove_unit(current_actor(), case_id, conference_id, seat_id)
    return to_conference(case_id, conference_id, gettext("The unit no longer reads anything of it."))


@blueprint.route(f"{ONE}/end", methods=["POST"])
@requires(Permission.CONFERENCE_CALL)
def end_conference(case_id: UUID, conference_id: UUID) -> ResponseReturnValue:
    """Close a conference that was held."""
    drop = request.form.get("drop") == "yes"
    try:
        service.close_conference(current_actor(), case_id, conference_id, drop=drop)
    except Refused as refused:
        return _page(case_id, conference_id, errors=[words.refusal(refused.reason)], asks_drop=True), 409
    return to_conference(case_id, conference_id, gettext("It is closed; what was said stays in the case."))


@blueprint.route(f"{ONE}/paper")
@requires(Permission.CONFERENCE_CALL)
def print_sheet(case_id: UUID, conference_id: UUID) -> ResponseReturnValue:
    """Show a sheet to print: for units without an account, and to write the minutes on by hand."""
    view = queries.open_called(current_actor(), case_id, conference_id)
    case = get_case(current_actor(), case_id, Permission.CONFERENCE_CALL)
    return render_template("conferences/print_sheet.html", case=case, conference=view, words=words)
