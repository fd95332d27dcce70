"""The pages of periodic reports: the list, a new one, its words, its tables, approval and its files."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock, i18n
from casemgr.errors import Refused
from casemgr.i18n import gettext
from casemgr.letters import pdf, word
from casemgr.policy import Permission
from casemgr.questions import parse, read_lines
from casemgr.reporting import jobs, queries, rules, service, words
from casemgr.reporting.document import ReportContent, compose
from casemgr.reporting.narrative import NARRATIVE
from casemgr.statistics import words as table_words
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.making import Wish
from casemgr.statistics.service import Tier
from casemgr.web.drafts import discard_draft, find_draft
from casemgr.web.fill import Filled, fill, fill_again, sent_version
from casemgr.web.guard import current_actor, requires

if TYPE_CHECKING:
    from casemgr.reporting.models import PeriodicReport

blueprint = Blueprint("reporting", __name__, url_prefix="/reports")

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.route("")
@requires(Permission.REPORT_READ)
def list_reports() -> ResponseReturnValue:
    """List the reports of the unit."""
    rows = queries.list_reports(current_actor())
    coming = words.what_is_next(clock.today())
    return render_template("reporting/list_reports.html", rows=rows, words=words, coming=coming)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.REPORT_MAKE)
def new_report() -> ResponseReturnValue:
    """Begin a report: choose its period and its audience."""
    choices = rules.list_choices(clock.today())
    if request.method == "GET":
        return _new_page(choices, [])
    chosen = next((one for one in choices if words.period_key(one) == request.form.get("period")), None)
    if chosen is None:
        return _new_page(choices, [("period", gettext("Choose the period of the report."))]), 422
    actor = current_actor()
    tier = Tier.RESTRICTED if request.form.get("tier") == Tier.RESTRICTED else Tier.PUBLIC
    known = service.find_report(actor, actor.unit_id, chosen.starts_on, chosen.ends_on, tier)
    if known is not None:
        return redirect(url_for("reporting.show_report", report_id=known.id), code=303)
    period = Period.between(chosen.starts_on, chosen.ends_on)
    wish = Wish(table_names=(), unit_id=actor.unit_id, period=period, tier=tier)
    return redirect(url_for("home.show_job", job_id=jobs.order_report(actor, wish)), code=303)


def _new_page(choices: Any, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "reporting/new_report.html",
        periods=[(words.period_key(one), words.period_choice(one)) for one in choices],
        tiers=[(tier.value, str(label)) for tier, label in words.TIERS.items()],
        coming=words.what_is_next(clock.today()),
        errors=errors,
    )


@blueprint.route("/<uuid:report_id>")
@requires(Permission.REPORT_READ)
def show_report(report_id: UUID) -> ResponseReturnValue:
    """Show a report: its words, its tables, and what is still to be done."""
    return _report_page(report_id)


def _report_page(report_id: UUID, errors: list[tuple[str, str]] | None = None) -> str:
    actor = current_actor()
    report = queries.open_report(actor, report_id, "narrative", "tables")
    answers = service.read_narrative(actor, report)
    return render_template(
        "reporting/show_report.html",
        report=report,
        tables=service.open_tables(actor, report),
        sections=[
            (section, read_lines(section.questions, answers, i18n.language()))
            for section in NARRATIVE.sections
        ],
        words=words,
        table_words=table_words,
        errors=errors or [],
    )


@blueprint.route("/<uuid:report_id>/narrative", methods=["GET", "POST"])
@requires(Permission.REPORT_MAKE)
def edit_narrative(report_id: UUID) -> ResponseReturnValue:
    """Write the words of a draft."""
    actor = current_actor()
    if request.method == "GET":
        report = queries.open_report(actor, report_id, "narrative")
        kept = find_draft(actor, NARRATIVE.name, report_id)
        stored = fill_again(NARRATIVE, service.read_narrative(actor, report))
        return _narrative_page(report, Filled(typed=kept) if kept else stored)
    filled = fill(parse(NARRATIVE.questions(), dict(request.form.lists())))
    if filled.errors:
        return _narrative_page(queries.get_report(actor, report_id), filled), 422
    service.save_narrative(actor, report_id, sent_version(), filled.values)
    discard_draft(actor, NARRATIVE.name, report_id)
    flash(gettext("The words of the report are saved."), "ok")
    return redirect(url_for("reporting.show_report", report_id=report_id), code=303)


def _narrative_page(report: "PeriodicReport", filled: Filled) -> str:
    return render_template(
        "reporting/edit_narrative.html",
        report=report,
        sections=NARRATIVE.sections,
        filled=filled,
        words=words,
        errors=filled.errors,
    )


@blueprint.route("/<uuid:report_id>/approve", methods=["POST"])
@requires(Permission.REPORT_APPROVE)
def approve_report(report_id: UUID) -> ResponseReturnValue:
    """Approve a draft; from then on it does not change."""
    try:
        service.approve_report(current_actor(), report_id, sent_version())
    except Refused:
        missing = gettext("A restricted report names whom it is addressed to before it is approved.")
        return _report_page(report_id, [("", missing)]), 422
    flash(gettext("The report is approved."), "ok")
    return redirect(url_for("reporting.show_report", report_id=report_id), code=303)


@blueprint.route("/<uuid:report_id>/report.pdf")
@requires(Permission.REPORT_READ)
def download_pdf(report_id: UUID) -> ResponseReturnValue:
    """Download the report as it is printed."""
    report, content = _content(report_id, "pdf")
    return _file(report, pdf.write_document(compose(content)), "pdf", "application/pdf")


@blueprint.route("/<uuid:report_id>/report.docx")
@requires(Permission.REPORT_READ)
def download_word(report_id: UUID) -> ResponseReturnValue:
    """Download the report as a Word file."""
    report, content = _content(report_id, "docx")
    return _file(report, word.write_document(compose(content)), "docx", DOCX)


def _content(report_id: UUID, door: str) -> tuple["PeriodicReport", ReportContent]:
    actor = current_actor()
    report = queries.open_report(actor, report_id, door)
    is_synthetic = current_app.extensions["casemgr.settings"].synthetic
    return report, service.open_content(actor, report, door=door, is_synthetic=is_synthetic)


def _file(report: "PeriodicReport", content: bytes, ending: str, kind: str) -> Response:
    days: tuple[date, date] = (report.period_from, report.period_to)
    name = f"bao_cao_{days[0]:%Y%m%d}_{days[1]:%Y%m%d}_{report.tier}.{ending}"
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
