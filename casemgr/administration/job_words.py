"""Jobs in words, in the language of the page."""

from casemgr.i18n import lazy_gettext
from casemgr.jobs.queries import JobRow
from casemgr.jobs.rules import JobState

KINDS = {
    "referrals.tick": lazy_gettext("Remind of referrals and end those that nobody answered"),
    "conferences.end": lazy_gettext("End case conferences whose last day is over"),
    "statistics.table": lazy_gettext("Make a table"),
    "reporting.report": lazy_gettext("Make a report"),
    "imports.check": lazy_gettext("Check a line list"),
    "imports.take": lazy_gettext("Take a line list in"),
    "imports.roll_back": lazy_gettext("Take a batch out again"),
    "imports.purge": lazy_gettext("Forget old line lists"),
    "health.watch": lazy_gettext("Watch disks and clock"),
    "audit.sign": lazy_gettext("Sign the access log"),
    "backup.daily": lazy_gettext("Daily backup"),
    "web.purge": lazy_gettext("Forget old drafts"),
    "accounts.purge": lazy_gettext("Forget ended sessions"),
    "keys.rewrap": lazy_gettext("Move data keys to the new root key"),
    "jobs.purge": lazy_gettext("Forget old jobs"),
}
ORDERED = frozenset(
    {"statistics.table", "reporting.report", "imports.check", "imports.take", "imports.roll_back"}
)
"""What somebody asked for; the rest comes again by itself."""

STATES = {
    JobState.WAITING: (lazy_gettext("Waits"), "neutral"),
    JobState.RUNNING: (lazy_gettext("Runs"), "info"),
    JobState.DONE: (lazy_gettext("Done"), "ok"),
    JobState.FAILED: (lazy_gettext("Failed"), "danger"),
    JobState.CANCELLED: (lazy_gettext("Stopped"), "neutral"),
}


def kind_of(row: JobRow) -> str:
    """Return what a job does."""
    return str(KINDS.get(row.kind, row.kind))


def state_of(row: JobRow) -> dict[str, str]:
    """Return the state of a job as a tag; one that waits after an error says so by its tone."""
    text, tone = STATES[row.state]
    return {"text": str(text), "tone": "warn" if row.state is JobState.WAITING and row.error else tone}


def can_retry(row: JobRow) -> bool:
    """Say whether a job can begin at once."""
    return row.state in (JobState.WAITING, JobState.FAILED, JobState.CANCELLED)


def can_cancel(row: JobRow) -> bool:
    """Say whether a job can be stopped."""
    is_ordered = row.kind in ORDERED
    return row.state is JobState.RUNNING or (row.state is JobState.WAITING and is_ordered)
