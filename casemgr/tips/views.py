"""The pages of tips: sending one from a phone, and following it up."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.accounts import queries as people
from casemgr.errors import Conflict, Refused
from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.tips import forms, queries, service, words
from casemgr.tips.rules import Outcome, TipState
from casemgr.units.queries import get_own_unit
from casemgr.web.drafts import NOBODY, discard_draft, find_draft
from casemgr.web.fill import Filled, fill_again, sent_form, sent_version
from casemgr.web.guard import current_actor, requires
from casemgr.web.paging import next_start, page_start

blueprint = Blueprint("tips", __name__, url_prefix="/tips")

DRAFT = "tip"
RECEIPT = "tip_receipt"
INTAKE = "intake.start_intake"


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.TIP_SEND)
def send_tip() -> ResponseReturnValue:
    """Take a tip; the telephone numbers stand above the form."""
    if request.method == "GET":
        return _send_page(Filled(typed=find_draft(current_actor(), DRAFT) or {}), [])
    filled = sent_form(forms.TIP)
    if filled.errors:
        return _send_page(filled, filled.errors), 422
    try:
        receipt = _send(filled)
    except (Conflict, Refused) as problem:
        message = str(words.PROBLEMS[problem.reason])
        return _send_page(filled, [("excluded-group", message)]), 422
    danger = filled.values["danger"] == "co"
    sent_at = clock.local(receipt.sent_at).strftime("%H:%M")
    session[RECEIPT] = {"code": receipt.code, "at": sent_at, "danger": danger}
    return redirect(url_for("tips.show_sent"), code=303)


def _send(filled: Filled) -> service.Receipt:
    actor, names = current_actor(), {question.name for question in forms.TIP.section("reporter")}
    receipt = service.send_tip(
        actor,
        content={name: value for name, value in filled.values.items() if name not in names},
        reporter={name: value for name, value in filled.values.items() if name in names},
        excluded=_ids(request.form.getlist("excluded")),
    )
    discard_draft(actor, DRAFT)
    return receipt


def _ids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise Conflict("excluded", "unknown") from None


def _send_page(filled: Filled, errors: list[tuple[str, str]]) -> str:
    actor = current_actor()
    return render_template(
        "tips/send_tip.html",
        filled=filled,
        errors=errors,
        form=forms.TIP,
        hamlet=get_own_unit(actor).name,
        numbers=words.numbers(queries.list_numbers(actor)),
        readers=_readers(),
        excluded=request.form.getlist("excluded") or filled.typed.get("excluded", []),
        months=words.months(queries.count_own(actor)),
        draft_id=NOBODY,
    )


def _readers() -> list[queries.Reader]:
    try:
        return queries.list_readers(current_actor())
    except Refused:
        return []


@blueprint.route("/sent")
@requires(Permission.TIP_SEND)
def show_sent() -> ResponseReturnValue:
    """Confirm that a tip was sent, once; where there is danger the telephone numbers come first."""
    actor = current_actor()
    return render_template(
        "tips/show_sent.html",
        receipt=session.pop(RECEIPT, None),
        numbers=words.numbers(queries.list_numbers(actor)),
        months=words.months(queries.count_own(actor)),
    )


@blueprint.route("")
@requires(Permission.TIP_READ)
def list_tips() -> ResponseReturnValue:
    """List the tips of the unit: those to be followed up, or the closed ones."""
    shows_closed = request.args.get("state") == "closed"
    states = (TipState.CLOSED,) if shows_closed else (TipState.NEW, TipState.CHECKED)
    rows = queries.list_tips(current_actor(), states=states, before=page_start())
    return render_template(
        "tips/list_tips.html", rows=rows, older=next_start(rows), shows_closed=shows_closed, words=words
    )


@blueprint.route("/<uuid:tip_id>")
@requires(Permission.TIP_READ)
def show_tip(tip_id: UUID) -> ResponseReturnValue:
    """Show a tip without who told it."""
    return _tip_page(tip_id)


@blueprint.route("/<uuid:tip_id>/reporter", methods=["POST"])
@requires(Permission.TIP_READ)
def show_reporter(tip_id: UUID) -> ResponseReturnValue:
    """Show a tip together with who told it."""
    found = queries.open_reporter(current_actor(), tip_id)
    sender = people.list_names(current_actor(), [found.sender_id]).get(found.sender_id, "")
    lines = [*words.answer_lines(forms.TIP, found.answers), (gettext("Sent by"), sender)]
    return _tip_page(tip_id, reporter=lines)


@blueprint.route("/<uuid:tip_id>/check", methods=["POST"])
@requires(Permission.TIP_READ)
def record_check(tip_id: UUID) -> ResponseReturnValue:
    """Record how a tip was checked and what was found."""
    filled = sent_form(forms.CHECK)
    if filled.errors:
        return _tip_page(tip_id, check=filled, errors=filled.errors), 422
    service.record_check(current_actor(), tip_id, version=sent_version(), check=filled.values)
    flash(gettext("The check is recorded."), "ok")
    return redirect(url_for("tips.show_tip", tip_id=tip_id), code=303)


@blueprint.route("/<uuid:tip_id>/outcome", methods=["POST"])
@requires(Permission.TIP_READ)
def close_tip(tip_id: UUID) -> ResponseReturnValue:
    """Record what becomes of a tip."""
    filled = sent_form(forms.OUTCOME)
    if filled.errors:
        return _tip_page(tip_id, outcome=filled, errors=filled.errors), 422
    service.close_tip(current_actor(), tip_id, version=sent_version(), outcome=filled.values)
    flash(gettext("The tip is closed."), "ok")
    return redirect(url_for("tips.show_tip", tip_id=tip_id), code=303)


def _tip_page(tip_id: UUID, **more: Any) -> str:
    tip = queries.open_tip(current_actor(), tip_id)
    page = {
        "tip": tip,
        "danger": words.tag(words.DANGER, tip.content["answers"]["danger"]),
        "state": words.tag(words.STATES, tip.state),
        "lines": words.content_lines(tip),
        "checked": words.handling_lines(tip, "check", forms.CHECK),
        "closed": words.handling_lines(tip, "outcome", forms.OUTCOME),
        "intake_url": _intake_url(tip),
        "check": fill_again(forms.CHECK),
        "outcome": fill_again(forms.OUTCOME),
        "check_section": forms.CHECK.sections[0],
        "outcome_section": forms.OUTCOME.sections[0],
        "reporter": None,
    }
    return render_template("tips/show_tip.html", **{**page, **more})


def _intake_url(tip: Any) -> str:
    outcome = (tip.handling or {}).get("outcome")
    is_handed = outcome is not None and outcome["answers"]["outcome"] == Outcome.INTAKE
    return url_for(INTAKE, tip=tip.id) if is_handed and INTAKE in current_app.view_functions else ""
