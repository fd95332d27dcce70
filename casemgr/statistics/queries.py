"""Counting facts and reading the ledger. Raw counts leave this module for the service alone."""

import base64
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, or_, select

from casemgr.codes import lists
from casemgr.db import current
from casemgr.errors import NotFound
from casemgr.facts.queries import Period as Days
from casemgr.facts.queries import open_facts
from casemgr.facts.rules import FactKind
from casemgr.policy import Actor, Permission, Reach, reach_of, require_role, visible
from casemgr.statistics.catalogue import UnitTree
from casemgr.statistics.classifications import dimensions_of, leaf_codes, left_open
from casemgr.statistics.counting import Columns, FactCounter
from casemgr.statistics.disclosure.audit import Secret
from casemgr.statistics.disclosure.periods import Period, elementary
from casemgr.statistics.disclosure.tables import RawTable, SafeTable, TableSpec, fill
from casemgr.statistics.documents import read_secrets, read_table
from casemgr.statistics.models import Release, ReleaseCell, SendingMapping
from casemgr.statistics.rules import GENESIS, Batch, Counted, Reckoned, Tier, reckon
from casemgr.text.names import phrase_key
from casemgr.units.models import Unit

FIRST_DAY = date(1900, 1, 1)
HAMLET_LEVEL = "hamlet"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """An earlier release as a constraint: the table that left, what it kept secret, what it froze."""

    release: Release
    table: SafeTable
    secrets: tuple[Secret, ...]
    batch: Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The facts of one kind, opened: as recorded now, and as they count beside what was released."""

    kind: FactKind
    recorded: tuple[Counted, ...]
    reckoned: Reckoned

    def counter(self, periods: Collection[Period]) -> FactCounter:
        """Return a counter for these periods; days between two of their ends are counted as one."""
        pieces = elementary(periods)
        sums: Counter[tuple[date, tuple[str, ...]]] = Counter()
        rows = [((fact.day, fact.codes), 1) for fact in self.reckoned.free]
        for (day, codes), count in (*self.reckoned.frozen.items(), *rows):
            piece = next((one for one in pieces if one.contains(day)), None)
            if piece is not None:
                sums[piece.spans[0][0], codes] += count
        return FactCounter({self.kind.value: _columns(sums, dimensions_of(self.kind))})


def count(actor: Actor, spec: TableSpec, unit: Unit, period: Period) -> RawTable:
    """Return the true counts of a table over a period, released days as they were counted then."""
    opened = open_counts(
        actor, FactKind(spec.measure), unit, open_ledger(actor, unit, FactKind(spec.measure))
    )
    return fill(spec, period, opened.counter([period]).leaf_counts(spec, period))


def open_counts(actor: Actor, kind: FactKind, unit: Unit, ledger: Sequence[LedgerEntry]) -> Opened:
    """Open the unit's facts of a kind; whoever may not make tables counts nothing."""
    hamlets = _hamlet_codes(unit)
    places: dict[str, Any] = {}
    everything = Days(first=FIRST_DAY, last=date(2199, 12, 31))
    names = dimensions_of(kind)
    recorded = []
    for fact in open_facts(actor, Permission.STATISTICS_MAKE, kind, [unit.id], everything):
        given = str(fact.codes.get("hamlet"))
        if given not in places:
            places[given] = hamlets.get(phrase_key(given))
        leaves = leaf_codes(kind, {**fact.codes, "hamlet": places[given]}, hamlets.values())
        codes = tuple(leaves[name] for name in names)
        recorded.append(Counted(id=fact.id, day=fact.registered_on, codes=codes))
    reckoned = reckon(recorded, [entry.batch for entry in ledger])
    return Opened(kind=kind, recorded=tuple(recorded), reckoned=reckoned)


def tree_of(actor: Actor, unit: Unit) -> UnitTree:
    """Return the places of a unit's tables; hamlets stay after their time, as earlier tables name them."""
    require_role(actor, Permission.STATISTICS_READ)
    return UnitTree(code=str(unit.id), hamlets=tuple(dict.fromkeys(_hamlet_codes(unit).values())))


def place_names(actor: Actor, unit: Unit) -> dict[str, str]:
    """Return the names of the places in a unit's tables by their codes."""
    require_role(actor, Permission.STATISTICS_READ)
    return {str(unit.id): unit.name} | {str(hamlet.id): hamlet.name for hamlet in _hamlets(unit)}


