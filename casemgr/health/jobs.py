"""The watch as a kind of job: every five minutes, whoever works meanwhile."""

from dataclasses import replace
from datetime import timedelta

from casemgr.health import service
from casemgr.jobs.kinds import Kind, Task
from casemgr.policy import Role


def watch(task: Task) -> None:
    """Look at clock, disks, log, backups and queue."""
    around = task.surroundings
    actor = replace(task.find_actor(), roles=frozenset({Role.ADMINISTRATOR}))
    with task.work(write=True):
        service.watch(actor, task.database, around.directory, around.backup_directory)


WATCH = Kind(name="health.watch", act=watch, every=timedelta(minutes=5))
