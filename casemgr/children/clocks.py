"""The legal clocks of child protection, as data: what is due how long after what."""

import csv
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from pathlib import Path

from casemgr import clock
from casemgr.deadlines.working_days import add_hours, add_working_days

CLOCKS = Path(__file__).parent / "data" / "clocks.csv"
RECEIVED = "received"
MEASURES = ("hours", "working_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalClock:
    """One duty: it starts with the information or with another duty done, and ends after a term."""

    kind: str
    starts: str
    only_in_danger: bool
    amount: int
    measure: str
    vi: str
    en: str
    source: str

    def due_at(self, start: datetime) -> datetime:
        """Return the last moment of the term; a term in working days ends with its last day."""
        if self.measure == "hours":
            return add_hours(start, self.amount)
        last = add_working_days(clock.local(start).date(), self.amount)
        return datetime.combine(last, time(23, 59), clock.LOCAL)


@cache
def read_clocks(path: Path = CLOCKS) -> dict[str, LegalClock]:
    """Read a file of clocks by kind; raises ValueError for a measure or a start that is none."""
    with path.open(encoding="utf-8", newline="") as file:
        clocks = [_read_clock(row) for row in csv.DictReader(file, strict=True)]
    kinds = {RECEIVED, *(found.kind for found in clocks)}
    for found in clocks:
        if found.measure not in MEASURES or found.starts not in kinds:
            raise ValueError(f"{found.kind}: {found.measure} after {found.starts}")
    return {found.kind: found for found in clocks}


def list_started(event: str, *, in_danger: bool) -> list[LegalClock]:
    """Return the clocks that begin to run when the information comes in or a duty is done."""
    return [
        found
        for found in read_clocks().values()
        if found.starts == event and (in_danger or not found.only_in_danger)
    ]


def _read_clock(row: dict[str, str]) -> LegalClock:
    return LegalClock(
        kind=row["kind"],
        starts=row["starts"],
        only_in_danger=row["only_in_danger"] == "1",
        amount=int(row["amount"]),
        measure=row["measure"],
        vi=row["vi"],
        en=row["en"],
        source=row["source"],
    )
