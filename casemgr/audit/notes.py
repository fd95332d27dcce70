"""Noting what happens: entries wait in the session and are chained when the unit of work commits."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from casemgr import clock
from casemgr.audit.rules import Note, Outcome, Scope, survives_rollback
from casemgr.db import current
from casemgr.policy import Actor

WAITING = "audit"
REQUEST = "request_id"
BULK = "bulk"


def changed(
    actor: Actor, action: str, kind: str, object_id: UUID | None, *, scope: Scope | None = None, **detail: Any
) -> None:
    """Note a change; it is written if and only if the change is.

    The detail names what changed and is sealed under the scope's key, by default the installation's own.
    Once that key is destroyed the installation's takes its place.
    """
    _note(actor, action, kind, object_id, Outcome.DONE, scope, detail)


def seen(
    actor: Actor, kind: str, object_id: UUID | None, fields: Iterable[str] = (), *, scope: Scope | None = None
) -> None:
    """Note that somebody read sealed fields of an object: which fields, never their values."""
    named = sorted(set(fields))
    _note(actor, f"{kind}:read", kind, object_id, Outcome.SEEN, scope, {"fields": named} if named else {})


def listed(actor: Actor, kind: str, object_ids: Sequence[UUID], fields: Iterable[str] = ()) -> None:
    """Note that a list showed these objects, in one entry."""
    detail = {"ids": [str(object_id) for object_id in object_ids], "fields": sorted(set(fields))}
    _note(actor, f"{kind}:list", kind, None, Outcome.SEEN, None, detail)


def refused(actor: Actor, action: str, kind: str, object_id: UUID | None = None) -> None:
    """Note an act that was refused; it stays on record when the unit of work is rolled back."""
    _note(actor, action, kind, object_id, Outcome.REFUSED, None, {})


def noted(
    actor: Actor | None,
    action: str,
    kind: str = "account",
    object_id: UUID | None = None,
    *,
    outcome: Outcome | str = Outcome.DONE,
    door: str = "page",
    scope: Scope | None = None,
    **detail: Any,
) -> None:
    """Note what is neither change nor read: sign-ins, key events, commands; the actor may be unknown."""
    _note(actor, action, kind, object_id, Outcome(outcome), scope, detail, door=door)


def name_request(session: Session, request_id: str) -> None:
    """Give all entries of this unit of work the number of their request."""
    session.info[REQUEST] = request_id


def in_bulk() -> None:
    """Let the cells that this unit of work writes go on record as one digest, for the thousands of a list."""
    current().info[BULK] = True


def take(session: Session, *, rolled_back: bool = False) -> list[Note]:
    """Return and forget what waits, so that another unit of work can write it.

    After a rollback only reads, refusals and failures are returned: the changes never happened.
    """
    notes: list[Note] = session.info.pop(WAITING, [])
    return [note for note in notes if survives_rollback(note)] if rolled_back else notes


def give(session: Session, notes: Iterable[Note]) -> None:
    """Let a writing unit of work carry notes that another one took down."""
    session.info.setdefault(WAITING, []).extend(notes)


def _note(
    actor: Actor | None,
    action: str,
    kind: str,
    object_id: UUID | None,
    outcome: Outcome,
    scope: Scope | None,
    detail: dict[str, Any],
    *,
    door: str = "page",
) -> None:
    session = current()
    note = Note(
        at=clock.now(),
        actor_id=actor.account_id if actor else None,
        session_id=actor.session_id if actor else None,
        unit_id=actor.unit_id if actor else None,
        door=actor.door if actor else door,
        action=action,
        object_kind=kind,
        object_id=object_id,
        outcome=outcome,
        request_id=session.info.get(REQUEST),
        scope=scope,
        detail=detail,
    )
    give(session, [note])
