"""Changes of the register of trusted addresses, which the supervisors of a commune keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.db import check_version, current
from casemgr.errors import Conflict, InvalidState, NotFound
from casemgr.policy import Actor, Permission, require_role
from casemgr.shelters.models import TrustedAddress
from casemgr.shelters.queries import list_unregistered, managed
from casemgr.shelters.rules import (
    AddressState,
)
from casemgr.shelters.service.locks import has_guests, note


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressEntry:
    """What a supervisor enters about an address."""

    decision_number: str
    is_public: bool
    adult_beds: int
    child_beds: int
    contact_phone: str
    place: str | None = None
    way: str | None = None
    note: str | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    """All else that the form of the register asks."""

    @property
    def details(self) -> dict[str, Any]:
        """What of it is sealed."""
        names = ("decision_number", "place", "way", "contact_phone", "note")
        return {**self.profile, **{name: getattr(self, name) for name in names}}


def add_address(actor: Actor, unit_id: UUID, entry: AddressEntry) -> TrustedAddress:
    """Enter an address into the register; raises `Conflict` for a unit that is none or is entered already."""
    require_role(actor, Permission.SHELTER_MANAGE)
    if unit_id not in {unit.id for unit in list_unregistered(actor)}:
        raise Conflict("unit", "not_an_address")
    address = TrustedAddress(
        unit_id=unit_id,
        is_public=entry.is_public,
        state=AddressState.ACTIVE,
        adult_beds=entry.adult_beds,
        child_beds=entry.child_beds,
        held_beds=0,
        details=entry.details,
    )
    current().add(address)
    current().flush()
    note(actor, "added", address)
    return address


def change_address(actor: Actor, unit_id: UUID, version: int, entry: AddressEntry) -> TrustedAddress:
    """Replace what the register says of an address."""
    address = _managed(actor, unit_id, version)
    address.is_public = entry.is_public
    address.adult_beds, address.child_beds = entry.adult_beds, entry.child_beds
    address.held_beds = min(address.held_beds, entry.adult_beds + entry.child_beds)
    # Why it was stopped is no answer of the form, and outlives what is changed there.
    kept = {"standing": address.details["standing"]} if "standing" in address.details else {}
    address.details = {**entry.details, **kept}
    current().flush()
    note(actor, "changed", address)
    return address


def set_address_state(
    actor: Actor, unit_id: UUID, version: int, state: AddressState, reason: str = ""
) -> TrustedAddress:
    """Stop an address from taking people in, or let it go on; whoever is there stays.

    Closing waits until the last of them has left. Raises `Conflict` without a reason for stopping an address,
    or for opening one again that had become known, and `InvalidState` for that while somebody is still there.
    """
    address = _managed(actor, unit_id, version)
    was_known = address.state == AddressState.EXPOSED and state == AddressState.ACTIVE
    if (state == AddressState.SUSPENDED or was_known) and not reason:
        raise Conflict("reason", "missing")
    if was_known and has_guests(unit_id):
        raise InvalidState(address.state)
    address.details = {
        **address.details,
        "standing": {"reason": reason, "since": clock.today().isoformat(), "by": str(actor.account_id)},
    }
    is_empty = state == AddressState.CLOSING and not has_guests(unit_id)
    address.state = AddressState.CLOSED if is_empty else state
    current().flush()
    note(actor, address.state, address)
    return address


def expose_address(actor: Actor, unit_id: UUID, version: int) -> TrustedAddress:
    """Note that somebody dangerous knows an address: from now on it takes nobody in.

    `casemgr.referrals` calls it, which also takes back what was sent there and tells who must move.
    """
    address = _managed(actor, unit_id, version)
    address.state = AddressState.EXPOSED
    current().flush()
    note(actor, AddressState.EXPOSED.value, address)
    return address


def _managed(actor: Actor, unit_id: UUID, version: int) -> TrustedAddress:
    require_role(actor, Permission.SHELTER_MANAGE)
    found = select(TrustedAddress).where(TrustedAddress.unit_id == unit_id, managed(actor))
    address = current().scalar(found)
    if address is None:
        raise NotFound
    check_version(address, version)
    return address
