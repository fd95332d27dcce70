"""Sending released figures on: the mapping of a unit, and the trial of what a file would hold."""

from dataclasses import dataclass
from uuid import UUID

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.db import check_version, current
from casemgr.errors import NotFound, Refused
from casemgr.policy import Actor, Permission, require_role
from casemgr.statistics import queries
from casemgr.statistics.dhis2 import Trial, read_mapping, try_out
from casemgr.statistics.models import SendingMapping
from casemgr.statistics.rules import Tier
from casemgr.statistics.service import MadeTable, get_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """All public tables of some days, and what of them a file would hold."""

    tables: tuple[MadeTable, ...]
    trial: Trial


def read_text(actor: Actor) -> tuple[int, str]:
    """Return the mapping of the actor's unit as it was written, with its version; 0 and nothing before."""
    found = queries.find_mapping(actor)
    return (found.version, found.content) if found else (0, "")


def save_text(actor: Actor, version: int, text: str) -> None:
    """Keep a mapping that can be used; raises `BadMapping`, and StaleVersion when it changed meanwhile."""
    read_mapping(text)
    found = queries.find_mapping(actor)
    if found is None:
        found = SendingMapping(unit_id=actor.unit_id, content=text, changed_on=clock.today())
        current().add(found)
    else:
        check_version(found, version)
        found.content, found.changed_on = text, clock.today()
    current().flush()
    audit.changed(actor, "statistics:mapping", "unit", actor.unit_id)


def try_sending(actor: Actor, release_id: UUID, *, door: str) -> Sending:
    """Say what a file of all public tables of a release's unit and days would hold; the reading is audited.

    Raises NotFound for a restricted release, which DHIS2 never gets, and Refused "no_mapping".
    """
    require_role(actor, Permission.STATISTICS_MAKE)
    like = queries.get_release(actor, release_id)
    if like.tier != Tier.PUBLIC or like.unit_id != actor.unit_id:
        raise NotFound
    _, text = read_text(actor)
    if not text:
        raise Refused("no_mapping")
    beside = queries.list_beside(actor, like)
    tables = tuple(get_table(actor, one.id, door=door) for one in beside)
    return Sending(tables=tables, trial=try_out(read_mapping(text), [one.table for one in tables]))
