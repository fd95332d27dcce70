"""An order for tables of one kind over some days: what is asked for, and everything opened to answer it."""

from collections.abc import Sequence
from dataclasses import dataclass

from casemgr.facts.rules import FactKind
from casemgr.policy import Actor
from casemgr.statistics.catalogue import TableEntry, UnitTree, public_rules, restricted_rules
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.protect import Rules
from casemgr.statistics.queries import LedgerEntry, Opened
from casemgr.statistics.rules import Tier
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

    def related(self) -> list[LedgerEntry]:
        """Return earlier releases whose days touch these, directly or through one another."""
        touched, rest = [self.period], list(self.ledger)
        found: list[LedgerEntry] = []
        while near := [one for one in rest if any(one.table.period.overlaps(period) for period in touched)]:
            found += near
            rest = [one for one in rest if one not in near]
            touched = [one.table.period for one in near]
        return found

    def rules(self) -> Rules:
        """Return how strictly to protect for this audience."""
        return restricted_rules(self.tree) if self.tier == Tier.RESTRICTED else public_rules(self.tree)
