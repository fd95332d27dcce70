"""What waits for a second person: looked at, released or refused by somebody who is not an administrator."""

from datetime import datetime
from functools import partial
from typing import Any, cast
from uuid import UUID

from flask import Flask, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from casemgr import clock
from casemgr.accounts import queries as people
from casemgr.accounts.stepup import fresh
from casemgr.administration import queries, service, words
from casemgr.administration.rules import CODE_SHOWN
from casemgr.administration.views.blueprint import blueprint, go
from casemgr.audit.rules import INSTALLATION
from casemgr.i18n import gettext
from casemgr.policy import Actor, Permission, may
from casemgr.web.drafts import find_draft, save_draft
from casemgr.web.guard import current_actor, find_actor, requires
from casemgr.web.pages import add_to_frame

KEPT = "released-half"
"""Kept sealed like a draft, under a name that no form of a page can write to."""


@blueprint.get("/requests")
@requires(Permission.ACCOUNT_RELEASE)
def list_requests() -> ResponseReturnValue:
    """List what waits for this second person."""
    actor = current_actor()
    requests = queries.list_requests(actor)
    return render_template(
        "administration/list_requests.html", requests=requests, names=_askers(actor, requests), words=words
    )


@blueprint.get("/requests/<uuid:request_id>")
@requires(Permission.ACCOUNT_RELEASE)
def show_request(request_id: UUID) -> ResponseReturnValue:
    """Show what an administrator asks for, and what to make sure of first."""
    actor = current_actor()
    asked = queries.get_request(actor, request_id)
    return render_template(
        "administration/show_request.html", asked=asked, names=_askers(actor, [asked]), words=words
    )


def _askers(actor: Actor, requests: list[people.Request]) -> dict[UUID, str]:
    names = people.list_names(actor, [one.asked_by for one in requests])
    return {INSTALLATION: gettext("Installation"), **names}


@blueprint.post("/requests/<uuid:request_id>/release")
@requires(Permission.ACCOUNT_RELEASE)
@fresh
def release_request(request_id: UUID) -> ResponseReturnValue:
    """Let it take effect; the second half of the code is shown to whoever releases."""
    actor = current_actor()
    person = queries.get_request(actor, request_id).person
    _, given = service.release(actor, request_id)
    if not given.code:
        return go("administration.list_requests", gettext("Released. The roles are changed."))
    until = (clock.now() + CODE_SHOWN).isoformat()
    kept = {"code": [given.code], "until": [until], "name": [person.name], "sign_in": [person.sign_in_name]}
    save_draft(actor, KEPT, request_id, kept)
    return go("administration.show_half", request_id=request_id)


@blueprint.post("/requests/<uuid:request_id>/refuse")
@requires(Permission.ACCOUNT_RELEASE)
def refuse_request(request_id: UUID) -> ResponseReturnValue:
    """Say no; the account stays as it is."""
    service.refuse(current_actor(), request_id)
    return go("administration.list_requests", gettext("Refused. The account stays as it is."))


@blueprint.get("/requests/<uuid:request_id>/half")
@requires(Permission.ACCOUNT_RELEASE)
def show_half(request_id: UUID) -> ResponseReturnValue:
    """Show the second half for a short time, to nobody but whoever released it."""
    kept = find_draft(current_actor(), KEPT, request_id)
    is_shown = kept is not None and datetime.fromisoformat(kept["until"][0]) > clock.now()
    return render_template(
        "administration/show_half.html",
        kept={name: texts[0] for name, texts in kept.items()} if kept and is_shown else None,
        minutes=int(CODE_SHOWN.total_seconds() // 60),
    )


def _frame() -> dict[str, Any]:
    actor = find_actor()
    if actor is None or not may(actor, Permission.ACCOUNT_RELEASE):
        return {}
    # Counted when a page asks, not for every page.
    count = partial(_count, actor)
    return {"releases": {"url": url_for("administration.list_requests"), "count": count}}


def _count(actor: Actor) -> int:
    return len(queries.list_requests(actor))


@blueprint.record_once
def _join(state: BlueprintSetupState) -> None:
    add_to_frame(cast("Flask", state.app), _frame)
