"""`casemgr report`: a periodic report made in the name of a user, written as files into a folder."""

from datetime import date
from pathlib import Path
from uuid import UUID

import click

from casemgr.cli.acting import acting_as
from casemgr.cli.answering import JSON_OPTION, USER_OPTION, give_json, say
from casemgr.cli.installation import Installation
from casemgr.cli.spoken import SpokenGroup
from casemgr.cli.statistics import (
    FROM_OPTION,
    TIER,
    TO_OPTION,
    UNIT_OPTION,
    find_unit,
    read_period,
    tell_refusal,
)
from casemgr.policy import Actor
from casemgr.reporting import service
from casemgr.reporting.document import ReportContent, compose
from casemgr.reporting.queries import open_report
from casemgr.reporting.rules import list_table_names
from casemgr.statistics import making
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.exports import export_csv
from casemgr.statistics.making import Wish
from casemgr.statistics.service import Computed, Tier, WouldDisclose


@click.group(cls=SpokenGroup, help="help.report")
def report() -> None:
    """Make periodic reports."""


@report.command(help="help.report.make")
@UNIT_OPTION
@FROM_OPTION
@TO_OPTION
@click.option("--tier", type=TIER, required=True, help="help.tier")
@USER_OPTION
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIRECTORY",
    required=True,
    help="help.report.output",
)
@JSON_OPTION
@click.pass_obj
def make(
    installation: Installation,
    unit_code: str,
    first: str,
    last: str,
    tier: str,
    user: str,
    output: Path,
    *,
    as_json: bool,
) -> None:
    """Make a report, or give the one that there is, and write its files."""
    (from_on, to_on), *_ = read_period(first, last).spans
    actor = acting_as(installation, user)
    try:
        report_id = _make(installation, actor, unit_code, (from_on, to_on), Tier(tier))
    except WouldDisclose as refusal:
        tell_refusal(refusal, as_json=as_json)
        raise
    with installation.work(write=True):
        made = open_report(actor, report_id, "file")
        is_synthetic = installation.settings.synthetic
        content = service.open_content(actor, made, door="file", is_synthetic=is_synthetic)
        answer = {"report_id": str(made.id), "state": made.state, "tier": made.tier}
    files = _write(content, output)
    if as_json:
        give_json({**answer, "files": [str(path) for path in files]})
        return
    for path in files:
        say("report.written", file=path)


def _make(
    installation: Installation, actor: Actor, unit_code: str, days: tuple[date, date], tier: Tier
) -> UUID:
    """Return the report that there is, or compute its tables and begin it."""
    with installation.work(write=False):
        unit_id = find_unit(actor, unit_code)
        known = service.find_report(actor, unit_id, *days, tier)
        if known is not None:
            return known.id
    period = Period.between(*days)
    wish = Wish(table_names=list_table_names(*days), unit_id=unit_id, period=period, tier=tier)
    database, keyring = installation.database, installation.keyring

    def keep(actor: Actor, computed: Computed) -> UUID:
        return service.keep_report(actor, *days, tier, computed).id

    return making.make(database, keyring, lambda: actor, wish, keep)


def _write(content: ReportContent, folder: Path) -> list[Path]:
    """Write the report as PDF and Word and each of its tables as CSV."""
    from casemgr.letters import pdf, word

    folder.mkdir(parents=True, exist_ok=True)
    stem = f"bao_cao_{content.first:%Y%m%d}_{content.last:%Y%m%d}_{content.tier}"
    document, words = compose(content), content.wording()
    written = {
        f"{stem}.pdf": pdf.write_document(document),
        f"{stem}.docx": word.write_document(document),
        **{f"{stem}_{made.entry.name}.csv": export_csv(made.table, words) for made in content.tables},
    }
    for name, data in written.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in written]
