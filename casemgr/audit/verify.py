"""Checking the log: every link, every checkpoint, and on demand every sealed cell.

It walks the log once in one snapshot and says what it found and where; it repairs nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from casemgr.audit import queries, writes
from casemgr.audit.chain import COVERED, GENESIS, hash_of
from casemgr.audit.checkpoints import opened_note
from casemgr.crypto.merkle import Frontier
from casemgr.crypto.signing import Checkpoint
from casemgr.db import Database, Keyring, work
from casemgr.errors import SealError

MOST_CELLS = 100
"""Findings of `deep` that are listed; the first few already show which backup to compare with."""

_SEQ, _ENTRY_ID, _WRITES = (COVERED.index(name) for name in ("seq", "entry_id", "writes_sealed"))


class Fault(IntEnum):
    """What can be wrong; the number is the exit code of the command."""

    NONE = 0
    BROKEN_ENTRY = 1
    FORK_OR_GAP = 2
    SHORTER = 3
    OTHER_ROOT = 4
    BAD_SIGNATURE = 5
    OTHER_CELL = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault and its place: an entry, the size under a checkpoint, or cells of a row."""

    fault: Fault
    seq: int | None = None
    table: str | None = None
    row: UUID | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check found. Entries after `proven` are chained but not yet under any good checkpoint.

    `cells_unproven` counts sealed cells of which the log knows no last digest of their own.
    """

    size: int
    proven: int
    checkpoints: int
    cells: int
    cells_unproven: int
    findings: tuple[Finding, ...]

    @property
    def exit_code(self) -> int:
        """Zero, or the number of the gravest fault."""
        return min((finding.fault for finding in self.findings), default=Fault.NONE)


def verify(
    database: Database,
    keyring: Keyring | None,
    *,
    public_keys: Sequence[bytes],
    anchors: Iterable[str] = (),
    start: int = 1,
    deep: bool = False,
) -> Verdict:
    """Check the whole log in one snapshot.

    `public_keys` are those that ever signed; `anchors` are notes kept outside this database. Entries before
    `start` are not hashed again, only linked and rooted. `deep` needs the keyring, or raises `Locked`.
    """
    with work(database, keyring, write=False) as session:
        if not database.is_sqlite:
            session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        points, findings = _checkpoints(session, public_keys, anchors)
        walk = _Walk(points, start)
        claims = _Claims(session) if deep else None
        findings += walk.run(_rows(session), claims)
        if walk.is_whole:
            findings += _ends(session, walk, points)
            findings += claims.compare() if claims else []
    return Verdict(
        size=walk.tree.size,
        proven=walk.proven,
        checkpoints=sum(map(len, points.values())),
        cells=claims.cells if claims else 0,
        cells_unproven=claims.unproven if claims else 0,
        findings=tuple(findings),
    )


Points = dict[int, set[bytes]]
Stored = Sequence[Any]


def _checkpoints(
    session: Session, public_keys: Sequence[bytes], anchors: Iterable[str]
) -> tuple[Points, list[Finding]]:
    points: Points = defaultdict(set)
    findings = []
    for size, root, note in queries.list_checkpoints(session):
        opened = _opened(note, public_keys)
        if opened is None or (opened.size, opened.root) != (size, root):
            findings.append(Finding(fault=Fault.BAD_SIGNATURE, seq=size))
        else:
            points[size].add(root)
    for note in anchors:
        opened = _opened(note, public_keys)
        if opened is None:
            findings.append(Finding(fault=Fault.BAD_SIGNATURE))
        else:
            points[opened.size].add(opened.root)
    return points, findings


def _opened(note: str, public_keys: Sequence[bytes]) -> Checkpoint | None:
    for key in public_keys:
        try:
            return opened_note(note, key)
        except SealError:
            continue
    return None


def _rows(session: Session) -> Iterator[Stored | None]:
    """Return the entries; None in place of one that is so damaged that it cannot even be read."""
    try:
        yield from queries.stream_chain(session)
    except (ValueError, TypeError, AttributeError):
        yield None


def _ends(session: Session, walk: "_Walk", points: Points) -> list[Finding]:
    size = walk.tree.size
    head = queries.find_head(session)
    findings = []
    if (head or (0, GENESIS)) != (size, walk.last):
        findings.append(Finding(fault=Fault.FORK_OR_GAP, seq=min(size, head[0] if head else 0) + 1))
    longer = [point for point in points if point > size]
    if longer:
        findings.append(Finding(fault=Fault.SHORTER, seq=size + 1))
    return findings


class _Walk:
    """Goes along the chain, growing the Merkle tree beside it."""

    def __init__(self, points: Points, start: int) -> None:
        self.tree = Frontier()
        self.last = GENESIS
        self.proven = 0
        self.is_whole = True
        self._points = points
        self._start = start
        self._rooted = True

    def run(self, rows: Iterable[Stored | None], claims: "_Claims | None") -> Iterator[Finding]:
        """Check entry after entry up to the first that breaks the chain."""
        for row in rows:
            fault = self._fault_of(row)
            if row is None or fault is not Fault.NONE:
                self.is_whole = False
                yield Finding(fault=fault, seq=self.tree.size + 1)
                return
            self.last = row[1]
            self.tree.append(self.last)
            yield from self._check_root()
            if claims:
                yield from claims.add(row)

    def _fault_of(self, row: Stored | None) -> Fault:
        if row is None:
            return Fault.BROKEN_ENTRY
        prev_hash, stored, *values = tuple(row)
        seq = values[_SEQ]
        if seq != self.tree.size + 1:
            return Fault.FORK_OR_GAP
        if seq >= self._start and hash_of(prev_hash, values) != stored:
            return Fault.BROKEN_ENTRY
        return Fault.NONE if prev_hash == self.last else Fault.FORK_OR_GAP

    def _check_root(self) -> Iterator[Finding]:
        size = self.tree.size
        roots = self._points.get(size)
        if roots is None or not self._rooted:
            return
        self._rooted = roots == {self.tree.root()}
        if self._rooted:
            self.proven = size
        else:
            yield Finding(fault=Fault.OTHER_ROOT, seq=size)


class _Claims:
    """What the log says the sealed cells hold, gathered along the walk and then compared with the tables."""

    def __init__(self, session: Session) -> None:
        self.cells = 0
        self.unproven = 0
        self._session = session
        self._tables: dict[str, dict[UUID, list[writes.Claim]]] = defaultdict(dict)

    def add(self, row: Stored) -> Iterator[Finding]:
        """Let the claims of a later entry take the place of earlier ones about the same cells."""
        entry_id, blob = row[2 + _ENTRY_ID], row[2 + _WRITES]
        if blob is None:
            return
        try:
            found = list(writes.load(queries.open_writes(self._session, entry_id, blob)))
        except SealError:
            yield Finding(fault=Fault.OTHER_CELL, seq=row[2 + _SEQ])
            return
        for claim in found:
            self._put(claim)

    def _put(self, claim: writes.Claim) -> None:
        rows = self._tables[claim.table]
        if claim.columns == (writes.REMOVED,):
            rows.pop(claim.row, None)
            return
        standing = rows.get(claim.row, ())
        kept = [other for other in standing if set(other.columns).isdisjoint(claim.columns)]
        rows[claim.row] = [*kept, claim]

    def compare(self) -> list[Finding]:
        """Return the cells that are not what was last written, and the rows that are gone unnoted."""
        return [finding for _, finding in zip(range(MOST_CELLS), self._differences(), strict=False)]

    def _differences(self) -> Iterator[Finding]:
        for table, rows in self._tables.items():
            for row, cells in queries.stream_cells(self._session, table):
                claims = rows.pop(row, [])
                yield from self._differences_of(cells, claims)
            for claims in rows.values():
                for claim in claims:
                    yield _other(claim)

    def _differences_of(self, cells: dict[str, bytes], claims: list[writes.Claim]) -> Iterator[Finding]:
        claimed = sum(len(claim.columns) for claim in claims)
        self.cells += claimed
        self.unproven += len(cells) - claimed
        digests = {name: hashlib.sha256(blob).digest() for name, blob in cells.items()}
        for claim in claims:
            if not claim.holds(digests):
                yield _other(claim)


def _other(claim: writes.Claim) -> Finding:
    return Finding(fault=Fault.OTHER_CELL, table=claim.table, row=claim.row, columns=claim.columns)
