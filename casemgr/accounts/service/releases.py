"""Four eyes on accounts: what an administrator asks for takes effect when somebody else releases it.

Whoever could have an account enrolled anew could read in its owner's place. So a reset, an invitation or new
roles of an account that has to do with people's records wait. The code of the enrolment has two halves, drawn
at different times and shown to different people; each hands hers over in person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from casemgr import clock
from casemgr.accounts import rules
from casemgr.accounts.models import Account, AccountRequest, Factor, HeldPost
from casemgr.accounts.service.digests import INVITATION_SIGNS, code_digest
from casemgr.accounts.service.enrolment import remove_factors
from casemgr.accounts.service.sessions import end_sessions
from casemgr.audit import service as audit
from casemgr.crypto.readable import grouped, new_code
from casemgr.db import current
from casemgr.errors import InvalidState, NotFound, Refused
from casemgr.policy import Actor, Permission, Role, is_confidential, reach_of, require_role, visible

SECOND_PERSON = "second_person"
STILL_WAITING = "still_waiting"
OPEN, RELEASED, UNRELEASED, REFUSED, WITHDRAWN = "open", "released", "unreleased", "refused", "withdrawn"
INVITE, RESET, ENABLE, ROLES = "invite", "reset", "enable", "roles"
_HALF = INVITATION_SIGNS // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What whoever acted hands over: a code, or the half of it when the act `waits` for somebody else."""

    code: str = ""
    waits: bool = False


def must_wait(roles: Collection[Role]) -> bool:
    """Say whether an account with these roles is enrolled anew only with a second person."""
    return any(is_confidential(role) for role in roles)


def is_founding(actor: Actor, account: Account) -> bool:
    """Say whether this is the first who could release anything, invited before anybody else has enrolled."""
    can_release = Role.SUPERVISOR in account.roles or Role.DATA_PROTECTION in account.roles
    others = select(Account.id).where(Account.enrolled_on.is_not(None), Account.id != actor.account_id)
    return can_release and current().scalar(others.limit(1)) is None


def draw_at_once(account: Account) -> str:
    """Void what proved who the owner was, and return the whole code of a new invitation.

    What was typed and held while the screen was locked goes with it: the owner alone may read that, and here
    nobody else has vouched for who enrols.
    """
    current().execute(delete(HeldPost).where(HeldPost.account_id == account.id))
    close_open(account.id, WITHDRAWN, account.id)
    code = new_code(INVITATION_SIGNS)
    _draw(account, code)
    return grouped(code)


def _draw(account: Account, code: str) -> None:
    remove_factors(account, "totp", "sheet", "recovery", "invitation")
    account.password_hash, account.state, account.failures = None, "invited", 0
    end_sessions(account.id)
    factor = Factor(
        account_id=account.id,
        kind="invitation",
        number=0,
        digest=code_digest("invitation", code, account.id),
        valid_until=clock.now() + timedelta(days=rules.INVITATION_DAYS),
    )
    current().add(factor)
    current().flush()


def ask(actor: Actor, account: Account, kind: str, roles: Collection[Role] | None = None) -> Given:
    """Put an act before a second person; an earlier one is withdrawn, and nothing of the account changes."""
    require_role(actor, Permission.ACCOUNT_MANAGE)
    close_open(account.id, WITHDRAWN, actor.account_id)
    wanted = account.roles if roles is None else frozenset(roles)
    enrols = kind != ROLES or account.state != "active" or not must_wait(account.roles)
    request = AccountRequest(
        account_id=account.id,
        asked_by=actor.account_id,
        kind=kind,
        roles_text=",".join(sorted(wanted)),
        state=OPEN,
        asked_at=clock.now(),
        first_half=new_code(_HALF) if enrols else None,
    )
    current().add(request)
    current().flush()
    audit.changed(actor, "account:ask", "account", account.id, asked=kind, roles=sorted(wanted))
    return Given(code=grouped(request.first_half or ""), waits=True)


def release(actor: Actor, request_id: UUID) -> Given:
    """Let an act take effect that somebody else asked for; return the second half of the code, if one is due.

    Raises `NotFound` for whoever is not a second person, and for one's own account.
    """
    request = _decidable(actor, request_id)
    half = new_code(_HALF) if request.first_half else ""
    _carry_out(actor, request, half, RELEASED)
    return Given(code=grouped(half))


