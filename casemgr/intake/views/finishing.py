"""The end of an intake: checking the answers, opening the case, or giving up."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casemgr.i18n import gettext
from casemgr.intake import forms, queries, rules, service, words
from casemgr.intake.views.blueprint import blueprint, version
from casemgr.policy import Actor, Permission
from casemgr.survivors.hamlets import list_choices
from casemgr.web.drafts import discard_draft
from casemgr.web.guard import current_actor, requires


@blueprint.route("/intake/<uuid:intake_id>/check")
@requires(Permission.CASE_OPEN)
def check_answers(intake_id: UUID) -> ResponseReturnValue:
    """Show all answers before the case is opened, each part with the way to change it."""
    actor = current_actor()
    return _check_page(queries.open_intake(actor, intake_id), [])


def _check_page(intake: Any, missing: list[str]) -> str:
    told, choices = intake.told, list_choices(current_actor())
    return render_template(
        "intake/check_answers.html",
        intake=intake,
        answers=words.answers(told, choices, lambda section: _change_url(intake.id, section)),
        titles={section: words.title(section) for section in rules.SECTIONS},
        people=words.perpetrators(told),
        opens_file=intake.case_id is not None or rules.opens_file(told),
        core_type=words.core_type(told),
        suggestion=words.suggestion(told),
        errors=[("consent", words.problem(name)) for name in missing],
    )


def _change_url(intake_id: UUID, section: str) -> str:
    return url_for("intake.fill_section", intake_id=intake_id, section=section) + "?from=check"


@blueprint.route("/intake/<uuid:intake_id>/complete", methods=["POST"])
@requires(Permission.CASE_OPEN)
def complete_intake(intake_id: UUID) -> ResponseReturnValue:
    """Open the case; without consent keep nothing but codes."""
    actor = current_actor()
    intake = queries.open_intake(actor, intake_id)
    missing = rules.find_missing(intake.told, has_case=intake.case_id is not None)
    if missing:
        return _check_page(intake, missing), 422
    case = service.complete_intake(actor, intake_id, version())
    _discard_drafts(actor, intake_id)
    if case is None:
        flash(gettext("Nothing with a name was kept. What was told can no longer be read."), "ok")
        return redirect(url_for("intake.start_intake"), code=303)
    flash(gettext("The case %(code)s is open.", code=case.code), "ok")
    return redirect(url_for("cases.show_case", case_id=case.id), code=303)


@blueprint.route("/intake/<uuid:intake_id>/give-up", methods=["POST"])
@requires(Permission.CASE_OPEN)
def give_up_intake(intake_id: UUID) -> ResponseReturnValue:
    """End an intake without a case and destroy what was told."""
    actor = current_actor()
    service.give_up_intake(actor, intake_id, version())
    _discard_drafts(actor, intake_id)
    flash(gettext("The intake is given up. What was told can no longer be read."), "ok")
    return redirect(url_for("intake.start_intake"), code=303)


def _discard_drafts(actor: Actor, intake_id: UUID) -> None:
    for section in forms.PARTS:
        discard_draft(actor, f"intake.{section}", intake_id)
