"""Which units can be asked for a service, which could be asked next, and who answers there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr.audit import service as audit
from casemgr.codes import lists
from casemgr.db import current
from casemgr.directory.queries import Listing, find_listings, list_offering, list_taking
from casemgr.directory.rules import FREE, Availability, Need, missing
from casemgr.duty.queries import list_on_duty
from casemgr.policy import Actor, Permission
from casemgr.referrals.models import Referral
from casemgr.referrals.queries.bundles import get_bundle
from casemgr.referrals.queries.phones import find_phones, list_answering_accounts, list_staffed
from casemgr.referrals.queries.sent import get_referral
from casemgr.referrals.rules import HIGH, SHELTER
from casemgr.shelters.queries import BoardRow, find_beds
from casemgr.shelters.rules import AddressState
from casemgr.units.models import Unit
from casemgr.units.queries import get_own_unit

CLOSED = (Availability.FULL, Availability.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Somebody who can answer for a unit here."""

    account_id: UUID
    name: str
    on_duty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A unit that can be asked for a service; `beds` only for an address."""

    unit_id: UUID
    name: str
    kind: str
    phone: str
    has_staff: bool
    beds: BoardRow | None = None
    is_near: bool = True
    listing: Listing | None = None
    lacks: tuple[tuple[str, str], ...] = ()

    @property
    def is_suspended(self) -> bool:
        """Whether it is an address that takes nobody in at present."""
        return self.beds is not None and self.beds.state != AddressState.ACTIVE

    @property
    def is_address(self) -> bool:
        """Whether people stay there."""
        return lists.attribute("unit_kind", self.kind, "is_address") == "1"

    @property
    def is_published_address(self) -> bool:
        """Whether it is an address that anybody can find; without its register row only such are shown."""
        return self.is_address and (self.beds is None or self.beds.is_public)

    @property
    def is_full(self) -> bool:
        """Whether it has no free bed, or says of itself in the directory that it takes nobody now."""
        says_no = self.listing is not None and self.listing.availability in CLOSED
        return says_no or (self.beds is not None and not self.beds.takes_people)

    def rank_for(self, danger_level: str) -> tuple[bool, bool, int, bool, bool, bool]:
        """What takes people first; hidden and far where the danger is high; then what suits; near; staffed.

        Near comes before far unless the danger is high; what is free before what is to be paid.
        """
        is_high = danger_level == HIGH
        is_exposed = is_high and self.is_published_address
        is_paid = self.listing is not None and self.listing.cost not in ("", FREE)
        distance = self.is_near == is_high
        return (self.is_full, is_exposed, len(self.lacks), distance, is_paid, not self.has_staff)

    @property
    def rank(self) -> tuple[bool, int, bool]:
        """Those that take people come first, then what suits, then those who can answer here."""
        return (self.is_full, len(self.lacks), not self.has_staff)


def list_choices(actor: Actor, service: str, need: Need | None = None) -> list[Provider]:
    """Return the units that can be asked for a service; those that take people and suit come first."""
    units = list_offering(actor, service)
    ids = [unit.id for unit in units]
    beds = find_beds(actor, ids) if service == SHELTER else {}
    phones, staffed = find_phones(actor, units), list_staffed(ids)
    home = get_own_unit(actor).commune_code
    listings = find_listings(actor, ids)
    providers = [
        Provider(
            unit_id=unit.id,
            name=unit.name,
            kind=unit.kind,
            phone=phones.get(unit.id, ""),
            has_staff=unit.id in staffed,
            beds=beds.get(unit.id),
            is_near=unit.commune_code == home,
            listing=listings.get(unit.id),
            lacks=_lacks(need, listings.get(unit.id)),
        )
        for unit in units
    ]
    return sorted(providers, key=lambda provider: provider.rank)


def _lacks(need: Need | None, listing: Listing | None) -> tuple[tuple[str, str], ...]:
    if need is None:
        return ()
    return missing(need, listing.access if listing else (), listing.languages if listing else ())


def need_of(offer: Mapping[str, Any]) -> Need:
    """Return what somebody must find at a unit, as it stands in what is asked."""
    return Need(
        access=frozenset(offer.get("access_needs") or ()), languages=frozenset(offer.get("languages") or ())
    )


def list_alternatives(actor: Actor, case_id: UUID, referral_id: UUID) -> list[Provider]:
    """Return which other units could be asked for the same; asking the list tells nobody who she is."""
    referral = get_referral(actor, case_id, referral_id, Permission.REFERRAL_SEND)
    asked = {str(referral.to_unit_id), *referral.request.get("asked", ())}
    choices = list_choices(actor, referral.request["service"], need_of(referral.request))
    others = [choice for choice in choices if str(choice.unit_id) not in asked and not choice.is_suspended]
    return sorted(others, key=lambda choice: choice.rank_for(referral.request.get("danger_level", "")))


def list_onward(actor: Actor, bundle_id: UUID) -> list[Provider]:
    """Return the units of the directory to which the asked one may point, what suits best first.

    Hidden addresses are not told.
    """
    bundle = get_bundle(actor, bundle_id, Permission.REFERRAL_ANSWER)
    audit.seen(actor, "bundle", bundle.id, ("offer",))
    referral = current().scalars(select(Referral).where(Referral.bundle_id == bundle.id)).one()
    known = {bundle.from_unit_id, bundle.to_unit_id, *map(UUID, referral.request.get("asked", ()))}
    listings = [one for one in list_taking(actor, bundle.offer["service"]) if one.unit_id not in known]
    staffed = list_staffed([one.unit_id for one in listings])
    home, need = current().get_one(Unit, bundle.from_unit_id).commune_code, need_of(bundle.offer)
    providers = [
        Provider(
            unit_id=one.unit_id,
            name=one.name,
            kind=one.kind,
            phone=one.phone,
            has_staff=one.unit_id in staffed,
            is_near=one.commune_code == home,
            listing=one,
            lacks=_lacks(need, one),
        )
        for one in listings
    ]
    return sorted(providers, key=lambda provider: provider.rank_for(bundle.offer.get("danger_level", "")))


def list_answerers(actor: Actor, unit_id: UUID) -> list[Answerer]:
    """Return who could answer for a unit that can be asked, so that somebody can be left out, or named."""
    on_duty = set(list_on_duty(actor, unit_id))
    people = [
        Answerer(account_id=account.id, name=account.name or "", on_duty=account.id in on_duty)
        for account in list_answering_accounts([unit_id])
        if account.id != actor.account_id
    ]
    return sorted(people, key=lambda person: person.name)
