"""The blueprint of accounts, and what its pages share."""

from collections.abc import Sequence
from typing import Any, cast

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from casemgr.accounts import returns, service, sessions
from casemgr.accounts.forms import wait_words
from casemgr.accounts.service import Attempt
from casemgr.crypto.passwords import BUSY
from casemgr.errors import Refused
from casemgr.i18n import gettext as _
from casemgr.policy import Actor
from casemgr.web.errors import error_page

blueprint = Blueprint("accounts", __name__)
blueprint.before_app_request(sessions.stop_at_shut_door)

Errors = Sequence[tuple[str, str]]
NONE: Errors = ()


@blueprint.record_once
def _install(state: BlueprintSetupState) -> None:
    sessions.install(cast("Flask", state.app))


@blueprint.errorhandler(Refused)
def _show_refused(error: Refused) -> ResponseReturnValue:
    """Too many passwords at once is "not ready", not a clash with somebody else's change."""
    return error_page(503 if error.reason == BUSY else 409, reason=error.reason)


def show(template: str, errors: Errors, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Render a page of this area.

    A wrong try answers 200, because the transaction that counts it must commit.
    """
    return render_template(template, errors=errors, **context), status


def tried(attempt: Attempt, field: str, wrong: str) -> tuple[Errors, int]:
    """Put a failed try into words: its mistake and the status of the answer."""
    if attempt.wait_seconds:
        return [(field, wait_words(attempt.wait_seconds))], 429
    return [(field, wrong)], 200


def go(endpoint_url: str, token: str | None = None) -> Response:
    """Go to another page by GET, with a new session token where there is one."""
    response = redirect(endpoint_url, code=303)
    return sessions.give_token(response, token) if token else response


def onward(actor: Actor) -> str:
    """Return where to go once signed in: held forms first, then the page that was asked for."""
    if service.list_held(actor):
        return url_for("accounts.show_held", next=request.args.get("next"))
    return returns.open_return(request.args.get("next")) or returns.home_url()


def address() -> str:
    """Return the address that tries are counted under."""
    return request.remote_addr or "unknown"


def wrong_code() -> str:
    """Say that a code is wrong without saying why."""
    return str(_("The code is wrong, has been used before, or is too old."))
