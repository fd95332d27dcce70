"""Reading tips: what the unit that follows them up may see, and the little that a sender may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.accounts.models import Account
from casemgr.audit import service as audit
from casemgr.audit.rules import Outcome as AuditOutcome
from casemgr.codes import lists
from casemgr.db import Page, current, only, prefetch, take_page
from casemgr.db.paging import Key
from casemgr.errors import NotFound, Refused
from casemgr.policy import GRANTS, Actor, Permission, Role, require_role, visible
from casemgr.text.names import phrase_key
from casemgr.tips.models import Tip, TipExclusion
from casemgr.tips.rules import TipState, count_by_month, first_month_shown
from casemgr.units.models import Unit
from casemgr.units.rules import UnitState

READERS = frozenset(role for role, granted in GRANTS.items() if Permission.TIP_READ in granted)
_CASE_KINDS = ("phong_vhxh", "ubnd_xa")
_DUTY_KINDS = ("cong_an_xa", "tram_y_te", "ubnd_xa", "phong_vhxh")


@dataclass(frozen=True, slots=True, kw_only=True)
class TipRow:
    """A tip as the list shows it: by code, with nothing but the danger."""

    id: UUID
    code: str
    state: str
    received_day: date
    danger: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who would read a tip, as its sender may choose to keep it from them."""

    account_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Who told a tip, as the form asks it, and the account that sent it."""

    answers: Mapping[str, Any]
    sender_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A telephone number to be called at once, with its name in both languages."""

    vi: str
    en: str
    phone: str


def get_tip(actor: Actor, tip_id: UUID) -> Tip:
    """Return a tip in reach, or raise `NotFound`; a tip that its sender keeps from the actor is none."""
    found = current().scalar(
        select(Tip).where(Tip.id == tip_id, visible(actor, Permission.TIP_READ, Tip)).limit(1)
    )
    if found is None:
        raise NotFound
    return found


def open_tip(actor: Actor, tip_id: UUID) -> Tip:
    """Return a tip to be shown without its reporter, and write down that it was read."""
    tip = get_tip(actor, tip_id)
    audit.seen(actor, "tip", tip.id, ("content", "handling"), scope=("tip", tip.id))
    return tip


def open_reporter(actor: Actor, tip_id: UUID) -> Reporter:
    """Return who told a tip and how to call back, and write down that it was read."""
    tip = get_tip(actor, tip_id)
    audit.seen(actor, "tip", tip.id, ("reporter", "sender"), scope=("tip", tip.id))
    return Reporter(answers=tip.reporter["answers"], sender_id=UUID(tip.sender))


def list_tips(
    actor: Actor, *, states: Sequence[str] = (TipState.NEW, TipState.CHECKED), before: Key | None = None
) -> Page[TipRow]:
    """Return one page of the tips in reach, newest first; whether there is danger is a sealed reading."""
    require_role(actor, Permission.TIP_READ)
    query = (
        select(Tip)
        .where(visible(actor, Permission.TIP_READ, Tip), Tip.state.in_(states))
        .options(only(Tip, "code", "state", "received_day", "content"))
    )
    tips = take_page(query, Tip.received_day, before)
    prefetch(current(), tips, "content")
    if tips:
        audit.listed(actor, "tip", [tip.id for tip in tips], ("danger",))
    rows = [
        TipRow(
            id=tip.id,
            code=tip.code,
            state=tip.state,
            received_day=tip.received_day,
            danger=tip.content["answers"]["danger"],
        )
        for tip in tips
    ]
    return tips.told_as(rows)


def list_excluded(actor: Actor, tip_id: UUID) -> list[UUID]:
    """Return the accounts that a tip is kept from, so that a case made of it is kept from them too."""
    tip = get_tip(actor, tip_id)
    return list(current().scalars(select(TipExclusion.account_id).where(TipExclusion.tip_id == tip.id)))


