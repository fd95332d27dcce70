"""The emergency: one page, a case, and whom to call."""

from typing import Any
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import i18n
from casemgr.cases.queries import open_page
from casemgr.intake import calls, forms, service
from casemgr.intake.rules import services_for
from casemgr.intake.views.blueprint import blueprint, typed
from casemgr.policy import Permission
from casemgr.questions import parse, read_lines
from casemgr.survivors.forms import LIMITS, SAFE_CONTACT
from casemgr.survivors.queries import open_safe_contact
from casemgr.web.fill import Filled, fill, fill_again
from casemgr.web.guard import current_actor, requires

SEND_URGENT = "referrals.send_urgent"


@blueprint.route("/emergency", methods=["GET", "POST"])
@requires(Permission.CASE_OPEN)
def open_emergency() -> ResponseReturnValue:
    """Ask the few things that help at once needs; none of them has to be answered."""
    if request.method == "GET":
        return _page(fill_again(forms.EMERGENCY))
    filled = fill(parse(forms.EMERGENCY.questions(), typed()))
    if filled.errors:
        return _page(filled), 422
    answer = request.form.get("consent", "")
    consent = {"consent": answer} if answer in dict(forms.CONSENT_CHOICES) else {}
    case = service.open_emergency(current_actor(), {**filled.values, **consent})
    return redirect(url_for("intake.show_emergency", case_id=case.id), code=303)


def _page(filled: Filled) -> str:
    return render_template(
        "intake/open_emergency.html",
        questions={question.name: question for question in forms.EMERGENCY.questions()},
        choices=[(value, getattr(text, i18n.language())) for value, text in forms.CONSENT_CHOICES],
        consent=request.form.get("consent", ""),
        limits=LIMITS,
        filled=filled,
        errors=filled.errors,
    )


@blueprint.route("/emergency/<uuid:case_id>")
@requires(Permission.CASE_READ)
def show_emergency(case_id: UUID) -> ResponseReturnValue:
    """Show whom to call and where to go, and hand over to the referral."""
    actor = current_actor()
    case = open_page(actor, case_id, "summary")
    asked = (case.summary or {}).get("answers", {})
    services = services_for(asked.get("urgent_needs") or [])
    services += ["cong_an"] if asked.get("danger_now") == "yes" else []
    return render_template(
        "intake/show_emergency.html",
        case=case,
        asked=asked,
        contact=_contact_lines(open_safe_contact(actor, case_id)),
        calls=calls.list_calls(actor, services, i18n.language()),
        addresses=calls.list_addresses(actor),
        urgent_url=_urgent_url(case_id),
    )


def _contact_lines(contact: dict[str, Any]) -> list[tuple[str, str]]:
    lines = read_lines(SAFE_CONTACT, contact, i18n.language())
    return [(line.label, line.answer) for line in lines]


def _urgent_url(case_id: UUID) -> Any:
    known = SEND_URGENT in current_app.view_functions
    return url_for(SEND_URGENT, case_id=case_id) if known else ""
