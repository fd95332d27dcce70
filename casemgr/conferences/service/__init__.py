"""Every change of a conference: calling it, answers, minutes, what each unit has to do, its end."""

from casemgr.conferences.service.answering import answer_by_phone, answer_invitation
from casemgr.conferences.service.calling import call_conference
from casemgr.conferences.service.ending import cancel_conference, close_conference, recheck
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
    "finish_action",
    "finish_action_for",
    "recheck",
    "remove_unit",
    "write_minutes",
]