def find_case_unit(actor: Actor) -> UUID:
    """Return the unit that follows up what the actor sends.

    It is a unit of the same commune with a case worker, or else a supervisor; above the sender's own before
    others. Raises Refused `no_case_unit` when the commune has none.
    """
    require_role(actor, Permission.TIP_SEND)
    home = current().get_one(Unit, actor.unit_id)
    staffed = _staffed(home)
    if not staffed:
        raise Refused("no_case_unit")
    above = _ids_above(home)
    ranked = sorted(staffed.items(), key=lambda pair: _rank(pair[0], pair[1], above))
    return ranked[0][0].id


def list_readers(actor: Actor) -> list[Reader]:
    """Return by name who would read what the actor sends, so that some may be kept from it."""
    unit_id = find_case_unit(actor)
    here = select(Account).where(Account.unit_id == unit_id, Account.state == "active")
    accounts = [row for row in current().scalars(here) if row.roles & READERS]
    prefetch(current(), accounts, "name")
    readers = [Reader(account_id=row.id, name=row.name or "") for row in accounts]
    return sorted(readers, key=lambda reader: phrase_key(reader.name))


def list_numbers(actor: Actor) -> list[Number]:
    """Return whom to call at once: the emergency numbers, then the duty numbers of the actor's commune."""
    require_role(actor, Permission.TIP_SEND)
    home = current().get_one(Unit, actor.unit_id)
    order = {"cong_an": 0, "y_te": 1}
    hotlines = sorted(lists.get("hotline"), key=lambda code: order.get(code.rollups["services"][0], 2))
    numbers = [Number(vi=code.vi, en=code.en, phone=code.attributes["phone"]) for code in hotlines]
    on_duty = select(Unit).where(
        Unit.commune_code == home.commune_code,
        Unit.state == UnitState.ACTIVE,
        Unit.is_public,
        Unit.duty_phone.is_not(None),
        Unit.kind.in_(_DUTY_KINDS),
    )
    units = sorted(current().scalars(on_duty), key=lambda unit: _DUTY_KINDS.index(unit.kind))
    return numbers + [Number(vi=unit.name, en=unit.name, phone=unit.duty_phone or "") for unit in units]


def count_own(actor: Actor) -> list[tuple[date, int]]:
    """Count the tips that the actor sent within a year by month, newest first; no more is read of them."""
    require_role(actor, Permission.TIP_SEND)
    try:
        unit_id = find_case_unit(actor)
    except Refused:
        return []
    here = (Tip.unit_id == unit_id, Tip.received_day >= first_month_shown(clock.today()))
    tips = current().scalars(select(Tip).where(*here).options(only(Tip, "received_day", "sender"))).all()
    prefetch(current(), tips, "sender")
    audit.noted(actor, "tip:count_own", "tip", outcome=AuditOutcome.SEEN)
    return count_by_month(tip.received_day for tip in tips if tip.sender == str(actor.account_id))


def _staffed(home: Unit) -> dict[Unit, frozenset[Role]]:
    """Return the units of the commune in which somebody reads tips, with the roles that do."""
    nearby = (
        Unit.id == home.id
        if home.commune_code is None
        else (Unit.commune_code == home.commune_code) & (Unit.state != UnitState.CLOSED)
    )
    pairs = current().execute(
        select(Unit, Account)
        .join(Account, Account.unit_id == Unit.id)
        .where(nearby, Account.state == "active")
    )
    found: dict[Unit, frozenset[Role]] = {}
    for unit, account in pairs:
        if account.roles & READERS:
            found[unit] = found.get(unit, frozenset()) | (account.roles & READERS)
    return found


def _ids_above(unit: Unit) -> list[UUID]:
    above = [unit.id]
    parent_id = unit.parent_id
    while parent_id is not None and parent_id not in above:
        above.append(parent_id)
        parent_id = current().get_one(Unit, parent_id).parent_id
    return above


def _rank(unit: Unit, roles: frozenset[Role], above: list[UUID]) -> tuple[bool, int, int, str]:
    kind = _CASE_KINDS.index(unit.kind) if unit.kind in _CASE_KINDS else len(_CASE_KINDS)
    distance = above.index(unit.id) if unit.id in above else len(above)
    return (Role.CASE_WORKER not in roles, distance, kind, str(unit.id))
