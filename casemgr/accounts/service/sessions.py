"""Sessions in the table: begun, raised to the next stage, locked, ended; the browser holds only a token."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from casemgr import clock
from casemgr.accounts import rules
from casemgr.accounts.models import Account, AccountSession
from casemgr.accounts.service.digests import new_token, token_digest
from casemgr.audit import service as audit
from casemgr.audit.rules import OWN as LOG
from casemgr.db import afterwards, current
from casemgr.errors import Locked, NotFound
from casemgr.keys.service import key_beside
from casemgr.policy import Actor, Permission, require_role
from casemgr.units.models import Unit

_TOUCH = timedelta(minutes=1)
_KEPT = timedelta(days=30)
_LATE = timedelta(seconds=10)
"""How long a draft may arrive after the lock that was sent with it; it is kept, nothing is shown."""


_OWN_KEY, _own_key, _is_own = key_beside("account", Account.id)
_LOG_KEY, _log_key, _is_of_log = key_beside(*LOG)
_BY_TOKEN = (
    select(AccountSession, Account, Unit, _OWN_KEY, _LOG_KEY)
    .join(Account, Account.id == AccountSession.account_id)
    .join(Unit, Unit.id == Account.unit_id)
    .outerjoin(_own_key, _is_own)
    .outerjoin(_log_key, _is_of_log)
    .where(AccountSession.token_digest == bindparam("digest"))
)
"""With the two keys that almost every page needs: for the name in its frame, and for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the browser that asks stands: `code`, `enrol`, `open`, `locked`, or `over` (past its end)."""

    stage: str
    session_id: UUID
    actor: Actor
    is_just_locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSession:
    """An open session as its owner sees it."""

    session_id: UUID
    device: str
    started_at: datetime
    last_seen_at: datetime
    is_this: bool


def start_session(account: Account, stage: str, user_agent: str) -> str:
    """Begin a session and return its token; beyond three at the same stage the oldest ends.

    Whoever has only the password, and comes no further than the first step, ends nobody's open session.
    """
    now, token, session = clock.now(), new_token(), current()
    _end_oldest(account.id, stage)
    session.execute(
        delete(AccountSession).where(
            AccountSession.account_id == account.id, AccountSession.started_at < now - _KEPT
        )
    )
    row = AccountSession(
        account_id=account.id,
        token_digest=token_digest(token),
        stage=stage,
        started_at=now,
        last_seen_at=now,
        proven_at=now,
        unlock_failures=0,
        device=rules.device_words(user_agent),
    )
    session.add(row)
    session.flush()
    return token


def _end_oldest(account_id: UUID, stage: str) -> None:
    """Make room for one more session at a stage."""
    alike = select(AccountSession).where(
        AccountSession.account_id == account_id,
        AccountSession.ended_at.is_(None),
        AccountSession.stage == stage,
    )
    latest_first = alike.order_by(AccountSession.last_seen_at.desc())
    for row in list(current().scalars(latest_first))[rules.MOST_SESSIONS - 1 :]:
        row.ended_at = clock.now()


def raise_session(row: AccountSession, stage: str) -> str:
    """Bring a session to a stage after a proof and return its new token; the old one is void."""
    token, now = new_token(), clock.now()
    if row.stage != stage:
        _end_oldest(row.account_id, stage)
        row.started_at = now
    row.stage, row.token_digest, row.locked_at, row.unlock_failures = stage, token_digest(token), None, 0
    row.last_seen_at = row.proven_at = now
    current().flush()
    return token


def find_standing(token: str, *, idle_minutes: int, session_hours: int) -> Standing | None:
    """Read session, account, roles and state anew; None for an ended session or a closed account."""
    rows = current().execute(_BY_TOKEN, {"digest": token_digest(token)}).one_or_none()
    if rows is None:
        return None
    # Every page names account and unit: held on to, they are not read again in this unit of work.
    current().info["standing"] = rows
    row, account, _, *keys = rows
    keyring = current().info.get("keyring")
    if keyring is not None:
        keyring.take(current(), keys)
    closed = account.state == "disabled" or (row.stage == "open" and account.state != "active")
    if row.ended_at is not None or closed:
        return None
    stage = _stage(row, clock.now(), idle_minutes, session_hours)
    late = row.locked_at is not None and clock.now() - row.locked_at < _LATE
    return Standing(stage=stage, session_id=row.id, actor=actor_of(account, row), is_just_locked=late)


def _stage(row: AccountSession, now: datetime, idle_minutes: int, session_hours: int) -> str:
    if rules.is_over(row.stage, row.started_at, now, session_hours):
        return "over"
    if row.stage != "open":
        return row.stage
    idle = rules.is_idle(row.last_seen_at, now, idle_minutes)
    return "locked" if idle or row.locked_at is not None else "open"


def actor_of(account: Account, row: AccountSession | None) -> Actor:
    """Return who acts through a session."""
    session_id = row.id if row is not None else None
    return Actor(account_id=account.id, unit_id=account.unit_id, roles=account.roles, session_id=session_id)


def get_session(actor: Actor) -> AccountSession:
    """Return the session through which the actor acts; raises `NotFound` when it has ended."""
    row = current().get(AccountSession, actor.session_id) if actor.session_id else None
    if row is None or row.ended_at is not None:
        raise NotFound
    return row


def touch_session(actor: Actor) -> None:
    """Note after this request that somebody is there, at most once a minute."""
    row, now = get_session(actor), clock.now()
    if now - row.last_seen_at < _TOUCH:
        return
    alive = (
        AccountSession.id == row.id,
        AccountSession.last_seen_at == row.last_seen_at,
        AccountSession.locked_at.is_(None),
        AccountSession.ended_at.is_(None),
    )
    statement = update(AccountSession).where(*alive).values(last_seen_at=now)
    afterwards(lambda: _execute(statement))


def _execute(statement: object) -> None:
    current().execute(statement)  # type: ignore[call-overload]


def lock_session(actor: Actor) -> None:
    """Lock the screen until the password is typed."""
    row = get_session(actor)
    row.locked_at = row.locked_at or clock.now()
    audit.noted(actor, "account:lock", "account", actor.account_id)


def lock_behind(actor: Actor) -> None:
    """Lock the screen with the answer to a page that itself only reads."""
    afterwards(lambda: lock_session(actor))


def end_session(actor: Actor) -> None:
    """End the session through which the actor acts."""
    row = get_session(actor)
    row.ended_at, row.shown = clock.now(), None
    audit.noted(actor, "account:sign_out", "account", actor.account_id)


def end_other_sessions(actor: Actor) -> int:
    """End every session of the actor but this one; return how many."""
    ended = end_sessions(actor.account_id, but=actor.session_id)
    audit.noted(actor, "account:end_other_sessions", "account", actor.account_id, count=ended)
    return ended


def end_sessions(account_id: UUID, *, but: UUID | None = None) -> int:
    """End the sessions of an account in this transaction, together with what ends them."""
    open_ones = select(AccountSession).where(
        AccountSession.account_id == account_id, AccountSession.ended_at.is_(None)
    )
    rows = [row for row in current().scalars(open_ones) if row.id != but]
    for row in rows:
        row.ended_at, row.shown = clock.now(), None
    return len(rows)


def end_all_sessions(actor: Actor) -> int:
    """End everybody's sessions, because the accounts were put back to an earlier day; return how many."""
    require_role(actor, Permission.ACCOUNT_MANAGE)
    still_open = update(AccountSession).where(AccountSession.ended_at.is_(None)).values(ended_at=clock.now())
    ended = current().execute(still_open.execution_options(synchronize_session=False))
    audit.noted(actor, "account:end_all_sessions", "account", count=ended.rowcount)  # type: ignore[attr-defined]
    return int(ended.rowcount)  # type: ignore[attr-defined]


