"""What the page platform forgets by itself: drafts after thirty days, answers to forms after seven."""

from datetime import timedelta

from casemgr.audit import service as audit
from casemgr.jobs.kinds import Kind, Task
from casemgr.web import drafts, once

DRAFT_DAYS = 30
ANSWER_DAYS = 7


def purge(task: Task) -> None:
    """Remove what is older, and put on record how much that was."""
    with task.work(write=True):
        gone, forgotten = drafts.purge(DRAFT_DAYS), once.purge(ANSWER_DAYS)
        if gone or forgotten:
            audit.noted(task.find_actor(), "draft:purge", "draft", drafts=gone, answers=forgotten)


PURGE = Kind(name="web.purge", act=purge, every=timedelta(days=1))
