"""What becomes of referrals by themselves: unanswered ones end, and the worker finds that on her list."""

from datetime import timedelta

from casemgr.jobs.kinds import Kind, Task
from casemgr.policy import Role
from casemgr.referrals.queries import list_units_with_overdue
from casemgr.referrals.service import expire_due


def expire(task: Task) -> None:
    """End in every unit what nobody answered in time, one unit at a time."""
    with task.work(write=False):
        unit_ids = list_units_with_overdue(task.find_actor())
    for place, unit_id in enumerate(unit_ids):
        task.step(place, len(unit_ids))
        with task.work(write=True):
            expire_due(task.housekeeper(unit_id, Role.SUPERVISOR))


EXPIRE = Kind(name="referrals.expire", act=expire, every=timedelta(hours=1))
