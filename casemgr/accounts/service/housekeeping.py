"""Removing what accounts need no more, and saying who acts for a job as things stand now."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, or_

from casemgr import clock
from casemgr.accounts import rules
from casemgr.accounts.models import Account, AccountSession, HeldPost, Throttle
from casemgr.db import current
from casemgr.errors import NotFound
from casemgr.policy import Actor

_LONGEST_SESSION = timedelta(hours=12)
"""What the settings allow at most; a session that began earlier is over, whether anybody ended it or not."""

_ENDED_KEPT = timedelta(days=7)
_COUNTED = timedelta(days=1)


def find_acting(account_id: UUID, door: str) -> Actor:
    """Return who acts for an account, with its unit and roles as of now; raises NotFound once it is shut."""
    account = current().get(Account, account_id, populate_existing=True)
    if account is None or account.state != "active":
        raise NotFound
    return Actor(account_id=account.id, unit_id=account.unit_id, roles=account.roles, door=door)


def purge_sessions(_: Actor) -> int:
    """Remove the sessions that ended, or ran out, more than seven days ago; return how many."""
    since = clock.now() - _ENDED_KEPT
    over = or_(AccountSession.ended_at < since, AccountSession.started_at < since - _LONGEST_SESSION)
    return _remove(delete(AccountSession).where(over))


def purge_held(_: Actor) -> int:
    """Remove the forms that their senders can no longer send again; return how many."""
    return _remove(delete(HeldPost).where(HeldPost.held_at < clock.now() - timedelta(days=rules.HELD_DAYS)))


def purge_throttles(_: Actor) -> int:
    """Remove counts of failures that nobody is slowed by any more; return how many."""
    return _remove(delete(Throttle).where(Throttle.since_at < clock.now() - _COUNTED))


def _remove(statement: Any) -> int:
    return cast("CursorResult[Any]", current().execute(statement)).rowcount
