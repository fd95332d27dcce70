"""The release ledger: a chain for each unit, written once and checked before it is trusted."""

import json
from typing import Any
from uuid import UUID

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.db import current
from casemgr.policy import Actor
from casemgr.statistics import queries
from casemgr.statistics.catalogue import TableEntry
from casemgr.statistics.disclosure.tables import SafeTable
from casemgr.statistics.documents import describe_secrets, describe_table
from casemgr.statistics.models import Release, ReleaseCell
from casemgr.statistics.rules import CODE_VERSION, GENESIS, Tier, entry_hash
from casemgr.statistics.service.orders import Order
from casemgr.statistics.service.protecting import Cleared, level_of
from casemgr.units.models import Unit


def list_broken(actor: Actor, unit_id: UUID) -> list[UUID]:
    """Return the releases of a unit that are not as they were recorded, or whose chain is cut before them."""
    unit = current().get_one(Unit, unit_id)
    broken, previous = [], GENESIS
    releases = queries.list_entries(actor, unit)
    found = queries.list_cells(actor, releases)
    for number, release in enumerate(releases, start=1):
        cells = [(cell.codes, cell.status, cell.value) for cell in found[release.id]]
        is_whole = release.entry_hash == entry_hash(release.prev_hash, _plain_words(release), cells)
        if not (is_whole and release.prev_hash == previous and release.seq == number):
            broken.append(release.id)
        previous = release.entry_hash
    return broken


def append(
    order: Order, entry: TableEntry, table: SafeTable, cleared: Cleared, frozen: dict[str, Any]
) -> Release:
    """Write a release and its cells at the end of the unit's ledger, and note it in the audit."""
    entries = queries.list_entries(order.actor, order.unit)
    (first, last), *_ = order.period.spans
    is_restricted = order.tier == Tier.RESTRICTED
    described = describe_table(table)
    rows = described.pop("rows")
    release = Release(
        unit_id=order.unit.id,
        seq=len(entries) + 1,
        tier=order.tier.value,
        table_name=entry.name,
        measure=order.kind.value,
        period_from=first,
        period_to=last,
        cut_off_on=clock.today(),
        made_on=clock.today(),
        declaration=_canonical(described),
        parameters=_canonical(_parameters(order, entry, table)),
        prev_hash=entries[-1].entry_hash if entries else GENESIS,
        certificate=_certificate(cleared),
        frozen=frozen,
        restricted_values=[row["value"] for row in rows] if is_restricted else None,
    )
    cells = [_cell(row, is_restricted=is_restricted) for row in rows]
    release.entry_hash = entry_hash(release.prev_hash, _plain_words(release), cells)
    current().add(release)
    current().flush()
    for position, (codes, status, value) in enumerate(cells):
        current().add(
            ReleaseCell(release_id=release.id, position=position, codes=codes, status=status, value=value)
        )
    current().flush()
    audit.changed(
        order.actor,
        "statistics:release",
        "release",
        release.id,
        scope=("facts", order.unit.id),
        entry_hash=release.entry_hash.hex(),
        tier=release.tier,
        table=entry.name,
    )
    return release


def _cell(row: dict[str, Any], *, is_restricted: bool) -> tuple[str, str, int | None]:
    status = "restricted" if is_restricted and row["value"] is not None else row["status"]
    return _canonical(row["codes"]), status, None if is_restricted else row["value"]


def _parameters(order: Order, entry: TableEntry, table: SafeTable) -> dict[str, Any]:
    ladder = order.ladder(entry)
    steps = (step.split(":", 1)[1] for step in ladder.steps_to(level_of(ladder, table)))
    return {"threshold": order.rules().threshold, "version": CODE_VERSION, "coarsened": list(steps)}


def _certificate(cleared: Cleared) -> dict[str, Any]:
    """Return the small cells and the range that an attacker could give each; sealed, for no page."""
    ranges = [cleared.verdict.intervals.get(secret.cell) for secret in cleared.secrets]
    return {"secrets": describe_secrets(cleared.secrets), "intervals": ranges}


def _plain_words(release: Release) -> dict[str, Any]:
    names = (
        *("id", "unit_id", "seq", "tier", "table_name", "measure", "period_from", "period_to"),
        *("cut_off_on", "made_on", "declaration", "parameters"),
    )
    return {name: str(getattr(release, name)) for name in names}


def _canonical(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
