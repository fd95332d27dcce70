"""The pages about a person: identity, consents, search, and files that may be about one person."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from casemgr.cases import service as cases
from casemgr.cases.parts import Part, add_part
from casemgr.cases.queries import get_case
from casemgr.errors import Conflict
from casemgr.i18n import gettext, ngettext
from casemgr.policy import Actor, Permission, may
from casemgr.questions import Line, parse
from casemgr.questions.problems import PROBLEMS
from casemgr.survivors import forms, hamlets, queries, service, words
from casemgr.web.drafts import discard_draft, find_draft
from casemgr.web.fill import Filled, fill, fill_again, sent_version
from casemgr.web.guard import current_actor, find_actor, requires
from casemgr.web.pages import add_to_frame

blueprint = Blueprint("survivors", __name__)

DRAFT = "survivor"


def _typed() -> dict[str, list[str]]:
    return dict(request.form.lists())


@blueprint.route("/cases/<uuid:case_id>/identity", methods=["GET", "POST"])
@requires(Permission.IDENTITY_READ)
def show_identity(case_id: UUID) -> ResponseReturnValue:
    """Show that there is an identity; by POST, open it, which is written down."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.IDENTITY_READ)
    shown: list[tuple[Any, list[tuple[str, str]]]] = []
    if request.method == "POST":
        values, choices = queries.open_identity(actor, case_id).values, hamlets.list_choices(actor)
        shown = [(part.title, _rows(words.lines(part, values, choices))) for part in forms.SURVIVOR.sections]
    return render_template("survivors/show_identity.html", case=case, shown=shown)


def _rows(lines: Iterable[Line]) -> list[tuple[str, str]]:
    return [(line.label, line.answer) for line in lines]


