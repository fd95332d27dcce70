"""Every reading of support actions: by their programme, or from the case that began them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from casemgr.accounts.models import Account
from casemgr.audit import service as audit
from casemgr.cases.queries import get_case
from casemgr.db import Page, current, prefetch, take_page
from casemgr.db.paging import Key
from casemgr.errors import NotFound
from casemgr.policy import GRANTS, Actor, Permission, require_role, visible
from casemgr.support.models import SupportAction, SupportLink
from casemgr.support.rules import NOT_TAKEN_UP, SupportState

_LINKS_OF = select(SupportLink).where(SupportLink.case_id == bindparam("case_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportRow:
    """An action as lists show it: without a name."""

    id: UUID
    code: str
    state: str
    created_day: date
    kind: str
    group: str
    programme: str
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a case may know of a record that its referral became: how far it is, and whether it helped."""

    has_begun: bool
    has_ended: bool
    was_taken_up: bool
    needs_met: str | None


def get_support(
    actor: Actor, support_id: UUID, permission: Permission = Permission.SUPPORT_READ
) -> SupportAction:
    """Return an action on which the actor has the permission, or raise `NotFound`."""
    here = (SupportAction.id == support_id, visible(actor, permission, SupportAction))
    found = current().scalar(select(SupportAction).where(*here))
    if found is None:
        raise NotFound
    return found


def open_page(actor: Actor, support_id: UUID, *fields: str) -> SupportAction:
    """Return an action to be shown, and write down that its sealed fields were read."""
    action = get_support(actor, support_id)
    audit.seen(actor, "support", action.id, fields, scope=("support", action.id))
    return action


def list_support(actor: Actor, states: Collection[str], *, before: Key | None = None) -> Page[SupportRow]:
    """Return one page of the unit's actions, newest day first; within a day the order is one of chance."""
    here = (visible(actor, Permission.SUPPORT_READ, SupportAction), SupportAction.state.in_(states))
    actions = take_page(select(SupportAction).where(*here), SupportAction.created_day, before)
    if actions:
        audit.listed(actor, "support", [action.id for action in actions], fields=("answers",))
    return actions.told_as(_rows(actions))


def list_support_of(actor: Actor, case_id: UUID) -> list[SupportRow]:
    """Return the actions that a case began, newest first.

    The reading is noted on the case alone: an entry on the action would show the way from one to the other.
    """
    case = get_case(actor, case_id, Permission.SUPPORT_LINK)
    links = list(current().scalars(_LINKS_OF, {"case_id": case.id}))
    audit.seen(actor, "case", case.id, ("support",), scope=("case", case.id))
    if not links:
        return []
    ids = [UUID(link.support_id) for link in links]
    actions = list(current().scalars(select(SupportAction).where(SupportAction.id.in_(ids))))
    return sorted(_rows(actions), key=lambda row: (row.created_day, row.code), reverse=True)


def has_list(actor: Actor, unit_id: UUID, kept_from: Collection[UUID]) -> bool:
    """Say whether a unit keeps a list of support that nobody reads from whom a referral is kept.

    Whoever is kept from it may be given another role any day, so their unit gets no entry at all.
    """
    require_role(actor, Permission.ACCOUNT_SELF)
    keeping = {role for role, grants in GRANTS.items() if Permission.SUPPORT_CHANGE in grants}
    found = list(current().scalars(select(Account).where(Account.unit_id == unit_id)))
    is_kept = any(account.state == "active" and account.roles & keeping for account in found)
    return is_kept and not {account.id for account in found} & set(kept_from)


def find_progress(actor: Actor, case_id: UUID, support_id: UUID) -> Progress:
    """Return how far an action is that somebody took on by referral, for the case that began it.

    Nothing of it is written down here: an entry would show the way from the programme's list to the case.
    Raises `NotFound` for an action of another case.
    """
    case = get_case(actor, case_id, Permission.SUPPORT_LINK)
    links = list(current().scalars(select(SupportLink).where(SupportLink.case_id == case.id)))
    if str(support_id) not in {link.support_id for link in links}:
        raise NotFound
    action = current().get_one(SupportAction, support_id)
    ending = action.outcome or {}
    return Progress(
        has_begun=action.state == SupportState.RUNNING,
        has_ended=action.state in (SupportState.DONE, SupportState.DROPPED),
        was_taken_up=ending.get("outcome") != NOT_TAKEN_UP,
        needs_met=ending.get("needs_met"),
    )


def _rows(actions: Sequence[SupportAction]) -> list[SupportRow]:
    prefetch(current(), actions, "answers")
    return [_row(action) for action in actions]


def _row(action: SupportAction) -> SupportRow:
    answers = action.known
    return SupportRow(
        id=action.id,
        code=action.code,
        state=action.state,
        created_day=action.created_day,
        kind=answers["kind"],
        group=answers["group"],
        programme=answers["programme"],
        outcome=(action.outcome or {}).get("outcome"),
    )
