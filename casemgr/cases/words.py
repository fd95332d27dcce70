"""A case in words: states, risk, tasks and timeline entries, in the language of the page."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casemgr import clock, i18n
from casemgr.cases import forms
from casemgr.codes import lists
from casemgr.i18n import gettext, lazy_gettext
from casemgr.questions import read_lines

if TYPE_CHECKING:
    from casemgr.cases.models import Case, Task, TimelineEntry

OWN_FIELDS = frozenset({"csrf_token", "once", "version"})

RISK = {"cao": "high", "trung_binh": "medium", "thap": "low"}

STATES = {
    "emergency": lazy_gettext("Emergency"),
    "open": lazy_gettext("In progress"),
    "closure_proposed": lazy_gettext("Closing proposed"),
    "closed": lazy_gettext("Closed"),
}

ENTRIES = {
    "opened": lazy_gettext("Case opened"),
    "note": lazy_gettext("Note"),
    "contact": lazy_gettext("Contact"),
    "task_done": lazy_gettext("Task done"),
    "task_dropped": lazy_gettext("Task no longer needed"),
    "assigned": lazy_gettext("New owner"),
    "closure_proposed": lazy_gettext("Closing proposed"),
    "closure_returned": lazy_gettext("Sent back by the supervisor"),
    "closed": lazy_gettext("Case closed"),
    "imported": lazy_gettext("Imported from a list"),
    "reopened": lazy_gettext("Case opened again"),
}

TASKS = {"own": lazy_gettext("Task")}

DOORS: dict[str, str] = {}
"""The endpoint, given the case, where a kind of task is done."""

DETAILS = {"purpose": "consent_purpose", "service": "service"}
"""Values of automatic entries that are told after their title, each with the list of its codes."""


def add_words(
    *,
    entries: Mapping[str, Any] | None = None,
    tasks: Mapping[str, Any] | None = None,
    fields: Mapping[str, Any] | None = None,
    doors: Mapping[str, str] | None = None,
) -> None:
    """Let a feature above name its timeline entries and tasks, where tasks are done, and what it reads."""
    DOORS.update(doors or {})
    ENTRIES.update(entries or {})
    TASKS.update(tasks or {})
    READ_FIELDS.update(fields or {})


def risk(level: str | None) -> str:
    """Return the word that the risk tag knows, empty when nothing was assessed."""
    return RISK.get(level or "", "")


def state(code: str) -> str:
    """Return a state in words."""
    return str(STATES[code])


def entry_in_words(entry: "TimelineEntry", names: Mapping[UUID, str]) -> dict[str, Any]:
    """Return a timeline entry as the timeline component shows it."""
    content = entry.content
    moment = datetime.fromisoformat(content["at"])
    data = content.get("data", {})
    return {
        "at": clock.local(moment).strftime("%d/%m/%Y %H:%M"),
        "moment": moment.isoformat(),
        "who": names.get(entry.author_id, "") if entry.author_id else gettext("Installation"),
        "title": str(ENTRIES.get(content["kind"], content["kind"])),
        "body": content.get("text") or data.get("note") or data.get("text") or _details(data),
    }


def _details(data: Mapping[str, Any]) -> str:
    """Tell what an automatic entry is about: what was agreed to, which task, which code."""
    told = [
        lists.label(codes, data[name], i18n.language()) for name, codes in DETAILS.items() if data.get(name)
    ]
    told += [str(TASKS[data["task"]])] if data.get("task") in TASKS and data["task"] != "own" else []
    told += [data[name] for name in ("code", "child") if data.get(name)]
    return " · ".join(told)


def task_in_words(task: "Task") -> dict[str, Any]:
    """Return a task with its words and the minutes until its hour comes or its day ends."""
    hour = task.content.get("due_at")
    end_of_day = datetime.combine(task.due_day, datetime.max.time(), clock.LOCAL)
    end = datetime.fromisoformat(hour) if hour else end_of_day
    return {
        "id": task.id,
        "door": DOORS.get(task.content["kind"], ""),
        "title": task.content.get("text") or str(TASKS.get(task.content["kind"], task.content["kind"])),
        "minutes": int((end - clock.now()).total_seconds() // 60),
        "by_day": hour is None,
        "due_at": end,
        "at": clock.local(end).strftime("%d/%m/%Y %H:%M") if hour else task.due_day.strftime("%d/%m/%Y"),
    }


def closure_lines(case: "Case") -> list[tuple[str, str]]:
    """Return what was proposed for closing, question by question."""
    closure = case.closure or {}
    values = {"reason": closure.get("reason"), "note": closure.get("note"), **closure.get("checks", {})}
    lines = read_lines(forms.CLOSURE.questions(), values, i18n.language())
    return [(line.label, line.answer) for line in lines]


READ_FIELDS = {
    "risk_level": lazy_gettext("risk"),
    "summary": lazy_gettext("summary"),
    "timeline": lazy_gettext("timeline"),
    "tasks": lazy_gettext("tasks"),
    "closure": lazy_gettext("closing"),
    "identity": lazy_gettext("name and identity"),
    "bars": lazy_gettext("conflicts of interest"),
}


def fields(names: list[str]) -> str:
    """Return which parts were read, in words."""
    return ", ".join(str(READ_FIELDS.get(name, name)) for name in names) or gettext("page")
