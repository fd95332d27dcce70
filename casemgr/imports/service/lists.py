"""Line lists that come through the page: checked before they are trusted, kept sealed, then destroyed."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.db import current, only
from casemgr.db.sealed import keyring_of
from casemgr.errors import InvalidState, Refused
from casemgr.imports.findings import Findings
from casemgr.imports.models import ImportFile
from casemgr.imports.queries import Batch, find_file, open_list
from casemgr.imports.reading import LineList
from casemgr.imports.rules import Upload
from casemgr.imports.service.batches import (
    FINISHED,
    Terms,
    check_name,
    find_owner,
    finish_batch,
    open_batch,
)
from casemgr.imports.shelf import parse_mapping
from casemgr.imports.translating import Translator
from casemgr.policy import Actor, Permission, require_role

WAITING, CHECKED, UNUSABLE = "waiting", "checked", "unusable"
KEPT = timedelta(days=7)
"""How long a line list stays that nobody takes in or throws away."""

MOST_KEPT = 3
"""Line lists of one unit that may lie there at a time, so that nobody fills the disk with them."""


def add_list(actor: Actor, upload: Upload) -> UUID:
    """Keep a line list, sealed, and return its id; nothing of it is taken in yet.

    Raises UnusableMapping, UnusableFile for what its content and header give away at once, Conflict for an
    owner who takes no cases, and Refused for a name that stands for another list or when too many lie there.
    """
    require_role(actor, Permission.IMPORT_RUN)
    mapping = parse_mapping(upload.mapping)
    lines = LineList(upload.content, mapping.sheet)
    Translator(lines, mapping)
    check_name(
        actor,
        Terms(name=upload.name, file_digest=lines.digest, mapping=mapping, owner=upload.owner_id),
    )
    here = select(func.count()).select_from(ImportFile).where(ImportFile.unit_id == actor.unit_id)
    if (current().scalar(here) or 0) >= MOST_KEPT:
        raise Refused("import_too_many")
    row = ImportFile(
        unit_id=actor.unit_id,
        owner_id=find_owner(actor, upload.owner_id),
        batch_id=None,
        state=WAITING,
        added_day=clock.today(),
        terms={
            "name": upload.name,
            "title": dict(mapping.title),
            "mapping": upload.mapping,
            "size": len(upload.content),
        },
        findings=None,
        content=upload.content,
    )
    current().add(row)
    current().flush()
    audit.changed(actor, "import:add_list", "import_file", row.id, scope=("unit", actor.unit_id))
    return row.id


def keep_findings(actor: Actor, file_id: UUID, findings: Findings) -> None:
    """Keep what a check found."""
    row = find_file(actor, file_id, is_locked=True)
    row.state = UNUSABLE if findings.unusable else CHECKED
    row.findings = findings.to_storage()
    current().flush()
    audit.changed(actor, "import:check_list", "import_file", row.id, scope=("unit", actor.unit_id))


def begin_list(actor: Actor, file_id: UUID) -> Batch:
    """Open the batch of a list that was checked, or go on with it; raises InvalidState and Refused."""
    row = find_file(actor, file_id, is_locked=True)
    if row.state != CHECKED:
        raise InvalidState(row.state)
    opened = open_list(actor, file_id)
    mapping = parse_mapping(opened.mapping)
    digest = LineList(opened.content, mapping.sheet).digest
    batch = open_batch(
        actor, Terms(name=row.terms["name"], file_digest=digest, mapping=mapping, owner=row.owner_id)
    )
    if row.batch_id != batch.id:
        row.batch_id = batch.id
        current().flush()
        audit.changed(actor, "import:take_list", "import_file", row.id, scope=("unit", actor.unit_id))
    return batch


def finish_list(actor: Actor, file_id: UUID, batch_id: UUID) -> Batch:
    """Close the batch when its last row is in, and destroy the list that it came from; raises Refused."""
    batch = finish_batch(actor, batch_id)
    if batch.state != FINISHED:
        raise Refused("import_elsewhere")
    _destroy(actor, find_file(actor, file_id, is_locked=True), "import:end_list")
    return batch


def throw_away(actor: Actor, file_id: UUID) -> None:
    """Destroy a line list; what was taken in of it stays."""
    _destroy(actor, find_file(actor, file_id, is_locked=True), "import:throw_away")


def forget_old(actor: Actor) -> int:
    """Destroy the lists of all units that lay there for a week; the installation does this every day."""
    old = select(ImportFile).where(ImportFile.added_day <= clock.today() - KEPT)
    rows = list(current().scalars(old.options(only(ImportFile, "unit_id", "added_day")).with_for_update()))
    for row in rows:
        _destroy(actor, row, "import:forget_list")
    return len(rows)


def _destroy(actor: Actor, row: ImportFile, action: str) -> None:
    """Remove a list and destroy its key, so that no backup opens it once its own copy of the key is gone."""
    current().delete(row)
    current().flush()
    destroyed = keyring_of(current()).destroy(current(), "line_list", row.id)
    keys = [str(key_id) for key_id in destroyed]
    audit.changed(actor, action, "import_file", row.id, scope=("unit", row.unit_id), keys=keys)
