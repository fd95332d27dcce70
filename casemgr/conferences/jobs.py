"""What becomes of conferences by themselves: the end, when their last day is over."""

from datetime import timedelta

from casemgr.conferences.queries import list_units_to_end
from casemgr.conferences.service import end_due
from casemgr.jobs.kinds import Kind, Task
from casemgr.policy import Role


def end_over(task: Task) -> None:
    """End in every unit the conferences whose last day is over, one unit at a time."""
    with task.work(write=False):
        unit_ids = list_units_to_end(task.find_actor())
    for place, unit_id in enumerate(unit_ids):
        task.step(place, len(unit_ids))
        with task.work(write=True):
            end_due(task.housekeeper(unit_id, Role.SUPERVISOR))


END = Kind(name="conferences.end", act=end_over, every=timedelta(hours=1))
