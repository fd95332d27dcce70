"""Batches of a line list: opened once, taken in piece by piece, each piece in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.accounts.queries import list_staff
from casemgr.audit import service as audit
from casemgr.cases import service as cases
from casemgr.cases.models import Case
from casemgr.cases.service import ImportedFile
from casemgr.db import current
from casemgr.errors import Conflict, Refused
from casemgr.imports.mapping import LineMapping
from casemgr.imports.models import ImportBatch, ImportedRow
from casemgr.imports.queries import Batch, find_live, get_locked
from casemgr.imports.rules import Line, Outcome, Tally
from casemgr.incidents import service as incidents
from casemgr.incidents.service import ImportedIncident
from casemgr.policy import Actor, Permission, Role, require_role
from casemgr.survivors import service as survivors
from casemgr.survivors.service import ImportedConsent
from casemgr.units.models import Unit

RUNNING, FINISHED = "running", "finished"
OWNERS = frozenset({Role.CASE_WORKER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a batch is: its name, the digest of its file, its mapping, and who answers for its files.

    The owner is told by sign-in name or account; None is whoever imports.
    """

    name: str
    file_digest: str
    mapping: LineMapping
    owner: str | UUID | None


def open_batch(actor: Actor, terms: Terms) -> Batch:
    """Start a batch in the actor's unit, or go on with the one of this name as far as it is.

    Raises Refused when the name belongs to another file or mapping or is being rolled back, and Conflict for
    an owner who takes no cases in this unit.
    """
    require_role(actor, Permission.IMPORT_RUN)
    # Two commands with one name must not both find none: the second waits here for the first. Whoever adds
    # rows that point at the unit, such as a case, waits for nobody.
    current().scalar(select(Unit.id).where(Unit.id == actor.unit_id).with_for_update(key_share=True))
    owner_id = find_owner(actor, terms.owner)
    found = find_live(actor, terms.name)
    if found is not None:
        _check_same(found, terms, owner_id)
        return Batch.of(found)
    row = ImportBatch(
        unit_id=actor.unit_id,
        owner_id=owner_id,
        state=RUNNING,
        started_day=clock.today(),
        terms={
            "name": terms.name,
            "file": terms.file_digest,
            "mapping": terms.mapping.name,
            "mapping_digest": terms.mapping.digest,
        },
        progress=Tally().to_storage(),
    )
    current().add(row)
    current().flush()
    audit.changed(actor, "import:start", "import_batch", row.id, scope=("unit", actor.unit_id))
    return Batch.of(row)


def take_rows(
    actor: Actor,
    batch_id: UUID,
    mapping: LineMapping,
    outcomes: Sequence[Outcome],
    known: Mapping[str, UUID],
) -> dict[str, UUID]:
    """Take the next rows of a batch in one transaction, written down in one entry.

    `known` are persons of earlier rows by survivor code; those that come new are returned. Raises Refused
    when the batch is not where these rows begin, because somebody else has gone on with it.
    """
    audit.in_bulk()
    batch = get_locked(actor, batch_id)
    tally = Tally.from_storage(batch.progress)
    if batch.state != RUNNING or tally.position + 1 != outcomes[0].position:
        raise Refused("import_elsewhere")
    for outcome in outcomes:
        tally.add(outcome)
    taken = [(outcome, outcome.line) for outcome in outcomes if outcome.line is not None]
    people = _add_people(actor, [line for _, line in taken], known)
    if taken:
        files = _open_files(actor, batch, mapping, taken, people)
        _add_incidents(actor, mapping, [line for _, line in taken], files)
    batch.progress = tally.to_storage()
    current().flush()
    audit.changed(
        actor,
        "import:rows",
        "import_batch",
        batch.id,
        scope=("unit", actor.unit_id),
        first=outcomes[0].position,
        last=outcomes[-1].position,
        imported=len(taken),
    )
    return {code: person for code, person in people.items() if isinstance(code, str) and code not in known}


