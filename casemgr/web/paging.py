"""Where a page of a long list begins, in its address: a day and a random id."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import request

from casemgr.db.paging import Key, Page


def page_start() -> Key | None:
    """Return after which row the page that was asked for begins; what nobody could have sent is the first."""
    day, _, row_id = request.args.get("before", "").partition(".")
    try:
        return (date.fromisoformat(day), UUID(row_id)) if day else None
    except ValueError:
        return None


def next_start(page: Page[Any]) -> str:
    """Return what the link to the next page says, empty on the last."""
    return f"{page.older[0].isoformat()}.{page.older[1]}" if page.older else ""
