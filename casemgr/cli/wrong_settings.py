"""Problems of settings in the language of the reader; `config` names them in English."""

import re

from casemgr.cli.words import language, word
from config import HELP, PREFIX

_PROBLEM = re.compile(r"^(?P<name>[^:]+): (?P<what>no such setting|not usable|missing|cannot be read)")
_KEYS = {
    "no such setting": "settings.unknown",
    "not usable": "settings.unusable",
    "missing": "settings.missing",
    "cannot be read": "settings.unreadable",
}


def described(problem: str) -> str:
    """Return one problem in words; a problem in another form is given as it is."""
    found = _PROBLEM.match(problem)
    if found is None:
        return problem
    name = found["name"]
    return word(_KEYS[found["what"]], name=name, meaning=meaning_of(name.removeprefix(PREFIX).lower()))


def meaning_of(name: str) -> str:
    """Return what a setting is for."""
    if language() == "en":
        return HELP.get(name, "")
    return word(f"setting.{name}") if name in HELP else ""
