"""`casemgr backup`, `restore` and `recover`: a copy elsewhere, the way back, and a forgotten passphrase."""

from pathlib import Path

import click

from casemgr.backups import container
from casemgr.backups.closing import reopen_installation
from casemgr.backups.making import Backup, make_backup
from casemgr.backups.restoring import Restored, restore_backup
from casemgr.cli.acting import door
from casemgr.cli.answering import JSON_OPTION, give_json, say, tell
from casemgr.cli.auditing import describe_finding
from casemgr.cli.installation import Installation
from casemgr.cli.passphrases import ask_new_passphrase
from casemgr.cli.program import FOUND_PROBLEMS
from casemgr.cli.spoken import SpokenCommand
from casemgr.cli.words import word
from casemgr.crypto.keyfiles import create_key_file, read_key_file
from casemgr.crypto.kit import MistypedKit, read_kit
from casemgr.crypto.providers import PassphraseProvider, RootKeyProvider
from casemgr.db import migrate
from casemgr.errors import Locked, Refused
from casemgr.keys.service import Keyring

_TRIES = 3


@click.command(cls=SpokenCommand, help="help.backup")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@JSON_OPTION
@click.pass_obj
def backup(installation: Installation, directory: Path, *, as_json: bool) -> int:
    """Write an encrypted backup while people work, and open it again to see that it is good."""
    made = make_backup(
        installation.database,
        installation.keyring,
        installation.places,
        directory,
        is_plain_key=installation.settings.key_provider == "file",
        door=door(),
    )
    if as_json:
        give_json(_plain(made))
    else:
        say(
            "backup.made",
            file=made.path,
            rows=made.checked.rows,
            cells=made.checked.cells,
            size=made.log.size,
        )
    for finding in made.log.findings:
        click.echo(describe_finding(finding), err=True)
    return FOUND_PROBLEMS if made.log.findings else 0


@click.command(cls=SpokenCommand, help="help.restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--recovery-kit", "with_kit", is_flag=True, help="help.restore.kit")
@click.option(
    "--key-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="help.restore.key_file"
)
@click.option("--accept-broken-log", is_flag=True, help="help.restore.accept")
@JSON_OPTION
@click.pass_obj
def restore(
    installation: Installation,
    file: Path,
    key_file: Path | None,
    *,
    with_kit: bool,
    accept_broken_log: bool,
    as_json: bool,
) -> int:
    """Bring a backup back into an installation without data."""
    settings, places = installation.settings, installation.places
    container.read_head(file)
    if not settings.database_url.startswith("sqlite"):
        _ = installation.database
    if key_file is not None and not places.root_keys.exists():
        places.prepare()
        create_key_file(places.root_keys, read_key_file(key_file))
    restored = restore_backup(
        file,
        settings.database_url,
        places,
        _open_with_kit if with_kit else installation.open_provider,
        accept_broken_log=accept_broken_log,
        door=door(),
    )
    _tell_restored(restored, as_json=as_json)
    return FOUND_PROBLEMS if restored.checked.log.findings else 0


@click.command(cls=SpokenCommand, help="help.recover")
@click.pass_obj
def recover(installation: Installation) -> None:
    """Set a new passphrase with the printed recovery kit, which stays valid; open again what was closed."""
    places = installation.places
    if installation.settings.key_provider == "passphrase":
        if not places.root_keys.exists():
            raise Locked
        provider: RootKeyProvider = _open_with_kit(places.root_keys)
    elif places.moved.exists():
        provider = installation.open_provider(places.root_keys)
    else:
        raise Refused("no_passphrase_here")
    if places.moved.exists():
        reopen_installation(installation.database, Keyring(provider.root_keys()), places, door=door())
        say("recover.reopened")
    if installation.settings.key_provider == "passphrase":
        say("recover.done")


def _open_with_kit(path: Path) -> RootKeyProvider:
    """Ask for the recovery key until its check signs are right, then for a new passphrase."""
    kit = _ask_kit()
    return PassphraseProvider.recover(path, kit, ask_new_passphrase())


def _ask_kit() -> str:
    for _ in range(_TRIES):
        typed = str(click.prompt(word("ask.kit"), err=True))
        try:
            read_kit(typed)
        except MistypedKit as wrong:
            if wrong.groups:
                tell("kit.groups", groups=", ".join(map(str, wrong.groups)))
            else:
                tell("kit.length")
        else:
            return typed
    raise Refused("kit_wrong")


def _plain(made: Backup) -> dict[str, object]:
    return {
        "file": str(made.path),
        "bytes": made.size,
        "sha256": made.sha256,
        "rows": made.checked.rows,
        "cells_opened": made.checked.cells,
        "log_entries": made.log.size,
        "log_faults": len(made.log.findings),
    }


def _tell_restored(restored: Restored, *, as_json: bool) -> None:
    faults = restored.checked.log.findings
    if as_json:
        answer = {
            "rows": restored.checked.rows,
            "cells_opened": restored.checked.cells,
            "erased": restored.erased,
        }
        give_json(answer | {"revision": restored.revision, "log_faults": len(faults)})
    else:
        say("restore.done", rows=restored.checked.rows, erased=restored.erased)
    for finding in faults:
        click.echo(describe_finding(finding), err=True)
    if not restored.ledgers:
        tell("restore.no_ledger")
    if restored.revision != migrate.head():
        tell("restore.upgrade")
