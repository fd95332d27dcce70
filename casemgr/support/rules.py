"""What may follow what in a support action, which service a kind of help is, what is counted."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

FORM = "support"
VERSION = 1
NAME = "beneficiary"
"""The answer with a sealed column of its own, opened only when asked for."""

COMPLETED = "hoan_thanh"

LIVELIHOOD = "sinh_ke"
SERVICES = {"bhyt_bhxh": "tro_cap", "khac": "khac"}
"""Kinds of help that are another service than a livelihood: consent is asked for the service."""


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
