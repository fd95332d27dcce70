"""Which addresses have room, who is where in numbers, and, to the few who may know, how to get there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from casemgr.audit import service as audit
from casemgr.codes import lists
from casemgr.db import among, current, prefetch
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission, require_role, visible
from casemgr.shelters.models import Stay, TrustedAddress
from casemgr.shelters.rules import LIVE, AddressState, Capacity, People, free_beds, together
from casemgr.text.names import phrase_key
from casemgr.units.models import Unit
from casemgr.units.queries import get_own_unit, list_units

BOARD = ("suits", "travel")
"""What of the details whoever looks for a bed sees."""

REGISTER_KEEPERS = ("ubnd_xa", "phong_vhxh")
"""Kinds of units that keep the register of a commune (list `unit_kind`): its committee and its own office."""

REGISTER = ("decision_number", "review_day", "standing")
"""What of the details the list of the register shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """An address on the board: by name, without its place."""

    unit_id: UUID
    name: str
    is_public: bool
    state: str
    free: People
    version: int
    capacity: Capacity
    suits: tuple[str, ...] = ()
    """Whom it can take, in codes of list `address_suits`; only where somebody looks for a bed."""
    travel: str = ""
    """How far a published address is, in codes of list `address_travel`; of a hidden one only with a bed."""
    decision_number: str = ""
    review_day: date | None = None
    standing: str = ""
    """Why it was stopped or taken up again; for those who keep the register."""

    def known_to(self, guests: Iterable[People]) -> "BoardRow":
        """Return the row as a keeper sees it who knows of these guests alone."""
        return replace(self, free=free_beds(self.capacity, together(guests)))

    @property
    def takes_people(self) -> bool:
        """Whether somebody can be promised a bed there now."""
        return self.state == AddressState.ACTIVE and self.free.total > 0


