"""The first gate: every endpoint declares who may ask for it, or the application does not start."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import policy
from casemgr.errors import CasemgrError
from casemgr.policy import Actor, Permission

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

MARK = "__casemgr_permission__"
PUBLIC = "public"


class Undeclared(CasemgrError):
    """Some endpoints declare neither a permission nor that they are public."""


class SignedOut(CasemgrError):
    """Nobody is signed in, and the page is not public."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a view: only roles that have the permission are let in."""

    def mark(view: View) -> View:
        setattr(view, MARK, permission)
        return view

    return mark


def public(view: View) -> View:
    """Mark a view that anybody may ask for, signed in or not."""
    setattr(view, MARK, PUBLIC)
    return view


def declared(app: Flask, endpoint: str) -> Permission | str | None:
    """Return what an endpoint declares: a permission, `public`, or nothing."""
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions[endpoint], MARK, None)


def install(app: Flask, load_actor: Callable[[], Actor | None]) -> None:
    """Refuse to start with an undeclared endpoint, then guard every request."""
    missing = sorted(name for name in app.view_functions if declared(app, name) is None)
    if missing:
        raise Undeclared(f"mark these views with @requires(Permission.…) or @public: {', '.join(missing)}")
    app.extensions["casemgr.load_actor"] = load_actor
    app.before_request(_guard)


def find_actor() -> Actor | None:
    """Return who is signed in, or None."""
    actor: Actor | None = g.get("actor")
    return actor


def current_actor() -> Actor:
    """Return who is signed in, or raise `SignedOut`."""
    actor = find_actor()
    if actor is None:
        raise SignedOut
    return actor


def _guard() -> ResponseReturnValue | None:
    if request.endpoint == "static":
        return None
    g.actor = current_app.extensions["casemgr.load_actor"]()
    if request.endpoint is None:
        return None
    mark: Any = declared(current_app, request.endpoint)
    if mark == PUBLIC:
        return None
    if find_actor() is None:
        return redirect(url_for("accounts.sign_in"), code=303)
    policy.require_role(current_actor(), mark)
    return None