def refuse(actor: Actor, request_id: UUID) -> None:
    """Say no to an act that somebody else asked for."""
    request = _decidable(actor, request_id)
    audit.changed(actor, "account:refuse", "account", request.account_id, asked=request.kind)
    _decide(actor, request, REFUSED)


def refuse_own(actor: Actor) -> None:
    """Stop what was asked about one's own account: whoever can still sign in needs no new invitation."""
    require_role(actor, Permission.ACCOUNT_SELF)
    request = find_open(actor.account_id)
    if request is not None:
        audit.changed(actor, "account:refuse", "account", request.account_id, asked=request.kind)
        _decide(actor, request, REFUSED)


def carry_out_unreleased(actor: Actor, account_id: UUID, *, conflicted: Collection[UUID]) -> Given:
    """Carry out an act after the waiting time, where nobody is left who could release it; return the code.

    `conflicted` are those from whom something in the account's reach is kept. Raises Refused `still_waiting`
    before the time, and `second_person` as long as somebody can release it.
    """
    require_role(actor, Permission.ACCOUNT_MANAGE)
    request = find_open(account_id)
    if request is None or account_id == actor.account_id:
        raise NotFound
    if clock.now() < request.asked_at + rules.UNRELEASED_WAIT:
        raise Refused(STILL_WAITING)
    account = current().get_one(Account, account_id)
    if find_seconds(account) - {*conflicted, actor.account_id, request.asked_by}:
        raise Refused(SECOND_PERSON)
    first, half = request.first_half, new_code(_HALF)
    _carry_out(actor, request, half if first else "", UNRELEASED)
    return Given(code=grouped(f"{first}{half}") if first else "")


def close_open(account_id: UUID, state: str, decided_by: UUID) -> None:
    """End the open request about an account, if there is one."""
    request = find_open(account_id)
    if request is not None:
        request.state, request.first_half = state, None
        request.decided_by, request.decided_at = decided_by, clock.now()
        current().flush()


def find_open(account_id: UUID) -> AccountRequest | None:
    """Return the request about an account that still waits; nobody else can decide it until commit."""
    open_one = select(AccountRequest).where(
        AccountRequest.account_id == account_id, AccountRequest.state == OPEN
    )
    return current().scalar(open_one.with_for_update())


def find_seconds(account: Account) -> set[UUID]:
    """Return who could release something about an account: active supervisors above it and officers."""
    active = select(Account).where(Account.state == "active", Account.id != account.id)
    return {one.id for one in current().scalars(active) if _is_second(one, account)}


def _is_second(one: Account, account: Account) -> bool:
    actor = Actor(account_id=one.id, unit_id=one.unit_id, roles=one.roles)
    if Role.ADMINISTRATOR in one.roles or not reach_of(actor, Permission.ACCOUNT_RELEASE):
        return False
    found = select(AccountRequest.id).where(
        AccountRequest.account_id == account.id,
        AccountRequest.state == OPEN,
        visible(actor, Permission.ACCOUNT_RELEASE, AccountRequest),
    )
    return current().scalar(found) is not None


def _decidable(actor: Actor, request_id: UUID) -> AccountRequest:
    require_role(actor, Permission.ACCOUNT_RELEASE)
    here = (AccountRequest.id == request_id, visible(actor, Permission.ACCOUNT_RELEASE, AccountRequest))
    request = current().scalar(select(AccountRequest).where(*here).with_for_update())
    if request is None or Role.ADMINISTRATOR in actor.roles:
        raise NotFound
    if request.state != OPEN:
        raise InvalidState(request.state)
    return request


def _carry_out(actor: Actor, request: AccountRequest, second_half: str, state: str) -> None:
    account = current().get_one(Account, request.account_id)
    before = account.roles
    if request.kind == ROLES:
        account.roles = request.roles
        end_sessions(account.id)
    if request.first_half:
        _draw(account, f"{request.first_half}{second_half}")
    _decide(actor, request, state)
    detail: dict[str, Any] = {"asked": request.kind, "asked_by": str(request.asked_by)}
    if before != account.roles:
        detail |= {"before": sorted(before), "after": sorted(account.roles)}
    act = "account:release" if state == RELEASED else "account:unreleased"
    audit.changed(actor, act, "account", account.id, **detail)


def _decide(actor: Actor, request: AccountRequest, state: str) -> None:
    request.state, request.first_half = state, None
    request.decided_by, request.decided_at = actor.account_id, clock.now()
    current().flush()
