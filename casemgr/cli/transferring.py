"""`casemgr transfer`: a laptop's installation becomes the one of a server, from a backup of it."""

from collections.abc import Callable
from pathlib import Path

import click

from casemgr.backups import transferring
from casemgr.backups.transferring import Transferred
from casemgr.cli.acting import door
from casemgr.cli.answering import JSON_OPTION, give_json, give_table, say, tell
from casemgr.cli.auditing import describe_finding
from casemgr.cli.installation import Installation
from casemgr.cli.passphrases import ask_new_passphrase, ask_passphrase, checked
from casemgr.cli.program import FOUND_PROBLEMS
from casemgr.cli.spoken import SpokenCommand
from casemgr.codes import service as codes
from casemgr.crypto.providers import FileProvider, PassphraseProvider, RootKeyProvider
from casemgr.crypto.rootkeys import RootKeys
from casemgr.errors import Refused


@click.command(cls=SpokenCommand, help="help.transfer")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key-file", type=click.Path(exists=True, path_type=Path), help="help.transfer.key_file")
@click.option("--old-is-gone", "is_old_gone", is_flag=True, help="help.transfer.gone")
@JSON_OPTION
@click.pass_obj
def transfer(
    installation: Installation, file: Path, key_file: Path | None, *, is_old_gone: bool, as_json: bool
) -> int:
    """Move everything of a backup into this empty installation, and say table by table what arrived."""
    settings = installation.settings
    if key_file is not None and not settings.synthetic:
        raise Refused("transfer_plain_keys")
    if not settings.database_url.startswith("sqlite"):
        _ = installation.database
    moved = transferring.transfer(
        file,
        settings.database_url,
        installation.places,
        _opener(key_file),
        _keeper(installation),
        door=door(),
        is_old_gone=is_old_gone,
    )
    with installation.work(write=True):
        codes.sync()
    _tell(moved, as_json=as_json)
    return FOUND_PROBLEMS if moved.log.findings else 0


def _opener(key_file: Path | None) -> Callable[[Path], RootKeyProvider]:
    def open_old(staged: Path) -> RootKeyProvider:
        if key_file is not None:
            return FileProvider(key_file)
        tell("transfer.old")
        return PassphraseProvider(staged, ask_passphrase(None))

    return open_old


def _keeper(installation: Installation) -> Callable[[Path, RootKeys], None]:
    settings = installation.settings

    def keep_new(path: Path, root_keys: RootKeys) -> None:
        if settings.key_provider == "file":
            installation.provider = FileProvider.create(path, root_keys=root_keys)
            return
        file = settings.passphrase_file
        if file is None:
            tell("transfer.new")
        passphrase = ask_new_passphrase() if file is None else checked(ask_passphrase(file))
        installation.provider, kit = PassphraseProvider.create(path, passphrase, root_keys=root_keys)
        say("kit.text", kit=kit)

    return keep_new


def _tell(moved: Transferred, *, as_json: bool) -> None:
    if as_json:
        answer = {"rows": sum(moved.counts.values()), "tables": moved.counts, "cells_opened": moved.cells}
        answer |= {"rewrapped": moved.rewrapped, "erased": moved.erased, "log_entries": moved.log.size}
        give_json(answer | {"log_faults": len(moved.log.findings)})
    else:
        give_table({"table": name, "rows": count} for name, count in moved.counts.items() if count)
        say("transfer.done", rows=sum(moved.counts.values()), keys=moved.rewrapped, size=moved.log.size)
    for finding in moved.log.findings:
        click.echo(describe_finding(finding), err=True)
