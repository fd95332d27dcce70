"""What accounts forget by themselves: sessions that are over, forms that nobody sent again."""

from datetime import timedelta

from casemgr.accounts.service.housekeeping import purge_held, purge_sessions, purge_throttles
from casemgr.audit import service as audit
from casemgr.jobs.kinds import Kind, Task


def purge(task: Task) -> None:
    """Remove what is over, and put on record how much that was."""
    with task.work(write=True):
        actor = task.find_actor()
        sessions, held = purge_sessions(actor), purge_held(actor)
        purge_throttles(actor)
        if sessions or held:
            audit.noted(actor, "account:purge", "account", sessions=sessions, held=held)


PURGE = Kind(name="accounts.purge", act=purge, every=timedelta(days=1))
