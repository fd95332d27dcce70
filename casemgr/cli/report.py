"""`casemgr report`: a periodic report made in the name of a user, written as files into a folder."""

from pathlib import Path

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
    keep_refusal,
    read_period,
)
from casemgr.reporting import service
from casemgr.reporting.document import ReportContent, compose
from casemgr.statistics.exports import export_csv
from casemgr.statistics.service import Tier, WouldDisclose


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
        with installation.work(write=True):
            made = service.make_report(actor, find_unit(actor, unit_code), from_on, to_on, Tier(tier))
            is_synthetic = installation.settings.synthetic
            content = service.open_content(actor, made, door="file", is_synthetic=is_synthetic)
            answer = {"report_id": str(made.id), "state": made.state, "tier": made.tier}
    except WouldDisclose as refusal:
        keep_refusal(installation, actor, refusal, as_json=as_json)
        raise
    files = _write(content, output)
    if as_json:
        give_json({**answer, "files": [str(path) for path in files]})
        return
    for path in files:
        say("report.written", file=path)


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
