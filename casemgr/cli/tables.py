"""`casemgr db`: bring the tables to this version of the program, or back."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from alembic.util.exc import CommandError
from sqlalchemy.exc import IntegrityError

from casemgr import db as units_of_work
from casemgr.cli.answering import JSON_OPTION, give_json, say, tell
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
@click.option("--lose-data", is_flag=True, help="help.db.lose_data")
@click.pass_obj
def downgrade(installation: Installation, revision: str, *, yes: bool, lose_data: bool) -> None:
    """Undo every step above a revision, after asking; refused when that would lose what is stored."""
    if not yes:
        click.confirm(word("ask.downgrade", revision=revision), abort=True, err=True)
    with _known_steps():
        _go_back(installation, revision, loses_data=lose_data)
    say("db.now_at", revision=migrate.current(installation.database) or "–")


def _go_back(installation: Installation, revision: str, *, loses_data: bool) -> None:
    try:
        migrate.downgrade(installation.database, revision, loses_data=loses_data)
    except migrate.DataWouldBeLost as error:
        for place in error.places:
            tell("db.would_lose", place=place)
        raise Refused("data_would_be_lost") from None
    except IntegrityError:
        # The older tables do not take what stands in the newer ones, such as a state that they do not know.
        raise Refused("older_tables_too_narrow") from None


@db.command(help="help.db.notes")
@click.option("--since", metavar="REVISION", help="help.db.notes.since")
@click.pass_obj
def notes(installation: Installation, since: str | None) -> None:
    """Say what the steps bring that the tables, or those at a step, do not have yet."""
    steps = migrate.steps_after(migrate.current(installation.database) if since is None else since)
    for step in steps:
        click.echo(f"{step}  {word(f'release.{step}')}")
    if not steps:
        say("db.no_notes")


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
