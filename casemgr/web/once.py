"""A form sent twice has one effect: its key is claimed before the view runs, in the same transaction."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

from flask import Flask, Response, abort, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.datastructures import FileStorage

from casemgr import clock
from casemgr.db import current
from casemgr.web.guard import find_actor
from casemgr.web.models import AnsweredPost

FIELD = "once"


def install(app: Flask) -> None:
    """Claim keyed posts before the view and remember where their answer lies."""
    app.jinja_env.globals["once_key"] = new_key
    app.before_request(_claim)
    app.after_request(_remember)


def new_key() -> str:
    """Return a fresh key for a form."""
    return secrets.token_urlsafe(16)


def _claim() -> ResponseReturnValue | None:
    actor = find_actor()
    key = request.form.get(FIELD, "") if request.method == "POST" else ""
    if actor is None or not key or len(key) > 64 or request.endpoint == "web.save_draft":
        return None
    digest = _digest()
    values = {
        "id": uuid4(),
        "account_id": actor.account_id,
        "post_key": key,
        "digest": digest,
        "location": "",
        "answered_day": clock.today(),
    }
    if _insert_new(values):
        g.once_row = values["id"]
        return None
    found = (
        current()
        .execute(
            select(AnsweredPost.digest, AnsweredPost.location).where(
                AnsweredPost.account_id == actor.account_id, AnsweredPost.post_key == key
            )
        )
        .one()
    )
    if found.digest != digest:
        abort(409)
    return redirect(found.location or "/", code=303)


def _insert_new(values: dict[str, object]) -> bool:
    """Insert the claim unless the key was claimed; on PostgreSQL this waits for a claim that is under way."""
    dialect = current().get_bind().dialect.name
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(AnsweredPost).values(**values)
    claim = statement.on_conflict_do_nothing(index_elements=["account_id", "post_key"])
    # Not by the row count, which psycopg leaves at -1 here: a second claim would look like a first one.
    return current().scalar(claim.returning(AnsweredPost.id)) is not None


def _digest() -> bytes:
    parts = sorted(
        f"{name}={text}"
        for name, texts in request.form.lists()
        if name not in (FIELD, "csrf_token")
        for text in texts
    )
    # Another file under the same words is another form.
    parts += [f"{name}={_file_digest(file)}" for name, file in _files()]
    # Keyed with the application's secret: the digest of a short form must not be guessable from the table.
    key = hashlib.sha256(bytes(current_app.config["SECRET_KEY"]) + request.path.encode()).digest()
    return hashlib.blake2b("\0".join(parts).encode(), key=key, digest_size=32).digest()


def _files() -> list[tuple[str, FileStorage]]:
    return sorted(request.files.items(multi=True), key=lambda named: named[0])


def _file_digest(file: FileStorage) -> str:
    digest = hashlib.sha256(file.stream.read()).hexdigest()
    file.stream.seek(0)
    return digest


def _remember(response: Response) -> Response:
    row = g.pop("once_row", None)
    if row is not None and response.status_code < 300:
        current().execute(delete(AnsweredPost).where(AnsweredPost.id == row))
    elif row is not None and response.status_code < 400:
        current().execute(
            update(AnsweredPost)
            .where(AnsweredPost.id == row)
            .values(location=response.location or request.path)
        )
    return response


def purge(days: int) -> int:
    """Forget answers that were given so many days ago or earlier; return how many."""
    old = AnsweredPost.answered_day <= clock.today() - timedelta(days=days)
    return cast("CursorResult[Any]", current().execute(delete(AnsweredPost).where(old))).rowcount
