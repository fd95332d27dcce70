"""A person may already have a file that the worker must not know of: a supervisor is told, silently."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from casemgr import clock
from casemgr.accounts.queries import list_staff
from casemgr.audit import service as audit
from casemgr.cases.models import Bar, Case
from casemgr.cases.queries import get_case
from casemgr.db import current
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission, Role
from casemgr.survivors.models import DuplicateNotice, Survivor
from casemgr.survivors.queries import list_bucket_mates, list_duplicate_notices, list_hidden
from casemgr.survivors.rules import are_named_alike, compare


def flag_duplicates_elsewhere(actor: Actor, case_id: UUID) -> None:
    """Tell a supervisor, whom neither file is kept from, of likely files of the same person out of sight.

    The actor learns nothing: nothing is returned, and nothing is written into either file.
    """
    case = get_case(actor, case_id, Permission.CASE_CHANGE)
    survivor = current().get(Survivor, case.survivor_id) if case.survivor_id else None
    if survivor is None:
        return
    values, in_bucket = survivor.values, list_bucket_mates(actor, survivor)
    alike = [
        other.id
        for other in list_hidden(actor)
        if other.id != survivor.id
        and (other.id in in_bucket or are_named_alike(survivor.full_name, other.full_name))
        and compare(values, other.values).is_likely
    ]
    for other in current().scalars(select(Case).where(Case.survivor_id.in_(alike))):
        _notify(actor, case, other)


def close_duplicate_notice(actor: Actor, notice_id: UUID) -> None:
    """Note that the supervisor has looked at a pair of files; raises `NotFound`, as when one is kept away."""
    found = (notice for notice, _ in list_duplicate_notices(actor) if notice.id == notice_id)
    notice = next(found, None)
    if notice is None:
        raise NotFound
    notice.state = "done"
    current().flush()
    audit.changed(actor, "duplicate:close", "duplicate", notice.id, scope=("unit", notice.unit_id))


def _notify(actor: Actor, case: Case, other: Case) -> None:
    supervisor_id = _unconflicted(actor, (case.id, other.id))
    if supervisor_id is None:
        return
    notice = DuplicateNotice(
        unit_id=case.unit_id,
        supervisor_id=supervisor_id,
        made_day=clock.today(),
        state="open",
        content={"cases": [str(case.id), str(other.id)]},
    )
    current().add(notice)
    current().flush()
    audit.changed(actor, "duplicate:notice", "duplicate", notice.id, scope=("unit", case.unit_id))


def _unconflicted(actor: Actor, case_ids: Iterable[UUID]) -> UUID | None:
    barred = select(Bar.account_id).where(Bar.case_id.in_(list(case_ids)), Bar.lifted_day.is_(None))
    kept_from = {*current().scalars(barred), actor.account_id}
    supervisors = (person.account_id for person in list_staff(actor, Role.SUPERVISOR))
    return next((account_id for account_id in supervisors if account_id not in kept_from), None)
