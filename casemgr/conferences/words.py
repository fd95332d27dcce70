"""A conference in words: its states, answers, what stood in the way; it teaches its words to the case."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from casemgr import i18n
from casemgr.cases.words import add_words
from casemgr.codes import lists
from casemgr.i18n import gettext, lazy_gettext
from casemgr.text.phones import display_phone

STATES = {
    "called": (lazy_gettext("Units are called"), "info"),
    "held": (lazy_gettext("Held, tasks are running"), "ok"),
    "closed": (lazy_gettext("Conference closed"), "neutral"),
    "cancelled": (lazy_gettext("Called off"), "neutral"),
    "withdrawn": (lazy_gettext("Ended: consent taken back"), "danger"),
}

ANSWERS = {
    "invited": (lazy_gettext("No answer yet"), "warn"),
    "coming": (lazy_gettext("Comes"), "ok"),
    "absent": (lazy_gettext("Does not come"), "neutral"),
    "removed": (lazy_gettext("No longer invited"), "neutral"),
}

ACTIONS = {
    "open": (lazy_gettext("To be done"), "info"),
    "done": (lazy_gettext("Done"), "ok"),
    "dropped": (lazy_gettext("No longer needed"), "neutral"),
}

REFUSALS = {
    "consent_missing": (
        "limits_read",
        lazy_gettext(
            "Her consent to these units and topics is not on record. Ask her, then answer both questions."
        ),
    ),
    "names_her": (
        "needs",
        lazy_gettext("Her name stands in the text. She is a number to the units: take the name out."),
    ),
    "past": ("meets_on", lazy_gettext("This day is over. Choose a day to come.")),
    "nowhere": ("place", lazy_gettext("Write where the units meet, or the number to call in.")),
    "consent_ends": (
        "meets_on",
        lazy_gettext("Her consent ends before that day. Choose an earlier day, or ask her anew."),
    ),
    "too_early": (
        "text",
        lazy_gettext("The day of the meeting has not come. If the units met earlier, move it first."),
    ),
    "limits_not_read": ("limits_read", lazy_gettext("Explain the limits of confidentiality first.")),
    "open_actions": ("", lazy_gettext("Some units still have something to do. Close it all the same?")),
}

add_words(
    entries={
        "conference_called": lazy_gettext("Case conference called"),
        "conference_moved": lazy_gettext("Case conference moved"),
        "conference_invited": lazy_gettext("Case conference: further units invited"),
        "conference_over": lazy_gettext("Case conference ended: its last day is over"),
        "conference_coming": lazy_gettext("Case conference: a unit comes"),
        "conference_absent": lazy_gettext("Case conference: a unit does not come"),
        "conference_held": lazy_gettext("Case conference: minutes written"),
        "conference_agreed": lazy_gettext("Case conference: a task was agreed"),
        "conference_done": lazy_gettext("Case conference: a task is done"),
        "conference_dropped": lazy_gettext("Case conference: a task was dropped"),
        "conference_removed": lazy_gettext("Case conference: a unit was taken from it"),
        "conference_closed": lazy_gettext("Case conference closed"),
        "conference_cancelled": lazy_gettext("Case conference called off"),
        "conference_withdrawn": lazy_gettext("Case conference ended: consent taken back"),
    },
    tasks={
        "conference_meets": lazy_gettext("Case conference: meet and write the minutes"),
        "conference_action": lazy_gettext("A task from a case conference"),
        "conference_over": lazy_gettext("Case conference over: ask what became of the tasks"),
    },
    fields={"conferences": lazy_gettext("case conferences")},
    doors={
        "conference_meets": "conferences.list_conferences_of",
        "conference_action": "conferences.list_conferences_of",
        "conference_over": "conferences.list_conferences_of",
    },
)


def state(code: str) -> tuple[str, str]:
    """Return a state in words, with the tone of its tag."""
    return _told(STATES, code)


def answer(code: str) -> tuple[str, str]:
    """Return what a unit answered, in words, with the tone of its tag."""
    return _told(ANSWERS, code)


def action(code: str) -> tuple[str, str]:
    """Return how far a task is, in words, with the tone of its tag."""
    return _told(ACTIONS, code)


def _told(known: Mapping[str, tuple[Any, str]], code: str) -> tuple[str, str]:
    text, tone = known[code]
    return str(text), tone


def refusal(reason: str) -> tuple[str, str]:
    """Return why something was refused: the field it is about, and words."""
    field, text = REFUSALS.get(reason, ("", gettext("This is not possible at present.")))
    return field, str(text)


def is_newer() -> str:
    """Return what is said when somebody else was quicker with the minutes."""
    return str(gettext("Somebody changed the minutes meanwhile. Compare, then save again."))


def plan_lines(day: date, plan: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return when and where the units meet, and what about."""
    topics = [lists.label("service", code, i18n.language()) for code in plan.get("topics") or ()]
    lines = [
        (gettext("When"), f"{day:%d/%m/%Y} {plan.get('at', '')}"),
        (
            gettext("Rescheduled on"),
            _shown_day(plan.get("moved_on")),
        ),
        (gettext("Where"), plan.get("place")),
        (gettext("Number to call in"), display_phone(plan["phone"]) if plan.get("phone") else ""),
        (gettext("Topics"), topics),
        (gettext("Needs"), list(plan.get("needs") or ())),
        (gettext("Name used at the meeting"), plan.get("called")),
    ]
    return [(label, told) for label, told in lines if told]


def _shown_day(stored: str | None) -> str:
    return f"{date.fromisoformat(stored):%d/%m/%Y}" if stored else ""


def answer_note(given: Mapping[str, Any]) -> str:
    """Return who comes and what was said with the answer, in one line."""
    how = gettext("by telephone or on paper") if given.get("by_phone") else ""
    return " · ".join(part for part in (given.get("who"), given.get("note"), how) if part)


def done_note(content: Mapping[str, Any]) -> str:
    """Return what was said when a task was done, in one line."""
    how = gettext("told by telephone or on paper") if content.get("by_phone") else ""
    return " · ".join(part for part in (content.get("note"), how) if part)