@blueprint.route("/cases/<uuid:case_id>/identity/change", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE)
def change_identity(case_id: UUID) -> ResponseReturnValue:
    """Change what is known of the person of a case, or record her for a case without one."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    choices = hamlets.list_choices(actor)
    if request.method == "GET":
        return _identity_form(case, _known(actor, case), choices)
    filled = words.read(forms.SURVIVOR.questions(), _typed(), choices)
    if filled.errors:
        return _identity_form(case, filled, choices), 422
    _save_identity(actor, case, filled.values)
    discard_draft(actor, DRAFT, case_id)
    flash(gettext("The record of the survivor is saved."), "ok")
    return redirect(url_for("survivors.show_identity", case_id=case_id), code=303)


def _known(actor: Actor, case: Any) -> Filled:
    draft = find_draft(actor, DRAFT, case.id)
    if draft is not None:
        flash(gettext("What you typed last time and did not send is in the form again."), "info")
        return Filled(typed=draft)
    values = queries.open_identity(actor, case.id).values if case.survivor_id else {}
    return fill_again(forms.SURVIVOR, values)


def _save_identity(actor: Actor, case: Any, values: dict[str, Any]) -> None:
    if case.survivor_id is None:
        survivor = service.add_survivor(actor, values)
        cases.change_summary(actor, case.id, version=case.version, survivor_id=survivor.id)
    else:
        service.change_survivor(actor, case.survivor_id, sent_version(), values)


def _identity_form(case: Any, filled: Filled, choices: list[hamlets.Choice]) -> str:
    shown = request.form.get("version") or _survivor_version(case)
    return render_template(
        "survivors/change_identity.html",
        case=case,
        sections=forms.SURVIVOR.sections,
        filled=filled,
        hamlets=choices,
        version=shown,
        errors=filled.errors,
    )


def _survivor_version(case: Any) -> int:
    if case.survivor_id is None:
        return 0
    return queries.get_survivor(current_actor(), case.survivor_id, Permission.CASE_CHANGE).version


@blueprint.route("/cases/<uuid:case_id>/consents")
@requires(Permission.CASE_READ)
def list_consents(case_id: UUID) -> ResponseReturnValue:
    """Show what the survivor consented to, refused and took back."""
    actor = current_actor()
    case = get_case(actor, case_id)
    consents = [words.consent_in_words(consent) for consent in queries.list_consents(actor, case_id)]
    return render_template("survivors/list_consents.html", case=case, consents=consents)


@blueprint.route("/cases/<uuid:case_id>/consents/add", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE)
def add_consent(case_id: UUID) -> ResponseReturnValue:
    """Record a consent or a refusal, after the limits were read out."""
    actor = current_actor()
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    if request.method == "GET":
        return _consent_form(case, fill_again(forms.CONSENT, {"purpose": request.args.get("purpose")}))
    filled = _record(actor, case_id, fill(parse(forms.CONSENT.questions(), _typed())))
    if filled.errors:
        return _consent_form(case, filled), 422
    flash(gettext("The answer of the survivor is recorded."), "ok")
    return redirect(url_for("survivors.list_consents", case_id=case_id), code=303)


def _record(actor: Actor, case_id: UUID, filled: Filled) -> Filled:
    """Record the answer, or return the form with what stands in the way."""
    values = filled.values
    if filled.errors:
        return filled
    if values["limits_read"] != "yes":
        return Filled(typed=filled.typed, problems={"limits_read": forms.READ_FIRST})
    about = {"purpose": values["purpose"], "service": values.get("service"), "how": values["how"]}
    try:
        if values["answer"] == "no":
            service.refuse(actor, case_id, note=values.get("note"), **about)
        else:
            expires = date.fromisoformat(values["expires_on"]) if "expires_on" in values else None
            service.record_consent(
                actor, case_id, limits_read=True, expires_on=expires, note=values.get("note"), **about
            )
    except Conflict as conflict:
        known = "required" if conflict.reason == "required" else "other"
        return Filled(typed=filled.typed, problems={conflict.field: PROBLEMS[known]})
    return filled


def _consent_form(case: Any, filled: Filled) -> str:
    return render_template(
        "survivors/add_consent.html",
        case=case,
        section=forms.CONSENT.sections[0],
        limits=forms.LIMITS,
        filled=filled,
        errors=filled.errors,
    )


@blueprint.route("/cases/<uuid:case_id>/consents/<uuid:consent_id>/withdraw", methods=["POST"])
@requires(Permission.CASE_CHANGE)
def withdraw_consent(case_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    """Take a consent back, in one click."""
    service.withdraw_consent(current_actor(), case_id, consent_id, sent_version())
    flash(gettext("The consent is withdrawn. From now on nothing is shared under it."), "ok")
    return redirect(url_for("survivors.list_consents", case_id=case_id), code=303)


@blueprint.route("/search", methods=["GET", "POST"])
@requires(Permission.IDENTITY_READ)
def search_survivors() -> ResponseReturnValue:
    """Find a person by name, telephone, ID card or code; what was asked never stands in the address."""
    text = request.form.get("text", "").strip()[:200]
    hits = queries.search(current_actor(), text) if text else []
    is_empty = request.method == "POST" and not text
    errors = [("text", gettext("Type a name, a number or a code."))] if is_empty else []
    page = render_template(
        "survivors/search_survivors.html", text=text, hits=hits, most=queries.MOST_HITS, errors=errors
    )
    return page, 422 if errors else 200


@blueprint.route("/duplicates")
@requires(Permission.CASE_ASSIGN)
def list_duplicates() -> ResponseReturnValue:
    """Show a supervisor the pairs of files that may be about one person."""
    return render_template(
        "survivors/list_duplicates.html", pairs=queries.list_duplicate_notices(current_actor())
    )


@blueprint.route("/duplicates/<uuid:notice_id>/close", methods=["POST"])
@requires(Permission.CASE_ASSIGN)
def close_duplicate(notice_id: UUID) -> ResponseReturnValue:
    """Note that a pair of files was looked at."""
    service.close_duplicate_notice(current_actor(), notice_id)
    flash(gettext("The pair is off the list."), "ok")
    return redirect(url_for("survivors.list_duplicates"), code=303)


def _identity_part(actor: Actor, case_id: UUID) -> Part | None:
    if not may(actor, Permission.IDENTITY_READ):
        return None
    known = get_case(actor, case_id).survivor_id is not None
    return Part(
        order=10,
        title=gettext("Name, circumstances, safe contact"),
        url=url_for("survivors.show_identity", case_id=case_id),
        status="done" if known else "not_started",
        note="" if known else gettext("Nobody is recorded yet"),
    )


def _consent_part(actor: Actor, case_id: UUID) -> Part | None:
    standing = queries.count_standing(actor, case_id)
    return Part(
        order=20,
        title=gettext("Consent"),
        url=url_for("survivors.list_consents", case_id=case_id),
        status="done" if standing else "not_started",
        note=ngettext("%(num)s consent stands", "%(num)s consents stand", standing) if standing else "",
    )


def _count_pairs(actor: Actor) -> int:
    """Count when a page asks, not for every page: it opens what is sealed."""
    return queries.count_duplicate_notices(actor)


def _frame() -> dict[str, Any]:
    actor = find_actor()
    if actor is None or not may(actor, Permission.IDENTITY_READ):
        return {}
    found = {"search_url": url_for("survivors.search_survivors")}
    if not may(actor, Permission.CASE_ASSIGN):
        return found
    pairs = {"url": url_for("survivors.list_duplicates"), "count": partial(_count_pairs, actor)}
    return {**found, "duplicates": pairs}


@blueprint.record_once
def _join(state: BlueprintSetupState) -> None:
    app = cast("Flask", state.app)
    add_part(app, _identity_part)
    add_part(app, _consent_part)
    add_to_frame(app, _frame)
