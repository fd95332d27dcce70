"""`casemgr shortcut`: what starts casemgr by a double click on one laptop, on Windows and on Linux."""

import os
import shlex
import sys
from pathlib import Path

import click

from casemgr.cli.answering import tell
from casemgr.cli.installation import Installation
from casemgr.cli.spoken import SpokenCommand
from casemgr.errors import Refused
from config import PREFIX

PROGRAM = Path(__file__).parents[2]
WINDOWS_NAME = "casemgr.cmd"
LINUX_NAME = "casemgr.desktop"
CARRIED = ("DATABASE_URL", "DIRECTORY", "LANGUAGE", "PORT")
_EXECUTABLE = 0o700


@click.command(cls=SpokenCommand, help="help.shortcut")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="help.shortcut.into")
@click.option("--windows/--linux", "for_windows", default=None, help="help.shortcut.windows")
@click.pass_obj
def shortcut(installation: Installation, into: Path | None, *, for_windows: bool | None) -> None:
    """Write it to the desktop, or into a folder; the settings of this installation go along."""
    if not installation.settings.database_url.startswith("sqlite"):
        raise Refused("shortcut_hosted")
    is_windows = sys.platform == "win32" if for_windows is None else for_windows
    settings = _settings_of(installation)
    folder = into or _desktop(is_windows=is_windows)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (WINDOWS_NAME if is_windows else LINUX_NAME)
    # Windows reads a script with its own ends of lines, or jumps to wrong places in it.
    text = windows_script(settings).replace("\n", "\r\n") if is_windows else desktop_entry(settings)
    path.write_bytes(text.encode())
    path.chmod(_EXECUTABLE)
    tell("shortcut.written", file=path)


def _settings_of(installation: Installation) -> dict[str, str]:
    """Return what the start needs of the environment: a file of settings, or the settings themselves."""
    environment = installation.environment
    if file := environment.get(f"{PREFIX}CONFIG"):
        return {f"{PREFIX}CONFIG": str(Path(file).resolve())}
    names = [PREFIX + name for name in CARRIED]
    return {name: environment[name] for name in names if environment.get(name)}


def _desktop(*, is_windows: bool) -> Path:
    if is_windows:
        # OneDrive holds the desktop only where somebody let it; else a folder there would be seen by nobody.
        in_cloud = Path(os.environ.get("ONEDRIVE", Path.home())) / "Desktop"
        return in_cloud if in_cloud.is_dir() else Path.home() / "Desktop"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "applications"


def windows_script(settings: dict[str, str]) -> str:
    """Return a script for a double click on Windows; the window stays open, so that a refusal can be read."""
    lines = [f'set "{name}={value.replace("%", "%%")}"' for name, value in settings.items()]
    program = str(PROGRAM).replace("%", "%%")
    return "\n".join(
        [
            "@echo off",
            "chcp 65001 >nul",
            "title casemgr",
            *lines,
            f'cd /d "{program}"',
            '".venv\\Scripts\\python.exe" -m casemgr serve --open',
            "echo.",
            "pause",
            "",
        ]
    )


def desktop_entry(settings: dict[str, str]) -> str:
    """Return an entry for the menu of a Linux desktop; the passphrase is asked for in a terminal."""
    sets = " ".join(f"{name}={shlex.quote(value)}" for name, value in settings.items())
    command = (
        f"cd {shlex.quote(str(PROGRAM))} && {sets} .venv/bin/python -m casemgr serve --open; "
        'echo; read -r -p "Enter…" _'
    )
    return "\n".join(
        [
            "[Desktop Entry]",
            "Type=Application",
            "Name=casemgr",
            "Comment=Quản lý ca bảo mật",
            f"Exec=bash -c {_entry_quoted(command)}",
            "Terminal=true",
            "Categories=Office;",
            "",
        ]
    )


def _entry_quoted(text: str) -> str:
    """Quote an argument as the Desktop Entry Specification has it: for the command, then for the value."""
    for sign in ("\\", '"', "`", "$"):
        text = text.replace(sign, f"\\{sign}")
    return '"' + text.replace("\\", "\\\\").replace("%", "%%") + '"'
