"""The parts of a case page: each feature that works on a case says in one line how its part stands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, current_app

from casemgr.policy import Actor

PARTS = "casemgr.case_parts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line of the case page: where its work is done and how it stands, in words.

    `status` is not_started, in_progress, done or review; `order` places it among the others.
    """

    order: int
    title: Any
    url: str
    status: str
    note: Any = ""


PartMaker = Callable[[Actor, UUID], Part | None]


def add_part(app: Flask, maker: PartMaker) -> None:
    """Let a feature add its line to every case page; the maker returns None when the role has none."""
    app.extensions.setdefault(PARTS, []).append(maker)


def list_parts(actor: Actor, case_id: UUID) -> list[Part]:
    """Return the lines of a case page in order."""
    made = [maker(actor, case_id) for maker in current_app.extensions.get(PARTS, [])]
    return sorted((part for part in made if part is not None), key=lambda part: part.order)
