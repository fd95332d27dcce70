"""What a record of a person holds, which records are alike, and when a consent holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from casemgr.text.dates import PartialDate, age_at
from casemgr.text.names import BARE_EQUAL, ONE_TYPO, match_rank

FORM = "survivor"
VERSION = 1

SECTIONS: dict[str, tuple[str, ...]] = {
    "identity": (
        *("full_name", "other_name", "sex", "birth", "age", "age_estimated"),
        *("identity_number", "hamlet", "address"),
    ),
    "profile": (
        *("ethnicity", "languages", "needs_interpreter", "interpreter_note", "marital", "children_count"),
        *("occupation", "poverty", "disability", "disability_level", "vulnerability"),
        *("lives_with", "vulnerable_child", "displacement"),
    ),
    "safe_contact": (
        *("may_call", "phone", "may_text", "contact_method", "contact_hours"),
        *("who_may_answer", "code_word", "contact_forbidden"),
    ),
}
"""The answers of each sealed document; the form declares one section for each."""

APART = ("full_name", "birth")
"""Answers with a sealed column of their own, because searches scan them."""

AGE_ON = "age_stated_on"
"""The day on which an age was stated; stored beside the age, never asked."""

PHONE, IDENTITY_NUMBER = "phone", "identity_number"

PLANNED = {"hamlet": 300, "commune": 2_000, "province": 50_000}
"""Persons that the index of a unit is planned for, by the level of the unit."""


class ConsentState(StrEnum):
    """Whether a consent stands."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Purpose(StrEnum):
    """What a consent is for; the values are the codes of list `consent_purpose`."""

    CASE_FILE = "quan_ly_ca"
    REFERRAL = "chuyen_gui"
    REPORTING = "thong_ke"
    CONFERENCE = "hop_ca"
    CONTACT = "lien_lac"


class UnknownAnswer(ValueError):
    """An answer was given to a question that the form does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What two records have in common, as far as it speaks for one person."""

    name_rank: int | None
    same_phone: bool
    same_identity_number: bool
    births_agree: bool
    same_hamlet: bool

    @property
    def is_likely(self) -> bool:
        """Whether a person should look at the two."""
        if self.same_phone or self.same_identity_number:
            return True
        if self.name_rank is None:
            return False
        if self.name_rank <= BARE_EQUAL:
            return self.births_agree
        return self.name_rank <= ONE_TYPO and self.births_agree and self.same_hamlet


def divide(values: Mapping[str, Any], today: date) -> dict[str, dict[str, Any]]:
    """Divide flat answers into the documents of a record; raises `UnknownAnswer`."""
    known = {name for names in SECTIONS.values() for name in names}
    surplus = sorted(set(values) - known - {AGE_ON})
    if surplus:
        raise UnknownAnswer(*surplus)
    divided = {
        section: {name: values[name] for name in names if values.get(name) not in (None, "", [])}
        for section, names in SECTIONS.items()
    }
    if "age" in divided["identity"]:
        divided["identity"][AGE_ON] = values.get(AGE_ON) or today.isoformat()
    return divided


def keep_age_day(values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Let an age that was not changed keep the day on which it was stated."""
    kept = dict(values)
    if AGE_ON in before and before.get("age") == values.get("age"):
        kept[AGE_ON] = before[AGE_ON]
    return kept


def age_on(values: Mapping[str, Any], day: date) -> int | None:
    """Return the age on a day: from the date of birth, else from the age that was stated."""
    if values.get("birth"):
        return age_at(PartialDate.from_storage(values["birth"]), day)
    if values.get("age") is None or not values.get(AGE_ON):
        return None
    stated_on, age = date.fromisoformat(values[AGE_ON]), int(values["age"])
    return (
        age + _whole_years(stated_on, day) if day >= stated_on else max(0, age - _whole_years(day, stated_on))
    )


def _whole_years(first: date, last: date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def birth_year(values: Mapping[str, Any]) -> int | None:
    """Return the year of birth, known or reckoned from the age that was stated."""
    if values.get("birth"):
        return PartialDate.from_storage(values["birth"]).year
    if values.get("age") is not None and values.get(AGE_ON):
        return date.fromisoformat(values[AGE_ON]).year - int(values["age"])
    return None


def compare(new: Mapping[str, Any], known: Mapping[str, Any]) -> Likeness:
    """Say what a new record has in common with a known one."""
    new_year, known_year = birth_year(new), birth_year(known)
    return Likeness(
        name_rank=_name_rank(new.get("full_name"), known.get("full_name")),
        same_phone=_same(new, known, PHONE),
        same_identity_number=_same(new, known, IDENTITY_NUMBER),
        births_agree=new_year is None or known_year is None or abs(new_year - known_year) <= 1,
        same_hamlet=_same(new, known, "hamlet"),
    )


def _same(new: Mapping[str, Any], known: Mapping[str, Any], name: str) -> bool:
    return bool(new.get(name)) and new.get(name) == known.get(name)


def _name_rank(new: str | None, known: str | None) -> int | None:
    if not new or not known or len(new.split()) != len(known.split()):
        return None
    return match_rank(new, known)


def are_named_alike(new: str | None, known: str | None) -> bool:
    """Say whether two names are near enough that the rest of the records should be compared."""
    rank = _name_rank(new, known)
    return rank is not None and rank <= ONE_TYPO


def mask_name(name: str | None) -> str:
    """Shorten a name to its first letters: enough to choose between two hits, not enough to read."""
    return " ".join(f"{word[0]}." for word in (name or "").split())


class Record(Protocol):
    """A record of consent, as far as it says whether it stands."""

    state: Any
    document: Any


R = TypeVar("R", bound=Record)


def find_standing(records: Iterable[R], purpose: str, service: str | None, on: date) -> R | None:
    """Return the record that stands for a purpose and exactly this service on a day, or None.

    What was said last counts: a later refusal or withdrawal ends what was given before.
    """
    about = [
        record
        for record in records
        if record.document["purpose"] == purpose and record.document["service"] == service
    ]
    last = max(
        about, key=lambda one: (str(one.document["at"]), one.state != ConsentState.GIVEN), default=None
    )
    return last if last is not None and _holds_on(last, on) else None


def _moment(record: Record) -> tuple[str, bool]:
    # Of two records of one moment the refusal counts: it is the safe one to be wrong about.
    return str(record.document["at"]), record.state != ConsentState.GIVEN


def _holds_on(record: Record, on: date) -> bool:
    document = record.document
    if record.state != ConsentState.GIVEN or date.fromisoformat(document["given_on"]) > on:
        return False
    return not document.get("expires_on") or date.fromisoformat(document["expires_on"]) >= on
