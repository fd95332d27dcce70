"""Every reading of support actions: by their programme, or from the case that began them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from casemgr.audit import service as audit
from casemgr.cases.queries import get_case
from casemgr.db import Page, current, prefetch, take_page
from casemgr.db.paging import Key
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission, visible
from casemgr.support.models import SupportAction, SupportLink


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
    links = list(current().scalars(select(SupportLink).where(SupportLink.case_id == case.id)))
    audit.seen(actor, "case", case.id, ("support",), scope=("case", case.id))
    ids = [UUID(link.support_id) for link in links]
    actions = list(current().scalars(select(SupportAction).where(SupportAction.id.in_(ids))))
    return sorted(_rows(actions), key=lambda row: (row.created_day, row.code), reverse=True)


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