def get_unit_to_count(actor: Actor, unit_id: UUID, permission: Permission) -> Unit:
    """Return the unit whose facts the actor may count; raises NotFound."""
    reach = reach_of(actor, permission)
    found = current().get(Unit, unit_id) if reach == Reach.ALL or unit_id == actor.unit_id else None
    if found is None or reach < Reach.UNIT:
        raise NotFound
    return found


def lock_ledger(actor: Actor, unit: Unit) -> None:
    """Let one maker at a time add to a unit's ledger; SQLite writers are alone anyway."""
    require_role(actor, Permission.STATISTICS_MAKE)
    current().execute(select(Unit.id).where(Unit.id == unit.id).with_for_update(key_share=True))


def get_head(actor: Actor, unit: Unit) -> bytes:
    """Return the digest of the last release of a unit, by which one sees whether its ledger has grown."""
    require_role(actor, Permission.STATISTICS_READ)
    last = select(Release.entry_hash).where(Release.unit_id == unit.id).order_by(Release.seq.desc()).limit(1)
    return current().scalar(last) or GENESIS


def list_entries(actor: Actor, unit: Unit) -> list[Release]:
    """Return every release of a unit in the order of its ledger, to go on with its chain or to check it."""
    require_role(actor, Permission.STATISTICS_READ)
    return list(current().scalars(select(Release).where(Release.unit_id == unit.id).order_by(Release.seq)))


def open_ledger(actor: Actor, unit: Unit, kind: FactKind) -> list[LedgerEntry]:
    """Return every earlier release that counted this kind, with what it must go on keeping."""
    entries = []
    releases = [release for release in list_entries(actor, unit) if release.measure == kind]
    cells = list_cells(actor, releases)
    for release in releases:
        table = _as_released(release, cells[release.id])
        secrets = read_secrets(release.certificate["secrets"])
        batch = _batch(release, table.period)
        entries.append(LedgerEntry(release=release, table=table, secrets=secrets, batch=batch))
    return entries


def list_releases(actor: Actor, limit: int = 200) -> list[Release]:
    """Return what the actor may see of what was released, the latest first."""
    query = select(Release).where(_may_see(actor))
    return list(current().scalars(query.order_by(Release.made_on.desc(), Release.seq.desc()).limit(limit)))


def find_public(actor: Actor, table_name: str) -> Release | None:
    """Return the latest public release of a table, or None."""
    query = select(Release).where(
        Release.table_name == table_name, Release.tier == Tier.PUBLIC, _may_see(actor)
    )
    return current().scalar(query.order_by(Release.period_to.desc(), Release.seq.desc()).limit(1))


def list_public(actor: Actor, table_name: str) -> list[Release]:
    """Return every public release of a table that the actor may see, the latest first."""
    query = select(Release).where(
        Release.table_name == table_name, Release.tier == Tier.PUBLIC, _may_see(actor)
    )
    return list(current().scalars(query.order_by(Release.period_to.desc(), Release.seq.desc())))


def find_last_public(actor: Actor) -> Release | None:
    """Return a public release of the days that end last, or None."""
    query = select(Release).where(Release.tier == Tier.PUBLIC, _may_see(actor))
    return current().scalar(query.order_by(Release.period_to.desc(), Release.seq.desc()).limit(1))


def get_release(actor: Actor, release_id: UUID) -> Release:
    """Return a release; raises NotFound."""
    found = current().scalar(select(Release).where(Release.id == release_id, _may_see(actor)))
    if found is None:
        raise NotFound
    return found


def list_beside(actor: Actor, release: Release) -> list[Release]:
    """Return the releases of the same unit, days and audience that the actor may see, this one too."""
    query = select(Release).where(
        Release.unit_id == release.unit_id,
        Release.tier == release.tier,
        Release.period_from == release.period_from,
        Release.period_to == release.period_to,
        _may_see(actor),
    )
    return list(current().scalars(query.order_by(Release.seq)))


def find_mapping(actor: Actor) -> SendingMapping | None:
    """Return where the figures of the actor's unit go in DHIS2, or None."""
    require_role(actor, Permission.STATISTICS_MAKE)
    return current().scalar(select(SendingMapping).where(SendingMapping.unit_id == actor.unit_id))


