"""Kinds of facts: each declares its fields and the code list of each; a new kind is one entry here."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from casemgr.errors import CasemgrError

YES_NO = "yes_no"
"""Yes or no; left out while the answer is open."""
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
    GAP = "gap"


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
                "domestic": YES_NO,
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
                "perpetrator_number": "perpetrator_number",
                "perpetrator_age": "age_band_perp",
                "perpetrator_occupation": "perpetrator_occupation",
                "alcohol": YES_NO,
                "drugs": YES_NO,
                "previous_violence": YES_NO,
                "marital": "marital",
                "poverty": "poverty",
                "displacement": "displacement_status",
                "disability": "gbvims_disability",
                "vulnerable_child": "vulnerable_child",
                "minority": YES_NO,
                "nursing": YES_NO,
                "previous_incidents": YES_NO,
                "displacement_stage": "stage_displacement",
                "time_of_day": "time_of_day",
                "place": "incident_place",
                "report_delay": "report_delay",
                "context_sex_expl": YES_NO,
                "context_sex_slavery": YES_NO,
                "context_htp": YES_NO,
                "context_traffick": YES_NO,
                "context_cyber": YES_NO,
                "context_consang": YES_NO,
                "context_gambling": YES_NO,
                "service_safe_house": "gbvims_referral_status",
                "service_health": "gbvims_referral_status",
                "service_psychosocial": "gbvims_referral_status",
                "service_legal": "gbvims_referral_status",
                "service_police": "gbvims_referral_status",
                "service_livelihoods": "gbvims_referral_status",
                "service_child_protection": "gbvims_referral_status",
                "referred_by": "referred_by",
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
                "answered": "answer_time",
                "reason": "referral_decline_reason",
                "feedback": "feedback",
            },
        ),
        FactSpec(kind=FactKind.GAP, fields={"service": "service", "why": "gap_reason"}),
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
