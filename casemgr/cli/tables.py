"""`casemgr db`: bring the tables to this version of the program, or back."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from alembic.util.exc import CommandError

from casemgr import db as units_of_work
from casemgr.cli.answering import JSON_OPTION, give_json, say
from casemgr.cli.installation import Installation
from casemgr.cli.program import FOUND_PROBLEMS
from casemgr.cli.spoken import SpokenGroup
from casemgr.cli.words import word
from casemgr.codes import service as codes
from casemgr.db import migrate
from casemgr.errors import Refused


@click.group(cls=SpokenGroup, help="help.db")
def db() -> None:
    """Look after the tables."""


@db.command(help="help.db.upgrade")
@click.pass_obj
def upgrade(installation: Installation) -> None:
    """Run every step that is missing, then bring the code lists up to date."""
    bring_up(installation)
    say("db.now_at", revision=migrate.current(installation.database))


@db.command(help="help.db.downgrade")
@click.argument("revision")
@click.option("--yes", is_flag=True, help="help.yes")
@click.pass_obj
def downgrade(installation: Installation, revision: str, *, yes: bool) -> None:
    """Undo every step above a revision, after asking."""
    if not yes:
        click.confirm(word("ask.downgrade", revision=revision), abort=True, err=True)
    with _known_steps():
        migrate.downgrade(installation.database, revision)
    say("db.now_at", revision=migrate.current(installation.database) or "–")


@db.command(help="help.db.current")
@JSON_OPTION
@click.pass_obj
def current(installation: Installation, *, as_json: bool) -> int:
    """Say which step the tables are at; 1 when this program needs another."""
    found, wanted = migrate.current(installation.database), migrate.head()
    if as_json:
        give_json({"current": found, "head": wanted})
    else:
        say("db.current", current=found or "–", head=wanted or "–")
    return 0 if found == wanted else FOUND_PROBLEMS


def bring_up(installation: Installation) -> None:
    """Bring the tables and then the code lists to this version of the program."""
    installation.places.prepare()
    with _known_steps():
        migrate.upgrade(installation.database)
    # Code lists are public: no key is needed to write them.
    with units_of_work.work(installation.database, None, write=True):
        codes.sync()


@contextmanager
def _known_steps() -> Iterator[None]:
    """Tables of a newer program, or a step that was mistyped, are refused in plain words."""
    try:
        yield
    except CommandError:
        raise Refused("unknown_step") from None
