"""The page on which a sender puts right what a unit was told."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr.cases.queries import get_case
from casemgr.errors import InvalidState, Refused
from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.questions import Form
from casemgr.referrals import forms, queries, service, words
from casemgr.referrals.rules import correctable_in
from casemgr.referrals.views.blueprint import blueprint
from casemgr.referrals.views.following import IN_CASE
from casemgr.web.fill import fill_again, sent_form
from casemgr.web.guard import current_actor, requires


@blueprint.route(f"{IN_CASE}/<uuid:referral_id>/correct", methods=["GET", "POST"])
@requires(Permission.REFERRAL_SEND)
def correct_referral(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Put right what the unit was told; it sees what is new, and the case keeps what it read before."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.REFERRAL_SEND)
    told = queries.open_told(actor, case_id, referral_id)
    form = _form(told)
    if not form.sections:
        raise InvalidState(told.state)
    filled, errors = fill_again(form, told.values), []
    if request.method == "POST":
        filled = sent_form(form)
        errors = filled.errors
        if not errors:
            try:
                changed = service.correct(actor, case_id, referral_id, filled.values)
            except Refused as refused:
                errors = [("", words.refusal(refused.reason))]
            else:
                return _corrected(case_id, referral_id, changed)
    context = {"case": case, "referral_id": referral_id, "form": form, "filled": filled, "errors": errors}
    return render_template("referrals/correct_referral.html", **context), 422 if errors else 200


def _form(told: queries.Told) -> Form:
    sections = forms.correction(correctable_in(told.state, told.service))
    return Form(name="correction", version=1, sections=sections)


def _corrected(case_id: UUID, referral_id: UUID, changed: frozenset[str]) -> ResponseReturnValue:
    message = gettext("Corrected. The unit sees what is new.") if changed else gettext("Nothing was changed.")
    flash(message, "ok" if changed else "info")
    url = url_for("referrals.show_referral", case_id=case_id, referral_id=referral_id)
    return redirect(url, code=303)
