"""`casemgr demo`: a complete installation with made-up people, ready in seconds."""

import errno
import json
import os
import shutil
import socket
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import click

import casemgr
from casemgr import clock
from casemgr.accounts import queries
from casemgr.audit import service as audit
from casemgr.backups.identity import create_identity
from casemgr.backups.places import Places
from casemgr.cli.acting import acting_as, system_actor
from casemgr.cli.answering import JSON_OPTION, give_json, give_table, say, tell
from casemgr.cli.installation import DEMO_FILE, Installation
from casemgr.cli.server import listen
from casemgr.cli.serving import serve_until_told
from casemgr.cli.spoken import SpokenGroup
from casemgr.cli.tables import bring_up
from casemgr.cli.words import language, word
from casemgr.cli.working import WorkerBeside
from casemgr.crypto.keyfiles import replace_key_file
from casemgr.crypto.onetime import STEP_SECONDS, current_code
from casemgr.crypto.providers import FileProvider
from casemgr.demo import content
from casemgr.demo.organisation import found_organisation
from casemgr.errors import NotFound, Refused
from config import PREFIX, Settings

CLONE = Path(casemgr.__file__).parents[1]
DIRECTORY = CLONE / "var" / "demo"
PORT = 8000
_PORTS_TRIED = 50
_LOOPBACK = "127.0.0.1"

FOLDER = click.Path(file_okay=False, path_type=Path)


class Demonstration(Installation):
    """An installation whose settings are known from its folder alone."""

    def __init__(self, directory: Path) -> None:
        super().__init__({})
        self.directory = directory.resolve()

    @cached_property
    def settings(self) -> Settings:
        """The settings of a demonstration."""
        return Settings(
            database_url=f"sqlite:///{self.directory / 'casemgr.db'}",
            directory=self.directory,
            key_provider="file",
            language=language(),
            reply_address="http://localhost:8000",
            synthetic=True,
            gallery=True,
        )

    def child_environment(self) -> dict[str, str]:
        """Return an environment whose only setting is the file of this demonstration."""
        bare = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return {**bare, f"{PREFIX}CONFIG": str(self.directory / "demo.toml")}

    @property
    def file(self) -> Path:
        """Where its accounts are listed; written last, so that what has it is complete."""
        return self.directory / DEMO_FILE

    def read_accounts(self) -> list[dict[str, Any]]:
        """Return the accounts; raises Refused when there is no demonstration here."""
        if not self.file.exists():
            raise Refused("no_demo_here")
        found: list[dict[str, Any]] = json.loads(self.file.read_text(encoding="utf-8"))["accounts"]
        return found


@click.group(cls=SpokenGroup, invoke_without_command=True, help="help.demo")
@click.option("--dir", "directory", type=FOLDER, default=DIRECTORY, help="help.demo.dir")
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, help="help.demo.port")
@click.option("--no-serve", is_flag=True, help="help.demo.no_serve")
@click.option("--reset", is_flag=True, help="help.demo.reset")
@JSON_OPTION
@click.pass_context
def demo(
    ctx: click.Context, directory: Path, port: int, *, no_serve: bool, reset: bool, as_json: bool
) -> None:
    """Make the demonstration where there is none yet, say who may sign in, and serve it."""
    ctx.obj = demonstration = Demonstration(directory)
    ctx.call_on_close(demonstration.close)
    if ctx.invoked_subcommand is not None:
        return
    if reset:
        remove(demonstration)
    if not demonstration.file.exists():
        tell("demo.making", directory=demonstration.directory)
        make(demonstration)
    bring_up(demonstration)
    demonstration.require_current_tables()
    listening = _listen_from(port)
    address = f"http://localhost:{listening.getsockname()[1]}"
    _announce(demonstration, address, as_json=as_json)
    if no_serve:
        listening.close()
        return
    tell("demo.serving", address=address)
    serve_until_told(demonstration, listening, WorkerBeside(demonstration))


