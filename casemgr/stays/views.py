"""The pages of a stay, for the keeper on a phone and for the case worker; and of incidents."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.accounts import queries as people
from casemgr.errors import Conflict, InvalidState, Refused, StaleVersion
from casemgr.i18n import gettext
from casemgr.letters import pdf, word
from casemgr.policy import Actor, Permission
from casemgr.questions import Form, Section
from casemgr.referrals.views import papers
from casemgr.referrals.views.blueprint import sent_excess
from casemgr.shelters.rules import People, turn_of
from casemgr.stays import forms, queries, reports, service, words
from casemgr.stays.rules import Span, SpanKind, list_spans
from casemgr.units.queries import get_own_unit
from casemgr.web.fill import Filled, fill_again, sent_form, sent_version
from casemgr.web.guard import current_actor, requires

blueprint = Blueprint("stays", __name__, url_prefix="/shelters")

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

STAY = "/stays/<uuid:bundle_id>"

Act = Callable[[Actor, UUID, dict[str, Any]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form that writes something down of a stay."""

    section: Section
    act: Act
    only_keeper: bool = False


SHEETS = {
    "person": Sheet(section=forms.PERSON, act=service.add_person),
    "need": Sheet(section=forms.NEED, act=service.add_need),
    "supply": Sheet(section=forms.SUPPLY, act=service.add_supply),
    "extension": Sheet(
        section=forms.EXTENSION,
        act=lambda actor, stay, given: service.extend(
            actor, stay, date.fromisoformat(given["until"]), given["reason"]
        ),
    ),
    "people": Sheet(
        section=forms.PEOPLE,
        act=lambda actor, stay, given: service.change_people(
            actor, stay, People(adults=given["adults"], children=given["children"]), sent_excess()
        ),
    ),
    "handover": Sheet(section=forms.HANDOVER, act=service.hand_over, only_keeper=True),
    "incident": Sheet(
        section=forms.INCIDENT, act=lambda actor, stay, given: service.tell_incident(actor, given, stay)
    ),
}
"""What can be written down of a stay, by its name in the address."""


@blueprint.route(STAY)
@requires(Permission.STAY_FOLLOW)
def show_stay(bundle_id: UUID) -> ResponseReturnValue:
    """Show who stays, what they need and got, until when, and what the last keeper handed over."""
    actor = current_actor()
    stay = queries.open_stay(actor, bundle_id)
    names = {str(found): name for found, name in people.list_names(actor, stay.writers).items()}
    own = str(actor.account_id)
    return render_template(
        "stays/show_stay.html", stay=stay, words=words, names=names, own=own, handover=forms.HANDOVER
    )


@blueprint.route(f"{STAY}/<string:section>", methods=["GET", "POST"])
@requires(Permission.STAY_FOLLOW)
def write_down(bundle_id: UUID, section: str) -> ResponseReturnValue:
    """Write something down of a stay."""
    actor, sheet = current_actor(), SHEETS.get(section)
    stay = queries.open_stay(actor, bundle_id)
    if sheet is None or (sheet.only_keeper and not stay.is_keeper):
        abort(404)
    if request.method == "GET":
        return _sheet_page(stay, sheet.section, _begun(sheet.section, stay), [])
    filled = sent_form(sheet.section)
    errors = filled.errors or _write(actor, bundle_id, sheet, filled.values)
    if errors:
        return _sheet_page(stay, sheet.section, filled, errors), 422 if filled.errors else 409
    return _shown(bundle_id, gettext("Written down."))


def _write(actor: Actor, bundle_id: UUID, sheet: Sheet, given: dict[str, Any]) -> list[tuple[str, str]]:
    try:
        sheet.act(actor, bundle_id, given)
    except Refused as refused:
        return [("", words.refusal(refused.reason))]
    except Conflict:
        return [("until", words.refusal("not_later"))]
    return []


def _begun(section: Section, stay: queries.StayView) -> Filled:
    return _begun_with(section, stay.group if section == forms.PEOPLE else {})


def _begun_with(section: Section, known: dict[str, Any]) -> Filled:
    return fill_again(Form(name=section.name, version=1, sections=(section,)), known)


def _sheet_page(
    stay: queries.StayView, section: Section, filled: Filled, errors: list[tuple[str, str]]
) -> str:
    is_full = section == forms.PEOPLE and bool(errors) and not filled.errors
    return render_template(
        "stays/write_down.html", stay=stay, section=section, filled=filled, errors=errors, is_full=is_full
    )


def _shown(bundle_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("stays.show_stay", bundle_id=bundle_id), code=303)


@blueprint.route(f"{STAY}/supplies/<uuid:supply_id>", methods=["GET", "POST"])
@requires(Permission.STAY_FOLLOW)
def correct_supply(bundle_id: UUID, supply_id: UUID) -> ResponseReturnValue:
    """Correct what was given, or say that it was written by mistake."""
    stay = queries.open_stay(current_actor(), bundle_id)
    known = stay.supply(supply_id).content
    if request.method == "GET":
        is_void = bool(known.get("is_void"))
        begun = _begun_with(forms.CORRECTION, {**known, "was_given": "no" if is_void else "yes"})
        return _correct_page(stay, known, begun, [])
    filled, turn = sent_form(forms.CORRECTION.questions), sent_version()
    if filled.errors:
        return _correct_page(stay, known, filled, filled.errors), 422
    given = dict(filled.values)
    is_void = given.pop("was_given") == "no"
    try:
        service.correct_supply(current_actor(), bundle_id, supply_id, turn, given, is_void=is_void)
    except StaleVersion:
        return _correct_page(stay, known, filled, [("supply", words.refusal("corrected"))]), 409
    return _shown(bundle_id, gettext("It is corrected."))