def managed(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of the addresses whose register the actor keeps: those of the actor's commune.

    Partners have supervisors too; the places of hidden addresses are for the commune's own offices alone.
    """
    home = aliased(Unit)
    same_commune = (
        select(Unit.id)
        .join(home, home.commune_code == Unit.commune_code)
        .where(home.id == actor.unit_id, home.kind.in_(REGISTER_KEEPERS))
    )
    return and_(
        visible(actor, Permission.SHELTER_MANAGE, TrustedAddress), among(TrustedAddress.unit_id, same_commune)
    )


def list_board(actor: Actor) -> list[BoardRow]:
    """Return the addresses in reach, those with free beds first."""
    rows = _board(actor, visible(actor, Permission.SHELTER_BOARD, TrustedAddress), tells=BOARD)
    return sorted(rows, key=lambda row: (not row.takes_people, phrase_key(row.name)))


def find_beds(actor: Actor, unit_ids: Collection[UUID]) -> dict[UUID, BoardRow]:
    """Return what the board says of some units; units that are no address are missing."""
    rows = _board(actor, visible(actor, Permission.SHELTER_BOARD, TrustedAddress), tells=BOARD)
    return {row.unit_id: row for row in rows if row.unit_id in unit_ids}


def list_register(actor: Actor) -> list[BoardRow]:
    """Return the register of the actor's commune, by name."""
    return sorted(_board(actor, managed(actor), tells=REGISTER), key=lambda row: phrase_key(row.name))


def open_register_row(actor: Actor, unit_id: UUID) -> BoardRow:
    """Return one row of the register of the actor's commune, or raise `NotFound`."""
    rows = _board(actor, and_(managed(actor), TrustedAddress.unit_id == unit_id))
    if not rows:
        raise NotFound
    return rows[0]


def _board(actor: Actor, condition: ColumnElement[bool], tells: Collection[str] = ()) -> list[BoardRow]:
    found = select(TrustedAddress, Unit).join(Unit, Unit.id == TrustedAddress.unit_id)
    pairs = [(address, unit) for address, unit in current().execute(found.where(condition))]
    used = _used_beds([address.unit_id for address, _ in pairs])
    if tells:
        prefetch(current(), [address for address, _ in pairs], "details")
    if pairs:
        opened = ("group", *tells)
        audit.listed(actor, "trusted_address", [address.id for address, _ in pairs], fields=opened)
    return [
        BoardRow(
            unit_id=unit.id,
            name=unit.name,
            is_public=address.is_public and unit.is_public,
            state=address.state,
            free=free_beds(address.capacity, used[unit.id]),
            version=address.version,
            capacity=address.capacity,
            **_told(address, tells, is_published=address.is_public and unit.is_public),
        )
        for address, unit in pairs
    ]


def _told(address: TrustedAddress, tells: Collection[str], *, is_published: bool) -> dict[str, Any]:
    """Return what of the sealed details a board or the register shows; never the place."""
    details = address.details if tells else {}
    found: dict[str, Any] = {
        "suits": tuple(details.get("suits") or ()),
        "travel": details.get("travel") or "" if is_published else "",
        "decision_number": details.get("decision_number") or "",
        "review_day": date.fromisoformat(details["review_on"]) if details.get("review_on") else None,
        "standing": (details.get("standing") or {}).get("reason", ""),
    }
    return {name: found[name] for name in tells}


def _used_beds(unit_ids: Sequence[UUID]) -> dict[UUID, People]:
    groups: dict[UUID, list[People]] = defaultdict(list)
    live = select(Stay).where(Stay.unit_id.in_(unit_ids), Stay.state.in_(LIVE))
    stays = list(current().scalars(live))
    prefetch(current(), stays, "group")
    for stay in stays:
        groups[stay.unit_id].append(stay.people)
    return {unit_id: together(groups[unit_id]) for unit_id in unit_ids}


def get_own_address(actor: Actor) -> BoardRow:
    """Return the address that the actor keeps, or raise `NotFound`."""
    own = _board(actor, visible(actor, Permission.SHELTER_KEEP, TrustedAddress))
    if not own:
        raise NotFound
    return own[0]


def open_address(actor: Actor, unit_id: UUID) -> TrustedAddress:
    """Return an entry of the register with its sealed details, for those who manage it."""
    found = current().scalar(select(TrustedAddress).where(TrustedAddress.unit_id == unit_id, managed(actor)))
    if found is None:
        raise NotFound
    audit.seen(actor, "trusted_address", found.id, ("details",), scope=("unit", unit_id))
    return found


def find_way(actor: Actor, unit_id: UUID, bundle_id: UUID) -> dict[str, Any] | None:
    """Return how to get to an address, if these people have the promise of a bed there or are there.

    The caller has checked that the actor may read the referral that the bundle belongs to.
    """
    stay = current().scalar(
        select(Stay).where(Stay.unit_id == unit_id, Stay.bundle_id == bundle_id, Stay.state.in_(LIVE))
    )
    address = current().scalar(select(TrustedAddress).where(TrustedAddress.unit_id == unit_id))
    if stay is None or address is None:
        return None
    audit.seen(actor, "trusted_address", address.id, ("details",), scope=("unit", unit_id))
    return {name: address.details.get(name) for name in ("place", "way", "travel", "contact_phone")}


def list_phones(actor: Actor, unit_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the staff telephone of some addresses, for those who look for a bed."""
    found = select(TrustedAddress).where(
        TrustedAddress.unit_id.in_(unit_ids), visible(actor, Permission.SHELTER_BOARD, TrustedAddress)
    )
    addresses = list(current().scalars(found))
    prefetch(current(), addresses, "details")
    if addresses:
        audit.listed(actor, "trusted_address", [address.id for address in addresses], fields=("phone",))
    phones = {address.unit_id: address.details.get("contact_phone") or "" for address in addresses}
    return {unit_id: phone for unit_id, phone in phones.items() if phone}


def list_published_ids(actor: Actor, unit_ids: Collection[UUID]) -> set[UUID]:
    """Return which of some units are addresses that a decision publishes and that take people in.

    Whoever asks: a directory leaves out every other address.
    """
    require_role(actor, Permission.DIRECTORY_READ)
    published = select(TrustedAddress.unit_id).where(
        TrustedAddress.unit_id.in_(list(unit_ids)),
        TrustedAddress.is_public,
        TrustedAddress.state == AddressState.ACTIVE,
    )
    return set(current().scalars(published))


def list_unregistered(actor: Actor) -> list[Unit]:
    """Return the units that are addresses by their kind and stand in no register yet."""
    kinds = {code.code for code in lists.get("unit_kind") if code.attributes["is_address"] == "1"}
    # Whoever enters an address says which telephone everybody calls, so nobody does it for other communes.
    commune, open_ones = get_own_unit(actor).commune_code, list_units(actor)
    own = [unit for unit in open_ones if unit.commune_code == commune or unit.id == actor.unit_id]
    addresses = [unit for unit in own if unit.kind in kinds]
    here = TrustedAddress.unit_id.in_([unit.id for unit in addresses])
    known = set(current().scalars(select(TrustedAddress.unit_id).where(here)))
    return [unit for unit in addresses if unit.id not in known]
