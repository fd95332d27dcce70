"""People and consents that come out of a line list, many at once; the caller writes it down."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from casemgr import clock
from casemgr.cases.models import Case
from casemgr.db import current
from casemgr.db.sealed import keyring_of
from casemgr.policy import Actor, Permission, require_role
from casemgr.survivors.models import Consent, Survivor, SurvivorBucket
from casemgr.survivors.queries import NUMBERS
from casemgr.survivors.rules import ConsentState, Purpose
from casemgr.survivors.service.people import fill, index, unused_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedConsent:
    """What a line list says of the consent to be counted; whether limits were read out it does not say."""

    case_id: UUID
    is_given: bool
    how: str
    given_on: date


def add_imported(actor: Actor, people: Sequence[Mapping[str, Any]]) -> list[Survivor]:
    """Record many persons of a line list in the actor's unit, in the order given; raises `UnknownAnswer`."""
    require_role(actor, Permission.IMPORT_RUN)
    today, survivors = clock.today(), []
    for code, values in zip(unused_codes(len(people)), people, strict=True):
        survivor = Survivor(code=code, unit_id=actor.unit_id, created_day=today)
        fill(survivor, values)
        survivors.append(survivor)
    keyring = keyring_of(current())
    keyring.prepare(current(), "survivor", [survivor.id for survivor in survivors])
    current().add_all(survivors)
    current().flush()
    for survivor, values in zip(survivors, people, strict=True):
        if any(values.get(kind) for kind in NUMBERS):
            index(survivor)
    return survivors


def add_imported_consents(actor: Actor, consents: Sequence[ImportedConsent]) -> None:
    """Record what a line list says of the consent to be counted in reports."""
    require_role(actor, Permission.IMPORT_RUN)
    at, today = clock.now().isoformat(timespec="microseconds"), clock.today()
    for one in consents:
        document: dict[str, Any] = {
            "purpose": Purpose.REPORTING,
            "service": None,
            "how": one.how,
            "limits_read": None,
            "given_on": one.given_on.isoformat(),
            "expires_on": None,
            "exclusions": [],
            "fields": [],
            "note": None,
            "at": at,
        }
        state = ConsentState.GIVEN if one.is_given else ConsentState.REFUSED
        current().add(Consent(case_id=one.case_id, state=state, given_day=today, document=document))
    current().flush()


def remove_imported_consents(actor: Actor, case_ids: Collection[UUID]) -> None:
    """Remove the consents of files of a line list."""
    require_role(actor, Permission.IMPORT_RUN)
    gone = delete(Consent).where(Consent.case_id.in_(case_ids))
    current().execute(gone.execution_options(synchronize_session=False))


def remove_imported(actor: Actor, survivor_ids: Collection[UUID]) -> list[UUID]:
    """Remove those of these persons who have no file any more, and return whom."""
    require_role(actor, Permission.IMPORT_RUN)
    kept = set(current().scalars(select(Case.survivor_id).where(Case.survivor_id.in_(survivor_ids))))
    gone = [survivor_id for survivor_id in survivor_ids if survivor_id not in kept]
    of_people = (
        delete(SurvivorBucket).where(SurvivorBucket.survivor_id.in_(gone)),
        delete(Survivor).where(Survivor.id.in_(gone), Survivor.unit_id == actor.unit_id),
    )
    for statement in of_people:
        current().execute(statement.execution_options(synchronize_session=False))
    return gone