def _correct_page(
    stay: queries.StayView, known: dict[str, Any], filled: Filled, errors: list[tuple[str, str]]
) -> str:
    return render_template(
        "stays/correct_supply.html",
        stay=stay,
        known=known,
        turn=turn_of(known),
        section=forms.CORRECTION,
        filled=filled,
        errors=errors,
        words=words,
    )


@blueprint.route(f"{STAY}/people/<uuid:person_id>/left", methods=["POST"])
@requires(Permission.STAY_FOLLOW)
def end_person(bundle_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Write down that one of them has left before the others."""
    service.end_person(current_actor(), bundle_id, person_id)
    return _shown(bundle_id, gettext("Written down."))


@blueprint.route(f"{STAY}/entries/<uuid:entry_id>/confirmed", methods=["POST"])
@requires(Permission.STAY_FOLLOW)
def confirm_entry(bundle_id: UUID, entry_id: UUID) -> ResponseReturnValue:
    """Confirm what was handed over, or that a need is met."""
    try:
        service.confirm(current_actor(), bundle_id, entry_id)
    except InvalidState:
        return _shown(bundle_id, gettext("Nothing is left to be confirmed here."))
    return _shown(bundle_id, gettext("Confirmed."))


@blueprint.route("/own/incident", methods=["GET", "POST"])
@requires(Permission.SHELTER_KEEP)
def tell_incident() -> ResponseReturnValue:
    """Tell the supervisor what happened at the own address."""
    actor, filled = current_actor(), Filled()
    if request.method == "POST":
        filled = sent_form(forms.INCIDENT)
        if not filled.errors:
            service.tell_incident(actor, filled.values)
            flash(gettext("The supervisor has it. In danger call 113."), "ok")
            return redirect(url_for("shelters.show_address"), code=303)
    page = render_template(
        "stays/write_down.html",
        stay=None,
        section=forms.INCIDENT,
        filled=filled,
        errors=filled.errors,
        is_full=False,
    )
    return page, 422 if filled.errors else 200


@blueprint.route("/incidents")
@requires(Permission.SHELTER_MANAGE)
def list_incidents() -> ResponseReturnValue:
    """List what happened at the addresses of the commune."""
    rows = queries.list_incidents(current_actor())
    return render_template("stays/list_incidents.html", rows=rows, words=words)


@blueprint.route("/incidents/<uuid:event_id>", methods=["GET", "POST"])
@requires(Permission.SHELTER_MANAGE)
def settle_incident(event_id: UUID) -> ResponseReturnValue:
    """Show an incident, and decide what follows from it."""
    actor, filled = current_actor(), Filled()
    row = queries.open_incident(actor, event_id)
    if request.method == "POST":
        filled = sent_form(forms.DECISION)
        if not filled.errors:
            unit_id = service.settle_incident(actor, event_id, sent_version(), **filled.values)
            flash(gettext("The decision is recorded."), "ok")
            is_known = filled.values["decision"] == "lo_dia_chi"
            exposed = url_for("referrals.expose_address", unit_id=unit_id)
            return redirect(exposed if is_known else url_for("stays.list_incidents"), code=303)
    names = people.list_names(actor, {UUID(row.content["by"])})
    context = {"row": row, "words": words, "names": names, "told": forms.INCIDENT, "section": forms.DECISION}
    page = render_template("stays/settle_incident.html", filled=filled, errors=filled.errors, **context)
    return page, 422 if filled.errors else 200


@blueprint.route("/report")
@requires(Permission.SHELTER_MANAGE)
def show_report() -> ResponseReturnValue:
    """Show a month, a quarter or a year of the model in exact figures, which stay on this page."""
    span = _asked_span()
    return render_template(
        "stays/show_report.html",
        span=span,
        spans={kind.value: list_spans(kind, clock.today()) for kind in SpanKind},
        figures=queries.count_span(current_actor(), span),
        words=words,
    )


@blueprint.route("/report.pdf")
@requires(Permission.SHELTER_MANAGE)
def download_report() -> ResponseReturnValue:
    """Download a periodic report of the model, without anything that counts people and was not released."""
    content = queries.collect_periodic(
        current_actor(), _asked_span(), clock.today(), is_synthetic=papers.is_synthetic()
    )
    return papers.download(pdf.write_document(reports.compose_periodic(content)), "report.pdf")


@blueprint.route("/report.docx")
@requires(Permission.SHELTER_MANAGE)
def download_word() -> ResponseReturnValue:
    """Download the same report to be completed in a word processor."""
    content = queries.collect_periodic(
        current_actor(), _asked_span(), clock.today(), is_synthetic=papers.is_synthetic()
    )
    return papers.download(word.write_document(reports.compose_periodic(content)), "report.docx", DOCX)


@blueprint.route("/cases/<uuid:case_id>/<uuid:referral_id>/report.pdf")
@requires(Permission.REFERRAL_READ)
def download_immediate(case_id: UUID, referral_id: UUID) -> ResponseReturnValue:
    """Download the report right after a stay was handled; it names nobody, no place and no number."""
    actor = current_actor()
    outcome = queries.open_outcome(actor, case_id, referral_id)
    unit_name, synthetic = get_own_unit(actor).name, papers.is_synthetic()
    made = reports.compose_immediate(unit_name, outcome, clock.today(), is_synthetic=synthetic)
    return papers.download(pdf.write_document(made), "report.pdf")


def _asked_span() -> Span:
    """Return the month, quarter or year of the address, or this month."""
    spans = [span for kind in SpanKind for span in list_spans(kind, clock.today())]
    return next((span for span in spans if span.code == request.args.get("span")), spans[0])
