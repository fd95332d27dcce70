"""The blueprint of administration, and what its pages share."""

from pathlib import Path
from typing import cast
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from casemgr.web.application import CaseApplication

blueprint = Blueprint("administration", __name__, url_prefix="/administration")

Errors = list[tuple[str, str]]


def application() -> CaseApplication:
    """Return the application, which knows database and keys."""
    return cast("CaseApplication", current_app)


def folder() -> Path:
    """Return the folder of the installation."""
    return Path(current_app.extensions["casemgr.settings"].directory)


def typed_id(text: str | None) -> UUID | None:
    """Read an id from a select; anything else is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def go(endpoint: str, message: str = "", **values: object) -> ResponseReturnValue:
    """Go to another page by GET, with a word on what was done."""
    if message:
        flash(message, "ok")
    return redirect(url_for(endpoint, **values), code=303)  # type: ignore[arg-type]
