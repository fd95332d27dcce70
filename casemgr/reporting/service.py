"""Making, writing and approving reports; every figure of one is a release of the ledger."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.db import check_version, current
from casemgr.errors import InvalidState, NotFound, Refused
from casemgr.policy import Actor, Permission, Reach, reach_of
from casemgr.questions import Document, read_document, write_document
from casemgr.reporting import queries
from casemgr.reporting.document import ReportContent
from casemgr.reporting.models import PeriodicReport, ReportRelease
from casemgr.reporting.narrative import NARRATIVE
from casemgr.reporting.rules import ReportState, line_of, list_table_names
from casemgr.statistics import service as statistics
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.service import Computed, MadeTable, Tier
from casemgr.units.queries import get_unit

START = {"signer": "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", "recipients": "Như trên;\nLưu: VT, VHXH."}
"""What the letter of a new report begins with."""

COMMITTEE = "ubnd_xa"
"""The kind of unit that issues the reports of its offices."""


def make_report(actor: Actor, unit_id: UUID, first: date, last: date, tier: Tier) -> PeriodicReport:
    """Return the draft for these days and this audience, with all its tables released; the same one again.

    Raises NotFound, and what making tables raises: `WouldDisclose`, or `Refused` with its reason.
    """
    known = find_report(actor, unit_id, first, last, tier)
    if known is not None:
        return known
    names, period = list_table_names(first, last), Period.between(first, last)
    return _keep(actor, unit_id, first, last, statistics.make_tables(actor, names, unit_id, period, tier))


def find_report(actor: Actor, unit_id: UUID, first: date, last: date, tier: Tier) -> PeriodicReport | None:
    """Return the report that there is for these days and this audience; raises NotFound out of reach."""
    _require_unit(actor, unit_id)
    return queries.find_same(actor, unit_id, tier, (first, last))


def keep_report(actor: Actor, first: date, last: date, tier: Tier, computed: Computed) -> PeriodicReport:
    """Release tables that were computed for a report and begin its draft, or return the one that there is.

    Raises NotFound, and `LedgerMoved` when something was released meanwhile.
    """
    unit_id = computed.prepared.unit_id
    known = find_report(actor, unit_id, first, last, tier)
    return known or _keep(actor, unit_id, first, last, statistics.release(actor, computed))


def _keep(
    actor: Actor, unit_id: UUID, first: date, last: date, tables: Sequence[MadeTable]
) -> PeriodicReport:
    tier = tables[0].tier
    report = PeriodicReport(
        unit_id=unit_id,
        line=line_of(first, last),
        tier=tier.value,
        period_from=first,
        period_to=last,
        cut_off_on=clock.today(),
        state=ReportState.DRAFT,
        made_on=clock.today(),
        author_id=actor.account_id,
        narrative=_stored(START),
    )
    current().add(report)
    current().flush()
    for position, table in enumerate(tables):
        current().add(ReportRelease(report_id=report.id, position=position, release_id=table.id))
    current().flush()
    audit.changed(actor, "report:make", "report", report.id, scope=("unit", unit_id), tier=tier.value)
    return report


def save_narrative(actor: Actor, report_id: UUID, version: int, values: Mapping[str, Any]) -> None:
    """Save the words of a draft; raises StaleVersion, and InvalidState once it is approved."""
    report = queries.get_report(actor, report_id, Permission.REPORT_MAKE)
    _require_draft(report)
    check_version(report, version)
    report.narrative = _stored(values)
    current().flush()
    audit.changed(actor, "report:write", "report", report.id, scope=("unit", report.unit_id))


def approve_report(actor: Actor, report_id: UUID, version: int) -> None:
    """Approve a draft and close it; a restricted one must name whom it goes to.

    Raises StaleVersion, InvalidState, and Refused with "addressees_missing".
    """
    report = queries.get_report(actor, report_id, Permission.REPORT_APPROVE)
    _require_draft(report)
    check_version(report, version)
    if report.tier == Tier.RESTRICTED and not read_narrative(actor, report).get("addressees"):
        raise Refused("addressees_missing")
    report.state = ReportState.APPROVED
    report.approved_on = clock.today()
    report.approver_id = actor.account_id
    current().flush()
    audit.changed(actor, "report:approve", "report", report.id, scope=("unit", report.unit_id))


def read_narrative(actor: Actor, report: PeriodicReport) -> dict[str, Any]:
    """Return the words of a report that the actor has opened."""
    queries.get_report(actor, report.id)
    return read_document(report.narrative, NARRATIVE.name, NARRATIVE.version).answers


def open_tables(actor: Actor, report: PeriodicReport, *, door: str = "report") -> list[MadeTable]:
    """Return the released tables of a report in their order, and write down that they were read."""
    ids = queries.list_release_ids(actor, report)
    return [statistics.get_table(actor, release_id, door=door) for release_id in ids]


def open_content(actor: Actor, report: PeriodicReport, *, door: str, is_synthetic: bool) -> ReportContent:
    """Return everything a report is printed from, and write down that its tables were read."""
    tables = open_tables(actor, report, door=door)
    return ReportContent(
        unit_name=_issuer(actor, report.unit_id),
        line=report.line,
        tier=Tier(report.tier),
        first=report.period_from,
        last=report.period_to,
        cut_off_on=report.cut_off_on,
        made_on=report.made_on,
        approved_on=report.approved_on,
        answers=read_narrative(actor, report),
        tables=tables,
        is_synthetic=is_synthetic,
    )


def _issuer(actor: Actor, unit_id: UUID) -> str:
    """Return who issues the report: the committee, also for what its office prepared."""
    unit = get_unit(actor, unit_id)
    above = get_unit(actor, unit.parent_id) if unit.parent_id else unit
    return above.name if above.kind == COMMITTEE else unit.name


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return write_document(Document(form=NARRATIVE.name, version=NARRATIVE.version, answers=dict(values)))


def _require_draft(report: PeriodicReport) -> None:
    if report.state != ReportState.DRAFT:
        raise InvalidState(report.state)


def _require_unit(actor: Actor, unit_id: UUID) -> None:
    reach = reach_of(actor, Permission.REPORT_MAKE)
    if reach < Reach.UNIT or (reach < Reach.ALL and unit_id != actor.unit_id):
        raise NotFound
