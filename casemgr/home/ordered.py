"""What somebody asked a worker to make: how far it is, where it is when ready, why it could not be made."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import url_for

from casemgr import clock
from casemgr.i18n import gettext, lazy_gettext
from casemgr.jobs import queries as queue
from casemgr.jobs.queries import OwnJob
from casemgr.jobs.rules import LIVE, JobState
from casemgr.policy import Actor
from casemgr.statistics import words as table_words
from casemgr.statistics.rules import Tier, WouldDisclose

RESULTS = {
    "statistics.table": ("statistics.show_release", "release_id"),
    "reporting.report": ("reporting.show_report", "report_id"),
    "imports.check": ("imports.show_list", "file_id"),
    "imports.take": ("imports.show_batch", "batch_id"),
    "imports.roll_back": ("imports.show_batch", "batch_id"),
}
"""Kinds that people order → the page of the result, and its id in address and answer."""

IMPORTS = {
    "imports.check": lazy_gettext("Check of a line list"),
    "imports.take": lazy_gettext("A line list that comes in"),
    "imports.roll_back": lazy_gettext("A batch that is taken out"),
}
"""What moves lists about rather than making figures, in words; the name of a list stays with the list."""

SHOWN = timedelta(days=2)
"""How long an order stands on the first page."""


def get_order(actor: Actor, job_id: UUID) -> OwnJob:
    """Return an order to whoever gave it; raises NotFound for anybody else's."""
    return queue.get_own(actor.account_id, job_id, RESULTS)


def list_orders(actor: Actor) -> list[dict[str, Any]]:
    """Return the actor's orders of the last two days as the first page shows them, the latest first."""
    found = queue.list_own(actor.account_id, RESULTS, clock.now() - SHOWN)
    return [
        {
            "title": title_of(own),
            "reason": state_in_words(own),
            "url": url_for("home.show_job", job_id=own.row.job_id),
            "action": gettext("Open") if own.row.state is JobState.DONE else gettext("Look"),
        }
        for own in found
        if own.row.state is not JobState.CANCELLED
    ]


def result_url(own: OwnJob) -> str | None:
    """Return the page of what was made, or None while there is none."""
    endpoint, name = RESULTS[own.row.kind]
    made = (own.answer or {}).get(name)
    if made is None and own.answer and own.row.kind in IMPORTS:
        return place_url(own)
    return url_for(endpoint, **{name: made}) if made else None


def place_url(own: OwnJob) -> str | None:
    """Return the page on which one can go on with what did not come to its end, if there is one."""
    if own.row.kind not in IMPORTS:
        return None
    given = json.loads(own.payload)
    if "batch" in given:
        # The list may be gone by then; the batch stays, and leads to its list while that is there.
        return url_for("imports.show_batch", batch_id=given["batch"])
    return url_for("imports.show_list", file_id=given["file"])


def title_of(own: OwnJob) -> str:
    """Return what was ordered, in words."""
    if own.row.kind in IMPORTS:
        return str(IMPORTS[own.row.kind])
    given = json.loads(own.payload)
    days = " – ".join(f"{date.fromisoformat(given[name]):%d/%m/%Y}" for name in ("from", "to"))
    named = table_words.table_title(given["table"]) if "table" in given else gettext("Report")
    return f"{named} · {days} · {table_words.tier_word(Tier(given['tier']))}"


def is_live(own: OwnJob) -> bool:
    """Say whether it waits or is being made."""
    return own.row.state in LIVE


def state_in_words(own: OwnJob) -> str:
    """Say how far an order is."""
    if own.row.state is JobState.DONE:
        refused = refusal_in_words(own)
        return refused or gettext("Ready")
    is_import = own.row.kind in IMPORTS
    words: dict[JobState, str] = {
        JobState.WAITING: gettext("Waits for its turn"),
        JobState.RUNNING: gettext("Is being done") if is_import else gettext("Is being made"),
        JobState.FAILED: gettext("Did not come to its end") if is_import else gettext("Could not be made"),
        JobState.CANCELLED: gettext("Stopped"),
    }
    return words[own.row.state]


def end_in_words(own: OwnJob) -> str:
    """Say what became of something that failed or was stopped."""
    is_import, has_failed = own.row.kind in IMPORTS, own.row.state is JobState.FAILED
    if is_import and has_failed:
        text = gettext(
            "It did not come to its end. Nothing is in twice and no row in part; look where it stands. If "
            "it happens again, tell the administrator the time and the kind of error: %(error)s.",
            error=own.row.error,
        )
    elif is_import:
        text = gettext("It was stopped. What was done until then stays, and you can go on with it.")
    elif has_failed:
        text = gettext(
            "It could not be made. Nothing was released. Tell the administrator the time and the kind of "
            "error: %(error)s.",
            error=own.row.error,
        )
    else:
        text = gettext("It was stopped. Nothing was released.")
    return str(text)


def refusal_in_words(own: OwnJob) -> str:
    """Say why nothing was made, or nothing."""
    answer = own.answer or {}
    reason = answer.get("refused")
    if reason is None or own.row.kind in IMPORTS:
        return ""
    if reason == "would_disclose":
        return table_words.what_to_merge(WouldDisclose(answer["merge"]))
    return str(table_words.PROBLEMS.get(reason, gettext("Could not be made")))


def news_of(own: OwnJob) -> tuple[str, str]:
    """Return what is said when the result is opened, and its tone."""
    answer = own.answer or {}
    if own.row.kind in IMPORTS:
        return _news_of_import(own.row.kind, is_refused="refused" in answer)
    if "report_id" in answer:
        return gettext("The report is made; its figures stand in the ledger."), "ok"
    if answer.get("is_new"):
        return gettext("The table is released and stands in the ledger."), "ok"
    if answer.get("has_changed"):
        return gettext(
            "Records of these days changed after the release. The released figures stand; "
            "what came later counts in the next period."
        ), "warn"
    return gettext("This table was released before; these are the same figures."), "info"


def _news_of_import(kind: str, *, is_refused: bool) -> tuple[str, str]:
    if is_refused:
        return gettext(
            "It could not go on, because somebody else worked on the same batch. Look where it stands."
        ), "warn"
    words: dict[str, str] = {
        "imports.check": gettext("The list is checked. Nothing of it is in yet."),
        "imports.take": gettext("The list is in, and the file that was sent is destroyed."),
        "imports.roll_back": gettext("The batch is out again, and the keys of its files are destroyed."),
    }
    return words[kind], "ok"
