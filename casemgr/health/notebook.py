"""What the watch remembers from one look to the next, in a file of the installation."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from casemgr import clock
from casemgr.crypto.keyfiles import replace_key_file
from casemgr.health.rules import JUMPS_SHOWN, Jump, Reading

NAME = "watch.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The last reading of the clock, and how it was set in the last days."""

    reading: Reading
    jumps: tuple[Jump, ...] = ()


def read_notes(directory: Path) -> Notes | None:
    """Return what was noted, or None before the first look; a damaged file counts as none."""
    try:
        told = json.loads((directory / NAME).read_text(encoding="utf-8"))
        reading = Reading(at=_moment(told["at"]), uptime=timedelta(seconds=told["uptime"]))
        jumps = [Jump(noticed_at=_moment(at), by=timedelta(seconds=by)) for at, by in told["jumps"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Notes(reading=reading, jumps=tuple(jumps))


def write_notes(directory: Path, notes: Notes) -> None:
    """Note a look; jumps that were noticed longer ago than they are shown are let go."""
    since = clock.now() - JUMPS_SHOWN
    told = {
        "at": notes.reading.at.isoformat(),
        "uptime": notes.reading.uptime.total_seconds(),
        "jumps": [
            (jump.noticed_at.isoformat(), jump.by.total_seconds())
            for jump in notes.jumps
            if jump.noticed_at > since
        ],
    }
    replace_key_file(directory / NAME, json.dumps(told).encode())


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
