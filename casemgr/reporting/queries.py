"""Reading reports; opening the words of one is written down."""

from uuid import UUID

from sqlalchemy import select

from casemgr.audit import service as audit
from casemgr.db import current
from casemgr.errors import NotFound
from casemgr.policy import Actor, Permission, require_role, visible
from casemgr.reporting.models import PeriodicReport, ReportRelease


def list_reports(actor: Actor) -> list[PeriodicReport]:
    """Return the reports in reach, the latest period first."""
    query = select(PeriodicReport).where(visible(actor, Permission.REPORT_READ, PeriodicReport))
    return list(current().scalars(query.order_by(PeriodicReport.period_to.desc(), PeriodicReport.tier)))


def get_report(
    actor: Actor, report_id: UUID, permission: Permission = Permission.REPORT_READ
) -> PeriodicReport:
    """Return a report on which the actor has the permission; raises NotFound."""
    found = current().scalar(
        select(PeriodicReport).where(
            PeriodicReport.id == report_id, visible(actor, permission, PeriodicReport)
        )
    )
    if found is None:
        raise NotFound
    return found


def open_report(actor: Actor, report_id: UUID, *fields: str) -> PeriodicReport:
    """Return a report to be shown, and write down what of it was read; raises NotFound."""
    report = get_report(actor, report_id)
    audit.seen(actor, "report", report.id, fields=fields, scope=("unit", report.unit_id))
    return report


def list_release_ids(actor: Actor, report: PeriodicReport) -> list[UUID]:
    """Return the released tables of a report in their order."""
    require_role(actor, Permission.REPORT_READ)
    query = select(ReportRelease.release_id).where(ReportRelease.report_id == report.id)
    return list(current().scalars(query.order_by(ReportRelease.position)))


def find_same(actor: Actor, unit_id: UUID, tier: str, days: tuple[object, object]) -> PeriodicReport | None:
    """Return the report of a unit for the same days and audience, or None."""
    query = select(PeriodicReport).where(
        visible(actor, Permission.REPORT_READ, PeriodicReport),
        PeriodicReport.unit_id == unit_id,
        PeriodicReport.tier == tier,
        PeriodicReport.period_from == days[0],
        PeriodicReport.period_to == days[1],
    )
    return current().scalar(query)
