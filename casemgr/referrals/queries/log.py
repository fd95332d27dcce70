"""The log of a bundle as its sender reads it: who opened, copied, carried or corrected what, and when."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from casemgr.audit.queries import Entry, list_readers_of
from casemgr.policy import Actor
from casemgr.referrals.models import Referral

READ, COPIED, CORRECTED = "bundle:read", "bundle:copy", "referral:correct"
PREPARED, PRINTED, CLOSED, OPENED = "letter:prepare", "letter:paper", "letter:file", "letter:open"
ACTS = (READ, COPIED, CORRECTED, PREPARED, PRINTED, CLOSED, OPENED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One act on a bundle: `fields` are its halves, or what was put right, with the old words."""

    at: datetime
    who: UUID | None
    act: str
    fields: tuple[str, ...] = ()
    number: str = ""
    before: dict[str, Any] = field(default_factory=dict)


def list_traces(actor: Actor, referral: Referral) -> tuple[Trace, ...]:
    """Return what became of a bundle, the newest first; the end of its key takes nothing away from it.

    The caller has checked that the actor may read the referral.
    """
    entries = list_readers_of(actor, "bundle", referral.bundle_id)
    told = [_trace(entry) for entry in entries if _is_told(entry, referral)]
    corrected = [_correction(one) for one in referral.request.get("corrections", ())]
    return tuple(sorted([*told, *corrected], key=lambda trace: trace.at, reverse=True))


def _is_told(entry: Entry, referral: Referral) -> bool:
    """Leave out what the sender's own side does to the bundle, but for what the case does not keep."""
    if entry.action == READ:
        return entry.unit_id == referral.to_unit_id
    return entry.action in ACTS and entry.action != CORRECTED


def _trace(entry: Entry) -> Trace:
    detail = entry.detail or {}
    return Trace(
        at=entry.at,
        who=entry.actor_id,
        act=entry.action,
        fields=tuple(detail.get("fields", ())),
        number=str(detail.get("number", "")),
    )


def _correction(one: dict[str, Any]) -> Trace:
    before = one["before"]
    at, who = datetime.fromisoformat(one["at"]), UUID(one["by"])
    return Trace(at=at, who=who, act=CORRECTED, fields=tuple(before), before=before)
