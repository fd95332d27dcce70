"""An order for tables of one kind over some days: what is asked for, and everything opened to answer it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from casemgr.facts.rules import FactKind
from casemgr.policy import Actor
from casemgr.statistics.catalogue import TableEntry, UnitTree, public_rules, restricted_rules
from casemgr.statistics.catalogue.building import crossings, is_part
from casemgr.statistics.classifications import UNIT
from casemgr.statistics.disclosure.coarsening import Ladder, Rung
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.protect import Rules
from casemgr.statistics.queries import LedgerEntry, Opened
from casemgr.statistics.rules import Tier, check_one_calendar
from casemgr.units.models import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for, with everything that was opened for it."""

    actor: Actor
    unit: Unit
    tree: UnitTree
    kind: FactKind
    entries: tuple[TableEntry, ...]
    period: Period
    tier: Tier
    ledger: Sequence[LedgerEntry]
    opened: Opened
    places: dict[str, str]

    def find_made(self, entry: TableEntry) -> LedgerEntry | None:
        """Return the release of a table that was made before for these days and this audience."""
        return next(
            (
                one
                for one in self.ledger
                if one.release.table_name == entry.name
                and one.release.tier == self.tier
                and one.table.period == self.period
            ),
            None,
        )

    def list_missing(self) -> list[TableEntry]:
        """Return the tables that were not released before for these days and this audience."""
        return [entry for entry in self.entries if self.find_made(entry) is None]

    def check_calendar(self) -> None:
        """Raise `Refused` when days of this restricted order were released by the other calendar before."""
        if self.tier == Tier.RESTRICTED and self.list_missing():
            earlier = [one.table.period for one in self.ledger if one.release.tier == self.tier]
            check_one_calendar(self.period, earlier)

    def related(self) -> list[LedgerEntry]:
        """Return earlier releases whose days touch these, directly or through one another."""
        touched, rest = [self.period], list(self.ledger)
        found: list[LedgerEntry] = []
        while near := [one for one in rest if any(one.table.period.overlaps(period) for period in touched)]:
            found += near
            rest = [one for one in rest if one not in near]
            touched = [one.table.period for one in near]
        return found

    def ladder(self, entry: TableEntry) -> Ladder:
        """Return the versions of a table for this audience.

        The law demands every one-way margin of the commune exactly: a restricted table crosses fewer
        dimensions where counts are small, but merges none.
        """
        ladder = entry.ladder(self.tree)
        return crossing_less(ladder) if self.tier == Tier.RESTRICTED else ladder

    def rules(self) -> Rules:
        """Return how strictly to protect for this audience."""
        return restricted_rules(self.tree) if self.tier == Tier.RESTRICTED else public_rules(self.tree)


def crossing_less(ladder: Ladder) -> Ladder:
    """Return the finest version with all dimensions crossed, then two by two, then each by itself."""
    finest = ladder.rungs[0].spec
    dimensions = [one for one in finest.dimensions if one.name != UNIT]
    several = sum(not is_part(one) for one in dimensions)
    rungs = [Rung(spec=finest)]
    if several > 2:
        rungs.append(Rung(spec=replace(finest, crossings=crossings(dimensions, 2)), step="two_way"))
    if several > 1:
        rungs.append(Rung(spec=replace(finest, crossings=crossings(dimensions, 1)), step="one_way"))
    return Ladder(rungs=tuple(rungs))