@demo.command(help="help.demo.code")
@click.argument("name")
@click.option("--dir", "elsewhere", type=FOLDER, help="help.demo.dir")
@JSON_OPTION
@click.pass_obj
def code(demonstration: Demonstration, name: str, elsewhere: Path | None, *, as_json: bool) -> None:
    """Print the next unused one-time code of an account, without waiting."""
    if elsewhere:
        demonstration = Demonstration(elsewhere)
        click.get_current_context().call_on_close(demonstration.close)
    found = next((one for one in demonstration.read_accounts() if one["sign_in_name"] == name), None)
    if found is None:
        raise NotFound
    actor = acting_as(demonstration, name)
    with audit.reading(demonstration.database, demonstration.keyring):
        last_step = queries.find_last_step(actor)
    step = int(clock.now().timestamp()) // STEP_SECONDS
    fresh = max(step, (last_step or 0) + 1)
    shown = current_code(found["totp_secret"], datetime.fromtimestamp(fresh * STEP_SECONDS, UTC))
    # A code is taken one step early, so only the second one within a step has to wait.
    usable_at = clock.local(datetime.fromtimestamp((fresh - 1) * STEP_SECONDS, UTC))
    waits = usable_at > clock.now()
    if as_json:
        give_json({"code": shown, "usable_at": usable_at.isoformat() if waits else None})
    elif waits:
        say("demo.code_later", code=shown, at=f"{usable_at:%H:%M:%S}")
    else:
        click.echo(shown)


def make(demonstration: Demonstration) -> None:
    """Set up keys, tables, accounts and cases; whatever a broken-off try left is removed first."""
    if demonstration.directory.exists() and any(demonstration.directory.iterdir()):
        remove(demonstration)
    places = Places(directory=demonstration.directory)
    places.prepare()
    _write_settings(demonstration)
    FileProvider.create(places.root_keys)
    create_identity(places, demonstration.keyring)
    bring_up(demonstration)
    database, keyring, founder = demonstration.database, demonstration.keyring, system_actor()
    made = found_organisation(database, keyring, founder)
    content.fill(database, keyring, founder, tell=_Months())
    listed = {"accounts": [asdict(one) for one in made]}
    replace_key_file(demonstration.file, json.dumps(listed, ensure_ascii=False, indent=1).encode())


class _Months:
    """Says each month that was filled once, beside the output."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, day: date) -> None:
        month = f"{day:%m/%Y}"
        if month != self._last:
            self._last = month
            click.echo(f"  {month}", err=True)


def remove(demonstration: Demonstration) -> None:
    """Remove a demonstration; raises Refused for a folder that holds anything else."""
    folder = demonstration.directory
    if not folder.exists():
        return
    is_demo = demonstration.file.exists() or (folder / "demo.toml").exists()
    if any(folder.iterdir()) and not is_demo:
        raise Refused("not_a_demo")
    demonstration.close()
    shutil.rmtree(folder)


def _write_settings(demonstration: Demonstration) -> None:
    """Let every other command work on the demonstration by `--config`."""
    settings = demonstration.settings
    values = {
        "database_url": settings.database_url,
        "directory": str(settings.directory),
        "key_provider": settings.key_provider,
        "reply_address": settings.reply_address,
        "synthetic": "true",
        "gallery": "true",
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items()]
    replace_key_file(demonstration.directory / "demo.toml", "".join(lines).encode())


def _listen_from(port: int) -> socket.socket:
    """Take the port, or the next one that is free in both families, since browsers may try either."""
    for number in range(port, min(port + _PORTS_TRIED, 65536)):
        try:
            listening = listen(_LOOPBACK, number)
        except OSError:
            continue
        if _is_free_in_ipv6(number):
            return listening
        listening.close()
    raise Refused("no_free_port")


def _is_free_in_ipv6(port: int) -> bool:
    try:
        listen("::1", port).close()
    except OSError as error:
        return error.errno != errno.EADDRINUSE
    return True


def _announce(demonstration: Demonstration, address: str, *, as_json: bool) -> None:
    accounts = demonstration.read_accounts()
    config = str(demonstration.directory / "demo.toml")
    if as_json:
        give_json(
            {
                "address": address,
                "directory": str(demonstration.directory),
                "config": config,
                "accounts": accounts,
            }
        )
        return
    say("demo.address", address=address)
    give_table(
        {
            "name": one["sign_in_name"],
            "password": one["password"],
            "who": one["name"],
            "roles": ", ".join(word(f"role.{role}") for role in one["roles"]),
            "unit": one["unit"],
        }
        for one in accounts
    )
    say("demo.hint", config=config)
