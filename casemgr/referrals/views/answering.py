"""The pages of a recipient: the inbox of the unit, one bundle, yes or no, arrived, done."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.accounts.stepup import fresh
from casemgr.errors import InvalidState, Refused
from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.questions import Section
from casemgr.referrals import forms, queries, service, words
from casemgr.referrals.rules import HIGH
from casemgr.referrals.views import papers
from casemgr.referrals.views.blueprint import FULL, blueprint, ending, sent_excess
from casemgr.referrals.views.sheet import as_id
from casemgr.web.fill import Filled, sent_form
from casemgr.web.guard import current_actor, requires


@blueprint.route("/referrals")
@requires(Permission.REFERRAL_INBOX)
def list_inbox() -> ResponseReturnValue:
    """List what waits for an answer of the unit, then what it has accepted."""
    actor = current_actor()
    rows, gone = queries.list_inbox(actor), queries.list_taken_back(actor)
    return render_template("referrals/list_inbox.html", rows=rows, gone=gone, words=words, now=clock.now())


@blueprint.route("/referrals/<uuid:bundle_id>")
@requires(Permission.REFERRAL_INBOX)
def show_bundle(bundle_id: UUID) -> ResponseReturnValue:
    """Show a bundle: before a yes what is asked, after it who is coming and where to meet."""
    if queries.is_taken_back(current_actor(), bundle_id):
        return render_template("referrals/show_bundle.html", bundle=None)
    service.see_later(current_actor(), bundle_id)
    return _bundle_page(bundle_id)


def _bundle_page(bundle_id: UUID, **more: Any) -> str:
    view = queries.open_bundle(current_actor(), bundle_id)
    context = {"bundle": view, "words": words, "now": clock.now(), "full": False, **more}
    return render_template("referrals/show_bundle.html", **context)


def _answered(bundle_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("referrals.show_bundle", bundle_id=bundle_id), code=303)


def _to_inbox(message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("referrals.list_inbox"), code=303)


@blueprint.route("/referrals/<uuid:bundle_id>/accept", methods=["POST"])
@requires(Permission.REFERRAL_ANSWER)
def accept_bundle(bundle_id: UUID) -> ResponseReturnValue:
    """Say yes; without a free bed the page asks whether to go over what was declared."""
    try:
        service.accept(current_actor(), bundle_id, exceed=sent_excess())
    except Refused as refused:
        message = [("answer", words.refusal(refused.reason))]
        return _bundle_page(bundle_id, errors=message, full=refused.reason in FULL), 409
    except InvalidState:
        return _answered(bundle_id, gettext("Somebody of your unit has answered already."))
    return _answered(bundle_id, gettext("Accepted. The sender knows at once."))


@blueprint.route("/referrals/<uuid:bundle_id>/decline", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER)
def decline_bundle(bundle_id: UUID) -> ResponseReturnValue:
    """Say no, with the reason."""
    actor, filled = current_actor(), Filled()
    bundle = queries.get_bundle(actor, bundle_id, Permission.REFERRAL_ANSWER)
    if request.method == "POST":
        filled = sent_form(forms.DECLINING)
        if not filled.errors:
            service.decline(actor, bundle_id, filled.values["reason"], filled.values.get("text"))
            return _to_inbox(gettext("The sender has your answer and asks another unit."))
    return _form_page("referrals/decline_bundle.html", bundle.id, forms.DECLINING, filled)


def _form_page(template: str, bundle_id: UUID, section: Section, filled: Filled) -> ResponseReturnValue:
    page = render_template(
        template, bundle_id=bundle_id, section=section, filled=filled, errors=filled.errors
    )
    return page, 422 if filled.errors else 200


@blueprint.route("/referrals/<uuid:bundle_id>/arrival", methods=["POST"])
@requires(Permission.REFERRAL_ANSWER)
def record_arrival(bundle_id: UUID) -> ResponseReturnValue:
    """Record that she has come."""
    service.record_arrival(current_actor(), bundle_id)
    return _answered(bundle_id, gettext("The arrival is recorded. The sender knows at once."))


@blueprint.route("/referrals/<uuid:bundle_id>/begin", methods=["POST"])
@requires(Permission.REFERRAL_ANSWER)
def begin_service(bundle_id: UUID) -> ResponseReturnValue:
    """Record that the service has begun."""
    service.begin(current_actor(), bundle_id)
    return _answered(bundle_id, gettext("Recorded. The sender knows at once."))


@blueprint.route("/referrals/<uuid:bundle_id>/redirect", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER)
def redirect_bundle(bundle_id: UUID) -> ResponseReturnValue:
    """Pass a request on to another unit that gives the same service."""
    actor, errors = current_actor(), []
    units = queries.list_onward(actor, bundle_id)
    if request.method == "POST":
        chosen = as_id(request.form.get("unit", ""))
        to_unit_id = chosen if chosen in {unit.unit_id for unit in units} else None
        note = request.form.get("text", "").strip()[:500] or None
        errors = [] if to_unit_id else [("unit", gettext("Choose a unit."))]
        if to_unit_id is not None:
            try:
                service.redirect(actor, bundle_id, to_unit_id, note)
            except Refused as refused:
                errors = [("unit", words.refusal(refused.reason))]
            else:
                return _to_inbox(gettext("The request is passed on. Here nothing of it stays."))
    context = {"bundle_id": bundle_id, "units": units, "errors": errors}
    page = render_template("referrals/redirect_bundle.html", **context, is_dangerous=_is_dangerous(bundle_id))
    return page, 422 if errors else 200


def _is_dangerous(bundle_id: UUID) -> bool:
    return bool(queries.get_bundle(current_actor(), bundle_id).offer.get("danger_level") == HIGH)


@blueprint.route("/referrals/<uuid:bundle_id>/no-show", methods=["POST"])
@requires(Permission.REFERRAL_ANSWER)
def record_no_show(bundle_id: UUID) -> ResponseReturnValue:
    """Record that she did not come."""
    service.record_no_show(current_actor(), bundle_id)
    return _to_inbox(gettext("The sender knows that nobody came and gets in touch safely."))


@blueprint.route("/referrals/<uuid:bundle_id>/complete", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER)
def complete_bundle(bundle_id: UUID) -> ResponseReturnValue:
    """Record that the service was given; for a stay where she went."""
    actor, filled = current_actor(), Filled()
    is_stay = queries.is_stay(actor, bundle_id)
    section = forms.ENDING_STAY if is_stay else forms.ENDING
    if request.method == "POST":
        filled = sent_form(section)
        if not filled.errors:
            service.complete(actor, bundle_id, **ending(filled))
            return _to_inbox(gettext("Recorded. Nothing about this person stays here."))
    return _form_page("referrals/complete_bundle.html", bundle_id, section, filled)


@blueprint.route("/referrals/<uuid:bundle_id>/copy", methods=["POST"])
@requires(Permission.REFERRAL_ANSWER)
@fresh
def print_copy(bundle_id: UUID) -> ResponseReturnValue:
    """Give a copy on paper, marked with unit, person, time and number; the sender sees that it was drawn."""
    copy = service.make_copy(current_actor(), bundle_id)
    return papers.download(papers.print_copy(copy), "copy.pdf")
