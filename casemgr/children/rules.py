"""When somebody is a child in law, when a child may be reported without consent, which states follow."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from casemgr.incidents.rules import band
from casemgr.text.dates import PartialDate, age_at, age_range_at

FORM = "child"
VERSION = 1

APART = ("name", "risk_level")
"""Answers with a sealed column of their own: the name is only opened when asked for, the risk is listed."""

TAKEN_BACK = "taken_back"
"""Where a link keeps the day on which its referral was taken back, and the duty that this is."""

CHILD_BELOW = 16
"""Children Law 102/2016/QH13 Article 1."""

MINOR_BELOW = 18
"""Convention on the Rights of the Child, Article 1; from 16 to 18 GBVIMS counts a child, the law does not."""


class ChildState(StrEnum):
    """Whether somebody still works on the record."""

    OPEN = "open"
    CLOSED = "closed"


class Youth(StrEnum):
    """What the age means in law."""

    CHILD = "under_16"
    MINOR = "under_18"
    ADULT = "adult"
    UNKNOWN = "unknown"


def youth(birth: str | None, day: date) -> Youth:
    """Say what a stored date of birth means on a day; in doubt the younger, so that no child is missed."""
    if not birth:
        return Youth.UNKNOWN
    age = age_at(PartialDate.from_storage(birth), day)
    if age < CHILD_BELOW:
        return Youth.CHILD
    return Youth.MINOR if age < MINOR_BELOW else Youth.ADULT


def is_age_certain(birth: str | None, day: date) -> bool:
    """Say whether the oldest and the youngest age that a date of birth allows mean the same in law."""
    if not birth:
        return False
    return len({_step(age) for age in age_range_at(PartialDate.from_storage(birth), day)}) == 1


def _step(age: int) -> int:
    return (age >= CHILD_BELOW) + (age >= MINOR_BELOW)


def is_in_danger(values: Mapping[str, Any]) -> bool:
    """Say whether the answers tell of danger now or of abuse, which everybody must report.

    Children Law 102/2016/QH13 Article 51.
    """
    abuse = values.get("abuse")
    return values.get("immediate_danger") == "yes" or (isinstance(abuse, list) and bool(abuse))


def may_link(agreed: str | None, values: Mapping[str, Any]) -> bool:
    """Say whether a child may be linked: by the survivor's consent, or without it because of danger."""
    return agreed == "yes" or is_in_danger(values)


def fact_codes(risk_level: str | None, values: Mapping[str, Any], day: date) -> dict[str, str]:
    """Return what is counted of a child record."""
    birth = values.get("birth")
    age = age_at(PartialDate.from_storage(birth), day) if birth else None
    codes = {"sex": values.get("sex") or "khac", "age_band_vn": band("age_band_vn", age)}
    return codes | ({"risk_level": risk_level} if risk_level else {})
