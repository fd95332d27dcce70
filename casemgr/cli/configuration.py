"""`casemgr config`: what the settings are, and everything that is wrong with them at once."""

from dataclasses import asdict

import click

from casemgr.cli.answering import JSON_OPTION, give_json, say
from casemgr.cli.installation import Installation
from casemgr.cli.program import WRONG_USE
from casemgr.cli.spoken import SpokenGroup
from casemgr.cli.wrong_settings import described, meaning_of
from config import SettingsError


@click.group(cls=SpokenGroup, help="help.config")
def config() -> None:
    """Read the settings."""


@config.command(help="help.config.check")
@JSON_OPTION
@click.pass_obj
def check(installation: Installation, *, as_json: bool) -> int:
    """Name every missing or wrong setting; show the others with what they are for."""
    try:
        settings = installation.settings
    except SettingsError as error:
        if not as_json:
            raise
        give_json({"ok": False, "problems": [described(problem) for problem in error.problems]})
        return WRONG_USE
    if as_json:
        give_json({"ok": True, "problems": []})
        return 0
    for name, value in asdict(settings).items():
        click.echo(f"{name:16} {_shown(name, value)}\n{'':16} {meaning_of(name)}")
    say("config.fine")
    return 0


def _shown(name: str, value: object) -> str:
    """Show a value, but never the password that a database address may hold."""
    if name == "database_url":
        from sqlalchemy import make_url

        url = make_url(str(value))
        # Written anew, a path would lose its accents.
        return str(value) if url.password is None else url.render_as_string(hide_password=True)
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "–" if value is None else str(value)
