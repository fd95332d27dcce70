"""An intake in words: its parts with how they stand, and the answers to be checked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casemgr import i18n
from casemgr.codes import lists
from casemgr.i18n import gettext
from casemgr.incidents.forms import PERPETRATOR
from casemgr.incidents.rules import derive_type
from casemgr.incidents.words import type_words
from casemgr.intake import forms, rules
from casemgr.questions import read_lines
from casemgr.survivors.hamlets import Choice
from casemgr.survivors.words import lines

Address = Callable[[str], str]


def title(section: str) -> str:
    """Return the title of a part."""
    return str(getattr(forms.TITLES[section], i18n.language()))


def parts(told: Mapping[str, Any], missing: Sequence[str], address: Address) -> list[dict[str, Any]]:
    """Return the parts of an intake as a task list; what is needed to finish says so."""
    return [
        {
            "title": title(section),
            "url": address(section),
            "status": "done" if told.get(section) else "not_started",
            "note": gettext("Needed to open the case") if section == "consent" and missing else "",
        }
        for section in rules.SECTIONS
    ]


def suggestion(told: Mapping[str, Any]) -> str:
    """Return the level of risk that the signs speak for, where it is not the one that was chosen."""
    danger = told.get("danger") or {}
    level = rules.suggest_risk(danger)
    if level is None or level == danger.get("risk_level"):
        return ""
    words = lists.label("risk_level", level, i18n.language())
    return str(gettext("The signs speak for this level of risk: %(level)s. You decide.", level=words))


def core_type(told: Mapping[str, Any]) -> str:
    """Return the type that the classification gives so far, in words."""
    incident = told.get("incident") or {}
    return type_words(derive_type(incident)) if incident else ""


def answers(told: Mapping[str, Any], hamlets: Sequence[Choice]) -> dict[str, list[tuple[str, str]]]:
    """Return the answers of every part but the perpetrators, to be checked."""
    return {
        section: lines(form.questions(), told.get(section) or {}, hamlets)
        for section, form in forms.PARTS.items()
    }


def perpetrators(told: Mapping[str, Any]) -> list[list[tuple[str, str]]]:
    """Return what was told of each alleged perpetrator."""
    locale = i18n.language()
    return [
        [(line.label, line.answer) for line in read_lines(PERPETRATOR.questions(), one, locale)]
        for one in told.get("perpetrators") or []
    ]


def problem(name: str) -> str:
    """Return what is still needed, in words."""
    problems: dict[str, str] = {
        "agrees_file": gettext("Say whether the survivor agrees to a file."),
        "limits_read": gettext("Read out the limits of confidentiality first."),
        "exception_reason": gettext("Write the reason why the law makes us act without consent."),
    }
    return problems[name]
