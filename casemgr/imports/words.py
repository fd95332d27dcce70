"""Line lists and batches in words, in the language of the page."""

from textwrap import shorten
from typing import Any

from casemgr import i18n
from casemgr.i18n import gettext, lazy_gettext
from casemgr.imports import reasons, shelf
from casemgr.imports.findings import RefusedRow
from casemgr.imports.mapping import UnusableMapping
from casemgr.imports.queries import Batch, WaitingList
from casemgr.imports.rules import Tally, UnusableFile
from casemgr.imports.targets import TARGETS

BATCH_STATES = {
    "running": (lazy_gettext("Not finished"), "warn"),
    "finished": (lazy_gettext("Wholly in"), "ok"),
    "rolling_back": (lazy_gettext("Being taken out"), "warn"),
    "rolled_back": (lazy_gettext("Taken out"), "neutral"),
}
LIST_STATES = {
    "waiting": (lazy_gettext("Not checked yet"), "info"),
    "checked": (lazy_gettext("Checked"), "ok"),
    "unusable": (lazy_gettext("Cannot be used"), "danger"),
}
BEGUN = (lazy_gettext("Partly taken in"), "warn")
PROBLEMS = {
    "import_other_file": lazy_gettext("Another list came in under this name. Choose another name."),
    "import_other_mapping": lazy_gettext(
        "A batch of this name was begun with another mapping. Take it out, or choose another name."
    ),
    "import_other_owner": lazy_gettext(
        "A batch of this name has another owner. Choose the same owner, or another name."
    ),
    "import_rolling_back": lazy_gettext("A batch of this name is being taken out. Choose another name."),
    "import_too_many": lazy_gettext(
        "Three lists of your unit wait already. Take one in or throw one away before the next."
    ),
    "import_elsewhere": lazy_gettext(
        "Somebody else went on with this batch at the same time, or it is being taken out. "
        "Look where it stands."
    ),
    "import_worked_on": lazy_gettext(
        "Somebody has worked on files of this batch since, so it cannot be taken out."
    ),
}
"""Why a step is refused, by the reason of the service."""

MOST_MISTAKES = 20
LONGEST_DETAIL = 160


def state_of_batch(batch: Batch) -> dict[str, str]:
    """Return the state of a batch as a tag."""
    text, tone = BATCH_STATES[batch.state]
    return {"text": str(text), "tone": tone}


def state_of_list(waiting: WaitingList) -> dict[str, str]:
    """Return the state of a list as a tag."""
    text, tone = BEGUN if waiting.batch_id else LIST_STATES[waiting.state]
    return {"text": str(text), "tone": tone}


def mapping_choices(own: str) -> list[tuple[str, str]]:
    """Return the ready mappings, then that of one's own."""
    shipped = [(name, _title(shelf.read_mapping(name).title)) for name in shelf.list_shipped()]
    return [*shipped, (own, gettext("A mapping of my own (TOML file)"))]


def title_of(waiting: WaitingList) -> str:
    """Return the title of a list's mapping."""
    return _title(waiting.title)


def reasons_of(tally: Tally) -> list[tuple[str, int]]:
    """Return why rows are refused, the most frequent reason first."""
    return [(_row_reason(kind), count) for kind, count in tally.reasons.most_common()]


def why(row: RefusedRow) -> str:
    """Say why a row is refused."""
    return row.problem.en if i18n.language() == "en" else row.problem.vi


def column_of(row: RefusedRow) -> str:
    """Return the column that a problem is about, or what all cells of the row together do not give."""
    column = row.problem.column
    return gettext("Row as a whole (%(what)s)", what=column) if column in TARGETS else column


def why_unusable(refusal: UnusableFile) -> str:
    """Say why a file cannot be used; of many columns that are missing the first are named."""
    detail = shorten(refusal.detail, LONGEST_DETAIL, placeholder=" …")
    return UnusableFile(refusal.kind, detail).words(i18n.language())


def mistakes_of(refusal: UnusableMapping) -> list[tuple[str, str]]:
    """Return the mistakes of a mapping as errors of the form, each with its line."""
    return [
        ("own_mapping", gettext("Line %(line)s: %(what)s", line=one.line, what=one.words(i18n.language())))
        for one in refusal.mistakes[:MOST_MISTAKES]
    ]


def size_in_words(size: int) -> str:
    """Return the size of a file."""
    kilobytes = max(1, round(size / 1024))
    return f"{kilobytes} KB" if kilobytes < 1024 else f"{number(kilobytes / 1024)} MB"


def number(value: float) -> str:
    """Write a number with one decimal as the language does."""
    text = f"{value:.1f}"
    return text if i18n.language() == "en" else text.replace(".", ",")


def refused_sheet(rows: list[RefusedRow]) -> list[list[Any]]:
    """Return the refused rows as a sheet with its header, in the language of the page."""
    head = [gettext("Row"), gettext("Column"), gettext("Reason why")]
    return [head, *([row.number, column_of(row), why(row)] for row in rows)]


def _row_reason(kind: str) -> str:
    return reasons.ROWS[kind][i18n.language() == "en"]


def _title(title: Any) -> str:
    return str(title[i18n.language()])
