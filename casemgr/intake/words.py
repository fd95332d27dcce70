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
            "status": _status(told, section),
            "note": gettext("Needed to open the case") if section == "consent" and missing else "",
        }
        for section in rules.SECTIONS
    ]


def _status(told: Mapping[str, Any], section: str) -> str:
    if not told.get(section):
        return "not_started"
    # The question that began the intake stands here too; the risk is still to be judged.
    is_begun = section == "danger" and not told[section].get("risk_level")
    return "in_progress" if is_begun else "done"


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
    incident = rules.flat(told, rules.OF_INCIDENT)
    return type_words(derive_type(incident)) if incident else ""


def answers(
    told: Mapping[str, Any], hamlets: Sequence[Choice], address: Address
) -> dict[str, list[tuple[str, str, str]]]:
    """Return the answers of every part but the perpetrators, each with the way to change it."""
    return {
        section: [
            (line.label, line.answer, f"{address(section)}#{line.name}")
            for line in lines(form.questions(), told.get(section) or {}, hamlets)
        ]
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
