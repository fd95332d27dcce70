"""Reading what is known of persons; nothing is found outside the cases that the actor may see."""

import hmac
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, bindparam, cast, exists, select
from sqlalchemy.orm import aliased

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.audit.rules import Outcome
from casemgr.cases.models import Case
from casemgr.cases.queries import get_case
from casemgr.db import current, only, open_cells, prefetch
from casemgr.db.sealed import has_sealed, keyring_of
from casemgr.errors import NotFound, SealError
from casemgr.policy import (
    ANYBODY,
    Actor,
    Permission,
    Reach,
    asked_by,
    may,
    reach_of,
    require_role,
    visible,
)
from casemgr.questions import read_document
from casemgr.survivors.index import bucket_number
from casemgr.survivors.models import Consent, DuplicateNotice, Survivor, SurvivorBucket
from casemgr.survivors.remembered import remembered_by
from casemgr.survivors.rules import (
    FORM,
    IDENTITY_NUMBER,
    PHONE,
    SECTIONS,
    VERSION,
    ConsentState,
    birth_year,
    compare,
    find_standing,
    mask_name,
)
from casemgr.text.codes import normalise_code
from casemgr.text.identity_numbers import parse_identity_number
from casemgr.text.invalid import InvalidText
from casemgr.text.names import Ranking
from casemgr.text.phones import normalise_phone
from casemgr.units.models import Unit

MOST_HITS = 50
OPENED_AT_ONCE = 500
NUMBERS: dict[str, Callable[[str], str]] = {
    PHONE: normalise_phone,
    IDENTITY_NUMBER: lambda text: parse_identity_number(text).digits,
}

