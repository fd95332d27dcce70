"""Grave acts ask for the password again when it was not shown within the last minutes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from casemgr.accounts import returns, service, sessions
from casemgr.web.guard import current_actor

FRESH_MINUTES = 5
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def require_fresh(minutes: int = FRESH_MINUTES) -> ResponseReturnValue | None:
    """Return the way to the confirm page, or None when a factor was shown lately.

    A form that was sent is held and offered again afterwards. To be called first in a view:
    `if answer := require_fresh(): return answer`.
    """
    actor = current_actor()
    if service.is_fresh(actor, minutes):
        return None
    if request.method == "POST":
        sessions.hold_request(actor)
    return redirect(url_for("accounts.confirm", next=returns.sign_here() or None), code=303)


def fresh(view: View) -> View:
    """Mark a view that demands a factor within the last five minutes; put it below `@requires`."""

    @wraps(view)
    def asked(*args: Any, **arguments: Any) -> ResponseReturnValue:
        return require_fresh() or view(*args, **arguments)

    return asked  # type: ignore[return-value]
