"""What an attacker would learn from what was released: for the data-protection officer, and on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from casemgr.audit import service as audit
from casemgr.policy import Actor, Permission, require_role
from casemgr.statistics import queries
from casemgr.statistics.disclosure.audit import Range, narrow
from casemgr.statistics.disclosure.cells import Cell
from casemgr.statistics.disclosure.tables import SafeTable
from casemgr.statistics.explaining import Codes, explain, list_hidden
from casemgr.statistics.rules import Tier
from casemgr.statistics.service import MadeTable, get_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What each attacker can say of one hidden cell: a least and a greatest value.

    The outsider holds every public table, the reader of restricted reports those as well; the insider is the
    single person of a neighbouring hidden cell and holds the public tables. `reader` is None where nothing
    restricted was released about these days.
    """

    codes: Codes
    outsider: Range
    insider: Range
    reader: Range | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A released table under attack, with how many tables the attackers held."""

    made: MadeTable
    learnt: tuple[Learnt, ...]
    public: int
    restricted: int


def attack_release(actor: Actor, release_id: UUID) -> Attack:
    """Attack a public table with everything that was released about days that touch it; raises NotFound.

    The attackers read printed figures and public code lists, as in the audit before a release; whether a cell
    is truly small is not asked, and no count is opened.
    """
    require_role(actor, Permission.STATISTICS_ATTACK)
    made = get_table(actor, release_id, door="attacker")
    audit.seen(actor, "attack", made.id, fields=("ranges",), scope=("facts", made.unit_id))
    known = queries.list_touching(actor, made.unit_id, made.table)
    public = [table for tier, table in known if tier is Tier.PUBLIC]
    everything = [table for _, table in known]
    beside = _beside(made.table)
    cells = {made.table.spec.cell(codes, made.table.period): codes for codes in list_hidden(made.table)}
    outside = narrow(public, beside)
    reading = narrow(everything, dict.fromkeys(beside, ())) if len(everything) > len(public) else {}
    return Attack(
        made=made,
        learnt=tuple(
            Learnt(
                codes=codes,
                outsider=outside[cell][0],
                insider=outside[cell][1],
                reader=reading[cell][0] if reading else None,
            )
            for cell, codes in cells.items()
        ),
        public=len(public),
        restricted=len(everything) - len(public),
    )


def _beside(table: SafeTable) -> dict[Cell, Sequence[Cell]]:
    """Return for each hidden cell the hidden cells that stand in a sum with it."""
    return {
        table.spec.cell(codes, table.period): [
            table.spec.cell(other, table.period) for one in explain(table, codes).sums for other in one.others
        ]
        for codes in list_hidden(table)
    }
