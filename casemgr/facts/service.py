"""Writing facts in the transaction of the change that causes them."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import delete

from casemgr.db import current
from casemgr.facts.models import Fact
from casemgr.facts.rules import FactKind, check_fields


def record_fact(
    *,
    unit_id: UUID,
    kind: FactKind,
    registered_on: date,
    codes: Mapping[str, object],
    fact_id: UUID | None = None,
) -> UUID:
    """Write a fact, or the corrected content of an earlier one, and return its id.

    The caller keeps the id sealed beside what it counts. A correction keeps the day of registration, so that
    a period once counted stays as it was cut.
    """
    check_fields(kind, codes)
    fact = current().get(Fact, fact_id) if fact_id else None
    if fact is None:
        fact = Fact(unit_id=unit_id, year=registered_on.year)
        current().add(fact)
    fact.content = {"kind": kind.value, "registered_on": registered_on.isoformat(), **codes}
    return fact.id


def remove_fact(fact_id: UUID) -> None:
    """Take a fact out of all later counts, because what it counted was erased or entered in error."""
    fact = current().get(Fact, fact_id)
    if fact is not None:
        current().delete(fact)


def remove_facts(fact_ids: Collection[UUID]) -> None:
    """Take many facts out of all later counts at once."""
    gone = delete(Fact).where(Fact.id.in_(fact_ids))
    current().execute(gone.execution_options(synchronize_session=False))
