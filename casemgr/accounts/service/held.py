"""Forms that were sent while the screen was locked: kept sealed, offered again, dropped when sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from casemgr import clock
from casemgr.accounts import rules
from casemgr.accounts.models import HeldPost
from casemgr.audit import service as audit
from casemgr.db import current
from casemgr.policy import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A held form: where it was going and what was typed."""

    held_id: UUID
    held_at: datetime
    endpoint: str
    place: dict[str, Any]
    fields: tuple[tuple[str, str], ...]
    had_files: bool


def hold_post(
    actor: Actor, *, endpoint: str, place: dict[str, Any], fields: list[tuple[str, str]], had_files: bool
) -> bool:
    """Keep a form for its sender; False when too many wait already."""
    session = current()
    mine = HeldPost.account_id == actor.account_id
    session.execute(
        delete(HeldPost).where(mine, HeldPost.held_at < clock.now() - timedelta(days=rules.HELD_DAYS))
    )
    waiting = session.scalar(select(func.count()).select_from(HeldPost).where(mine)) or 0
    if waiting >= rules.MOST_HELD:
        return False
    content = {"endpoint": endpoint, "place": place, "fields": fields, "had_files": had_files}
    session.add(HeldPost(account_id=actor.account_id, held_at=clock.now(), content=content))
    audit.noted(actor, "account:hold_post", "account", actor.account_id)
    session.flush()
    return True


def list_held(actor: Actor) -> list[Held]:
    """Return the forms that wait for the actor, oldest first."""
    since = clock.now() - timedelta(days=rules.HELD_DAYS)
    mine = select(HeldPost).where(HeldPost.account_id == actor.account_id, HeldPost.held_at >= since)
    held = [_held(row) for row in current().scalars(mine.order_by(HeldPost.held_at))]
    if held:
        audit.listed(actor, "held_post", [one.held_id for one in held], ("content",))
    return held


def drop_post(actor: Actor, held_id: UUID) -> None:
    """Forget a held form, because it was sent again or is not wanted any more."""
    mine = (HeldPost.id == held_id, HeldPost.account_id == actor.account_id)
    current().execute(delete(HeldPost).where(*mine))


def _held(row: HeldPost) -> Held:
    content = row.content
    return Held(
        held_id=row.id,
        held_at=row.held_at,
        endpoint=content["endpoint"],
        place=content["place"],
        fields=tuple((name, value) for name, value in content["fields"]),
        had_files=content["had_files"],
    )
