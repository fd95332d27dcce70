"""The watch: notes how the clock and the disks are, and what follows from a clock that was set."""

import logging
from datetime import timedelta
from pathlib import Path

from casemgr import clock
from casemgr.accounts.service import end_all_sessions
from casemgr.audit import service as audit
from casemgr.db import Database
from casemgr.health import notebook
from casemgr.health.looking import Signs, look, troubles_of
from casemgr.health.notebook import Notes
from casemgr.health.rules import Jump, Reading, find_jump
from casemgr.policy import Actor

log = logging.getLogger("casemgr.health")


def watch(actor: Actor, database: Database, directory: Path, backup_directory: Path | None) -> Signs:
    """Look once, note it, put a clock that was set on record, and log what is not well.

    A clock that was set back would let sessions live longer than they may: all of them end.
    """
    before = notebook.read_notes(directory)
    reading = Reading(at=clock.now(), uptime=clock.uptime())
    jump = find_jump(before.reading if before else None, reading)
    if jump is not None:
        audit.noted(actor, "clock:set", "system", door=actor.door, seconds=round(jump.by.total_seconds()))
        if jump.by < timedelta(0):
            end_all_sessions(actor)
    notebook.write_notes(directory, Notes(reading=reading, jumps=_with(before, jump)))
    signs = look(database, directory, backup_directory)
    for trouble in troubles_of(signs):
        log.warning("trouble", extra={"kind": str(trouble)})
    return signs


def _with(before: Notes | None, jump: Jump | None) -> tuple[Jump, ...]:
    earlier = before.jumps if before else ()
    return (*earlier, jump) if jump else earlier
