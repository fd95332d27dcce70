"""The command itself: which commands there are, and how each way of ending becomes an exit code."""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module  # noqa: TID251 - commands are loaded when asked for, so that help comes at once
from typing import Any

import click

from casemgr.cli.installation import Installation, Unreachable
from casemgr.cli.spoken import NoSuchCommand, SpokenGroup, describe
from casemgr.cli.words import WORDS, speak, word
from casemgr.cli.wrong_settings import described
from casemgr.errors import (
    CasemgrError,
    Conflict,
    Forbidden,
    InvalidState,
    Locked,
    NotFound,
    OtherTables,
    Refused,
    SealError,
)
from config import SettingsError

FOUND_PROBLEMS = 1
WRONG_USE = 2
REFUSED = 3
NOT_NOW = 4

COMMANDS = {
    "demo": "casemgr.cli.demo:demo",
    "init": "casemgr.cli.founding:init",
    "serve": "casemgr.cli.serving:serve",
    "worker": "casemgr.cli.working:worker",
    "jobs": "casemgr.cli.queue:jobs",
    "config": "casemgr.cli.configuration:config",
    "db": "casemgr.cli.tables:db",
    "user": "casemgr.cli.people:user",
    "keys": "casemgr.cli.custody:keys",
    "audit": "casemgr.cli.auditing:audit",
    "import": "casemgr.cli.importing:import_lines",
    "statistics": "casemgr.cli.statistics:statistics",
    "report": "casemgr.cli.report:report",
    "backup": "casemgr.cli.backing_up:backup",
    "restore": "casemgr.cli.backing_up:restore",
    "close": "casemgr.cli.closing:close",
    "transfer": "casemgr.cli.transferring:transfer",
    "recover": "casemgr.cli.backing_up:recover",
    "doctor": "casemgr.cli.doctor:doctor",
    "profile": "casemgr.cli.profile:profile",
    "shortcut": "casemgr.cli.shortcut:shortcut",
}
"""Command → module and function; help.<command> are its words."""


class Program(SpokenGroup):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the names in the order in which an installation meets them."""
        return list(COMMANDS)

    def help_key(self, _: click.Context, name: str) -> str:
        """Return the key of a command's help without loading it."""
        return f"help.{name}"

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise NoSuchCommand(args[0], ctx)
        return super().resolve_command(ctx, args)

    def main(  # type: ignore[override]  # the overloads of Click tell who catches errors: here always we do
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        """Run a command and end with its exit code."""
        speak(os.environ.get("CASEMGR_LANGUAGE"))
        extra["standalone_mode"] = False
        sys.exit(_ended(lambda: super(Program, self).main(args, prog_name or "casemgr", **extra)))


def _ended(run: Callable[[], Any]) -> int:
    try:
        code = run()
    except click.Abort:
        return _say(word("stopped"), REFUSED)
    except click.ClickException as error:
        return _say(describe(error), WRONG_USE)
    except SettingsError as error:
        return _say("\n".join(map(described, error.problems)), WRONG_USE)
    except CasemgrError as error:
        return _say(_reason(error), NOT_NOW if isinstance(error, Locked | Unreachable) else REFUSED)
    except OSError as error:
        return _say(
            word("system_error", error=error.strerror or type(error).__name__, file=error.filename or "–"),
            NOT_NOW,
        )
    return code if isinstance(code, int) else 0


def _say(message: str, code: int) -> int:
    click.echo(message, err=True)
    return code


def _reason(error: CasemgrError) -> str:
    match error:
        case Refused():
            key, values = f"refused.{error.reason}", {"name": error.reason}
        case Conflict():
            key, values = f"conflict.{error.field}.{error.reason}", {"name": error.field}
        case InvalidState():
            key, values = f"state.{error.state}", {"name": error.state}
        case _:
            key, values = _PLAIN.get(type(error), "refused"), {"name": type(error).__name__}
    for known in (key, f"{key.partition('.')[0]}.other"):
        if known in WORDS:
            return word(known, **values)
    return word("refused.other", **values)


_PLAIN: dict[type[CasemgrError], str] = {
    NotFound: "not_found",
    Forbidden: "forbidden",
    SealError: "seal_error",
    Locked: "locked",
    OtherTables: "refused.database_newer",
    Unreachable: "unreachable",
}


@click.command(cls=Program, help="help.casemgr", epilog="help.exit_codes", no_args_is_help=False)
@click.option("--config", "config_file", metavar="FILE", help="help.config_file")
@click.pass_context
def main(ctx: click.Context, config_file: str | None) -> None:
    """Run a command on the installation that the settings name."""
    environment = dict(os.environ)
    if config_file:
        environment["CASEMGR_CONFIG"] = config_file
    ctx.obj = Installation(environment)
    ctx.call_on_close(ctx.obj.close)
