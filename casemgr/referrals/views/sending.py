"""The pages that send a referral: step by step, or in two taps when somebody is in danger now."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock, i18n
from casemgr.cases.queries import open_page
from casemgr.codes import lists
from casemgr.errors import Conflict, Refused
from casemgr.i18n import gettext
from casemgr.policy import Actor, Permission
from casemgr.questions import Form
from casemgr.referrals import forms, queries, service, words
from casemgr.referrals.rules import CONTENT, HIGH, SHELTER, Sending, suggested_offer, told_in
from casemgr.referrals.views.blueprint import blueprint, sent_excess
from casemgr.referrals.views.following import IN_CASE
from casemgr.referrals.views.sheet import Sheet, as_id, read_sheet
from casemgr.survivors.queries import find_consent, open_safe_contact
from casemgr.survivors.rules import Purpose
from casemgr.units.queries import get_own_unit
from casemgr.web.drafts import discard_draft, find_draft
from casemgr.web.fill import Filled, fill_again, sent_form
from casemgr.web.guard import current_actor, requires

if TYPE_CHECKING:
    from casemgr.cases.models import Case

DRAFT = "referral"
URGENT_SERVICES = ("tam_lanh", "cong_an", "y_te")
"""What is offered in an emergency when no need was named: a bed, protection, health care."""


@blueprint.route(f"{IN_CASE}/new", methods=["GET", "POST"])
@requires(Permission.REFERRAL_SEND)
def send_referral(case_id: UUID) -> ResponseReturnValue:
    """Send a referral: service, unit, what is told, check, send."""
    actor = current_actor()
    case = open_page(actor, case_id, "risk_level", "summary")
    sheet = read_sheet() if request.method == "POST" else Sheet()
    if request.method == "POST" and sheet.service:
        service.record_if_missing(actor, case_id, sheet.service)
    if sheet.missing:
        return _sheet_page(actor, case, sheet, sheet.step, [words.missing(sheet.missing)]), 422
    if sheet.step == "send" and not sheet.filled.errors:
        try:
            sent = service.send_referral(actor, case_id, sheet.sending())
        except (Refused, Conflict) as refused:
            return _sheet_page(actor, case, sheet, "check", [("", words.refusal(refused.reason))]), 409
        discard_draft(actor, DRAFT, case_id)
        return _sent(actor, case_id, sent.id)
    step = "details" if sheet.step in ("check", "send") and sheet.filled.errors else sheet.step
    errors = sheet.filled.errors if step != sheet.step else []
    return _sheet_page(actor, case, sheet, step, errors), 422 if errors else 200


def _sent(actor: Actor, case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    if "phone" in request.form:
        flash(gettext("Accepted by telephone: recorded."), "ok")
    elif queries.is_read_here(actor, case_id, referral_id):
        flash(gettext("The referral is sent."), "ok")
    else:
        flash(gettext("Recorded. Nothing was sent yet: call the unit, or give it a letter."), "warn")
    url = url_for("referrals.show_referral", case_id=case_id, referral_id=referral_id)
    return redirect(url, code=303)


def _sheet_page(actor: Actor, case: "Case", sheet: Sheet, step: str, errors: list[tuple[str, str]]) -> str:
    context: dict[str, Any] = {
        "case": case,
        "sheet": sheet,
        "step": step,
        "errors": errors,
        "words": words,
        "services": [(code.code, code.label(i18n.language())) for code in _services()],
        "provider": None,
        "consent": None,
        "consent_url": _consent_url(case.id),
    }
    if step != "service":
        context["consent"] = find_consent(actor, case.id, Purpose.REFERRAL, sheet.service)
        context |= _units(actor, case, sheet)
        chosen = [provider for provider in context["providers"] if provider.unit_id == sheet.unit_id]
        context["provider"] = chosen[0] if chosen else None
    if step in ("details", "check") and context["provider"] is None:
        context["step"] = "unit"
    if context["step"] == "details":
        context |= _details(actor, case, sheet)
    if context["step"] == "check":
        context |= _checked(actor, sheet)
    return render_template("referrals/send_referral.html", **context)


def _units(actor: Actor, case: "Case", sheet: Sheet) -> dict[str, Any]:
    """Return who can be asked, the safest first where the danger is high, and who is asked already."""
    danger = next(iter(sheet.filled.typed.get("danger_level", [])), "") or case.risk_level or ""
    providers = queries.list_choices(actor, sheet.service, queries.need_of(sheet.filled.values))
    if danger == HIGH:
        providers.sort(key=lambda provider: provider.rank_for(danger))
    return {
        "providers": providers,
        "is_dangerous": danger == HIGH,
        "open_already": queries.list_open(actor, case.id, [sheet.service])[sheet.service],
    }


def _services() -> list[lists.Code]:
    """Return the services for survivors; what is for those who used violence is not referred from here."""
    codes = lists.choices("service", clock.today())
    return [code for code in codes if code.attributes["for_perpetrator"] == "0"]


def _details(actor: Actor, case: "Case", sheet: Sheet) -> dict[str, Any]:
    filled = sheet.filled
    if not any(filled.typed.get("urgency", [])) and not filled.problems:
        kept = find_draft(actor, DRAFT, case.id)
        known = fill_again(forms.SENDING, _suggested(actor, case)).typed
        filled = Filled(typed={**known, **(kept or {})})
    return {
        "sections": forms.asked_for(sheet.service),
        "exception_section": forms.EXCEPTION,
        "filled": filled,
        "answerers": queries.list_answerers(actor, sheet.unit_id) if sheet.unit_id else [],
    }


def _suggested(actor: Actor, case: "Case") -> dict[str, Any]:
    told = told_in(case.summary)
    safe = open_safe_contact(actor, case.id) or told
    shared = {"safe_phone": safe.get("phone"), "code_word": safe.get("code_word")}
    return suggested_offer(told, case.risk_level) | shared | {"call_phone": get_own_unit(actor).duty_phone}


def _checked(actor: Actor, sheet: Sheet) -> dict[str, Any]:
    people = queries.list_answerers(actor, sheet.unit_id) if sheet.unit_id else []
    names = {person.account_id: person.name for person in people}
    on_duty = {person.account_id for person in people if person.on_duty}
    return {
        "named": names.get(sheet.named, "") if sheet.named else "",
        "nobody_left": bool(names) and not names.keys() - sheet.excluded,
        "nobody_on_duty": bool(on_duty) and not on_duty - sheet.excluded,
        "offer_lines": words.offer_lines({**sheet.filled.values, "service": sheet.service}),
        "becomes": words.becomes(sheet.service),
        "content_lines": words.content_lines(sheet.filled.values),
        "excluded": [names[account_id] for account_id in sheet.excluded if account_id in names],
    }


def _consent_url(case_id: UUID) -> str:
    return url_for("survivors.add_consent", case_id=case_id, purpose=Purpose.REFERRAL.value)


@blueprint.route(f"{IN_CASE}/urgent", methods=["GET", "POST"])
@requires(Permission.REFERRAL_SEND)
def send_urgent(case_id: UUID) -> ResponseReturnValue:
    """Ask for help at once: free beds first, each with its number and two buttons."""
    actor = current_actor()
    case = open_page(actor, case_id, "risk_level", "summary")
    if request.method == "GET":
        return _urgent_page(actor, case, fill_again(_URGENT, _suggested(actor, case)), [])
    filled = sent_form((*forms.URGENT, *forms.EXCEPTION))
    if filled.errors:
        return _urgent_page(actor, case, filled, filled.errors), 422
    try:
        sent = _send_at_once(actor, case, filled.values)
    except (Refused, Conflict) as refused:
        return _urgent_page(actor, case, filled, [("", words.refusal(refused.reason))]), 409
    return _sent(actor, case_id, sent)


_URGENT = Form(name="urgent_referral", version=1, sections=(forms.URGENT,))


def _send_at_once(actor: Actor, case: "Case", values: dict[str, Any]) -> UUID:
    """Send with what the case already says; a yes by telephone is recorded in the same step."""
    by_phone = "phone" in request.form
    asked, _, unit = (request.form.get("phone") or request.form.get("send", "")).partition(".")
    unit_id = as_id(unit)
    if unit_id is None:
        raise Conflict("unit", "unknown")
    known = _suggested(actor, case)
    sending = Sending(
        to_unit_id=unit_id,
        offer={"adults": 1, "children": 0, **known, **values, "service": asked, "urgency": "ngay"},
        content={name: value for name, value in {**known, **values}.items() if name in CONTENT},
        exception=values.get("exception"),
        exception_reason=values.get("exception_reason"),
    )
    sent = service.send_referral(actor, case.id, sending)
    if by_phone:
        service.record_phone_acceptance(actor, case.id, sent.id, exceed=sent_excess())
    return sent.id


def _urgent_page(actor: Actor, case: "Case", filled: Filled, errors: list[tuple[str, str]]) -> str:
    needs = told_in(case.summary).get("urgent_needs") or []
    named = [found for need in needs if (found := lists.rollup("urgent_need", need, "service"))]
    asked = sorted(dict.fromkeys(named or URGENT_SERVICES), key=lambda code: code != SHELTER)
    open_already = queries.list_open(actor, case.id, asked)
    groups = [
        {
            "service": code,
            "providers": queries.list_choices(actor, code),
            "consent": find_consent(actor, case.id, Purpose.REFERRAL, code),
            "open_already": open_already[code],
        }
        for code in asked
    ]
    return render_template(
        "referrals/send_urgent.html",
        case=case,
        words=words,
        groups=groups,
        filled=filled,
        errors=errors,
        section=forms.URGENT,
        exception_section=forms.EXCEPTION,
        needs_excuse=any(group["consent"] is None for group in groups),
        is_dangerous=case.risk_level == HIGH,
        full=bool(errors),
        consent_url=_consent_url(case.id),
    )
