"""What happens to case files, and whom they are kept from."""

from casemgr.cases.service.bars import (
    answer_lift,
    answer_overseen_lift,
    bar_account,
    propose_lift,
    propose_overseen_lift,
)
from casemgr.cases.service.files import (
    ImportedFile,
    add_entry,
    add_task,
    agree_closure,
    assign,
    change_summary,
    finish_task,
    finish_tasks_of_kind,
    note_from_outside,
    open_case,
    open_imported,
    propose_closure,
    remove_imported,
    reopen,
    return_closure,
)

__all__ = [
    "ImportedFile",
    "add_entry",
    "add_task",
    "agree_closure",
    "answer_lift",
    "answer_overseen_lift",
    "assign",
    "bar_account",
    "change_summary",
    "finish_task",
    "finish_tasks_of_kind",
    "note_from_outside",
    "open_case",
    "open_imported",
    "propose_closure",
    "propose_lift",
    "propose_overseen_lift",
    "remove_imported",
    "reopen",
    "return_closure",
]
