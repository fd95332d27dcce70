"""Kinds of facts: each declares its fields and the code list of each; a new kind is one entry here."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from casemgr.errors import CasemgrError

YES_NO = "yes_no"
NUMBER = "number"
UNIT = "unit"
EVENT = "event"


class FactKind(StrEnum):
    """What one fact is a record of."""

    INCIDENT = "incident"
    SERVICE = "service"
    STAY = "stay"
    CHILD = "child"
    SUPPORT = "support"


class UnknownField(CasemgrError):
    """A fact was given a field that its kind does not declare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSpec:
    """The fields of one kind, each with the code list it draws from (or yes_no, number, unit, event)."""

    kind: FactKind
    fields: Mapping[str, str]


SPECS: dict[FactKind, FactSpec] = {
    spec.kind: spec
    for spec in (
        FactSpec(
            kind=FactKind.INCIDENT,
            fields={
                "event": EVENT,
                "hamlet": UNIT,
                "gbvims_type": "gbvims_type",
                "sex": "sex",
                "age_band_gbvims": "age_band_gbvims",
                "age_band_vn": "age_band_vn",
                "form_physical": YES_NO,
                "form_psychological": YES_NO,
                "form_sexual": YES_NO,
                "form_economic": YES_NO,
                "relationship": "perpetrator_relationship",
                "perpetrator_sex": "sex",
                "reporting_consent": YES_NO,
                "reported_elsewhere": YES_NO,
            },
        ),
        FactSpec(
            kind=FactKind.SERVICE,
            fields={
                "service": "service",
                "outcome": "referral_outcome",
                "unit_kind": "unit_kind",
                "needs_met": "needs_met",
            },
        ),
        FactSpec(
            kind=FactKind.STAY,
            fields={"adults": NUMBER, "children": NUMBER, "nights": NUMBER, "left_to": "stay_end_reason"},
        ),
        FactSpec(
            kind=FactKind.CHILD,
            fields={"risk_level": "child_risk_level", "sex": "sex", "age_band_vn": "age_band_vn"},
        ),
        FactSpec(
            kind=FactKind.SUPPORT,
            fields={
                "action": "support_action",
                "programme": "programme",
                "beneficiary_group": "beneficiary_group",
                "sex": "sex",
            },
        ),
    )
}


def check_fields(kind: FactKind, codes: Mapping[str, object]) -> None:
    """Raise `UnknownField` when a fact holds more than its kind declares."""
    surplus = set(codes) - set(SPECS[kind].fields)
    if surplus:
        raise UnknownField(kind, *sorted(surplus))
