"""`casemgr statistics`: the catalogue, and tables made in the name of a user, recorded as from a page."""

from datetime import datetime
from typing import Any
from uuid import UUID

import click

from casemgr.cli.acting import acting_as
from casemgr.cli.answering import JSON_OPTION, USER_OPTION, give_json, give_table, say, tell
from casemgr.cli.installation import Installation
from casemgr.cli.people import find_unit_id
from casemgr.cli.protecting import protect
from casemgr.cli.spoken import SpokenGroup
from casemgr.cli.words import language
from casemgr.errors import Refused
from casemgr.policy import Actor
from casemgr.statistics import making
from casemgr.statistics.catalogue import CATALOGUE, UnitTree
from casemgr.statistics.classifications import UNIT
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.tables import SafeRow
from casemgr.statistics.exports import export_csv
from casemgr.statistics.grids import Wording
from casemgr.statistics.making import Wish
from casemgr.statistics.service import MadeTable, Tier, WouldDisclose
from casemgr.units.queries import list_units

FROM_OPTION = click.option("--from", "first", metavar="DAY", required=True, help="help.from")
TO_OPTION = click.option("--to", "last", metavar="DAY", required=True, help="help.to")
UNIT_OPTION = click.option("--unit", "unit_code", metavar="CODE", required=True, help="help.unit")
TIER = click.Choice([tier.value for tier in Tier])
COMMITTEE = "ubnd_xa"


@click.group(cls=SpokenGroup, help="help.statistics")
def statistics() -> None:
    """Make tables that may leave."""


statistics.add_command(protect)


@statistics.command(help="help.statistics.tables")
@JSON_OPTION
def tables(*, as_json: bool) -> None:
    """List the tables that can be made."""
    rows = [
        {
            "table": entry.name,
            "title": entry.title(language()),
            "family": entry.family.value,
            "counts": entry.kind.value,
            "dimensions": [one.name for one in entry.ladder(UnitTree(code=UNIT)).rungs[0].spec.dimensions],
            "yearly_only": entry.yearly_only,
            "source": entry.source,
        }
        for entry in CATALOGUE
    ]
    if as_json:
        give_json(rows)
    else:
        give_table({"table": row["table"], "title": row["title"]} for row in rows)


@statistics.command(help="help.statistics.make")
@click.argument("table_name", metavar="TABLE")
@FROM_OPTION
@TO_OPTION
@UNIT_OPTION
@click.option("--tier", type=TIER, default=Tier.PUBLIC.value, help="help.tier")
@USER_OPTION
@JSON_OPTION
@click.pass_obj
def make(
    installation: Installation,
    table_name: str,
    first: str,
    last: str,
    unit_code: str,
    tier: str,
    user: str,
    *,
    as_json: bool,
) -> None:
    """Make one table or a family of tables, or give what was released before, and record it."""
    period = read_period(first, last)
    actor = acting_as(installation, user)
    try:
        with installation.work(write=False):
            unit_id = find_unit(actor, unit_code)
        wish = Wish(table_names=(table_name,), unit_id=unit_id, period=period, tier=Tier(tier))
        wish = making.spell_out(wish)
        database, keyring = installation.database, installation.keyring
        made = making.make(database, keyring, lambda: actor, wish, making.release_tables)
    except WouldDisclose as refusal:
        tell_refusal(refusal, as_json=as_json)
        raise
    if as_json:
        documents = [_document(one, unit_code) for one in made]
        give_json(documents[0] if table_name == made[0].entry.name else documents)
        return
    if any(one.has_changed for one in made):
        tell("statistics.changed")
    for one in made:
        words = Wording(locale=language(), places=one.places)
        click.echo(export_csv(one.table, words).decode("utf-8-sig"), nl=False)


def find_unit(actor: Actor, code: str) -> UUID:
    """Return a unit by the official code of its commune, its own id or its exact name; raises Conflict."""
    units = [unit for unit in list_units(actor) if unit.commune_code == code]
    found = [unit.id for unit in units if unit.id == actor.unit_id or unit.kind == COMMITTEE]
    if actor.unit_id in found:
        return actor.unit_id
    return found[0] if found else find_unit_id(actor, code)


def read_period(first: str, last: str) -> Period:
    """Return the days from the first to the last, written yyyy-mm-dd or dd/mm/yyyy; raises Refused."""
    try:
        return Period.between(_read_day(first), _read_day(last))
    except ValueError:
        raise Refused("period_unreadable") from None


def tell_refusal(refusal: WouldDisclose, *, as_json: bool) -> None:
    """Say what to merge so that a refused table can be released."""
    if as_json:
        give_json({"refused": refusal.reason, "merge": list(refusal.merge)})
    else:
        say("statistics.merge", names=", ".join(refusal.merge))


def _read_day(text: str) -> Any:
    form = "%d/%m/%Y" if "/" in text else "%Y-%m-%d"
    return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no time zone


def _document(made: MadeTable, unit_code: str) -> dict[str, Any]:
    (first, last), *_ = made.table.period.spans
    return {
        "release_id": str(made.id),
        "table": made.entry.name,
        "tier": made.tier.value,
        "unit": unit_code,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "cut_off_on": made.cut_off_on.isoformat(),
        "made_on": made.made_on.isoformat(),
        "is_new": made.is_new,
        "has_changed": made.has_changed,
        "threshold": made.threshold,
        "coarsened": list(made.coarsened),
        "cells": [_cell(made, row, unit_code) for row in made.table.rows],
    }


def _cell(made: MadeTable, row: SafeRow, unit_code: str) -> dict[str, Any]:
    """Return a cell with its codes; the unit goes by the code that was typed, hamlets by their ids."""
    names = (one.name for one in made.table.spec.dimensions)
    codes = dict(zip(names, row.codes, strict=True))
    if codes.get(UNIT) == str(made.unit_id):
        codes[UNIT] = unit_code
    return {"codes": codes, "value": row.value, "status": row.status}
