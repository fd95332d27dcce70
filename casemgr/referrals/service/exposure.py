"""An address has become known: in one act nobody more comes, requests are taken back, all are told."""

from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.cases.service import note_from_outside
from casemgr.db import current
from casemgr.policy import Actor
from casemgr.referrals.models import Bundle
from casemgr.referrals.rules import LIVE, SERVED, Party, ReferralState
from casemgr.referrals.service import steps
from casemgr.shelters.service import expose_address as stop_intake


def expose_address(actor: Actor, unit_id: UUID, version: int) -> int:
    """Stop an address whose place is known to somebody dangerous; returns how many groups must move.

    What waits or was promised is taken back, and its sender asks elsewhere; for whoever is there the sender
    gets a task to move them today. Raises `NotFound` and `StaleVersion` as the register does.
    """
    live = select(Bundle.id).where(Bundle.to_unit_id == unit_id, Bundle.state.in_(LIVE)).order_by(Bundle.id)
    # A keeper who says yes holds the request, then the address; the other way round both would wait.
    current().execute(live.with_for_update())
    stop_intake(actor, unit_id, version)
    moving = 0
    for bundle_id in list(current().scalars(live)):
        pair = steps.hold(Party.SENDER, bundle_id)
        is_there = pair.referral.state in SERVED
        moving += is_there
        if not is_there:
            steps.end(actor, pair, ReferralState.RECALLED, exposed=True)
        _tell(actor, pair, "referral_move" if is_there else "referral_elsewhere")
    return moving


def _tell(actor: Actor, pair: steps.Pair, task: str) -> None:
    tasks = [(task, clock.today())]
    about = pair.referral.id
    note_from_outside(actor, pair.referral.case_id, "address_exposed", about=about, tasks=tasks)
