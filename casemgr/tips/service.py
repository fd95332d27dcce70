"""Sending tips and recording what became of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.db import check_version, current
from casemgr.errors import Conflict, InvalidState
from casemgr.policy import Actor, Permission, require_role
from casemgr.questions import Document, write_document
from casemgr.text.codes import CodeKind, new_code
from casemgr.tips.models import Tip, TipExclusion
from casemgr.tips.queries import find_case_unit, get_tip, list_readers
from casemgr.tips.rules import Outcome, TipState, leaves_a_reader
from casemgr.units.queries import get_own_unit

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """All that a sender keeps of a tip."""

    code: str
    sent_at: datetime


def send_tip(
    actor: Actor, *, content: Mapping[str, Any], reporter: Mapping[str, Any], excluded: Collection[UUID] = ()
) -> Receipt:
    """Take a tip from a hamlet; from now on its sender sees nothing of it but the receipt.

    Raises Conflict on `excluded` for somebody who is no reader, or when no reader would be left, and Refused
    `no_case_unit` when nobody in the commune follows up tips.
    """
    require_role(actor, Permission.TIP_SEND)
    unit_id = find_case_unit(actor)
    readers = {reader.account_id for reader in list_readers(actor)}
    if set(excluded) - readers:
        raise Conflict("excluded", "unknown")
    if not leaves_a_reader(readers, excluded):
        raise Conflict("excluded", "nobody_left")
    now = clock.now()
    where = {"hamlet": get_own_unit(actor).name, "sent_at": now.isoformat()}
    tip = Tip(
        code=new_code(CodeKind.TIP),
        unit_id=unit_id,
        state=TipState.NEW,
        received_day=clock.today(),
        content=_document("tip", content) | where,
        reporter=_document("tip", reporter),
        sender=str(actor.account_id),
    )
    current().add(tip)
    current().flush()
    _exclude(tip, excluded)
    # The log names the sender in the clear, so the tip's id stands in the sealed detail only.
    audit.changed(actor, "tip:send", "tip", None, tip=tip.id)
    return Receipt(code=tip.code, sent_at=now)


def record_check(actor: Actor, tip_id: UUID, *, version: int, check: Mapping[str, Any]) -> Tip:
    """Record how a tip was checked without endangering anybody, and what was found."""
    tip = _open(actor, tip_id, version)
    tip.handling = {**(tip.handling or {}), "check": _signed(actor, "tip_check", check)}
    tip.state = TipState.CHECKED
    current().flush()
    audit.changed(actor, "tip:check", "tip", tip.id, scope=("tip", tip.id))
    return tip


def close_tip(actor: Actor, tip_id: UUID, *, version: int, outcome: Mapping[str, Any]) -> Tip:
    """Record what becomes of a tip: `outcome` answers the form of that name; nothing follows after it."""
    tip = _open(actor, tip_id, version)
    if outcome["outcome"] not in set(Outcome):
        raise Conflict("outcome", "unknown")
    tip.handling = {**(tip.handling or {}), "outcome": _signed(actor, "tip_outcome", outcome)}
    tip.state = TipState.CLOSED
    current().flush()
    audit.changed(actor, "tip:close", "tip", tip.id, scope=("tip", tip.id), outcome=outcome["outcome"])
    return tip


def _open(actor: Actor, tip_id: UUID, version: int) -> Tip:
    tip = get_tip(actor, tip_id)
    check_version(tip, version)
    if tip.state == TipState.CLOSED:
        raise InvalidState(tip.state)
    return tip


def _exclude(tip: Tip, excluded: Collection[UUID]) -> None:
    for account_id in sorted(set(excluded)):
        current().add(TipExclusion(tip_id=tip.id, account_id=account_id))
    current().flush()


def _document(form: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    return write_document(Document(form=form, version=VERSION, answers=dict(answers)))


def _signed(actor: Actor, form: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    by = {"by": str(actor.account_id), "at": clock.now().isoformat()}
    return _document(form, answers) | by
