"""What becomes of referrals by themselves: reminders, alarms, and the end of what nobody answered."""

from datetime import timedelta

from casemgr.jobs.kinds import Kind, Task
from casemgr.policy import Role
from casemgr.referrals.queries import list_units_to_tick
from casemgr.referrals.service import escalate_due, expire_due, gather_answers, tell_closed_letters


def tick(task: Task) -> None:
    """Do in every unit what the clocks of its referrals ask for, one unit at a time."""
    with task.work(write=False):
        unit_ids = list_units_to_tick(task.find_actor())
    for place, unit_id in enumerate(unit_ids):
        task.step(place, len(unit_ids))
        with task.work(write=True):
            housekeeper = task.housekeeper(unit_id, Role.SUPERVISOR)
            expire_due(housekeeper)
            escalate_due(housekeeper)
            tell_closed_letters(housekeeper)
            gather_answers(housekeeper)


TICK = Kind(name="referrals.tick", act=tick, every=timedelta(minutes=5))
