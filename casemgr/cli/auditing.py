"""`casemgr audit`: check the log, and sign it for keeping elsewhere."""

from pathlib import Path
from typing import Any

import click

from casemgr.audit import service
from casemgr.audit.checkpoints import ORIGIN, SUFFIX, notes_in, public_key_from
from casemgr.audit.verify import Finding, Verdict, verify
from casemgr.backups.making import put_checkpoint
from casemgr.cli.acting import door
from casemgr.cli.answering import JSON_OPTION, give_json, say
from casemgr.cli.installation import Installation
from casemgr.cli.spoken import SpokenGroup
from casemgr.cli.words import word
from casemgr.crypto.signing import verifier_line


@click.group(cls=SpokenGroup, help="help.audit")
def audit() -> None:
    """Look after the audit log."""


@audit.command("verify", help="help.audit.verify", epilog="help.audit.exit_codes")
@click.option("--from", "start", type=click.IntRange(1), default=1, help="help.audit.from")
@click.option(
    "--checkpoints",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="help.audit.checkpoints",
)
@click.option("--deep", is_flag=True, help="help.audit.deep")
@JSON_OPTION
@click.pass_obj
def verify_log(
    installation: Installation, start: int, checkpoints: Path | None, *, deep: bool, as_json: bool
) -> int:
    """Check every entry, link and signature; the exit code says what is wrong."""
    installation.require_current_tables()
    keyring = installation.keyring
    folders = [
        folder for folder in (installation.places.checkpoints, checkpoints) if folder and folder.exists()
    ]
    verdict = verify(
        installation.database,
        keyring,
        public_keys=[public_key_from(keyring)],
        anchors=[note for folder in folders for note in notes_in(folder)],
        start=start,
        deep=deep,
    )
    with installation.work(write=True):
        service.noted(
            None, "audit:verify", "audit", door=door(), result=int(verdict.exit_code), size=verdict.size
        )
    _give(verdict, as_json=as_json, deep=deep)
    return int(verdict.exit_code)


@audit.command(help="help.audit.checkpoint")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@JSON_OPTION
@click.pass_obj
def checkpoint(installation: Installation, directory: Path, *, as_json: bool) -> None:
    """Sign the log as it stands and lay the note into a folder that is kept elsewhere."""
    installation.require_current_tables()
    found = put_checkpoint(installation.database, installation.keyring, installation.places)
    if found is None:
        say("audit.empty")
        return
    directory.mkdir(parents=True, exist_ok=True)
    name = f"{found.size:010d}{SUFFIX}"
    note = (installation.places.checkpoints / name).read_text(encoding="utf-8")
    target = directory / name
    target.write_text(note, encoding="utf-8")
    verifier = verifier_line(ORIGIN, public_key_from(installation.keyring))
    if as_json:
        give_json({"size": found.size, "root": found.root.hex(), "file": str(target), "verifier": verifier})
    else:
        say("audit.signed", size=found.size, file=target, code=found.root.hex()[:20], verifier=verifier)


def describe_finding(finding: Finding) -> str:
    """Put one fault of the log and its place into words."""
    place = f"{finding.table} {finding.row} {', '.join(finding.columns)}" if finding.table else ""
    return word(f"fault.{finding.fault.name.lower()}", seq=finding.seq or "–", place=place)


def _give(verdict: Verdict, *, as_json: bool, deep: bool) -> None:
    if as_json:
        give_json(
            {
                "exit_code": int(verdict.exit_code),
                "size": verdict.size,
                "proven": verdict.proven,
                "checkpoints": verdict.checkpoints,
                "cells": verdict.cells,
                "cells_unproven": verdict.cells_unproven,
                "findings": [_plain(finding) for finding in verdict.findings],
            }
        )
        return
    for finding in verdict.findings:
        click.echo(describe_finding(finding))
    say("audit.walked", size=verdict.size, proven=verdict.proven, checkpoints=verdict.checkpoints)
    if deep:
        say("audit.cells", cells=verdict.cells, unproven=verdict.cells_unproven)
    say("audit.broken" if verdict.findings else "audit.whole")


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "fault": finding.fault.name.lower(),
        "seq": finding.seq,
        "table": finding.table,
        "row": str(finding.row) if finding.row else None,
        "columns": list(finding.columns),
    }
