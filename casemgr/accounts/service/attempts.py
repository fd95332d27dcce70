"""Tries to prove who one is: how they are slowed down, counted and written down.

They are counted in the transaction of the try itself, behind a row lock: parallel guesses queue. A page that
answers a wrong try therefore commits (status 200).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casemgr import clock
from casemgr.accounts import rules
from casemgr.accounts.models import Account, Throttle
from casemgr.accounts.service.digests import throttle_key
from casemgr.audit import service as audit
from casemgr.audit.rules import Outcome
from casemgr.db import current
from casemgr.policy import Actor

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_KEPT = timedelta(days=1)
SIGN_IN = "address"
"""Door at which people prove who they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How a try ended: with a new token, with a wait, or with neither (wrong)."""

    token: str | None = None
    stage: str = ""
    wait_seconds: int = 0
    problem: str = ""


def wait_for(digest: bytes, address: str, door: str = SIGN_IN) -> int:
    """Return how many seconds a name from an address must still wait; locks both counters until commit.

    Each door counts for itself: who mistypes at one keeps nobody behind the same address from another.
    """
    now = clock.now()
    waits = [_wait(_locked(throttle_key("name", digest)), now)]
    waits.append(_wait(_locked(throttle_key(door, address.encode())), now))
    return max(waits)


def count_failure(digest: bytes, address: str, account: Account | None, door: str = SIGN_IN) -> None:
    """Count a wrong try against the name, the address at this door and, where there is one, the account."""
    now = clock.now()
    _count_name(_locked(throttle_key("name", digest)), now)
    _count_address(_locked(throttle_key(door, address.encode())), now)
    if account is not None:
        # Counted by the database: the row was read before the lock, and another guess may have ended since.
        more = update(Account).where(Account.id == account.id).values(failures=Account.failures + 1)
        current().execute(more.execution_options(synchronize_session=False))
        current().refresh(account, ["failures"])


def clear_failures(account: Account) -> None:
    """Forget the wrong tries of somebody who has now proven who they are."""
    account.failures = 0
    key = throttle_key("name", account.name_digest)
    session = current()
    session.execute(delete(Throttle).where(Throttle.key == key))
    session.execute(delete(Throttle).where(Throttle.since_at < clock.now() - _KEPT))


def refused(action: str, account_id: UUID | None) -> None:
    """Write down a wrong try; the name that was typed is not kept."""
    audit.noted(None, action, "account", account_id, outcome=Outcome.REFUSED)


def done(actor: Actor, action: str, **detail: Any) -> None:
    """Write down that somebody proved who they are."""
    audit.noted(actor, action, "account", actor.account_id, **detail)


def _locked(key: bytes) -> Throttle:
    session = current()
    session.flush()
    insert = _INSERTS[session.connection().dialect.name](Throttle)
    row = insert.values(key=key, failures=0, since_at=clock.now(), until_at=None)
    session.execute(row.on_conflict_do_nothing())
    found = select(Throttle).where(Throttle.key == key).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one()


def _wait(row: Throttle, now: datetime) -> int:
    return max(0, ceil((row.until_at - now).total_seconds())) if row.until_at else 0


def _count_name(row: Throttle, now: datetime) -> None:
    quiet = now - row.since_at >= rules.ACCOUNT_QUIET
    row.failures = 1 if quiet else row.failures + 1
    row.since_at = now
    wait = rules.wait_after(row.failures)
    row.until_at = now + wait if wait else None


def _count_address(row: Throttle, now: datetime) -> None:
    if now - row.since_at >= rules.ADDRESS_WINDOW:
        row.failures, row.since_at, row.until_at = 0, now, None
    row.failures += 1
    if row.failures >= rules.ADDRESS_TRIES:
        row.until_at = row.since_at + rules.ADDRESS_WINDOW
