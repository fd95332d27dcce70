"""Reading batches, which of their files somebody has worked on since, and line lists that wait."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Select, Table, func, or_, select

from casemgr.audit import service as audit
from casemgr.cases.models import Assignment, Case, TimelineEntry
from casemgr.db import Base, current, only, prefetch
from casemgr.errors import NotFound
from casemgr.imports.findings import Findings
from casemgr.imports.models import ImportBatch, ImportedRow, ImportFile
from casemgr.imports.rules import Tally
from casemgr.incidents.models import Incident, Perpetrator
from casemgr.policy import Actor, Permission, require_role
from casemgr.survivors.models import Consent, Survivor

ROLLED_BACK = "rolled_back"
_ONCE = (TimelineEntry, Assignment, Incident, Perpetrator, Consent)
"""Tables of which an import writes at most one row for each case."""

_EDITED = (Incident, Perpetrator, Consent)
_OWN = frozenset({"case_file", "survivor_bucket", "imported_row", *(table.__tablename__ for table in _ONCE)})
_AT_ONCE = 500
_BARE = ("unit_id", "owner_id", "batch_id", "state", "added_day", "terms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch as it is listed."""

    id: UUID
    name: str
    mapping: str
    state: str
    owner_id: UUID
    started_on: date
    ended_on: date | None
    tally: Tally

    @classmethod
    def of(cls, row: ImportBatch) -> "Batch":
        """Return what is listed of a stored batch."""
        return cls(
            id=row.id,
            name=row.terms["name"],
            mapping=row.terms["mapping"],
            state=row.state,
            owner_id=row.owner_id,
            started_on=row.started_day,
            ended_on=row.ended_day,
            tally=Tally.from_storage(row.progress),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingList:
    """A line list that came through the page; `findings` is None until it was checked, or in a list."""

    id: UUID
    name: str
    title: dict[str, str]
    size: int
    state: str
    owner_id: UUID
    batch_id: UUID | None
    added_on: date
    findings: Findings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedList:
    """A line list with what is in it, and the text of its mapping."""

    content: bytes
    mapping: str


def list_batches(actor: Actor) -> list[Batch]:
    """Return the batches of the actor's unit, the latest first, and write down that they were read."""
    require_role(actor, Permission.IMPORT_RUN)
    found = current().scalars(select(ImportBatch).where(ImportBatch.unit_id == actor.unit_id))
    batches = sorted(
        (Batch.of(row) for row in found), key=lambda batch: (batch.started_on, batch.name), reverse=True
    )
    if batches:
        audit.listed(actor, "import_batch", [batch.id for batch in batches], ("terms", "progress"))
    return batches


def find_live(actor: Actor, name: str) -> ImportBatch | None:
    """Return the batch of the actor's unit with this name, unless it was rolled back."""
    require_role(actor, Permission.IMPORT_RUN)
    here = (ImportBatch.unit_id == actor.unit_id, ImportBatch.state != ROLLED_BACK)
    return next(
        (row for row in current().scalars(select(ImportBatch).where(*here)) if row.terms["name"] == name),
        None,
    )


def get_locked(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Return a batch of the actor's unit that nobody else can change until this unit of work ends."""
    require_role(actor, Permission.IMPORT_RUN)
    here = (ImportBatch.id == batch_id, ImportBatch.unit_id == actor.unit_id)
    found = current().scalar(select(ImportBatch).where(*here).with_for_update())
    if found is None:
        raise NotFound
    return found


def get_batch(actor: Actor, batch_id: UUID) -> Batch:
    """Return a batch of the actor's unit, and write down that it was read."""
    require_role(actor, Permission.IMPORT_RUN)
    here = (ImportBatch.id == batch_id, ImportBatch.unit_id == actor.unit_id)
    found = current().scalar(select(ImportBatch).where(*here))
    if found is None:
        raise NotFound
    audit.seen(actor, "import_batch", batch_id, ("terms", "progress"), scope=("unit", actor.unit_id))
    return Batch.of(found)


def list_waiting(actor: Actor) -> list[WaitingList]:
    """Return the line lists of the actor's unit that are still there, the latest first."""
    require_role(actor, Permission.IMPORT_RUN)
    here = select(ImportFile).where(ImportFile.unit_id == actor.unit_id).options(only(ImportFile, *_BARE))
    rows = list(current().scalars(here.order_by(ImportFile.added_day.desc(), ImportFile.id)))
    prefetch(current(), rows, "terms")
    if rows:
        audit.listed(actor, "import_file", [row.id for row in rows], ("terms",))
    return [_waiting(row) for row in rows]


def get_waiting(actor: Actor, file_id: UUID) -> WaitingList:
    """Return a line list of the actor's unit with what was found in it; its rows stay sealed."""
    row = find_file(actor, file_id, *_BARE, "findings")
    audit.seen(actor, "import_file", file_id, ("terms", "findings"), scope=("unit", actor.unit_id))
    return _waiting(row, Findings.from_storage(row.findings) if row.findings else None)


def open_list(actor: Actor, file_id: UUID) -> OpenedList:
    """Return a line list of the actor's unit with its rows, for the work behind the page."""
    row = find_file(actor, file_id, "terms", "content")
    audit.seen(actor, "import_file", file_id, ("terms", "content"), scope=("unit", actor.unit_id))
    return OpenedList(content=row.content or b"", mapping=row.terms["mapping"])


def find_file(actor: Actor, file_id: UUID, *names: str, is_locked: bool = False) -> ImportFile:
    """Return a line list of the actor's unit with the attributes that are named; raises `NotFound`.

    Locked, nobody else can change it until this unit of work ends.
    """
    require_role(actor, Permission.IMPORT_RUN)
    query = select(ImportFile).where(ImportFile.id == file_id, ImportFile.unit_id == actor.unit_id)
    query = query.options(only(ImportFile, *(names or _BARE)))
    found = current().scalar(query.with_for_update() if is_locked else query)
    if found is None:
        raise NotFound
    return found


def _waiting(row: ImportFile, findings: Findings | None = None) -> WaitingList:
    return WaitingList(
        id=row.id,
        name=row.terms["name"],
        title=row.terms["title"],
        size=row.terms["size"],
        state=row.state,
        owner_id=row.owner_id,
        batch_id=row.batch_id,
        added_on=row.added_day,
        findings=findings,
    )


def list_survivors_at(actor: Actor, batch_id: UUID, positions: Sequence[int]) -> dict[int, UUID]:
    """Return the persons of rows of a batch that were taken, by the position of the row."""
    require_role(actor, Permission.IMPORT_RUN)
    found: dict[int, UUID] = {}
    for start in range(0, len(positions), _AT_ONCE):
        query = (
            select(ImportedRow.position, Case.survivor_id)
            .join(Case, Case.id == ImportedRow.case_id)
            .where(ImportedRow.batch_id == batch_id, Case.unit_id == actor.unit_id)
            .where(ImportedRow.position.in_(positions[start : start + _AT_ONCE]))
        )
        found |= {position: survivor_id for position, survivor_id in current().execute(query) if survivor_id}
    return found


def is_worked_on(actor: Actor, batch_id: UUID, case_ids: Sequence[UUID] | None = None) -> bool:
    """Say whether anybody has changed or added to a file or person of a batch since it came in.

    With `case_ids` only these of its files are looked at.
    """
    require_role(actor, Permission.IMPORT_RUN)
    cases = select(ImportedRow.case_id).where(ImportedRow.batch_id == batch_id)
    if case_ids is not None:
        cases = cases.where(ImportedRow.case_id.in_(case_ids))
    return any(current().execute(query.limit(1)).first() is not None for query in _traces(cases))


def _traces(cases: Select[Any]) -> Iterator[Select[Any]]:
    survivors = select(Case.survivor_id).where(Case.id.in_(cases))
    incidents = select(Incident.id).where(Incident.case_id.in_(cases))
    yield select(Case.id).where(Case.id.in_(cases), Case.version != 1)
    yield select(Survivor.id).where(Survivor.id.in_(survivors), Survivor.version != 1)
    for edited in _EDITED:
        yield select(edited.id).where(edited.case_id.in_(cases), edited.version != 1)
    for once in _ONCE:
        of_cases = select(once.case_id).where(once.case_id.in_(cases)).group_by(once.case_id)
        yield of_cases.having(func.count() > 1)
    reached = {"case_file": cases, "survivor": survivors, "incident": incidents}
    for table in Base.metadata.tables.values():
        if table.name not in _OWN:
            yield from _links(table, reached)


def _links(table: Table, reached: dict[str, Select[Any]]) -> Iterator[Select[Any]]:
    """Yield a query for rows of another feature's table that hang on the files of a batch."""
    conditions = [
        column.in_(reached[name])
        for column in table.columns
        for name in reached
        if _points_at(column.foreign_keys, name) or (name == "case_file" and column.name == "case_id")
    ]
    if conditions:
        yield select(table.c[next(iter(table.c)).name]).where(or_(*conditions))


def _points_at(keys: set[ForeignKey], name: str) -> bool:
    return any(key.column.table.name == name for key in keys)
