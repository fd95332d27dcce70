"""The pages of a sent referral in its case: how it stands, what was said by telephone, taking it back."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.accounts import queries as people
from casemgr.cases.queries import get_case
from casemgr.cases.rules import LIVE as LIVE_CASES
from casemgr.duty.queries import find_checks
from casemgr.errors import Conflict, Refused
from casemgr.i18n import gettext
from casemgr.policy import Actor, Permission, may
from casemgr.referrals import forms, queries, service, words
from casemgr.referrals.rules import SHELTER, WAITING, Party, ReferralState, is_over, may_become
from casemgr.referrals.views.blueprint import FULL, blueprint, ending, sent_excess
from casemgr.referrals.views.sheet import as_id
from casemgr.shelters.words import record_lines
from casemgr.web.fill import Filled, sent_form
from casemgr.web.guard import current_actor, requires

if TYPE_CHECKING:
    from casemgr.cases.models import Case

REFUSED = (ReferralState.DECLINED, ReferralState.EXPIRED, ReferralState.DID_NOT_COME)
"""States after which somebody else must be found, though nothing of the request is left to be passed on."""

OTHERS = 5
"""How many other units a page proposes."""

IN_CASE = "/cases/<uuid:case_id>/referrals"


@blueprint.route(IN_CASE)
@requires(Permission.REFERRAL_READ)
def list_referrals(case_id: UUID) -> ResponseReturnValue:
    """List the referrals of a case."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.REFERRAL_READ)
    rows = queries.list_referrals(actor, case_id)
    return render_template("referrals/list_referrals.html", case=case, rows=rows, words=words)


