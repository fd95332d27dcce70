"""The browser's side of sessions: the cookie, who is signed in, and what happens at a shut door."""

from typing import Any
from uuid import UUID

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from werkzeug.wrappers import Response

from casemgr import i18n
from casemgr.accounts import queries, returns, service
from casemgr.accounts.service import Standing
from casemgr.errors import Locked
from casemgr.i18n import gettext as _
from casemgr.policy import Actor
from casemgr.units import queries as units
from casemgr.web import guard, once, pages

COOKIE = "__Host-s"
HELD = "_held"
"""Field of a form that is sent again: names the held copy that is dropped when the form is taken."""

COVER_SECONDS = 120
DRAFT = "web.save_draft"
UNKEPT = frozenset({"csrf_token", once.FIELD, HELD})
PAGE_OF = {"code": "accounts.enter_code", "enrol": "accounts.continue_enrolment", "locked": "accounts.unlock"}


class Person:
    """What Flask-Login's `current_user` is: the account of the request, and nothing kept in the browser."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def get_id(self) -> str:
        """Return the account's id."""
        return str(self.actor.account_id)


def install(app: Flask) -> None:
    """Let pages know who is signed in."""
    login = LoginManager()
    login.session_protection = None
    login.request_loader(_load_person)
    login.init_app(app)
    pages.add_to_frame(app, _frame)


def load_actor() -> Actor | None:
    """Return who is signed in with an open, unlocked session; read anew at each request."""
    standing = find_standing()
    if standing is None:
        return None
    if standing.stage == "open":
        service.touch_session(standing.actor)
        return standing.actor
    return standing.actor if _comes_late(standing) else None


def _comes_late(standing: Standing) -> bool:
    """Say whether this is what was typed before the screen was locked, overtaken on its way by the lock."""
    return standing.stage == "locked" and standing.is_just_locked and request.endpoint == DRAFT


def find_standing() -> Standing | None:
    """Return where this browser stands, read once a request."""
    if "standing" not in g:
        token = request.cookies.get(COOKIE)
        settings = current_app.extensions["casemgr.settings"]
        limits = {"idle_minutes": settings.idle_minutes, "session_hours": settings.session_hours}
        g.standing = service.find_standing(token, **limits) if token else None
        g.account = g.standing.actor if g.standing and g.standing.stage == "open" else None
    standing: Standing | None = g.standing
    return standing


def give_token(response: Response, token: str) -> Response:
    """Put a new token into the browser, until it is closed."""
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="Strict", path="/")
    return response


def take_token(response: Response) -> Response:
    """Take the token out of the browser."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Strict", path="/")
    return response


def renew_visitor(actor: Actor) -> None:
    """At sign-in: a new form token, and the language that this person chose last."""
    language = queries.find_language(actor) or session.get("language")
    session.clear()
    if language:
        i18n.choose_language(language)


def stop_at_shut_door() -> ResponseReturnValue | None:
    """Before each request: send whoever may not come in to the page that lets them in, losing nothing."""
    endpoint = request.endpoint
    if endpoint in {None, "static"} or guard.declared(current_app, str(endpoint)) == guard.PUBLIC:
        return None
    standing = find_standing()
    if standing is not None and standing.stage == "open":
        _drop_held(standing.actor)
        return None
    if standing is not None and _comes_late(standing):
        return None
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":
        raise guard.SignedOut
    stage = standing.stage if standing else ""
    return redirect(url_for(PAGE_OF.get(stage, "accounts.sign_in"), next=_way_back(standing)), code=303)


def _way_back(standing: Standing | None) -> str | None:
    if request.method in {"GET", "HEAD"}:
        return returns.sign_here() or None
    if standing is not None and standing.stage in {"locked", "over"} and not hold_request(standing.actor):
        flash(_("Too many forms wait to be sent again. This one was not kept."), "warn")
    return returns.sign_here() or None


def hold_request(actor: Actor) -> bool:
    """Keep the form that was sent; its files cannot be kept."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in UNKEPT]
    place = {name: str(value) for name, value in (request.view_args or {}).items()}
    return service.hold_post(
        actor,
        endpoint=str(request.endpoint),
        place=place,
        fields=fields,
        had_files=any(file.filename for file in request.files.values()),
    )


def _drop_held(actor: Actor) -> None:
    held = request.form.get(HELD) if request.method == "POST" else None
    if held:
        try:
            service.drop_post(actor, UUID(held))
        except ValueError:
            return


def _load_person(_: object) -> Person | None:
    actor = g.get("account")
    return Person(actor) if actor else None


def _frame() -> dict[str, Any]:
    standing: Standing | None = g.get("standing")
    frame: dict[str, Any] = {
        "help_url": url_for("accounts.show_help"),
        "language_url": url_for("accounts.choose_language"),
        "back": returns.sign_here(),
        "is_answer": request.method == "POST",
        "exit_url": url_for("accounts.leave"),
        "leave_url": url_for("accounts.show_away"),
    }
    if standing is None or standing.stage != "open":
        return frame
    settings = current_app.extensions["casemgr.settings"]
    return frame | {
        "account": _account(standing.actor),
        "home_url": returns.home_url(),
        "sign_out_url": url_for("accounts.sign_out"),
        "lock_url": url_for("accounts.lock"),
        "stay_url": url_for("accounts.stay"),
        "lock_after": settings.idle_minutes * 60,
        "cover_after": COVER_SECONDS,
    }


def _account(actor: Actor) -> dict[str, str]:
    unit = units.get_own_unit(actor).name
    try:
        name = queries.get_self(actor).name
    except Locked:
        name = ""
    return {"name": name, "unit": unit, "url": url_for("accounts.show_account")}
