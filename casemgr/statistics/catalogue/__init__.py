"""The catalogue: the fixed tables over facts, each with its dimensions and its ladder of coarser versions.

Incidents that are not gender-based stay under the total of all incidents as a complement that is never
printed. A table about a part of the facts (what GBVIMS counts, domestic violence) has that part as a
dimension of which only "yes" is printed, so that what is left out is protected as well.
"""

from casemgr.statistics.catalogue.annexes import ANNEXES
from casemgr.statistics.catalogue.entries import Family, TableEntry, UnitTree, label
from casemgr.statistics.catalogue.gbvims import GBVIMS
from casemgr.statistics.catalogue.network import NETWORK
from casemgr.statistics.catalogue.statutory import STATUTORY, public_rules, restricted_rules

__all__ = [
    "CATALOGUE",
    "Family",
    "TableEntry",
    "UnitTree",
    "find_entry",
    "label",
    "list_wanted",
    "public_rules",
    "restricted_rules",
]

CATALOGUE: tuple[TableEntry, ...] = (*STATUTORY, *ANNEXES, *GBVIMS, *NETWORK)


def find_entry(name: str) -> TableEntry | None:
    """Return the table of this name, or None."""
    return next((entry for entry in CATALOGUE if entry.name == name), None)


def list_wanted(wish: str, *, is_public: bool, is_year: bool) -> tuple[str, ...]:
    """Return the names of the tables that a wish stands for: itself, or those of a family of this name.

    Of a family those are left out that are not made for everybody, or once a year only.
    """
    if wish not in set(Family):
        return (wish,)
    return tuple(
        entry.name
        for entry in CATALOGUE
        if entry.family == wish
        and not (is_public and entry.restricted_only)
        and (is_year or not entry.yearly_only)
    )
