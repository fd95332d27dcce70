"""Sending public figures to DHIS2: where they go, a trial of what a file would hold, and the file."""

import json
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr.errors import NotFound, Refused
from casemgr.i18n import gettext
from casemgr.policy import Permission
from casemgr.statistics import words
from casemgr.statistics.dhis2 import LARGEST_TEXT, BadMapping, Fate, command, describe
from casemgr.statistics.exports import period_in_words
from casemgr.statistics.service import sending
from casemgr.statistics.views.blueprint import answer_file, blueprint, name_file
from casemgr.statistics.views.files import RELEASE
from casemgr.web.fill import sent_version
from casemgr.web.guard import current_actor, requires

NAME, ENDING = "dhis2", "json"


@blueprint.route("/dhis2", methods=["GET", "POST"])
@requires(Permission.STATISTICS_MAKE)
def change_mapping() -> ResponseReturnValue:
    """Say where each figure goes in DHIS2, by a file or typed."""
    if request.method == "GET":
        version, text = sending.read_text(current_actor())
        return _mapping_page(text, version, [])
    text = _sent_text()
    try:
        sending.save_text(current_actor(), sent_version(), text)
    except BadMapping as error:
        return _mapping_page(text, sent_version(), words.mapping_problems(error)), 422
    flash(gettext("The mapping is saved. Open a released public table to try it out."), "ok")
    return redirect(url_for("statistics.list_tables"), code=303)


@blueprint.route(f"{RELEASE}/dhis2")
@requires(Permission.STATISTICS_MAKE)
def try_sending(release_id: UUID) -> ResponseReturnValue:
    """Show what a file would hold, what is left out and why; nothing is sent."""
    try:
        found = sending.try_sending(current_actor(), release_id, door="dhis2-trial")
    except Refused:
        flash(gettext("Say first where each figure goes in DHIS2."), "info")
        return redirect(url_for("statistics.change_mapping"), code=303)
    file = name_file(found.tables[0], ENDING, NAME)
    return render_template(
        "statistics/try_sending.html",
        release_id=release_id,
        trial=found.trial,
        fates=words.fates_of(found),
        unmapped=words.unmapped_of(found),
        period=period_in_words(found.tables[0].table),
        commands=[command(found.trial, file, is_dry=is_dry) for is_dry in (True, False)],
        Fate=Fate,
    )


@blueprint.route(f"{RELEASE}/{NAME}.{ENDING}")
@requires(Permission.STATISTICS_MAKE)
def download_sending(release_id: UUID) -> ResponseReturnValue:
    """Give the file that somebody sends to DHIS2; only shown figures are in it."""
    try:
        found = sending.try_sending(current_actor(), release_id, door="dhis2")
    except Refused as refusal:
        raise NotFound from refusal
    if not found.trial.can_be_made:
        raise NotFound
    made = found.tables[0]
    content = json.dumps(describe(found.trial, made.table.period), ensure_ascii=False, indent=1)
    return answer_file(made, content.encode(), ENDING, "application/json", name=NAME)


def _sent_text() -> str:
    """Return the mapping as it was sent: the file, if one was chosen, else what was typed."""
    given = request.files.get("file")
    if given is not None and given.filename:
        return bytes(given.read(LARGEST_TEXT + 1)).decode("utf-8-sig", errors="replace")
    return request.form.get("mapping", "")


def _mapping_page(text: str, version: int, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "statistics/change_mapping.html", text=text, version=version, errors=errors, example=words.EXAMPLE
    )
