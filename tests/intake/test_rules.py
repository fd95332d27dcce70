"""What an intake needs, and what follows from it; without a database."""

from datetime import date
from typing import Any

import pytest

from casemgr.intake import rules

TODAY = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("danger", "level"),
    [
        ({"danger_now": "yes"}, "cao"),
        ({"danger_now": "no", "danger_signs": ["bop_co"]}, "cao"),
        ({"danger_now": "no", "danger_signs": ["mang_thai"]}, "trung_binh"),
        ({"danger_now": "no", "danger_signs": ["mang_thai", "theo_doi", "danh_tre", "ruou_ma_tuy"]}, "cao"),
        ({"danger_now": "no", "danger_signs": []}, "thap"),
        ({"danger_now": "no"}, None),
        ({}, None),
    ],
)
def test_signs_of_danger_speak_for_a_level(danger: dict[str, Any], level: str | None) -> None:
    assert rules.suggest_risk(danger) == level


def test_the_worker_chooses_the_level_and_silence_is_not_low() -> None:
    assert rules.risk_level({"risk_level": "thap", "danger_now": "yes"}) == "thap"
    assert rules.risk_level({"danger_now": "no"}) == "chua_danh_gia"


@pytest.mark.parametrize(
    ("consent", "has_case", "missing"),
    [
        ({}, False, ["agrees_file"]),
        ({}, True, []),
        ({"agrees_file": "yes"}, False, ["limits_read"]),
        ({"agrees_file": "yes", "limits_read": "no"}, True, ["limits_read"]),
        ({"agrees_file": "yes", "limits_read": "yes"}, False, []),
        ({"agrees_file": "no"}, False, []),
        ({"agrees_file": "no", "exception": "de_doa_tinh_mang"}, False, ["exception_reason"]),
        ({"agrees_file": "no", "exception": "de_doa_tinh_mang", "exception_reason": "dao"}, False, []),
    ],
)
def test_only_consent_is_needed_to_complete(consent: Any, *, has_case: bool, missing: list[str]) -> None:
    assert rules.find_missing({"consent": consent}, has_case=has_case) == missing


def test_tasks_come_from_needs_risk_age_and_what_happened() -> None:
    told = {"needs": {"urgent_needs": ["noi_an_toan"]}, "danger": {"risk_level": "cao"}}

    due = rules.tasks_of(told, TODAY, age=15, core_type="rape")

    assert due == {
        "need_noi_an_toan": TODAY,
        "safety_plan": date(2026, 6, 1),
        "child_protection": TODAY,
        "health_after_rape": TODAY,
    }


def test_a_risk_that_nobody_assessed_becomes_a_task() -> None:
    assert rules.tasks_of({}, TODAY, age=16, core_type=None) == {"risk_assessment": date(2026, 6, 1)}


def test_needs_name_the_services_that_answer_them_once() -> None:
    assert rules.services_for(["noi_an_toan", "thuc_pham", "quan_ao"]) == ["tam_lanh", "nhu_yeu"]
