"""What may follow what in a support action, which service a kind of help is, what is counted."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

FORM = "support"
VERSION = 1
NAME = "beneficiary"
"""The answer with a sealed column of its own, opened only when asked for."""

COMPLETED = "hoan_thanh"
NOT_TAKEN_UP = "khong_nhan"

LIVELIHOOD = "sinh_ke"
SERVICES = {
    "bhyt_bhxh": "tro_cap",
    "tro_cap_xh": "tro_cap",
    "tro_giup_pl": "phap_ly",
    "giay_to_ht": "giay_to",
    "khac": "khac",
}
"""Kinds of help that are another service than a livelihood: consent is asked for the service."""

USUAL = {LIVELIHOOD: "khac", "tro_cap": "tro_cap_xh", "phap_ly": "tro_giup_pl", "giay_to": "giay_to_ht"}
"""Services that become a support action where a unit takes them on, and the kind of help they usually are."""

UNNAMED = "khac"
"""Programme and group of an action that a unit took on by referral, until it says more itself."""


class SupportState(StrEnum):
    """Where a support action stands."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"


LIVE = frozenset({SupportState.PLANNED, SupportState.RUNNING})


def service_of(kind: str) -> str:
    """Return the service that consent must cover for a kind of help."""
    return SERVICES.get(kind, LIVELIHOOD)


def fits(kind: str | None, service: str) -> bool:
    """Say whether a kind of help belongs to a service; the unnamed kind belongs to any."""
    return kind in (None, UNNAMED) or service_of(str(kind)) == service


def ends_as(outcome: str) -> SupportState:
    """Return the state in which an outcome leaves an action."""
    return SupportState.DONE if outcome == COMPLETED else SupportState.DROPPED


def fact_codes(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return what is counted of a finished action."""
    return {
        "action": str(answers["kind"]),
        "programme": str(answers["programme"]),
        "beneficiary_group": str(answers["group"]),
        "sex": str(answers.get("sex") or "khac"),
    }
