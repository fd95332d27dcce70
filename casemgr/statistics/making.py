"""Making tables in three steps: open in one unit of work, compute in none, release in a short one.

Computing may take minutes, and nobody waits for the database meanwhile. What somebody else released in that
time is noticed before anything is written, and the tables are computed again beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from casemgr.audit import service as audit
from casemgr.db import Database, Keyring, work
from casemgr.policy import Actor
from casemgr.statistics import service
from casemgr.statistics.catalogue import list_wanted
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.rules import LEAST_DAYS_OF_A_YEAR
from casemgr.statistics.service import Computed, LedgerMoved, MadeTable, Tier, WouldDisclose

Made = TypeVar("Made")

MOST_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which tables, whose, of which days, for whom."""

    table_names: tuple[str, ...]
    unit_id: UUID
    period: Period
    tier: Tier


def spell_out(wish: Wish) -> Wish:
    """Return the wish with every table of each family that it names."""
    (first, last), *_ = wish.period.spans
    is_year = (last - first).days + 1 >= LEAST_DAYS_OF_A_YEAR
    names = (
        name
        for given in wish.table_names
        for name in list_wanted(given, is_public=wish.tier == Tier.PUBLIC, is_year=is_year)
    )
    return replace(wish, table_names=tuple(dict.fromkeys(names)))


def make(
    database: Database,
    keyring: Keyring,
    find_actor: Callable[[], Actor],
    wish: Wish,
    keep: Callable[[Actor, Computed], Made],
    step: Callable[[int, int], None] | None = None,
) -> Made:
    """Make tables and return what `keep` makes of them in the unit of work that releases them.

    The actor is found anew in each unit of work, with the rights of that moment. Raises what `prepare`,
    `compute` and `release` raise; `LedgerMoved` only when others release all the time.
    """
    for _ in range(MOST_TRIES - 1):
        try:
            return _make_once(database, keyring, find_actor, wish, keep, step)
        except LedgerMoved:
            continue
    return _make_once(database, keyring, find_actor, wish, keep, step)


def release_tables(actor: Actor, computed: Computed) -> tuple[MadeTable, ...]:
    """Keep the tables alone."""
    return service.release(actor, computed)


def _make_once(
    database: Database,
    keyring: Keyring,
    find_actor: Callable[[], Actor],
    wish: Wish,
    keep: Callable[[Actor, Computed], Made],
    step: Callable[[int, int], None] | None,
) -> Made:
    with audit.reading(database, keyring) as session:
        prepared = service.prepare(find_actor(), wish.table_names, wish.unit_id, wish.period, wish.tier)
        # What was opened is used when this unit of work is long over.
        session.expunge_all()
    try:
        computed = service.compute(prepared, step)
    except WouldDisclose:
        with work(database, keyring, write=True):
            audit.refused(find_actor(), "statistics:release", "unit", wish.unit_id)
        raise
    with work(database, keyring, write=True):
        return keep(find_actor(), computed)
