"""`casemgr import`: take a line list in through a mapping, list what came in, and take a batch out again."""

import csv
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from casemgr.audit import service as audit
from casemgr.cli.acting import acting_as
from casemgr.cli.answering import JSON_OPTION, USER_OPTION, give_json, give_table, say, tell
from casemgr.cli.installation import Installation
from casemgr.cli.program import REFUSED, WRONG_USE
from casemgr.cli.spoken import SpokenCommand
from casemgr.cli.words import language, word
from casemgr.imports.mapping import UnusableMapping
from casemgr.imports.queries import Batch, list_batches
from casemgr.imports.reading import LineList
from casemgr.imports.rules import Outcome, UnusableFile, harmless
from casemgr.imports.running import Job, Report, require_unit, run_dry, run_import, run_rollback
from casemgr.imports.shelf import read_mapping
from casemgr.policy import Actor

_TELL_EVERY = 2.0
"""Seconds between two words on how far it is."""

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    file: Path | None
    mapping: str | None
    unit: str | None
    user: str
    dry_run: bool
    batch: str | None
    owner: str | None
    refused: Path | None
    list_them: bool
    rollback: str | None
    rollback_all: bool
    as_json: bool


@click.command("import", cls=SpokenCommand, help="help.import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", metavar="NAME", help="help.import.mapping")
@click.option("--unit", metavar="CODE", help="help.unit")
@USER_OPTION
@click.option("--dry-run", is_flag=True, help="help.import.dry_run")
@click.option("--batch", metavar="NAME", help="help.import.batch")
@click.option("--owner", metavar="USER", help="help.import.owner")
@click.option("--refused", type=click.Path(dir_okay=False, path_type=Path), help="help.import.refused")
@click.option("--list", "list_them", is_flag=True, help="help.import.list")
@click.option("--rollback", metavar="NAME", help="help.import.rollback")
@click.option("--rollback-all", is_flag=True, help="help.import.rollback_all")
@JSON_OPTION
@click.pass_obj
def import_lines(installation: Installation, /, **given: Any) -> int:
    """Take a line list in: each row becomes a case file with its incident, or is refused with its reasons."""
    options = Options(**given)
    try:
        if options.list_them:
            return _list(installation, options)
        if options.rollback or options.rollback_all:
            return _roll_back(installation, options)
        return _take_in(installation, options)
    except UnusableMapping as refusal:
        return _say_mistakes(refusal, as_json=options.as_json)
    except UnusableFile as refusal:
        click.echo(refusal.words(language()), err=True)
        if options.as_json:
            vi, en = refusal.words("vi"), refusal.words("en")
            give_json({"refused_file": refusal.kind, "vi": vi, "en": en})
        return REFUSED


def _take_in(installation: Installation, options: Options) -> int:
    for name in ("file", "mapping", "unit"):
        if getattr(options, name) is None:
            raise click.MissingParameter(param_hint="FILE" if name == "file" else f"--{name}")
    file = Path(str(options.file))
    mapping = read_mapping(str(options.mapping))
    job = Job.prepare(LineList(file, mapping.sheet), mapping)
    if job.translator.unknown:
        tell("import.unknown_columns", names=", ".join(job.translator.unknown))
    installation.require_current_tables()
    actor = acting_as(installation, options.user)
    with audit.reading(installation.database, installation.keyring):
        require_unit(actor, str(options.unit))
    name = options.batch or file.stem
    with _RefusedRows.kept(options) as refused:
        if options.dry_run:
            report = run_dry(job, refused.watch)
        else:
            report = _run(installation, actor, job, name, options, refused.watch)
    _give(report, job, name, refused.shown, as_json=options.as_json)
    return 0


def _run(
    installation: Installation,
    actor: Actor,
    job: Job,
    name: str,
    options: Options,
    watch: Callable[[Outcome], None],
) -> Report:
    try:
        return run_import(
            installation.database,
            installation.keyring,
            actor,
            job,
            name=name,
            owner=options.owner,
            watch=watch,
            progress=_progress("import.progress"),
        )
    except KeyboardInterrupt:
        # What is in stays in; the general word that nothing was changed would not be true.
        tell("import.stopped", name=name)
        raise click.exceptions.Exit(REFUSED) from None


