"""When something is due, in the groups of the first page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

Item = TypeVar("Item")

WEEK = timedelta(days=7)
"""What is due later than this is not work of today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due(Generic[Item]):
    """Things to do by when they are due; what is due after a week waits."""

    overdue: list[Item] = field(default_factory=list)
    today: list[Item] = field(default_factory=list)
    week: list[Item] = field(default_factory=list)


def group_by_due(items: Iterable[tuple[date, Item]], today: date) -> Due[Item]:
    """Sort dated things into overdue, today and the seven days that follow."""
    due: Due[Item] = Due()
    for day, item in items:
        if day < today:
            due.overdue.append(item)
        elif day == today:
            due.today.append(item)
        elif day <= today + WEEK:
            due.week.append(item)
    return due
