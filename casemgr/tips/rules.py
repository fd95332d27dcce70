"""How a tip goes on, and who may be kept from it."""

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from uuid import UUID

MONTHS_SHOWN = 12


class TipState(StrEnum):
    """Where a tip stands; nothing follows after `CLOSED`."""

    NEW = "new"
    CHECKED = "checked"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What became of a tip; the values are the codes of list `tip_outcome`."""

    INTAKE = "tiep_nhan"
    OTHER_UNIT = "don_vi_khac"
    NO_CASE = "khong_mo_ca"


def leaves_a_reader(readers: Collection[UUID], excluded: Collection[UUID]) -> bool:
    """Say whether somebody can still read a tip when some of its readers are kept from it."""
    return bool(set(readers) - set(excluded))


def first_month_shown(today: date) -> date:
    """Return the first day of the oldest month of a sender's own figures."""
    months = today.year * 12 + today.month - MONTHS_SHOWN
    return date(months // 12, months % 12 + 1, 1)


def count_by_month(days: Iterable[date]) -> list[tuple[date, int]]:
    """Count days by month, the newest month first; a month is its first day."""
    counts: dict[date, int] = {}
    for day in days:
        month = day.replace(day=1)
        counts[month] = counts.get(month, 0) + 1
    return sorted(counts.items(), reverse=True)
