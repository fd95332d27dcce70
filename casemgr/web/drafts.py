"""Drafts: nothing typed is lost, on the server and sealed, never in the browser."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, bindparam, delete, select

from casemgr import clock
from casemgr.db import afterwards, current
from casemgr.policy import Actor
from casemgr.web.models import Draft

NOBODY = UUID(int=0)
"""Stands for the record of a form that starts something new."""

SKIPPED = frozenset({"csrf_token", "once"})

_BY_NAME = select(Draft).where(
    *(getattr(Draft, name) == bindparam(name) for name in ("account_id", "form", "object_id"))
)


def save_draft(actor: Actor, form: str, object_id: UUID, typed: Mapping[str, Sequence[str]]) -> None:
    """Keep what was typed, in place of what was kept before."""
    draft = _find(actor, form, object_id)
    if draft is None:
        draft = Draft(account_id=actor.account_id, form=form, object_id=object_id)
        current().add(draft)
    draft.saved_day = clock.today()
    draft.content = {name: list(texts) for name, texts in typed.items() if name not in SKIPPED}


def find_draft(actor: Actor, form: str, object_id: UUID = NOBODY) -> dict[str, list[str]] | None:
    """Return what the actor had typed into a form, if it was not sent."""
    draft = _find(actor, form, object_id)
    return dict(draft.content) if draft else None


def discard_draft(actor: Actor, form: str, object_id: UUID = NOBODY) -> None:
    """Forget a draft, because the form was sent or given up."""
    draft = _find(actor, form, object_id)
    if draft is not None:
        current().delete(draft)
        current().flush()


def discard_later(actor: Actor, form: str, object_id: UUID = NOBODY) -> None:
    """Forget a draft after a page that only reads."""
    afterwards(lambda: discard_draft(actor, form, object_id))


def list_drafts(actor: Actor) -> list[tuple[str, UUID]]:
    """Return which forms the actor has begun and not sent."""
    query = select(Draft.form, Draft.object_id).where(Draft.account_id == actor.account_id)
    return [(form, object_id) for form, object_id in current().execute(query.order_by(Draft.saved_day))]


def _find(actor: Actor, form: str, object_id: UUID) -> Draft | None:
    named = {"account_id": actor.account_id, "form": form, "object_id": object_id}
    return current().scalar(_BY_NAME, named)


def purge(days: int) -> int:
    """Remove the drafts that were saved last so many days ago or earlier; return how many."""
    old = Draft.saved_day <= clock.today() - timedelta(days=days)
    return cast("CursorResult[Any]", current().execute(delete(Draft).where(old))).rowcount
