"""What an audit entry says before it is chained: plain words, no table and no key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

Scope = tuple[str, UUID]
"""A kind of key and the id of what it belongs to."""

INSTALLATION = UUID("6f0c3d1e-5a5e-4c8e-9a54-a0d17a0d17a0")
"""Scope of the audit's own data key: what belongs to no case is sealed under it."""

OWN: Scope = ("audit", INSTALLATION)

CHECKPOINT_EVERY = 100
"""Entries between two signed checkpoints: what comes after the last one is not yet proven."""


class Outcome(StrEnum):
    """How an act ended."""

    DONE = "done"
    SEEN = "seen"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An entry that waits for the end of its unit of work."""

    at: datetime
    actor_id: UUID | None
    session_id: UUID | None
    unit_id: UUID | None
    door: str
    action: str
    object_kind: str
    object_id: UUID | None
    outcome: Outcome
    request_id: str | None = None
    scope: Scope | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def survives_rollback(note: Note) -> bool:
    """Say whether a note stays true when the change around it is taken back: reads and refusals do."""
    return note.outcome is not Outcome.DONE


def merged(notes: Iterable[Note]) -> list[Note]:
    """Fold repeated reads of one object in one unit of work into the first, with all their fields."""
    kept: dict[object, Note] = {}
    for position, note in enumerate(notes):
        key = _sight(note) or position
        kept[key] = _joined(kept[key], note) if key in kept else note
    return list(kept.values())


def _sight(note: Note) -> object:
    if note.outcome is not Outcome.SEEN or not set(note.detail) <= {"fields"}:
        return None
    return (note.actor_id, note.door, note.action, note.object_kind, note.object_id, note.scope)


def _joined(first: Note, later: Note) -> Note:
    fields = {*first.detail.get("fields", ()), *later.detail.get("fields", ())}
    return replace(first, detail={"fields": sorted(fields)} if fields else {})
