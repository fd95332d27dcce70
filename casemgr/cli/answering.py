"""Answers of commands: lines for people, or one JSON document for programs."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import click

from casemgr.cli.words import word

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="help.json")
USER_OPTION = click.option("--as", "user", metavar="USER", required=True, help="help.as")


def say(key: str, **values: object) -> None:
    """Say a text on the output."""
    click.echo(word(key, **values))


def tell(key: str, **values: object) -> None:
    """Say a text beside the output, where it does not disturb a program that reads it."""
    click.echo(word(key, **values), err=True)


def give_json(content: Any) -> None:
    """Write a JSON document in one line."""
    click.echo(json.dumps(content, ensure_ascii=False, default=str))


def give_table(rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows in columns as wide as they need; nothing for no rows."""
    lines = [{name: str(value) for name, value in row.items()} for row in rows]
    if not lines:
        return
    widths = {name: max(len(line[name]) for line in lines) for name in lines[0]}
    for line in lines:
        click.echo("  ".join(line[name].ljust(width) for name, width in widths.items()).rstrip())
