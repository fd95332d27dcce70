"""Adding and changing the record of a person."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.cases.models import Case
from casemgr.db import check_version, current
from casemgr.db.sealed import keyring_of
from casemgr.policy import Actor, Permission, require_role
from casemgr.questions import Document, write_document
from casemgr.survivors.changes import tell
from casemgr.survivors.index import VERSION as INDEX_VERSION
from casemgr.survivors.index import bucket_number
from casemgr.survivors.models import Survivor, SurvivorBucket
from casemgr.survivors.queries import NUMBERS, get_survivor
from casemgr.survivors.rules import APART, FORM, VERSION, divide, keep_age_day
from casemgr.text.codes import CodeKind, draw_codes
from casemgr.units.models import Unit


def add_survivor(actor: Actor, values: Mapping[str, Any]) -> Survivor:
    """Record a person in the actor's unit under a new random code; nothing about her is required.

    `values` are stored answers by question name. Raises `UnknownAnswer` for a name that the form lacks.
    """
    require_role(actor, Permission.CASE_OPEN)
    survivor = Survivor(code=unused_codes(1)[0], unit_id=actor.unit_id, created_day=clock.today())
    fill(survivor, values)
    current().add(survivor)
    current().flush()
    index(survivor)
    audit.changed(actor, "survivor:add", "survivor", survivor.id, scope=("survivor", survivor.id))
    return survivor


def change_survivor(actor: Actor, survivor_id: UUID, version: int, values: Mapping[str, Any]) -> Survivor:
    """Replace what is known of a person; raises `NotFound` and `StaleVersion`.

    What counts her, her ages and her sex, is corrected in the same transaction.
    """
    survivor = get_survivor(actor, survivor_id, Permission.CASE_CHANGE)
    check_version(survivor, version)
    before = survivor.values
    fill(survivor, keep_age_day(values, before))
    current().flush()
    index(survivor)
    after = survivor.values
    fields = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    audit.changed(
        actor, "survivor:change", "survivor", survivor.id, scope=("survivor", survivor.id), fields=fields
    )
    case_ids = select(Case.id).where(Case.survivor_id == survivor.id)
    tell(actor, list(current().scalars(case_ids)))
    return survivor


def fill(survivor: Survivor, values: Mapping[str, Any]) -> None:
    """Put answers into the documents of a record; raises `UnknownAnswer`."""
    for section, answers in divide(values, clock.today()).items():
        for name in APART:
            if section == "identity":
                setattr(survivor, name, answers.pop(name, None))
        setattr(survivor, section, write_document(Document(form=FORM, version=VERSION, answers=answers)))


def index(survivor: Survivor) -> None:
    """Write the bucket of each number anew; a bucket is shared and tells nobody the number."""
    current().execute(delete(SurvivorBucket).where(SurvivorBucket.survivor_id == survivor.id))
    unit = current().get_one(Unit, survivor.unit_id)
    values = survivor.values
    for kind in NUMBERS:
        if not values.get(kind):
            continue
        bucket = bucket_number(keyring_of(current()), unit.id, unit.kind, kind, values[kind])
        row = SurvivorBucket(
            unit_id=unit.id, kind=kind, key_version=INDEX_VERSION, bucket=bucket, survivor_id=survivor.id
        )
        current().add(row)
    current().flush()


def unused_codes(count: int) -> list[str]:
    """Draw codes that no record has."""
    return draw_codes(
        CodeKind.SURVIVOR,
        count,
        lambda codes: current().scalars(select(Survivor.code).where(Survivor.code.in_(codes))),
    )
