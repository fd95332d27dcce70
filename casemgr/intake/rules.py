"""What an intake needs before it becomes a case, and what follows from it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from casemgr.codes import lists
from casemgr.survivors.rules import SECTIONS as OF_SURVIVOR

FORM = "intake"
EMERGENCY_FORM = "emergency"
VERSION = 1

SECTIONS = (
    *("report", "contact", "consent", "person", "circumstances", "incident", "acts", "classification"),
    *("perpetrators", "danger", "needs", "services"),
)
"""The parts of an intake, in the order in which they are shown; they may be filled in any order."""

OF_PERSON = ("person", "circumstances", "contact")
OF_EVENT = ("incident", "acts", "classification")
OF_INCIDENT = (*OF_EVENT, "services")

IN_SUMMARY = ("report", "danger", "needs")
"""Parts that stay with the case as its summary; all others go where they belong."""

GRAVE = frozenset({"bop_co", "vu_khi", "doa_giet", "nghi_bi_giet"})
"""Signs each of which alone speaks for a high risk."""

CHILD = 16
"""A child in Vietnamese law is under 16 (Children Law 102/2016/QH13 Article 1)."""


class IntakeState(StrEnum):
    """Where an intake stands."""

    OPEN = "open"
    COMPLETED = "completed"
    GIVEN_UP = "given_up"


def flat(told: Mapping[str, Any], sections: Iterable[str]) -> dict[str, Any]:
    """Return the answers of several sections side by side."""
    return {name: value for section in sections for name, value in (told.get(section) or {}).items()}


def person_values(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an intake says about the person and how to reach her."""
    known = {name for names in OF_SURVIVOR.values() for name in names}
    return {name: value for name, value in flat(told, OF_PERSON).items() if name in known}


def suggest_risk(danger: Mapping[str, Any]) -> str | None:
    """Return the level that the signs of danger speak for; the worker decides."""
    signs = danger.get("danger_signs")
    named = set(signs) if isinstance(signs, list) else set()
    if danger.get("danger_now") == "yes" or named & GRAVE or len(named) >= 4:
        return "cao"
    if named:
        return "trung_binh"
    return "thap" if danger.get("danger_now") == "no" and signs is not None else None


def risk_level(danger: Mapping[str, Any]) -> str:
    """Return the level that the worker chose, or that nobody has assessed it."""
    return str(danger.get("risk_level") or "chua_danh_gia")


def find_missing(told: Mapping[str, Any], *, has_case: bool) -> list[str]:
    """Return the questions that are open before the intake can be completed.

    Only consent to a file is needed, with its limits read out, and not even that for a case that was opened
    in an emergency, where it was asked then. Without consent nothing else is needed.
    """
    consent = told.get("consent") or {}
    if not consent.get("agrees_file"):
        return [] if has_case else ["agrees_file"]
    if consent["agrees_file"] == "yes" and consent.get("limits_read") != "yes":
        return ["limits_read"]
    if consent.get("exception") and not consent.get("exception_reason"):
        return ["exception_reason"]
    return []


def opens_file(told: Mapping[str, Any]) -> bool:
    """Say whether a file may be kept: she agrees, or the law leaves no choice."""
    consent = told.get("consent") or {}
    return consent.get("agrees_file") != "no" or bool(consent.get("exception"))


def tells_incident(told: Mapping[str, Any]) -> bool:
    """Say whether anything was told about what happened."""
    return any(told.get(section) for section in (*OF_EVENT, "perpetrators"))


def tasks_of(
    told: Mapping[str, Any], today: date, *, age: int | None, core_type: str | None
) -> dict[str, date]:
    """Return what is to be done and by when, from needs, danger, age and what happened.

    A child is protected within 12 hours (Decree 56/2017/NĐ-CP), health care after rape is a matter of hours.
    """
    needs = (told.get("needs") or {}).get("urgent_needs") or []
    due = {f"need_{code}": today for code in needs if code in lists.get("urgent_need")}
    level = risk_level(told.get("danger") or {})
    days = {"cao": 1, "trung_binh": 3, "thap": 7}.get(level)
    due |= {"risk_assessment": today + timedelta(days=1)} if days is None else {}
    due |= {"safety_plan": today + timedelta(days=days)} if days is not None else {}
    due |= {"child_protection": today} if age is not None and age < CHILD else {}
    due |= {"health_after_rape": today} if core_type == "rape" else {}
    return due


def services_for(needs: Iterable[str]) -> list[str]:
    """Return the services that answer urgent needs, each once, in the order of the needs."""
    found = [lists.rollup("urgent_need", code, "service") for code in needs]
    return list(dict.fromkeys(service for service in found if service))
