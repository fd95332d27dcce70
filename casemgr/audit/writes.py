"""What was written where: digests of ciphertexts, folded into the entry of the change.

`verify --deep` compares them with the cells as they are now. Bulk work keeps one digest a row instead of one
a cell: a single digest over all rows could not be checked any more after the first later edit.
"""

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Write = tuple[str, UUID, str, bytes]
"""Table, row, sealed attribute, SHA-256 of the ciphertext."""

REMOVED = ""
"""In place of an attribute: the whole row was removed."""

NOTHING = bytes(32)
"""In place of a digest, for a removed row."""

_ROW = 16
_DIGEST = 32


@dataclass(frozen=True, slots=True)
class Claim:
    """What the log says that some cells of one row held when they were last written."""

    table: str
    row: UUID
    columns: tuple[str, ...]
    digest: bytes

    def holds(self, digests: Mapping[str, bytes]) -> bool:
        """Say whether the row's present cells are those that were written."""
        return joined([digests.get(name, b"") for name in self.columns]) == self.digest


def joined(digests: list[bytes]) -> bytes:
    """One digest for the cells of a row, in the order of their names; a single cell keeps its own."""
    return digests[0] if len(digests) == 1 else hashlib.sha256(b"".join(digests)).digest()


def dump(writes: Iterable[Write], *, bulk: bool) -> bytes:
    """Write down the last digest of each cell, listed or, for bulk work, folded row by row."""
    last: dict[tuple[str, UUID], dict[str, bytes]] = defaultdict(dict)
    for table, row, name, digest in writes:
        if name == REMOVED:
            last[table, row].clear()
        else:
            last[table, row].pop(REMOVED, None)
        last[table, row][name] = digest
    content = _folded(last) if bulk else _listed(last)
    return json.dumps(content, separators=(",", ":")).encode()


def load(text: bytes) -> Iterator[Claim]:
    """Read back what was written down."""
    content = json.loads(text)
    for table, row, name, digest in content.get("cells", ()):
        yield Claim(table, UUID(hex=row), (name,), bytes.fromhex(digest))
    for group in content.get("rows", ()):
        packed = base64.b64decode(group["digests"])
        for start in range(0, len(packed), _ROW + _DIGEST):
            row, digest = packed[start : start + _ROW], packed[start + _ROW : start + _ROW + _DIGEST]
            yield Claim(group["table"], UUID(bytes=row), tuple(group["columns"]), digest)


def _listed(last: Mapping[tuple[str, UUID], Mapping[str, bytes]]) -> dict[str, Any]:
    cells = [
        (table, row.hex, name, digest.hex())
        for (table, row), digests in last.items()
        for name, digest in sorted(digests.items())
    ]
    return {"cells": cells}


def _folded(last: Mapping[tuple[str, UUID], Mapping[str, bytes]]) -> dict[str, Any]:
    groups: dict[tuple[str, tuple[str, ...]], list[bytes]] = defaultdict(list)
    for (table, row), digests in last.items():
        columns = tuple(sorted(digests))
        groups[table, columns].append(row.bytes + joined([digests[name] for name in columns]))
    return {
        "rows": [
            {"table": table, "columns": columns, "digests": base64.b64encode(b"".join(rows)).decode()}
            for (table, columns), rows in groups.items()
        ]
    }
