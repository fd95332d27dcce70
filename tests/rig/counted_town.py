"""A commune with hamlets, staff and obviously invented facts, for the tests of statistics and reports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random  # noqa: TID251 - made-up figures with a fixed seed
from typing import Any
from uuid import UUID

from casemgr.audit import service as audit
from casemgr.db import current
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact
from casemgr.policy import Actor, Role
from casemgr.units.models import Unit
from tests.rig import staff

YEAR = 2025


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A unit with its hamlets."""

    id: UUID
    hamlets: tuple[UUID, ...]

    def actor(self, *roles: Role) -> Actor:
        """Return somebody of this commune who is known to no account table."""
        return Actor(account_id=UUID(int=7), unit_id=self.id, roles=frozenset(roles), door="test")


def add_commune(hamlets: int = 3) -> Commune:
    """Add a commune with hamlets in the running unit of work."""
    unit_id = staff.add_unit("UBND xã Mường Lói")
    added = [
        Unit(
            kind="thon",
            name=f"Thôn {number}",
            parent_id=unit_id,
            province_code="11",
            commune_code="03325",
            is_public=True,
            state="hoat_dong",
        )
        for number in range(1, hamlets + 1)
    ]
    current().add_all(added)
    current().flush()
    return Commune(id=unit_id, hamlets=tuple(hamlet.id for hamlet in added))


def invent_incidents(
    commune: Commune, how_many: int, *, seed: int = 7, year: int = YEAR
) -> Iterator[tuple[date, dict[str, Any]]]:
    """Yield made-up incidents over one year, most of them of adult women."""
    chance = Random(seed)
    types = ["rape", "sex_assault", "phys_assault", "forced_marr", "denial", "psych", "non_gbv"]
    ages = ["a0_11", "a12_17", "a18_49", "a50_plus", None]
    for _ in range(how_many):
        yield (
            date.fromordinal(date(year, 1, 1).toordinal() + chance.randrange(365)),
            {
                "hamlet": str(chance.choice(commune.hamlets)),
                "gbvims_type": chance.choices(types, [2, 3, 30, 2, 9, 20, 4])[0],
                "sex": chance.choices(["nu", "nam"], [9, 1])[0],
                "age_band_gbvims": chance.choices(ages, [1, 3, 20, 5, 1])[0],
                "form_physical": chance.random() < 0.6,
                "form_psychological": chance.random() < 0.5,
                "form_sexual": chance.random() < 0.1,
                "form_economic": chance.random() < 0.2,
            },
        )


def record(
    commune: Commune, facts: Iterable[tuple[date, dict[str, Any]]], kind: FactKind = FactKind.INCIDENT
) -> list[UUID]:
    """Record facts of a commune in the running unit of work."""
    ids = [record_fact(unit_id=commune.id, kind=kind, registered_on=day, codes=codes) for day, codes in facts]
    audit.changed(commune.actor(), "fact:record", "fact", None)
    current().flush()
    return ids
