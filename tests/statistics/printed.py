"""Tables as if they had been released, for tests of what is done with released tables; they cost nothing."""

from datetime import date
from uuid import UUID

from casemgr.statistics.catalogue import UnitTree, find_entry
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.tables import SafeRow, SafeTable
from casemgr.statistics.service import MadeTable, Tier
from tests.statistics.sdc import YEAR

UNIT = UUID(int=5)


def print_table(
    name: str = "incidents", tier: Tier = Tier.PUBLIC, period: Period = YEAR, hides: int = 3
) -> MadeTable:
    """Return a table of the catalogue in which every so-manieth figure is hidden, the total never."""
    entry = find_entry(name)
    assert entry is not None
    spec = entry.ladder(UnitTree(code=str(UNIT))).rungs[0].spec
    printed = [codes for codes in spec.combinations() if not spec.is_unshown(codes)]
    rows = tuple(
        SafeRow(codes=codes, value=None if at % hides == hides - 1 else 5 + at)
        for at, codes in enumerate(printed)
    )
    return MadeTable(
        id=UUID(int=9),
        unit_id=UNIT,
        entry=entry,
        tier=tier,
        table=SafeTable(spec=spec, period=period, rows=rows),
        made_on=date(2026, 1, 5),
        cut_off_on=date(2026, 1, 5),
        coarsened=(),
        threshold=5,
        places={str(UNIT): "UBND xã Mường Lói"},
    )
