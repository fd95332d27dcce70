"""Signing the log and making backups by themselves."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from casemgr import clock
from casemgr.backups.making import SUFFIX, make_backup, put_checkpoint, sweep
from casemgr.backups.places import Places
from casemgr.jobs.kinds import Kind, Task


def sign(task: Task) -> None:
    """Sign the audit log as it stands."""
    put_checkpoint(task.database, task.keyring, Places(directory=task.surroundings.directory))


def back_up(task: Task) -> None:
    """Make today's backup where a folder is set, unless it is there, and let go of the oldest ones.

    A log with faults is no reason to make none: the verdict stands in the log and on the pages of health.
    """
    surroundings = task.surroundings
    places, target = Places(directory=surroundings.directory), surroundings.backup_directory
    if target is None or not places.recipients.exists() or _is_made_today(places, target):
        return
    sweep(places, target)
    task.step(0, 1)
    make_backup(
        task.database,
        task.keyring,
        places,
        target,
        is_plain_key=surroundings.is_plain_key,
        door=task.find_actor().door,
    )
    for old in sorted(target.glob(f"casemgr-*{SUFFIX}"))[: -surroundings.backups_kept]:
        old.unlink()


def _is_made_today(places: Places, target: Path) -> bool:
    if not places.last_backup.exists():
        return False
    last = json.loads(places.last_backup.read_text(encoding="utf-8"))
    path = Path(last["path"])
    is_today = clock.local(datetime.fromisoformat(last["at"])).date() == clock.today()
    return is_today and path.parent == target.resolve() and path.exists()


SIGN = Kind(name="audit.sign", act=sign, every=timedelta(minutes=15))
BACK_UP = Kind(name="backup.daily", act=back_up, every=timedelta(days=1))
