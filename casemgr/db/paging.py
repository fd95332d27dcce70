"""Long lists page by page: the newest day first, chance within a day, and never a count of the whole."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from casemgr.db.session import current

PAGE = 50

Key = tuple[date, UUID]
"""Where a page ends: day and id of its last row."""

Item = TypeVar("Item")
Other = TypeVar("Other")


class Page(list[Item]):
    """The rows of one page; `older` is where the next one begins, None on the last."""

    def __init__(self, rows: Iterable[Item] = (), *, older: Key | None = None) -> None:
        super().__init__(rows)
        self.older = older

    def told_as(self, rows: Iterable[Other]) -> "Page[Other]":
        """Return the same page with other words for its rows."""
        return Page(rows, older=self.older)


def take_page(
    query: Select[Item],
    day: InstrumentedAttribute[date],
    before: Key | None,
    bound: Mapping[str, Any] | None = None,
) -> Page[Item]:
    """Return the page of a query for a table with an id that begins after a key, or the first one.

    `bound` are the values of a query that was written down before anybody asked.
    """
    row_id: Any = day.class_.id
    if before is not None:
        query = query.where((day < before[0]) | ((day == before[0]) & (row_id < before[1])))
    # One more than a page holds tells whether another one follows.
    page = query.order_by(day.desc(), row_id.desc()).limit(PAGE + 1)
    found: list[Any] = list(current().scalars(page, dict(bound or {})))
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], older=(getattr(last, day.key), last.id) if last is not None else None)
