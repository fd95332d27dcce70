"""Errors to pages: one table from class to status, one page that says whether the data is safe."""

import logging
from uuid import UUID

from flask import Flask, current_app, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from casemgr import db, errors
from casemgr.audit import service as audit
from casemgr.web.guard import SignedOut, find_actor
from casemgr.web.logs import log_place

log = logging.getLogger("casemgr")

STATUS: dict[type[Exception], int] = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    SignedOut: 403,
    errors.Conflict: 409,
    errors.InvalidState: 409,
    errors.StaleVersion: 409,
    StaleDataError: 409,
    IntegrityError: 409,
    errors.Refused: 409,
    errors.Locked: 503,
    errors.OtherTables: 503,
    OperationalError: 503,
    CSRFError: 400,
}


def install(app: Flask) -> None:
    """Answer every error with our page, in the user's language."""
    for kind in STATUS:
        app.register_error_handler(kind, _show)
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(Exception, _show_unexpected)


def error_page(status: int, *, reason: str = "", reference: str = "") -> ResponseReturnValue:
    """Render the page for a status; the reference only appears when staff may have to look it up."""
    if request_ctx.url_adapter is None:
        # Asked for under a host name that is not ours: no page of ours can be addressed from there.
        return "Địa chỉ không đúng. / Wrong address.", status
    return render_template("errors/error.html", code=status, reason=reason, reference=reference), status


def _show(error: Exception) -> ResponseReturnValue:
    _leave_failed_transaction(error)
    if isinstance(error, IntegrityError) and not db.is_taken(error):
        return _show_unexpected(error)
    if isinstance(error, StaleDataError | IntegrityError):
        # Two saves at once passed the check before them: for the second it is the same clash.
        return current_app.handle_user_exception(errors.StaleVersion())
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if isinstance(error, errors.NotFound | errors.Forbidden):
        _audit_refusal()
    if isinstance(error, OperationalError):
        log.error("database unavailable: %s", type(error.orig).__name__)
    return error_page(status, reason=getattr(error, "reason", "") or getattr(error, "state", ""))


def _audit_refusal() -> None:
    """Both refusals, "never" and "not this one", are written down alike."""
    identifiers = [value for value in (request.view_args or {}).values() if isinstance(value, UUID)]
    actor = find_actor()
    if actor is not None:
        audit.refused(actor, request.endpoint or "unknown", "page", identifiers[0] if identifiers else None)


def _show_http(error: HTTPException) -> ResponseReturnValue:
    return error_page(error.code or 500) if (error.code or 500) >= 400 else error


def _leave_failed_transaction(error: Exception) -> None:
    """After a failed statement nothing can be read until the transaction is given up."""
    if db.is_working() and (isinstance(error, DBAPIError) or not db.current().is_active):
        db.current().rollback()


def _show_unexpected(error: Exception) -> ResponseReturnValue:
    _leave_failed_transaction(error)
    return error_page(500, reference=log_place(error))
