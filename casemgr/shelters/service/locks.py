"""What holds an address or a stay until the transaction ends, and what is counted under that lock."""

from uuid import UUID

from sqlalchemy import select

from casemgr.audit import service as audit
from casemgr.db import current, prefetch
from casemgr.policy import Actor
from casemgr.shelters.models import Stay, TrustedAddress
from casemgr.shelters.rules import LIVE, People, together


def locked(unit_id: UUID) -> TrustedAddress | None:
    """Hold the address until the transaction ends: on SQLite a writer holds the whole database anyway."""
    found = select(TrustedAddress).where(TrustedAddress.unit_id == unit_id).with_for_update()
    return current().scalar(found.execution_options(populate_existing=True))


def locked_stay(bundle_id: UUID) -> Stay | None:
    """Hold a stay until the transaction ends."""
    found = select(Stay).where(Stay.bundle_id == bundle_id).with_for_update()
    return current().scalar(found.execution_options(populate_existing=True))


def count_used(unit_id: UUID, *, without: UUID | None = None) -> People:
    """Count who has a bed or the promise of one at an address, but for one stay."""
    live = select(Stay).where(Stay.unit_id == unit_id, Stay.state.in_(LIVE))
    live = live.where(Stay.id != without) if without else live
    stays = list(current().scalars(live))
    prefetch(current(), stays, "group")
    return together(stay.people for stay in stays)


def has_guests(unit_id: UUID) -> bool:
    """Say whether anybody is expected or stays at an address."""
    live = select(Stay.id).where(Stay.unit_id == unit_id, Stay.state.in_(LIVE)).limit(1)
    return current().scalar(live) is not None


def note(actor: Actor, step: str, address: TrustedAddress) -> None:
    """Write a change of an address down."""
    audit.changed(
        actor, f"trusted_address:{step}", "trusted_address", address.id, scope=("unit", address.unit_id)
    )
