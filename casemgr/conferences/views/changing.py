"""The pages that change what was called: another time or place, further units, calling it off."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casemgr.cases.queries import get_case
from casemgr.conferences import forms, queries, service, words
from casemgr.conferences.queries import ConferenceView
from casemgr.conferences.rules import Meeting
from casemgr.conferences.views.blueprint import (
    IN_CASE,
    blueprint,
    chosen_people,
    chosen_units,
    inviteable,
    meeting_of,
    missing_units,
    to_conference,
)
from casemgr.errors import Conflict, Refused, StaleVersion
from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.web.fill import Filled, fill_again, sent_form, sent_version
from casemgr.web.guard import current_actor, requires

ONE = f"{IN_CASE}/<uuid:conference_id>"

Errors = list[tuple[str, str]]


@blueprint.route(f"{ONE}/move", methods=["GET", "POST"])
@requires(Permission.CONFERENCE_CALL)
def move_conference(case_id: UUID, conference_id: UUID) -> ResponseReturnValue:
    """Choose another day, hour or place; every unit is asked anew."""
    actor = current_actor()
    view = queries.open_called(actor, case_id, conference_id)
    if request.method == "GET":
        known = {**view.plan, "meets_on": view.meets_day.isoformat(), "meets_at": view.plan.get("at")}
        return _move_page(case_id, view, fill_again(forms.MOVING, known), [])
    filled, version = sent_form(forms.MOVING), sent_version()
    if filled.errors:
        return _move_page(case_id, view, filled, filled.errors), 422
    meeting = Meeting(**meeting_of(filled.values))
    try:
        service.move_conference(actor, case_id, conference_id, version=version, meeting=meeting)
    except Refused as refused:
        return _move_page(case_id, view, filled, [words.refusal(refused.reason)]), 422
    except StaleVersion:
        return _move_page(case_id, view, filled, [("meets_on", words.is_newer())]), 409
    return to_conference(case_id, conference_id, gettext("It is moved; every unit is asked anew."))


def _move_page(case_id: UUID, view: ConferenceView, filled: Filled, errors: Errors) -> str:
    return _page("conferences/move_conference.html", case_id, view, filled, errors, section=forms.WHEN)


@blueprint.route(f"{ONE}/units", methods=["GET", "POST"])
@requires(Permission.CONFERENCE_CALL)
def invite_units(case_id: UUID, conference_id: UUID) -> ResponseReturnValue:
    """Invite further units, by her consent."""
    actor = current_actor()
    view = queries.open_called(actor, case_id, conference_id)
    if request.method == "GET":
        return _invite_page(case_id, view, Filled(), [])
    filled, units = sent_form(forms.AGREEMENT.questions), chosen_units(actor)
    errors = [*filled.errors, *missing_units(units)]
    if not errors:
        errors = _invite(case_id, conference_id, filled, units)
    if errors:
        return _invite_page(case_id, view, filled, errors), 422
    return to_conference(case_id, conference_id, gettext("The units are invited."))


def _invite(case_id: UUID, conference_id: UUID, filled: Filled, units: frozenset[UUID]) -> Errors:
    actor, given = current_actor(), filled.values
    try:
        service.invite_units(
            actor,
            case_id,
            conference_id,
            units,
            excluded=chosen_people(actor, units),
            how=given.get("how"),
            limits_read=given.get("limits_read") == "yes",
        )
    except Refused as refused:
        return [words.refusal(refused.reason)]
    except Conflict:
        return [("units", gettext("Somebody has invited them meanwhile."))]
    return []


def _invite_page(case_id: UUID, view: ConferenceView, filled: Filled, errors: Errors) -> str:
    seated = {seat.unit_id for seat in view.seats if seat.unit_id}
    shown = inviteable(current_actor(), filled, but=seated)
    return _page(
        "conferences/invite_units.html", case_id, view, filled, errors, section=forms.AGREEMENT, **shown
    )


@blueprint.route(f"{ONE}/cancel", methods=["GET", "POST"])
@requires(Permission.CONFERENCE_CALL)
def cancel_conference(case_id: UUID, conference_id: UUID) -> ResponseReturnValue:
    """Look once more at what ends, then call it off."""
    actor = current_actor()
    view = queries.open_called(actor, case_id, conference_id)
    if request.method == "GET":
        return _page("conferences/cancel_conference.html", case_id, view, Filled(), [])
    service.cancel_conference(actor, case_id, conference_id)
    return to_conference(case_id, conference_id, gettext("It is called off; the units read nothing more."))


def _page(
    template: str, case_id: UUID, view: ConferenceView, filled: Filled, errors: Errors, **more: object
) -> str:
    case = get_case(current_actor(), case_id, Permission.CONFERENCE_CALL)
    context = {"case": case, "conference": view, "words": words, "filled": filled, "errors": errors}
    return render_template(template, **context, **more)
