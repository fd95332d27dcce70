"""Taking line lists in, and taking a whole batch out again."""

from casemgr.imports.service.batches import Terms, find_owner, finish_batch, open_batch, take_rows
from casemgr.imports.service.lists import (
    add_list,
    begin_list,
    finish_list,
    forget_old,
    keep_findings,
    throw_away,
)
from casemgr.imports.service.rollback import roll_back_some, start_rollback

__all__ = [
    "Terms",
    "add_list",
    "begin_list",
    "find_owner",
    "finish_batch",
    "finish_list",
    "forget_old",
    "keep_findings",
    "open_batch",
    "roll_back_some",
    "start_rollback",
    "take_rows",
    "throw_away",
]