def finish_batch(actor: Actor, batch_id: UUID) -> Batch:
    """Close a batch when its last row is in; a finished one stays as it is."""
    batch = get_locked(actor, batch_id)
    if batch.state == RUNNING:
        batch.state, batch.ended_day = FINISHED, clock.today()
        current().flush()
        tally = Tally.from_storage(batch.progress)
        counts = {"imported": tally.imported, "refused": tally.refused}
        audit.changed(
            actor, "import:finish", "import_batch", batch.id, scope=("unit", actor.unit_id), **counts
        )
    return Batch.of(batch)


def find_owner(actor: Actor, owner: str | UUID | None) -> UUID:
    """Return who answers for files; raises Conflict for anybody who takes no cases in the actor's unit."""
    if owner is None:
        return actor.account_id
    name = owner.strip().casefold() if isinstance(owner, str) else None
    for person in list_staff(actor):
        is_meant = person.account_id == owner or person.sign_in_name.casefold() == name
        if is_meant and person.roles & OWNERS:
            return person.account_id
    raise Conflict("owner", "unknown")


def check_name(actor: Actor, terms: Terms) -> None:
    """Make sure that a batch may be opened, or gone on with, under this name; raises as `open_batch` does."""
    owner_id = find_owner(actor, terms.owner)
    found = find_live(actor, terms.name)
    if found is not None:
        _check_same(found, terms, owner_id)


def _check_same(batch: ImportBatch, terms: Terms, owner_id: UUID) -> None:
    if batch.state not in (RUNNING, FINISHED):
        raise Refused("import_rolling_back")
    if batch.terms["file"] != terms.file_digest:
        raise Refused("import_other_file")
    if batch.terms["mapping_digest"] != terms.mapping.digest:
        raise Refused("import_other_mapping")
    if batch.owner_id != owner_id:
        raise Refused("import_other_owner")


def _add_people(actor: Actor, lines: Sequence[Line], known: Mapping[str, UUID]) -> dict[str | int, UUID]:
    """Record the persons of these rows who are not known yet, by survivor code or place of the row."""
    people: dict[str | int, UUID] = dict(known.items())
    wanted: dict[str | int, Line] = {}
    for place, line in enumerate(lines):
        key = line.survivor_code or place
        if key not in people:
            wanted.setdefault(key, line)
    added = survivors.add_imported(actor, [line.person for line in wanted.values()])
    return people | {key: survivor.id for key, survivor in zip(wanted, added, strict=True)}


def _open_files(
    actor: Actor,
    batch: ImportBatch,
    mapping: LineMapping,
    taken: Sequence[tuple[Outcome, Line]],
    people: Mapping[str | int, UUID],
) -> list[Case]:
    files = [
        ImportedFile(
            survivor_id=people[line.survivor_code or place],
            reported_on=line.registered_on,
            note=_note(batch.terms["name"], outcome.number, line),
            is_closed=mapping.is_closed,
            closure_reason=mapping.closure_reason,
        )
        for place, (outcome, line) in enumerate(taken)
    ]
    opened = cases.open_imported(actor, files, owner_id=batch.owner_id)
    for (outcome, _), case in zip(taken, opened, strict=True):
        current().add(ImportedRow(batch_id=batch.id, position=outcome.position, case_id=case.id))
    return opened


def _note(batch_name: str, number: int, line: Line) -> str:
    return "\n".join([f"{batch_name} · {number}", *(f"{name}: {text}" for name, text in line.kept)])


def _add_incidents(actor: Actor, mapping: LineMapping, lines: Sequence[Line], files: Sequence[Case]) -> None:
    found = list(zip(lines, files, strict=True))
    consents = [
        ImportedConsent(
            case_id=case.id,
            is_given=line.reporting_consent == "yes",
            how=str(mapping.consent_how),
            given_on=line.registered_on,
        )
        for line, case in found
        if line.reporting_consent is not None
    ]
    survivors.add_imported_consents(actor, consents)
    added = [
        ImportedIncident(
            case_id=case.id,
            person=line.person,
            values=line.incident,
            perpetrator=line.perpetrator,
            core_type=line.core_type,
            reason=mapping.type_reason,
            registered_on=line.registered_on,
            has_reporting_consent=line.reporting_consent == "yes",
        )
        for line, case in found
    ]
    incidents.add_imported(actor, added)