_GIVEN_IN = select(Consent.id).where(
    Consent.case_id == bindparam("case_id"), Consent.state == ConsentState.GIVEN
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRef:
    """A case by its code, as hits name it."""

    id: UUID
    code: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Somebody found: as little as is needed to choose, the name only by its first letters."""

    survivor_id: UUID
    code: str
    initials: str
    birth_year: int | None
    rank: int
    cases: tuple[CaseRef, ...]


def open_identity(actor: Actor, case_id: UUID) -> Survivor:
    """Return the person of a case, and write down that the identity was read; raises `NotFound`."""
    case = get_case(actor, case_id, Permission.IDENTITY_READ)
    survivor = current().get(Survivor, case.survivor_id) if case.survivor_id else None
    if survivor is None:
        raise NotFound
    audit.seen(actor, "case", case.id, ("full_name", "birth", *SECTIONS), scope=("case", case.id))
    audit.seen(actor, "survivor", survivor.id, ("full_name", "birth", *SECTIONS))
    return survivor


def open_safe_contact(actor: Actor, case_id: UUID) -> dict[str, Any]:
    """Return only how to reach somebody safely, and write down that it was read.

    Before there is a record of the person this is what the emergency page asked.
    """
    case = get_case(actor, case_id)
    survivor = current().get(Survivor, case.survivor_id) if case.survivor_id else None
    audit.seen(actor, "case", case.id, ("safe_contact",), scope=("case", case.id))
    if survivor is None:
        asked = (case.summary or {}).get("answers", {})
        return {name: asked[name] for name in SECTIONS["safe_contact"] if name in asked}
    return read_document(survivor.safe_contact, FORM, VERSION).answers


def get_survivor(actor: Actor, survivor_id: UUID, permission: Permission) -> Survivor:
    """Return a person by way of a case on which the actor has the permission, or raise `NotFound`."""
    survivor = current().scalar(_reachable(actor, permission).where(Survivor.id == survivor_id))
    if survivor is None:
        raise NotFound
    return survivor


def search(actor: Actor, text: str) -> list[Hit]:
    """Find persons in the actor's reach by code, telephone, ID card or name, the best first.

    Whom it found is written down, sealed, and shown to the owners of their cases; what was asked is not kept:
    a name would outlive the erasure of its case there.
    """
    require_role(actor, Permission.IDENTITY_READ)
    ranks = _by_code(actor, text) or _by_number(actor, text) or _by_name(actor, text)
    hits = _hits(actor, ranks)
    _note_found(actor, "survivor:search", hits)
    return hits


def _note_found(actor: Actor, action: str, hits: list[Hit]) -> None:
    found = [str(hit.survivor_id) for hit in hits]
    of_cases = sorted(str(one.id) for hit in hits for one in hit.cases)
    audit.noted(actor, action, "survivor", outcome=Outcome.SEEN, found=found, case=of_cases)


def find_possible_duplicates(actor: Actor, values: Mapping[str, Any]) -> list[Hit]:
    """Return the persons whom the actor may see and who may be the one described; writes down the reading."""
    require_role(actor, Permission.IDENTITY_READ)
    likely = {
        survivor.id: 0 for survivor in _scan(_reachable(actor)) if compare(values, survivor.values).is_likely
    }
    hits = _hits(actor, likely)
    _note_found(actor, "survivor:compare", hits)
    return hits


def list_hidden(actor: Actor) -> list[Survivor]:
    """Return the persons of the unit whom the actor may not see, for the check that nobody is told of.

    Never hand the answer, or anything that depends on it, back to the actor.
    """
    hidden = select(Survivor).where(
        Survivor.unit_id == actor.unit_id, Survivor.id.not_in(_reachable_ids(actor, Permission.IDENTITY_READ))
    )
    return _scan(hidden)


def list_consents(actor: Actor, case_id: UUID) -> list[Consent]:
    """Return the consents of a case, the latest first, and write down that they were read."""
    case = get_case(actor, case_id)
    found = list(current().scalars(select(Consent).where(Consent.case_id == case.id)))
    audit.seen(actor, "case", case.id, ("consents",), scope=("case", case.id))
    return sorted(found, key=lambda consent: str(consent.document["at"]), reverse=True)


def count_standing(actor: Actor, case_id: UUID) -> int:
    """Return how many records of consent of a case were given and not withdrawn; opens nothing."""
    case = get_case(actor, case_id)
    return len(current().scalars(_GIVEN_IN, {"case_id": case.id}).all())


def get_consent(actor: Actor, case_id: UUID, consent_id: UUID, permission: Permission) -> Consent:
    """Return one consent of a case on which the actor has the permission, or raise `NotFound`."""
    case = get_case(actor, case_id, permission)
    here = (Consent.id == consent_id, Consent.case_id == case.id)
    found = current().scalar(select(Consent).where(*here))
    if found is None:
        raise NotFound
    return found


def find_consent(
    actor: Actor, case_id: UUID, purpose: str, service: str | None = None, on: date | None = None
) -> Consent | None:
    """Return the consent that stands for a purpose and a service on a day (today unless told), or None.

    What was said last counts: a later refusal or withdrawal ends an earlier consent.
    """
    case = get_case(actor, case_id)
    consents = current().scalars(select(Consent).where(Consent.case_id == case.id))
    return find_standing(consents, purpose, service, on or clock.today())


def has_consent(
    actor: Actor, case_id: UUID, purpose: str, service: str | None = None, on: date | None = None
) -> bool:
    """Say whether the survivor consents to a purpose and a service on a day, today unless told."""
    return find_consent(actor, case_id, purpose, service, on) is not None


def count_duplicate_notices(actor: Actor) -> int:
    """Return how many pairs of files wait for this supervisor, for the link to them."""
    return len(list_duplicate_notices(actor)) if may(actor, Permission.CASE_ASSIGN) else 0


def list_duplicate_notices(actor: Actor) -> list[tuple[DuplicateNotice, list[CaseRef]]]:
    """Return the pairs of files that wait for this supervisor, without those out of reach."""
    require_role(actor, Permission.CASE_ASSIGN)
    mine = (DuplicateNotice.supervisor_id == actor.account_id, DuplicateNotice.state == "open")
    query = select(DuplicateNotice).where(*mine).order_by(DuplicateNotice.made_day)
    notices = list(current().scalars(query))
    if notices:
        audit.listed(actor, "duplicate", [notice.id for notice in notices], ("content",))
    named = {notice.id: [UUID(case_id) for case_id in notice.content["cases"]] for notice in notices}
    known = _case_refs(actor, [case_id for case_ids in named.values() for case_id in case_ids])
    pairs = [(notice, [case for case in known if case.id in named[notice.id]]) for notice in notices]
    return [(notice, cases) for notice, cases in pairs if len(cases) == 2]


def _case_refs(actor: Actor, case_ids: Sequence[UUID]) -> list[CaseRef]:
    here = (Case.id.in_(case_ids), visible(actor, Permission.CASE_LIST, Case))
    return [_ref(case) for case in current().scalars(select(Case).where(*here).order_by(Case.code))]


def list_bucket_mates(actor: Actor, survivor: Survivor) -> frozenset[UUID]:
    """Return who of the unit may have a number of this person: the others in one of her buckets.

    The check that nobody is told of opens a whole record only for these, and for those named alike.
    """
    hers = aliased(SurvivorBucket)
    shares = (
        (hers.kind == SurvivorBucket.kind)
        & (hers.key_version == SurvivorBucket.key_version)
        & (hers.bucket == SurvivorBucket.bucket)
        & (hers.survivor_id == survivor.id)
    )
    query = select(SurvivorBucket.survivor_id).join(hers, shares)
    mates = query.where(SurvivorBucket.unit_id == actor.unit_id, SurvivorBucket.survivor_id != survivor.id)
    return frozenset(current().scalars(mates))


def _ref(case: Case) -> CaseRef:
    return CaseRef(id=case.id, code=case.code, state=case.state)


def _reachable_ids(actor: Actor, permission: Permission) -> Select[UUID | None]:
    return select(Case.survivor_id).where(Case.survivor_id.is_not(None), visible(actor, permission, Case))


def _reachable(actor: Actor, permission: Permission = Permission.IDENTITY_READ) -> Select[Survivor]:
    return select(Survivor).where(Survivor.id.in_(_reachable_ids(actor, permission)))


def _scan(query: Select[Survivor]) -> list[Survivor]:
    """Read rows to be opened one after the other, with their data keys fetched at once."""
    survivors = list(current().scalars(query))
    prefetch(current(), survivors, "full_name")
    return survivors


def _by_code(actor: Actor, text: str) -> dict[UUID, int]:
    try:
        code = normalise_code(text)
    except InvalidText:
        return {}
    query = _reachable(actor).join(Case, Case.survivor_id == Survivor.id)
    # The case that is asked for must itself be in reach, not only another one of the same person.
    query = query.where(visible(actor, Permission.IDENTITY_READ, Case))
    query = query.where((Case.code == code) | (Survivor.code == code))
    return {survivor.id: 0 for survivor in current().scalars(query)}


def _by_number(actor: Actor, text: str) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for kind, normalise in NUMBERS.items():
        try:
            number = normalise(text)
        except InvalidText:
            continue
        found |= {survivor.id: 0 for survivor in _with_number(actor, kind, number)}
    return found


def _with_number(actor: Actor, kind: str, number: str) -> list[Survivor]:
    """Open the few persons of one bucket in each unit and compare the number itself."""
    reach, who = reach_of(actor, Permission.IDENTITY_READ), asked_by(actor)
    candidates: list[Survivor] = []
    for unit in current().scalars(_units_in(reach, clock.today()), who):
        bucket = bucket_number(keyring_of(current()), unit.id, unit.kind, kind, number)
        here = {"unit_id": unit.id, "kind": kind, "bucket": bucket}
        candidates += current().scalars(_in_bucket(reach, clock.today()), {**here, **who})
    prefetch(current(), candidates, "identity")
    return [one for one in candidates if hmac.compare_digest(one.number(kind), number)]


@lru_cache(maxsize=4)
def _units_in(reach: Reach, _today: date) -> Select[Unit]:
    """Write down once a day how the units are found whose records are in reach; so do the next two."""
    in_reach = select(Case.survivor_id).where(Case.survivor_id.is_not(None), Case.within(reach, ANYBODY))
    keeping = select(Survivor.unit_id).where(Survivor.id.in_(in_reach)).distinct()
    return select(Unit).where(Unit.id.in_(keeping))


@lru_cache(maxsize=4)
def _in_bucket(reach: Reach, _today: date) -> Select[Survivor]:
    in_reach = exists().where(Case.survivor_id == Survivor.id, Case.holds(reach, ANYBODY))
    shares = (
        (SurvivorBucket.survivor_id == Survivor.id)
        & (SurvivorBucket.unit_id == bindparam("unit_id"))
        & (SurvivorBucket.kind == bindparam("kind"))
        & (SurvivorBucket.bucket == bindparam("bucket"))
    )
    return select(Survivor).join(SurvivorBucket, shares).where(in_reach)


@lru_cache(maxsize=4)
def _cases_in(reach: Reach, _today: date) -> Select[Case]:
    of_them = Case.survivor_id.in_(bindparam("survivor_ids", expanding=True))
    shown = only(Case, "code", "state", "survivor_id", "opened_day")
    found = select(Case).where(of_them, Case.holds(reach, ANYBODY)).options(shown)
    return found.order_by(Case.opened_day.desc(), Case.id)


def _by_name(actor: Actor, text: str) -> dict[UUID, int]:
    # What this unit of work has changed itself is in no log yet, and may never be.
    if reach_of(actor, Permission.IDENTITY_READ) >= Reach.UNIT and not has_sealed(current()):
        return _among_many(actor, text)
    ranking, rows = Ranking(text), _reachable(actor)
    ranks = (
        (survivor_id, ranking.rank(name or ""))
        for survivor_id, name in open_cells(current(), rows, Survivor, "full_name")
    )
    return {survivor_id: rank for survivor_id, rank in ranks if rank is not None}


def _among_many(actor: Actor, text: str) -> dict[UUID, int]:
    """Find names among those of a whole unit: of the thousands most were opened for the search before."""
    query = _ids_in(reach_of(actor, Permission.IDENTITY_READ), clock.today())
    ids = set(current().connection().scalars(query, asked_by(actor)))
    known = remembered_by(keyring_of(current()), len(ids))
    return {UUID(row_id): rank for row_id, rank in known.find(actor, text, ids, _open_names).items()}


@lru_cache(maxsize=4)
def _ids_in(reach: Reach, _today: date) -> Select[str]:
    """Write down once a day whose records are in reach; ids as they are stored, since they are thousands."""
    in_reach = (Case.survivor_id.is_not(None), Case.within(reach, ANYBODY))
    return select(cast(Case.survivor_id, String)).where(*in_reach)


def _open_names(ids: AbstractSet[str]) -> Iterator[tuple[str, str]]:
    wanted = {UUID(text): text for text in ids}
    every = list(wanted)
    for start in range(0, len(every), OPENED_AT_ONCE):
        rows = select(Survivor).where(Survivor.id.in_(every[start : start + OPENED_AT_ONCE]))
        for survivor_id, name in open_cells(current(), rows, Survivor, "full_name"):
            yield wanted[survivor_id], name or ""


def _hits(actor: Actor, ranks: Mapping[UUID, int]) -> list[Hit]:
    best = sorted(ranks, key=lambda survivor_id: (ranks[survivor_id], survivor_id))[:MOST_HITS]
    if not best:
        return []
    cases = _cases_of(actor, best)
    survivors = list(current().scalars(select(Survivor).where(Survivor.id.in_(best))))
    prefetch(current(), survivors, "full_name")
    known = {survivor.id: survivor for survivor in survivors}
    hits = []
    for survivor_id in best:
        # What was erased since its name was remembered is not found.
        with suppress(SealError):
            hits.append(_hit(known[survivor_id], ranks[survivor_id], cases[survivor_id]))
    return hits


def _hit(survivor: Survivor, rank: int, cases: Sequence[CaseRef]) -> Hit:
    return Hit(
        survivor_id=survivor.id,
        code=survivor.code,
        initials=mask_name(survivor.full_name),
        birth_year=birth_year(survivor.identity_values),
        rank=rank,
        cases=tuple(cases),
    )


def _cases_of(actor: Actor, survivor_ids: Collection[UUID]) -> dict[UUID | None, list[CaseRef]]:
    found: dict[UUID | None, list[CaseRef]] = defaultdict(list)
    query = _cases_in(reach_of(actor, Permission.CASE_LIST), clock.today())
    for case in current().scalars(query, {"survivor_ids": list(survivor_ids), **asked_by(actor)}):
        found[case.survivor_id].append(_ref(case))
    return found
