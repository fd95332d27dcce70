"""Taking a batch out again: its files, persons, incidents and facts go, and the keys that sealed them."""

from uuid import UUID

from sqlalchemy import delete, select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases import service as cases
from casemgr.cases.models import Case
from casemgr.db import current
from casemgr.db.sealed import keyring_of
from casemgr.errors import Refused
from casemgr.imports.models import ImportBatch, ImportedRow
from casemgr.imports.queries import ROLLED_BACK, Batch, get_locked, is_worked_on
from casemgr.incidents import service as incidents
from casemgr.policy import Actor
from casemgr.survivors import service as survivors

ROLLING_BACK = "rolling_back"


def start_rollback(actor: Actor, batch_id: UUID) -> Batch:
    """Begin to take a batch out, or go on with it; raises `NotFound`, and Refused once worked on.

    One that is out already stays as it is.
    """
    batch = get_locked(actor, batch_id)
    if batch.state != ROLLED_BACK and is_worked_on(actor, batch.id):
        raise Refused("import_worked_on")
    if batch.state not in (ROLLING_BACK, ROLLED_BACK):
        batch.state, batch.ended_day = ROLLING_BACK, None
        current().flush()
        audit.changed(actor, "import:roll_back", "import_batch", batch.id, scope=("unit", actor.unit_id))
    return Batch.of(batch)


def roll_back_some(actor: Actor, batch_id: UUID, most: int) -> int:
    """Take up to `most` files of a batch out in one transaction and return how many; 0 when it is done.

    The work may come long after it was ordered, or begin again by whoever keeps the queue: raises Refused
    when somebody has worked on one of these files meanwhile: nothing brings back what is destroyed.
    """
    audit.in_bulk()
    batch = get_locked(actor, batch_id)
    if batch.state != ROLLING_BACK:
        return 0
    query = select(ImportedRow.case_id).where(ImportedRow.batch_id == batch.id)
    case_ids = list(current().scalars(query.order_by(ImportedRow.position.desc()).limit(most)))
    if case_ids:
        # Held, so that nobody adds to them between the look and the end.
        current().execute(select(Case.id).where(Case.id.in_(case_ids)).with_for_update())
        if is_worked_on(actor, batch.id, case_ids):
            raise Refused("import_worked_on")
        _remove(actor, case_ids)
    else:
        _end(batch)
    audit.changed(
        actor,
        "import:remove_rows" if case_ids else "import:rolled_back",
        "import_batch",
        batch.id,
        scope=("unit", actor.unit_id),
        removed=len(case_ids),
    )
    return len(case_ids)


def _remove(actor: Actor, case_ids: list[UUID]) -> None:
    people = current().scalars(select(Case.survivor_id).where(Case.id.in_(case_ids)).distinct())
    survivor_ids = [found for found in people if found is not None]
    incidents.remove_imported(actor, case_ids)
    survivors.remove_imported_consents(actor, case_ids)
    rows = delete(ImportedRow).where(ImportedRow.case_id.in_(case_ids))
    current().execute(rows.execution_options(synchronize_session=False))
    cases.remove_imported(actor, case_ids)
    gone = survivors.remove_imported(actor, survivor_ids)
    keyring = keyring_of(current())
    keyring.destroy_many(current(), "case", case_ids)
    keyring.destroy_many(current(), "survivor", gone)


def _end(batch: ImportBatch) -> None:
    batch.state, batch.ended_day = ROLLED_BACK, clock.today()
    current().flush()
