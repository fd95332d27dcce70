"""The pages that call a conference from a case."""

from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casemgr.cases.queries import get_case
from casemgr.conferences import forms, queries, service, words
from casemgr.conferences.rules import Calling
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
from casemgr.errors import Refused
from casemgr.i18n import gettext
from casemgr.policy import Actor, Permission
from casemgr.web.drafts import discard_draft, find_draft
from casemgr.web.fill import Filled, sent_form
from casemgr.web.guard import current_actor, requires


@blueprint.route(IN_CASE)
@requires(Permission.CONFERENCE_CALL)
def list_conferences_of(case_id: UUID) -> ResponseReturnValue:
    """List the conferences of a case."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.CONFERENCE_CALL)
    rows = queries.list_conferences_of(actor, case_id)
    return render_template("conferences/list_conferences_of.html", case=case, rows=rows, words=words)


@blueprint.route(f"{IN_CASE}/new", methods=["GET", "POST"])
@requires(Permission.CONFERENCE_CALL)
def call_conference(case_id: UUID) -> ResponseReturnValue:
    """Call units together: when, which units, which needs, by which consent."""
    actor = current_actor()
    get_case(actor, case_id, Permission.CONFERENCE_CALL)
    if request.method == "GET":
        return _call_page(
            actor, case_id, Filled(typed=find_draft(actor, forms.CALLING.name, case_id) or {}), []
        )
    filled, units = sent_form(forms.CALLING), chosen_units(actor)
    errors = [*filled.errors, *missing_units(units)]
    if not errors:
        try:
            called = _call(actor, case_id, filled.values, units)
        except Refused as refused:
            errors = [words.refusal(refused.reason)]
        else:
            discard_draft(actor, forms.CALLING.name, case_id)
            return to_conference(case_id, called, gettext("The units are called."))
    return _call_page(actor, case_id, filled, errors), 422


def _call(actor: Actor, case_id: UUID, values: dict[str, Any], units: frozenset[UUID]) -> UUID:
    calling = Calling(
        **meeting_of(values),
        unit_ids=units,
        topics=tuple(values["topics"]),
        needs=tuple(line.strip() for line in values["needs"].splitlines() if line.strip()),
        called=values.get("called"),
        excluded=chosen_people(actor, units),
    )
    limits_read = values.get("limits_read") == "yes"
    made = service.call_conference(actor, case_id, calling, how=values.get("how"), limits_read=limits_read)
    return made.id


def _call_page(actor: Actor, case_id: UUID, filled: Filled, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "conferences/call_conference.html",
        case=get_case(actor, case_id, Permission.CONFERENCE_CALL),
        sections=forms.CALLING.sections,
        filled=filled,
        errors=errors,
        **inviteable(actor, filled),
    )
