"""Whether two databases hold the same rows, whatever their engines."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from casemgr.errors import Refused

TABLES_DIFFER = "transfer_differs"
_AT_ONCE = 500
_MODULUS = 1 << 256


def require_same(origin: Connection, sink: Connection, tables: Iterable[Table]) -> None:
    """Compare every row of every table; raises Refused("transfer_differs")."""
    for table in tables:
        if digest_of(origin, table) != digest_of(sink, table):
            raise Refused(TABLES_DIFFER)


def digest_of(connection: Connection, table: Table) -> tuple[int, int]:
    """Return how many rows a table has and the sum of their digests, which no order of rows changes."""
    count = total = 0
    with connection.execute(select(table), execution_options={"yield_per": _AT_ONCE}) as rows:
        for row in rows.mappings():
            count += 1
            total += int.from_bytes(hashlib.sha256(_written(row)).digest())
    return count, total % _MODULUS


def _written(row: Mapping[Any, Any]) -> bytes:
    cells = [(str(name), *_cell(value)) for name, value in row.items()]
    return json.dumps(sorted(cells), ensure_ascii=False).encode()


def _cell(value: Any) -> tuple[str, str]:
    """Write a value with its kind, alike for both engines: SQLite gives moments without their zone."""
    match value:
        case bytes() | memoryview():
            return "bytes", bytes(value).hex()
        case datetime():
            moment = value if value.tzinfo else value.replace(tzinfo=UTC)
            return "moment", moment.astimezone(UTC).isoformat()
        case dict() | list():
            return "json", json.dumps(value, sort_keys=True)
        case bool() | None:
            return "plain", str(value)
        case _:
            return type(value).__name__, str(value)
