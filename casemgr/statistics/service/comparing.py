"""Public releases of one table over several periods of the same length, for those who read statistics."""

from collections.abc import Sequence

from casemgr.audit import service as audit
from casemgr.db import current
from casemgr.policy import Actor, Permission, require_role
from casemgr.statistics import queries
from casemgr.statistics.models import Release
from casemgr.statistics.service import MadeTable, get_made
from casemgr.units.models import Unit

MOST_PERIODS = 3
LENGTHS = (6, 12, 3)
"""Months of the periods that may be compared: half-years, years, quarters."""


def list_comparable(actor: Actor, table_name: str, months: int, *, door: str = "") -> tuple[MadeTable, ...]:
    """Return the last public releases of a table over so many months, the earliest first, of one unit.

    Periods that overlap are not put beside one another. Reading what is for everybody leaves no trace; what
    is downloaded (`door`) is written down.
    """
    require_role(actor, Permission.STATISTICS_READ)
    chosen = choose(queries.list_public(actor, table_name), months)
    if door:
        for release in chosen:
            audit.seen(actor, "release", release.id, fields=(door,), scope=("facts", release.unit_id))
    return tuple(_made(actor, release) for release in reversed(chosen))


def choose(releases: Sequence[Release], months: int) -> list[Release]:
    """Return the releases that may stand beside one another, of some that are given the latest first."""
    chosen: list[Release] = []
    for release in releases:
        if _months(release) == months and _fits(release, chosen) and len(chosen) < MOST_PERIODS:
            chosen.append(release)
    return chosen


def find_latest(actor: Actor) -> tuple[MadeTable, ...]:
    """Return all public tables of the days that were released last, by the order of their release."""
    require_role(actor, Permission.STATISTICS_READ)
    latest = queries.find_last_public(actor)
    return tuple(_made(actor, one) for one in queries.list_beside(actor, latest)) if latest else ()


def _made(actor: Actor, release: Release) -> MadeTable:
    return get_made(actor, current().get_one(Unit, release.unit_id), release)


def _months(release: Release) -> int:
    first, last = release.period_from, release.period_to
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _fits(release: Release, chosen: list[Release]) -> bool:
    """Say whether a release is of the same unit as those chosen, and ends before the earliest of them."""
    return not chosen or (release.unit_id == chosen[0].unit_id and release.period_to < chosen[-1].period_from)