def list_touching(actor: Actor, unit_id: UUID, like: SafeTable) -> list[tuple[Tier, SafeTable]]:
    """Return all that was released of the same kind about days that touch a table's, one by the other."""
    require_role(actor, Permission.STATISTICS_ATTACK)
    same = (Release.unit_id == unit_id, Release.measure == like.spec.measure)
    releases = list(current().scalars(select(Release).where(*same).order_by(Release.seq)))
    cells = list_cells(actor, releases)
    rest = [(Tier(release.tier), _as_released(release, cells[release.id])) for release in releases]
    touched, found = [like.period], list[tuple[Tier, SafeTable]]()
    while near := [one for one in rest if any(one[1].period.overlaps(period) for period in touched)]:
        found += near
        rest = [one for one in rest if one not in near]
        touched = [table.period for _, table in near]
    return found


def read_released(actor: Actor, release: Release) -> SafeTable:
    """Return the table of a release exactly as it was let out."""
    return _as_released(release, list_cells(actor, [release])[release.id])


def _as_released(release: Release, cells: Sequence[ReleaseCell]) -> SafeTable:
    hidden_values: list[int | None] = release.restricted_values or []
    rows = []
    for cell in cells:
        value = hidden_values[cell.position] if cell.status == "restricted" else cell.value
        rows.append({"codes": json.loads(cell.codes), "value": value})
    return read_table({**json.loads(release.declaration), "rows": rows})


def list_cells(actor: Actor, releases: Sequence[Release]) -> dict[UUID, list[ReleaseCell]]:
    """Return the cells of some releases, each in the order of its table, by the id of the release."""
    require_role(actor, Permission.STATISTICS_READ)
    found: dict[UUID, list[ReleaseCell]] = {release.id: [] for release in releases}
    query = select(ReleaseCell).where(ReleaseCell.release_id.in_(found))
    for cell in current().scalars(query.order_by(ReleaseCell.release_id, ReleaseCell.position)):
        found[cell.release_id].append(cell)
    return found


def _batch(release: Release, period: Period) -> Batch:
    """Read what a release froze; a dimension that the catalogue did not have then is not known."""
    packed = base64.b64decode(release.frozen["ids"])
    stored = release.frozen["dimensions"]
    names = dimensions_of(FactKind(release.measure))
    without = left_open(FactKind(release.measure))
    counts = {}
    for day, codes, number in release.frozen["rows"]:
        given = dict(zip(stored, codes, strict=True))
        leaves = tuple(given.get(name, without[name]) for name in names)
        counts[date.fromisoformat(day), leaves] = number
    ids = frozenset(UUID(bytes=packed[at : at + 16]) for at in range(0, len(packed), 16))
    known = tuple(place for place, name in enumerate(names) if name in stored)
    return Batch(period=period, ids=ids, known=known, counts=counts)


def _may_see(actor: Actor) -> ColumnElement[bool]:
    """Public tables are for everybody who reads statistics, restricted ones for those who read reports."""
    if reach_of(actor, Permission.REPORT_READ) >= reach_of(actor, Permission.STATISTICS_READ):
        return visible(actor, Permission.REPORT_READ, Release)
    public = (Release.tier == Tier.PUBLIC) & visible(actor, Permission.STATISTICS_READ, Release)
    return or_(public, visible(actor, Permission.REPORT_READ, Release))


def _columns(sums: Mapping[tuple[date, tuple[str, ...]], int], names: Sequence[str]) -> Columns:
    keys = list(sums)
    return Columns(
        days=np.array([day for day, _ in keys], dtype="datetime64[D]"),
        codes={
            name: np.array([codes[at] for _, codes in keys], dtype=np.str_) for at, name in enumerate(names)
        },
        weights=np.array([sums[key] for key in keys], dtype=np.int64),
    )


def _hamlets(unit: Unit) -> Iterable[Unit]:
    """Return the hamlets of a commune, those that are closed too."""
    kinds = [code.code for code in lists.get("unit_kind") if code.attributes["level"] == HAMLET_LEVEL]
    same_commune = (Unit.commune_code == unit.commune_code) & Unit.kind.in_(kinds)
    return current().scalars(select(Unit).where(same_commune).order_by(Unit.name, Unit.id))


def _hamlet_codes(unit: Unit) -> dict[Any, str]:
    """Return the code of each hamlet, by its id and by its name as people write it."""
    found = list(_hamlets(unit))
    by_name: dict[Any, str] = {phrase_key(hamlet.name): str(hamlet.id) for hamlet in found}
    return by_name | {phrase_key(str(hamlet.id)): str(hamlet.id) for hamlet in found}
