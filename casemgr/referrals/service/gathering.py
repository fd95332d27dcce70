"""Reading back what became of a referral that is a record elsewhere: how far it is, whether it helped."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from casemgr import db
from casemgr.db import current
from casemgr.errors import InvalidState, NotFound
from casemgr.policy import Actor
from casemgr.referrals.models import Referral
from casemgr.referrals.queries import list_recorded, missing_steps
from casemgr.referrals.rules import Party, ReferralState
from casemgr.referrals.service import steps


def gather_answers(actor: Actor) -> int:
    """Let the referrals in the actor's reach stand where their records do; returns how many moved.

    The case asks, and nothing is written into the record: its log must not lead to a case.
    """
    return sum(_gather(actor, referral.id) for referral in list_recorded(actor))


def gather_later(actor: Actor, case_id: UUID) -> bool:
    """Let a page that only reads take over afterwards what became of the records; says whether anything."""
    behind = [one.id for one in list_recorded(actor, case_id) if missing_steps(actor, one)[0]]
    for referral_id in behind:
        db.afterwards(_gathering(actor, referral_id))
    return bool(behind)


def _gathering(actor: Actor, referral_id: UUID) -> Callable[[], None]:
    def gather() -> None:
        # Somebody may end it while this waits for the lock: then nothing is left to be done.
        with suppress(InvalidState, NotFound):
            _gather(actor, referral_id)

    return gather


def _gather(actor: Actor, referral_id: UUID) -> bool:
    referral = current().get_one(Referral, referral_id)
    taken, needs_met = missing_steps(actor, referral)
    if not taken:
        return False
    pair = steps.hold(Party.RECIPIENT, referral.bundle_id)
    for state in taken:
        ends: dict[str, Any] = {"needs_met": needs_met} if state == ReferralState.COMPLETED else {}
        steps.move(actor, pair, state, **ends)
    return True
