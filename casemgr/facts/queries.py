"""Opening facts to count them; who may count was decided by the table that asks."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from casemgr.db import current
from casemgr.facts.models import Fact
from casemgr.facts.rules import FactKind
from casemgr.policy import Actor, Permission, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days that a count covers, both ends included, by the date of the report to us."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFact:
    """A fact as it is counted; the random id tells apart what was counted before and what came late."""

    id: UUID
    unit_id: UUID
    registered_on: date
    codes: dict[str, Any]


def open_facts(
    actor: Actor, permission: Permission, kind: FactKind, units: Collection[UUID], period: Period
) -> Iterator[OpenFact]:
    """Yield the facts of a kind in the units and days asked for, as far as the actor's permission reaches."""
    years = range(period.first.year, period.last.year + 1)
    query = select(Fact).where(
        Fact.unit_id.in_(units), Fact.year.in_(years), visible(actor, permission, Fact)
    )
    for fact in current().scalars(query.execution_options(yield_per=2000)):
        content = dict(fact.content)
        day = date.fromisoformat(content.pop("registered_on"))
        if content.pop("kind") == kind and period.first <= day <= period.last:
            yield OpenFact(id=fact.id, unit_id=fact.unit_id, registered_on=day, codes=content)