def _progress(key: str) -> Callable[[int, int], None]:
    last = time.monotonic()

    def show(done: int, rows: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _TELL_EVERY or done == rows:
            last = time.monotonic()
            tell(key, done=done, rows=rows)

    return show


class _RefusedRows:
    """Shows refused rows: the first, or all after a dry run, and all in a file that was asked for."""

    def __init__(self, most: int | None, file: Any) -> None:
        self.shown: list[dict[str, Any]] = []
        self._most = most
        self._writer = csv.writer(file) if file is not None else None
        self._write(["row", "column", "kind", "vi", "en"])

    @classmethod
    @contextmanager
    def kept(cls, options: Options) -> Iterator["_RefusedRows"]:
        """Open the file that was asked for; only its owner may read it."""
        most = None if options.dry_run else _SHOWN
        if options.refused is None:
            yield cls(most, None)
            return
        opened = os.open(options.refused, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8-sig", newline="") as file:
            yield cls(most, file)

    def watch(self, outcome: Outcome) -> None:
        """Take a row; nothing of its content is repeated."""
        for problem in outcome.problems:
            row = {"row": outcome.number, **asdict(problem)}
            self._write([row["row"], row["column"], row["kind"], row["vi"], row["en"]])
            if self._most is None or len(self.shown) < self._most:
                self.shown.append(row)

    def _write(self, cells: list[Any]) -> None:
        if self._writer is not None:
            self._writer.writerow([harmless(str(cell)) for cell in cells])


def _give(report: Report, job: Job, name: str, shown: list[dict[str, Any]], *, as_json: bool) -> None:
    tally = report.tally
    is_dry = report.state == "dry_run"
    if as_json:
        content = {
            "rows": report.rows,
            "imported": tally.imported,
            "refused": tally.refused,
            "reasons": dict(tally.reasons),
            "batch": name,
            "mapping": job.mapping.name,
            "state": report.state,
            "imported_now": report.imported_now,
            "unknown_columns": job.translator.unknown,
        }
        give_json(content | ({"bad_rows": shown} if is_dry else {}))
        return
    for row in shown:
        say("import.bad_row", row=row["row"], column=row["column"], why=row[language()])
    for kind, count in tally.reasons.most_common():
        say("import.reason", kind=kind, count=count)
    counts = {"rows": report.rows, "imported": tally.imported, "refused": tally.refused}
    if is_dry:
        say("import.dry", **counts)
    else:
        say("import.done", name=name, now=report.imported_now, **counts)


def _list(installation: Installation, options: Options) -> int:
    installation.require_current_tables()
    actor = acting_as(installation, options.user)
    with audit.reading(installation.database, installation.keyring):
        rows = [_row(batch) for batch in list_batches(actor)]
    if options.as_json:
        give_json(rows)
    else:
        give_table(row | {"state": word(f"import.{row['state']}")} for row in rows)
    return 0


def _row(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch.name,
        "mapping": batch.mapping,
        "state": batch.state,
        "imported": batch.tally.imported,
        "refused": batch.tally.refused,
        "started_on": str(batch.started_on),
    }


def _roll_back(installation: Installation, options: Options) -> int:
    installation.require_current_tables()
    actor = acting_as(installation, options.user)
    names = [options.rollback] if options.rollback else _live_names(installation, actor)
    removed = {}
    for name in names:
        removed[name] = run_rollback(
            installation.database, installation.keyring, actor, name, _progress("import.removing")
        )
        if not options.as_json:
            say("import.rolled_back_now", name=name, count=removed[name])
    if options.as_json:
        give_json({"removed": removed})
    return 0


def _live_names(installation: Installation, actor: Actor) -> list[str]:
    with audit.reading(installation.database, installation.keyring):
        return [batch.name for batch in list_batches(actor) if batch.state != "rolled_back"]


def _say_mistakes(refusal: UnusableMapping, *, as_json: bool) -> int:
    for mistake in refusal.mistakes:
        tell("import.mistake", line=mistake.line, what=mistake.words(language()))
    if as_json:
        told = [
            {"line": one.line, "kind": one.kind, "vi": one.words("vi"), "en": one.words("en")}
            for one in refusal.mistakes
        ]
        give_json({"mistakes": told})
    return WRONG_USE
