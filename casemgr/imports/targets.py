"""Where a column may go: a question of a form, or one of the few things that a row says beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from casemgr.codes import lists
from casemgr.incidents.forms import INCIDENT, PERPETRATOR
from casemgr.incidents.rules import WIZARD
from casemgr.questions import Kind, Question
from casemgr.survivors.forms import SURVIVOR

REGISTERED_ON = "registered_on"
SURVIVOR_CODE = "survivor_code"
CORE_TYPE = "core_type"
REPORTING_CONSENT = "reporting_consent"
CONSENT_HOW = "consent_how"
KEPT = "kept"
FORMS = "incident.forms"

PERSON, INCIDENT_PART, PERPETRATOR_PART = "survivor", "incident", "perpetrator"
DATES = frozenset({Kind.DATE, Kind.PARTIAL_DATE})
JOINED = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.CODES})
"""Kinds of questions that several columns may answer together."""

_YES_NO = {"yes": "yes", "no": "no", "có": "yes", "không": "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One place for a value; a question says how it is read, other places have their codes or none."""

    name: str
    question: Question | None = None
    codes: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_coded(self) -> bool:
        """Whether only known values may go there."""
        return bool(self.codes or self.words)

    @property
    def is_date(self) -> bool:
        """Whether dates go there."""
        return self.name == REGISTERED_ON or (self.question is not None and self.question.kind in DATES)

    @property
    def is_joined(self) -> bool:
        """Whether several columns may go there together."""
        return self.name == KEPT or (self.question is not None and self.question.kind in JOINED)

    def known_values(self) -> dict[str, str]:
        """Return what a cell may say without being mapped: codes, and their labels in both languages."""
        values = dict(self.words)
        for code in lists.get(self.codes) if self.codes else ():
            values |= {code.vi: code.code, code.en: code.code}
        for code in lists.get(self.codes) if self.codes else ():
            values[code.code] = code.code
        return values


def _targets() -> dict[str, Target]:
    found = [
        Target(name=REGISTERED_ON),
        Target(name=SURVIVOR_CODE),
        Target(name=CORE_TYPE, codes="gbvims_type"),
        Target(name=REPORTING_CONSENT, words=_YES_NO),
        Target(name=KEPT),
    ]
    for part, form in ((PERSON, SURVIVOR), (INCIDENT_PART, INCIDENT), (PERPETRATOR_PART, PERPETRATOR)):
        found += [_of(part, question) for question in form.questions() if question.name not in WIZARD]
    return {target.name: target for target in found}


def _of(part: str, question: Question) -> Target:
    # A line list says of each answer whether it is there; nothing of it depends on what was asked before.
    question = replace(question, shown_if=None)
    words = _YES_NO if question.kind is Kind.YES_NO else {}
    return Target(name=f"{part}.{question.name}", question=question, codes=question.codes, words=words)


TARGETS: Mapping[str, Target] = MappingProxyType(_targets())
