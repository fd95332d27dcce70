"""What a release is: for whom, over which days, chained to the one before, and what it froze."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from casemgr.deadlines.reporting import list_periods
from casemgr.errors import Refused
from casemgr.statistics.disclosure.periods import DAY, Period

CODE_VERSION = "1"
"""Raise when a change of disclosure control may hide or show other cells for the same facts."""

GENESIS = bytes(32)
"""Stands for the release before a unit's first."""

LEAST_DAYS_OF_A_YEAR = 360

STARTS = {3: frozenset({1, 4, 7, 10, 12, 3, 6, 9}), 6: frozenset({1, 7, 12, 6}), 12: frozenset({1, 12})}
"""Months in which a period of so many may begin: by the calendar, or by the reporting year from December."""


class Tier(StrEnum):
    """For whom a table is: named superior agencies (restricted), or everybody."""

    RESTRICTED = "T1"
    PUBLIC = "T2"


class WouldDisclose(Refused):
    """Somebody could be recognised in the table; `merge` names tables and dimensions to make coarser."""

    def __init__(self, merge: Iterable[str] = ()) -> None:
        super().__init__("would_disclose")
        self.merge = tuple(merge)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One fact as a table counts it: its random id, the day of registration, its finest codes."""

    id: UUID
    day: date
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one release froze: which facts it was the first to count, and how they were counted then."""

    period: Period
    ids: frozenset[UUID] = frozenset()
    known: tuple[int, ...] | None = None
    """Which places of the codes the release knew; a dimension that came later proves no change."""
    counts: Mapping[tuple[date, tuple[str, ...]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """All that counts for a unit: frozen counts, and facts not frozen with the day on which they count."""

    frozen: Mapping[tuple[date, tuple[str, ...]], int]
    free: tuple[Counted, ...]

    def within(self, period: Period) -> tuple[Counted, ...]:
        """Return the facts of a period that no earlier release froze."""
        return tuple(fact for fact in self.free if period.contains(fact.day))


def reckon(facts: Iterable[Counted], batches: Collection[Batch]) -> Reckoned:
    """Keep released days as they were counted: what came late counts on the first day not yet released."""
    frozen: Counter[tuple[date, tuple[str, ...]]] = Counter()
    for batch in batches:
        frozen.update(batch.counts)
    known = frozenset[UUID]().union(*(batch.ids for batch in batches))
    free = (fact for fact in facts if fact.id not in known)
    return Reckoned(frozen=frozen, free=tuple(_moved(fact, batches) for fact in free))


def has_changed(facts: Collection[Counted], batches: Collection[Batch], period: Period) -> bool:
    """Say whether facts of a released period were added, corrected or removed since."""
    known = frozenset[UUID]().union(*(batch.ids for batch in batches))
    if any(period.contains(fact.day) and fact.id not in known for fact in facts):
        return True
    return any(_differs(facts, batch) for batch in batches if batch.period.overlaps(period))


def check_period(period: Period, today: date, *, tier: Tier, yearly_only: bool) -> None:
    """Raise `Refused` for days that are not over, no fixed period, or too few for a table made once a year.

    Whoever chose the days freely could ask about a single day, and read a single case from the answer.
    """
    (first, last), *_ = period.spans
    if last > today:
        raise Refused("period_not_over")
    if not _is_fixed(first, last, tier):
        raise Refused("period_not_fixed")
    if yearly_only and (last - first).days + 1 < LEAST_DAYS_OF_A_YEAR:
        raise Refused("yearly_only")


def check_one_calendar(period: Period, restricted: Iterable[Period]) -> None:
    """Raise `Refused` for restricted figures of days that were given by the other calendar already.

    A calendar half less a half of the reporting year leaves single months, and restricted totals are exact.
    """
    mine = _is_of_calendar_year(period)
    if any(period.overlaps(other) and _is_of_calendar_year(other) != mine for other in restricted):
        raise Refused("other_calendar")


def _is_of_calendar_year(period: Period) -> bool:
    (first, _), *_ = period.spans
    return first.month in {1, 7}


def _is_fixed(first: date, last: date, tier: Tier) -> bool:
    """Say whether days are those of a reporting line, or a quarter, half or year that may be asked for."""
    if any((one.starts_on, one.ends_on) == (first, last) for one in list_periods(last.year)):
        return True
    after = last + DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    # A restricted table keeps small numbers, so it is only made for the long periods that are reported.
    is_long_enough = months >= 6 or tier is Tier.PUBLIC
    return first.day == after.day == 1 and is_long_enough and first.month in STARTS.get(months, ())


def entry_hash(
    prev_hash: bytes, entry: Mapping[str, Any], cells: Iterable[tuple[str, str, int | None]]
) -> bytes:
    """Return the hash of a release: every plain word of it and of its cells, bound to the release before."""
    content = {"prev": prev_hash.hex(), "entry": dict(entry), "cells": [list(cell) for cell in cells]}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def freeze(reckoned: Reckoned, period: Period, dimensions: Iterable[str]) -> dict[str, Any]:
    """Return what a release is the first to count, as it is sealed with the release."""
    first = reckoned.within(period)
    counts = Counter((fact.day, fact.codes) for fact in first)
    return {
        "ids": base64.b64encode(b"".join(sorted(fact.id.bytes for fact in first))).decode(),
        "rows": [[day.isoformat(), list(codes), number] for (day, codes), number in sorted(counts.items())],
        "dimensions": list(dimensions),
    }


def _moved(fact: Counted, batches: Collection[Batch]) -> Counted:
    day = fact.day
    while any(batch.period.contains(day) for batch in batches):
        day = (
            max(last for batch in batches for first, last in batch.period.spans if first <= day <= last) + DAY
        )
    return fact if day == fact.day else Counted(id=fact.id, day=day, codes=fact.codes)


def _differs(facts: Iterable[Counted], batch: Batch) -> bool:
    def kept(codes: tuple[str, ...]) -> tuple[str, ...]:
        return codes if batch.known is None else tuple(codes[place] for place in batch.known)

    now = Counter(kept(fact.codes) for fact in facts if fact.id in batch.ids)
    then: Counter[tuple[str, ...]] = Counter()
    for (_, codes), count in batch.counts.items():
        then[kept(codes)] += count
    return now != then
