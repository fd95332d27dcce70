"""Which units can be asked for a service, which could be asked next, and who answers there."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from casemgr.audit import service as audit
from casemgr.db import current
from casemgr.policy import Actor, Permission
from casemgr.referrals.models import Referral
from casemgr.referrals.queries.bundles import get_bundle
from casemgr.referrals.queries.phones import find_phones, list_answering_accounts, list_staffed
from casemgr.referrals.queries.sent import get_referral
from casemgr.referrals.rules import HIGH, SHELTER
from casemgr.shelters.queries import BoardRow, find_beds, list_unlisted_ids
from casemgr.shelters.rules import AddressState
from casemgr.units.models import Unit
from casemgr.units.queries import get_own_unit, list_providers, list_public_providers


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

    @property
    def is_suspended(self) -> bool:
        """Whether it is an address that takes nobody in at present."""
        return self.beds is not None and self.beds.state != AddressState.ACTIVE

    def rank_for(self, danger_level: str) -> tuple[bool, bool, bool, bool]:
        """With a free bed first; hidden and far where the danger is high, near otherwise; then staffed."""
        is_high = danger_level == HIGH
        is_exposed = is_high and self.beds is not None and self.beds.is_public
        full = self.beds is not None and not self.beds.takes_people
        return (full, is_exposed, self.is_near == is_high, not self.has_staff)

    @property
    def rank(self) -> tuple[bool, bool]:
        """Those with a free bed come first, then those whose keeper can answer here."""
        return (self.beds is not None and not self.beds.takes_people, not self.has_staff)


def list_choices(actor: Actor, service: str) -> list[Provider]:
    """Return the units that can be asked for a service; addresses with a free bed come first."""
    units = list_providers(actor, service)
    ids = [unit.id for unit in units]
    beds = find_beds(actor, ids) if service == SHELTER else {}
    phones, staffed = find_phones(actor, units), list_staffed(ids)
    home = get_own_unit(actor).commune_code
    providers = [
        Provider(
            unit_id=unit.id,
            name=unit.name,
            kind=unit.kind,
            phone=phones.get(unit.id, ""),
            has_staff=unit.id in staffed,
            beds=beds.get(unit.id),
            is_near=unit.commune_code == home,
        )
        for unit in units
    ]
    return sorted(providers, key=lambda provider: provider.rank)


def list_alternatives(actor: Actor, case_id: UUID, referral_id: UUID) -> list[Provider]:
    """Return which other units could be asked for the same; asking the list tells nobody who she is."""
    referral = get_referral(actor, case_id, referral_id, Permission.REFERRAL_SEND)
    asked = {str(referral.to_unit_id), *referral.request.get("asked", ())}
    choices = list_choices(actor, referral.request["service"])
    others = [choice for choice in choices if str(choice.unit_id) not in asked and not choice.is_suspended]
    return sorted(others, key=lambda choice: choice.rank_for(referral.request.get("danger_level", "")))


def list_onward(actor: Actor, bundle_id: UUID) -> list[Unit]:
    """Return the published units to which the asked one may point; hidden addresses are not told."""
    bundle = get_bundle(actor, bundle_id, Permission.REFERRAL_ANSWER)
    audit.seen(actor, "bundle", bundle.id, ("offer",))
    referral = current().scalars(select(Referral).where(Referral.bundle_id == bundle.id)).one()
    units = list_public_providers(actor, bundle.offer["service"])
    hidden = list_unlisted_ids(actor, [unit.id for unit in units])
    known = {bundle.from_unit_id, bundle.to_unit_id, *map(UUID, referral.request.get("asked", ())), *hidden}
    return [unit for unit in units if unit.id not in known]


def list_answerers(actor: Actor, unit_id: UUID) -> list[tuple[UUID, str]]:
    """Return who could answer for a unit that can be asked, so that somebody can be left out."""
    return sorted(
        (
            (account.id, account.name or "")
            for account in list_answering_accounts([unit_id])
            if account.id != actor.account_id
        ),
        key=lambda person: person[1],
    )
