"""Which dashboards there are, for whom, and which released tables stand on each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WEEK = timedelta(days=7)


class Dashboard(StrEnum):
    """A page of figures for a role."""

    OWN = "own"
    UNIT = "unit"
    NETWORK = "network"
    LEADERSHIP = "leadership"
    PROTECTION = "protection"


class Due(StrEnum):
    """When the next task of a case is due."""

    OVERDUE = "overdue"
    WEEK = "week"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One figure of a dashboard: a public table and the way in which it is divided."""

    name: str
    table: str
    dimension: str


FOR_ROLES: dict[str, tuple[Dashboard, ...]] = {
    "case_worker": (Dashboard.OWN,),
    "supervisor": (Dashboard.UNIT, Dashboard.NETWORK),
    "programme_officer": (Dashboard.NETWORK,),
    "leader": (Dashboard.LEADERSHIP, Dashboard.NETWORK),
    "report_officer": (Dashboard.LEADERSHIP, Dashboard.UNIT, Dashboard.NETWORK),
    "data_protection": (Dashboard.PROTECTION,),
}
"""Role → its dashboards, the first of which opens first."""

PANELS: dict[Dashboard, tuple[Panel, ...]] = {
    Dashboard.UNIT: (
        Panel(name="incidents-type", table="incidents", dimension="gbvims_type"),
        Panel(name="services-outcome", table="services", dimension="outcome"),
        Panel(name="stays-nights", table="stays", dimension="nights"),
        Panel(name="children-risk", table="children", dimension="risk_level"),
    ),
    Dashboard.NETWORK: (
        Panel(name="services-service", table="services", dimension="service"),
        Panel(name="services-outcome", table="services", dimension="outcome"),
        Panel(name="gaps-service", table="gaps", dimension="service"),
        Panel(name="feedback", table="referral_feedback", dimension="feedback"),
        Panel(name="support-action", table="support", dimension="action"),
    ),
    Dashboard.LEADERSHIP: (
        Panel(name="incidents-type", table="incidents", dimension="gbvims_type"),
        Panel(name="incidents-age", table="incidents", dimension="age_band_gbvims"),
        Panel(name="incidents-sex", table="incidents", dimension="sex"),
        Panel(name="stays-people", table="stays", dimension="people"),
        Panel(name="gaps-service", table="gaps", dimension="service"),
        Panel(name="support-action", table="support", dimension="action"),
    ),
}
"""Dashboards made of released tables; the others are made of something else."""


def list_dashboards(roles: Iterable[str]) -> tuple[Dashboard, ...]:
    """Return the dashboards of some roles, each once."""
    held = set(roles)
    return tuple(dict.fromkeys(one for role, own in FOR_ROLES.items() if role in held for one in own))


def find_panel(dashboards: Iterable[Dashboard], name: str) -> Panel | None:
    """Return the panel of this name on one of some dashboards, or None."""
    panels = (panel for one in dashboards for panel in PANELS.get(one, ()))
    return next((panel for panel in panels if panel.name == name), None)


def due_of(next_due: date | None, today: date) -> Due:
    """Say when the next task of a case is due."""
    if next_due is None:
        return Due.NONE
    if next_due < today:
        return Due.OVERDUE
    return Due.WEEK if next_due <= today + WEEK else Due.LATER
