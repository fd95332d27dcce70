"""Click in two languages: help pages and usage errors are put into words when they are shown."""

import re
from collections.abc import Iterable
from typing import Any

import click

from casemgr.cli.words import WORDS, word

_HEADINGS = {"Options": "heading.options", "Commands": "heading.commands", "Arguments": "heading.arguments"}
_PLACEHOLDER = re.compile(
    r"(?<![A-Z_|])"
    r"(OPTIONS|COMMAND|ARGS|INTEGER RANGE|DIRECTORY|FILE|USER|TEXT|REVISION|SIGN_IN_NAME|ROLE|CODE|NAME"
    r"|DAY|TABLE|SECONDS)"
    r"(?![A-Z_])"
)
_HELP = "Show this message and exit."


class SpokenFormatter(click.HelpFormatter):
    """Writes help; a text that is a key of the words is replaced by the words."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the first line."""
        prefix = f"{word('heading.usage')}: " if prefix is None else prefix
        super().write_usage(prog, _placeholders(args), prefix)

    def write_heading(self, heading: str) -> None:
        """Write the title of a section."""
        super().write_heading(word(_HEADINGS[heading]) if heading in _HEADINGS else heading)

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        super().write_text(spoken(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write what options and commands are for."""
        lines = [(_placeholders(term), spoken(text)) for term, text in rows]
        super().write_dl(lines, col_max, col_spacing)


class SpokenContext(click.Context):
    """A context whose help is spoken."""

    formatter_class = SpokenFormatter


class SpokenCommand(click.Command):
    """A command whose help and options name keys of the words."""

    context_class = SpokenContext


class SpokenGroup(click.Group):
    """A group of spoken commands."""

    context_class = SpokenContext
    command_class = SpokenCommand

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with the first sentence of their help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.help_key(ctx, name)) for name in self.list_commands(ctx)])

    def help_key(self, ctx: click.Context, name: str) -> str:
        """Return the key of a command's help."""
        command = self.get_command(ctx, name)
        return (command.help or "") if command else ""


SpokenGroup.group_class = SpokenGroup


def spoken(text: str) -> str:
    """Return a text of Click's, or of one of our options, in words."""
    if text == _HELP:
        return word("help.help")
    if text == "Show the version and exit.":
        return word("help.version")
    key, gap, extra = text.partition("  [")
    if key not in WORDS:
        return text
    return word(key) + gap + extra.replace("required", word("help.required"))


def _placeholders(text: str) -> str:
    """Return a line of usage with what stands for a value in words."""
    return _PLACEHOLDER.sub(lambda found: word(f"value.{found[0].lower().replace(' ', '_')}"), text)


def describe(error: click.ClickException) -> str:
    """Put a mistake in how a command was typed into words."""
    values: dict[str, Any] = {}
    match error:
        case click.NoSuchOption():
            key, values = "usage.no_such_option", {"name": error.option_name}
        case click.MissingParameter():
            key, values = "usage.missing", {"name": _name(error)}
        case click.BadParameter():
            key, values = "usage.bad_value", {"name": _name(error)}
        case click.FileError():
            key, values = "usage.file", {"name": error.ui_filename}
        case NoSuchCommand():
            key, values = "usage.no_such_command", {"name": error.name}
        case _:
            key = "usage.other"
    return word(key, **values)


class NoSuchCommand(click.UsageError):
    """A command was typed that does not exist."""

    def __init__(self, name: str, ctx: click.Context) -> None:
        super().__init__(name, ctx)
        self.name = name


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return error.param_hint if isinstance(error.param_hint, str) else ""
    return (
        error.param.opts[0] if isinstance(error.param, click.Option) else str(error.param.human_readable_name)
    )
