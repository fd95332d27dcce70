"""`casemgr close`: the last backup of an installation that moves elsewhere, which then works no more."""

import secrets
from pathlib import Path

import click

from casemgr.backups.closing import close_installation
from casemgr.cli.acting import door
from casemgr.cli.answering import JSON_OPTION, give_json, say
from casemgr.cli.installation import Installation
from casemgr.cli.spoken import SpokenCommand
from casemgr.cli.words import word
from casemgr.crypto.providers import PassphraseProvider


@click.command(cls=SpokenCommand, help="help.close")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="help.yes")
@JSON_OPTION
@click.pass_obj
def close(installation: Installation, directory: Path, *, yes: bool, as_json: bool) -> None:
    """Ask, make the last backup, and close the installation."""
    installation.require_current_tables()
    provider = installation.provider
    if not yes:
        click.confirm(word("ask.close"), abort=True, err=True)
    made = close_installation(
        installation.database,
        installation.keyring,
        installation.places,
        directory,
        lambda: _void(provider),
        is_plain_key=installation.settings.key_provider == "file",
        door=door(),
    )
    if as_json:
        give_json({"file": str(made.path), "rows": made.checked.rows, "log_entries": made.log.size})
    else:
        say("close.done", file=made.path, rows=made.checked.rows)


def _void(provider: object) -> None:
    """Let nothing but the recovery kit open the keys; a demonstration has no passphrase to void."""
    if isinstance(provider, PassphraseProvider):
        provider.change_passphrase(secrets.token_urlsafe(32))
