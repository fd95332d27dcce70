"""Taking line lists in, and taking a whole batch out again."""

from casemgr.imports.service.batches import Terms, finish_batch, open_batch, take_rows
from casemgr.imports.service.rollback import roll_back_some, start_rollback

__all__ = [
    "Terms",
    "finish_batch",
    "open_batch",
    "roll_back_some",
    "start_rollback",
    "take_rows",
]
