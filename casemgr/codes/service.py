"""Bring the table of codes to the state of the shipped lists."""

from typing import Any

from sqlalchemy import select

from casemgr import db
from casemgr.codes import lists
from casemgr.codes.models import CodeRow


def sync() -> int:
    """Add and correct rows until the table equals the shipped lists; return how many rows were touched.

    Rows of codes that are no longer shipped stay, because records may still use them.
    """
    session = db.current()
    stored = {(row.list_name, row.code): row for row in session.scalars(select(CodeRow))}
    touched = 0
    for name in lists.names():
        for position, code in enumerate(lists.get(name)):
            row = stored.get((name, code.code))
            if row is None:
                session.add(CodeRow(**_values(code, position)))
                touched += 1
            else:
                touched += _correct(row, _values(code, position))
    session.flush()
    return touched


def _values(code: lists.Code, position: int) -> dict[str, Any]:
    return {
        "list_name": code.list_name,
        "code": code.code,
        "position": position,
        "vi": code.vi,
        "en": code.en,
        "valid_from": code.valid_from,
        "valid_to": code.valid_to,
        "parent": code.parent,
        "rollups": {scheme: list(found) for scheme, found in code.rollups.items()},
        "attributes": dict(code.attributes),
        "source": code.source,
    }


def _correct(row: CodeRow, values: dict[str, Any]) -> bool:
    """Set what differs and say whether anything did."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)
