"""What keeps the installation itself in order: moving keys on, forgetting jobs that ended."""

from datetime import timedelta

from casemgr import clock
from casemgr.audit import service as audit
from casemgr.jobs import service as queue
from casemgr.jobs.kinds import Kind, Task

KEPT = timedelta(days=30)
BATCH = 500


def rewrap(task: Task) -> None:
    """Go on with moving data keys under the current root key where somebody's command was cut off."""
    moved = 0
    while batch := _rewrap_some(task):
        moved += batch
        task.step(moved, 0)


def _rewrap_some(task: Task) -> int:
    with task.work(write=True) as session:
        moved = task.keyring.rewrap(session, BATCH)
        if moved:
            audit.changed(task.find_actor(), "keys:rewrap", "keys", None, moved=moved)
    return moved


def purge(task: Task) -> None:
    """Forget the jobs that ended a month ago."""
    with task.work(write=True):
        queue.purge(clock.now() - KEPT)


REWRAP = Kind(name="keys.rewrap", act=rewrap, every=timedelta(days=1))
PURGE = Kind(name="jobs.purge", act=purge, every=timedelta(days=1))