@blueprint.route(f"{IN_CASE}/<uuid:referral_id>")
@requires(Permission.REFERRAL_READ)
def show_referral(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Show how a referral stands, who has opened it, and what can be done."""
    return _page(case_id, referral_id)


def _others(actor: Actor, case: "Case", view: queries.ReferralView) -> list[queries.Provider]:
    """Propose who could be asked next, once the unit is late or has said no."""
    is_late = view.state in WAITING and (view.due_at <= clock.now() or not view.has_staff)
    is_late = is_late or view.state in REFUSED
    if not may(actor, Permission.REFERRAL_SEND) or case.state not in LIVE_CASES or not is_late:
        return []
    return queries.list_alternatives(actor, case.id, view.referral_id)[:OTHERS]


def _page(case_id: UUID, referral_id: UUID, **more: Any) -> str:
    actor = current_actor()
    case = get_case(actor, case_id, Permission.REFERRAL_READ)
    view = queries.open_referral(actor, case_id, referral_id)
    service.tick_later(actor, case_id)
    service.gather_later(actor, case_id)
    if may(actor, Permission.REFERRAL_SEND):
        service.record_refusals_later(actor, case_id, referral_id)
    is_stay = view.request["service"] == SHELTER
    context = {
        "case": case,
        "referral": view,
        "words": words,
        "minutes": int((view.due_at - clock.now()).total_seconds() // 60),
        "traces": _traces(actor, view),
        "can": lambda state: may_become(view.state, state, Party.SENDER),
        "others": _others(actor, case, view),
        "declining": forms.DECLINING,
        "ending": forms.ENDING_STAY if is_stay else forms.ENDING,
        "is_stay": is_stay,
        "record": record_lines(view.outcome["stay"]) if view.outcome.get("stay") else [],
        "becomes": words.becomes(view.request["service"]),
        "hotlines": words.hotlines(view.request["service"]),
        "checked": find_checks(
            actor,
            {f"hotline:{code}": number for code, _, number in words.hotlines(view.request["service"])},
        ),
        "full_at": None,
        "feedback": forms.FEEDBACK,
        "is_ended": is_over(view.state),
        "said": Filled(),
        "refused": Filled(),
        "ended": Filled(),
        "full": False,
    }
    return render_template("referrals/show_referral.html", **{**context, **more})


def _traces(actor: Actor, view: queries.ReferralView) -> list[dict[str, Any]]:
    names = people.list_names(actor, {trace.who for trace in view.traces if trace.who})
    return words.trace_lines(view.traces, names)


def _shown(case_id: UUID, referral_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    url = url_for("referrals.show_referral", case_id=case_id, referral_id=referral_id)
    return redirect(url, code=303)


@blueprint.route(f"{IN_CASE}/<uuid:referral_id>/phone-yes", methods=["POST"])
@requires(Permission.REFERRAL_SEND)
def accept_by_phone(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Record that the unit said yes by telephone."""
    spoke_with = request.form.get("spoke_with", "").strip()[:100] or None
    try:
        service.record_phone_acceptance(
            current_actor(), case_id, referral_id, spoke_with=spoke_with, exceed=sent_excess()
        )
    except Refused as refused:
        errors = [("spoke_with", words.refusal(refused.reason))]
        return _page(case_id, referral_id, errors=errors, full=refused.reason in FULL), 409
    return _shown(case_id, referral_id, gettext("Accepted by telephone: recorded."))


@blueprint.route(f"{IN_CASE}/<uuid:referral_id>/phone-no", methods=["POST"])
@requires(Permission.REFERRAL_SEND)
def decline_by_phone(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Record that the unit said no by telephone."""
    filled = sent_form(forms.DECLINING)
    if filled.errors:
        return _page(case_id, referral_id, refused=filled, errors=filled.errors), 422
    reason, note = filled.values["reason"], filled.values.get("text")
    service.record_phone_refusal(current_actor(), case_id, referral_id, reason, note)
    return _shown(case_id, referral_id, gettext("The refusal is recorded. Ask another unit."))


@blueprint.route(f"{IN_CASE}/<uuid:referral_id>/end", methods=["POST"])
@requires(Permission.REFERRAL_SEND)
def complete_by_phone(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Record that the service was given, as the unit or the survivor told."""
    actor = current_actor()
    view = queries.open_referral(actor, case_id, referral_id)
    filled = sent_form(forms.ENDING_STAY if view.request["service"] == SHELTER else forms.ENDING)
    if filled.errors:
        return _page(case_id, referral_id, ended=filled, errors=filled.errors), 422
    service.record_phone_end(actor, case_id, referral_id, **ending(filled))
    return _shown(case_id, referral_id, gettext("The referral is completed."))


@blueprint.route(f"{IN_CASE}/<uuid:referral_id>/feedback", methods=["POST"])
@requires(Permission.REFERRAL_SEND)
def record_feedback(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Keep what the survivor says of a service that has ended."""
    filled = sent_form(forms.FEEDBACK)
    if filled.errors:
        return _page(case_id, referral_id, said=filled, errors=filled.errors), 422
    code, text = filled.values["feedback"], filled.values.get("feedback_text")
    service.record_feedback(current_actor(), case_id, referral_id, code, text)
    return _shown(case_id, referral_id, gettext("Kept in the case. Only the choice is counted."))


@blueprint.route(f"{IN_CASE}/<uuid:referral_id>/step", methods=["POST"])
@requires(Permission.REFERRAL_SEND)
def take_step(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Record an arrival or that nobody came, take a referral back, or stop it for the survivor."""
    actor = current_actor()
    reason = request.form.get("reason", "").strip()[:1000] or None
    match request.form.get("step"):
        case "arrived":
            service.record_phone_arrival(actor, case_id, referral_id)
        case "begun":
            service.record_phone_begin(actor, case_id, referral_id)
        case "no_show":
            service.record_phone_no_show(actor, case_id, referral_id)
        case "recall":
            service.recall(actor, case_id, referral_id, reason)
        case "withdraw":
            service.withdraw(actor, case_id, referral_id, reason)
        case _:
            abort(400)
    return _shown(case_id, referral_id, gettext("The step is recorded."))


@blueprint.route(f"{IN_CASE}/<uuid:referral_id>/next", methods=["POST"])
@requires(Permission.REFERRAL_SEND)
def ask_next(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Ask the next unit instead; a yes by telephone is recorded in the same tap, beyond its beds too."""
    actor = current_actor()
    queries.get_referral(actor, case_id, referral_id, Permission.REFERRAL_SEND)
    to_unit_id = as_id(request.form.get("phone") or request.form.get("unit", ""))
    if to_unit_id is None:
        abort(400)
    try:
        by_phone = "phone" in request.form
        exceed = sent_excess()
        sent = service.ask_next(actor, case_id, referral_id, to_unit_id, by_phone=by_phone, exceed=exceed)
    except (Refused, Conflict) as refused:
        full_at = to_unit_id if refused.reason in FULL else None
        errors = [("", words.refusal(refused.reason))]
        return _page(case_id, referral_id, errors=errors, full_at=full_at), 409
    return _shown(case_id, sent.id, gettext("The next unit is asked; the first one no longer sees it."))


@blueprint.route(f"{IN_CASE}/<uuid:referral_id>/hotline", methods=["POST"])
@requires(Permission.REFERRAL_SEND)
def record_hotline(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Record with one tap that a hotline has agreed by telephone to help."""
    try:
        service.record_hotline(current_actor(), case_id, referral_id, request.form.get("hotline", ""))
    except Conflict:
        abort(400)
    return _shown(case_id, referral_id, gettext("Recorded. The unit that was asked no longer sees it."))
