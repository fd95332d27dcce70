"""Every change of a conference: calling it, answers, minutes, what each unit has to do, its end."""

from casemgr.conferences.service.answering import answer_by_phone, answer_invitation
from casemgr.conferences.service.calling import call_conference, invite_units
from casemgr.conferences.service.ending import cancel_conference, close_conference, end_due, recheck
from casemgr.conferences.service.moving import move_conference
from casemgr.conferences.service.working import (
    add_action,
    finish_action,
    finish_action_for,
    remove_unit,
    write_minutes,
)

__all__ = [
    "add_action",
    "answer_by_phone",
    "answer_invitation",
    "call_conference",
    "cancel_conference",
    "close_conference",
    "end_due",
    "finish_action",
    "finish_action_for",
    "invite_units",
    "move_conference",
    "recheck",
    "remove_unit",
    "write_minutes",
]