def list_sessions(actor: Actor, *, session_hours: int) -> list[LastSession]:
    """Return the actor's own sessions that are still open, latest first."""
    mine = select(AccountSession).where(
        AccountSession.account_id == actor.account_id,
        AccountSession.ended_at.is_(None),
        AccountSession.stage == "open",
        AccountSession.started_at > clock.now() - timedelta(hours=session_hours),
    )
    return [
        LastSession(
            session_id=row.id,
            device=row.device or "",
            started_at=row.started_at,
            last_seen_at=row.last_seen_at,
            is_this=row.id == actor.session_id,
        )
        for row in current().scalars(mine.order_by(AccountSession.last_seen_at.desc()))
    ]


def is_fresh(actor: Actor, minutes: int = 5) -> bool:
    """Say whether the actor has shown a factor within the last minutes, as grave acts demand."""
    return clock.now() - get_session(actor).proven_at < timedelta(minutes=minutes)


def drop_shown(actor: Actor) -> None:
    """Give up a renewal of factors: what was being written down is void."""
    get_session(actor).shown = None


def remember_language(actor: Actor, language: str) -> None:
    """Keep the language that somebody chose for the next sign-in; while the key is away, only for now."""
    account = current().get_one(Account, actor.account_id)
    try:
        if account.language != language:
            account.language = language
            audit.changed(actor, "account:self", "account", actor.account_id, field="language")
    except Locked:
        return
