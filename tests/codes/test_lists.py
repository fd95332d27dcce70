"""Code lists: complete in both languages, true to themselves, valid in time."""

import re
from datetime import date
from itertools import pairwise

import pytest

from casemgr.codes import lists, queries
from casemgr.codes.lists import UnknownCode

LISTS = lists.names()

NEEDED = [
    "sex",
    "age_band_gbvims",
    "age_band_vn",
    "age_band_perp",
    "marital",
    "poverty",
    "disability_type",
    "vulnerability",
    "ethnic_group",
    "gbvims_type",
    "violence_form",
    "dv_act",
    "case_context",
    "perpetrator_relationship",
    "perpetrator_occupation",
    "incident_place",
    "time_of_day",
    "report_channel",
    "reporter_type",
    "service",
    "unit_kind",
    "referral_decline_reason",
    "referral_status",
    "closure_reason",
    "child_special",
    "child_abuse",
    "child_risk_level",
    "support_action",
    "beneficiary_group",
    "programme",
    "fund_source",
    "risk_level",
    "urgency",
    "urgent_need",
    "consent_how",
    "stage_displacement",
    "displacement_status",
    "previous_reporting",
    "abduction_type",
    "harmful_practice",
    "housing",
]


def test_every_list_of_the_main_job_is_there() -> None:
    assert sorted(set(NEEDED) - set(LISTS)) == []


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_clean_unique_codes_and_every_label_and_source(name: str) -> None:
    text = (lists.DATA / f"{name}.csv").read_text(encoding="utf-8")
    rows = text.splitlines()

    codes = list(lists.get(name))

    assert len(codes) == len(rows) - 1, "a code stands twice, or a line is broken"
    assert [code.code for code in codes if not re.fullmatch(r"[a-z][a-z0-9_]*", code.code)] == []
    assert [code.code for code in codes if not (code.vi.strip() and code.en.strip() and code.source)] == []
    assert len({code.vi for code in codes}) == len(codes)
    assert len({code.en for code in codes}) == len(codes)
    assert text == text.strip() + "\n"
    assert "\ufeff" not in text


@pytest.mark.parametrize("name", LISTS)
def test_rollups_and_parents_point_to_codes_that_exist(name: str) -> None:
    code_list = lists.get(name)

    for code in code_list:
        assert code.parent is None or code.parent in code_list
        for scheme, found in code.rollups.items():
            assert [other for other in found if other not in lists.get(code_list.schemes[scheme])] == []


@pytest.mark.parametrize("name", LISTS)
def test_people_are_named_with_the_words_of_the_law(name: str) -> None:
    for code in lists.get(name):
        assert "nạn nhân" not in code.vi.lower()
        assert "victim" not in code.en.lower()


@pytest.mark.parametrize("name", LISTS)
def test_an_entry_does_not_end_before_it_begins(name: str) -> None:
    for code in lists.get(name):
        assert code.valid_from is None or code.valid_to is None or code.valid_from <= code.valid_to


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("sex", "gbvims"), ("marital", "gbvims"), ("disability_type", "gbvims"), ("violence_form", "gbvims"),
        ("dv_act", "gbvims"), ("dv_act", "vn_form"), ("perpetrator_relationship", "gbvims"),
        ("incident_place", "gbvims"), ("age_band_vn", "ministry"), ("referral_status", "gbvims"),
    ],
)  # fmt: skip
def test_where_statistics_count_by_a_rollup_every_code_has_one(name: str, scheme: str) -> None:
    assert [code.code for code in lists.get(name) if not lists.rollups(name, code.code, scheme)] == []


def test_the_sixteen_acts_stand_in_the_order_of_the_law() -> None:
    points = [lists.attribute("dv_act", code.code, "point") for code in lists.get("dv_act")]

    assert points == list("abcdđeghiklmnopq")


def test_seven_core_types_stand_in_the_order_of_decision() -> None:
    ranks = [lists.attribute("gbvims_type", code.code, "rank") for code in lists.get("gbvims_type")]

    assert ranks == list("1234567")


def test_seven_services_count_in_gbvims() -> None:
    flagged = [code.code for code in lists.get("service") if code.attributes["gbvims_flag"] == "1"]

    assert flagged == ["tam_lanh", "y_te", "tam_ly", "phap_ly", "cong_an", "sinh_ke", "bvte"]
    assert {lists.rollup("service", code, "gbvims") for code in flagged} == set(
        lists.get("gbvims_service").codes
    )


@pytest.mark.parametrize("name", [name for name in LISTS if name.startswith("age_band")])
def test_age_bands_follow_each_other_without_gap_or_overlap(name: str) -> None:
    bands = [code.attributes for code in lists.get(name) if code.code != "khong_ro"]

    assert bands[0]["min_age"] == "0"
    assert bands[-1]["max_age"] == ""
    for band, following in pairwise(bands):
        assert int(following["min_age"]) == int(band["max_age"]) + 1


def test_delays_of_reports_follow_each_other_without_overlap() -> None:
    bands = [code.attributes for code in lists.get("report_delay") if code.code != "khong_ro"]

    for band, following in pairwise(bands):
        assert int(following["min_days"]) == int(band["max_days"]) + 1


def test_labels_speak_both_languages() -> None:
    assert queries.label("perpetrator_relationship", "chong", "vi") == "Vợ hoặc chồng"
    assert queries.label("perpetrator_relationship", "chong", "en") == "Wife or husband"
    assert queries.pairs("violence_form", "en")[0] == ("than_the", "Physical violence")
    assert queries.is_code("sex", "nu")
    assert not queries.is_code("sex", "x")


def test_a_rollup_of_several_gives_the_usual_one_first() -> None:
    assert queries.rollup("dv_act", "i", "gbvims") == "rape"
    assert lists.rollups("dv_act", "i", "gbvims") == ("rape", "sex_assault")
    assert queries.rollup("service", "nhu_yeu", "gbvims") is None


def test_urgencies_carry_their_minutes() -> None:
    assert [int(code.attributes["minutes"]) for code in lists.get("urgency")] == [30, 1440, 4320]


def test_only_valid_entries_may_be_chosen_but_an_old_one_may_be_kept() -> None:
    day = date(2026, 6, 5)

    offered = [code.code for code in queries.choices("programme", day)]

    assert "ctmtqg_2026" in offered
    assert "gn_2021" not in offered
    assert "gn_2021" in [code.code for code in queries.choices("programme", day, keep="gn_2021")]
    assert "gn_2021" in [code.code for code in queries.choices("programme", date(2025, 12, 31))]
    assert len(queries.choices("programme")) == len(list(lists.get("programme")))


def test_children_of_a_code_are_found() -> None:
    assert [code.code for code in lists.children("programme", "dtts_2021")] == ["dtts_tda3_da5", "dtts_da8"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: lists.get("../secrets"),
        lambda: lists.label("sex", "x", "vi"),
        lambda: lists.rollup("sex", "nu", "nothing"),
        lambda: lists.rollup("sex", "x", "gbvims"),
        lambda: lists.attribute("sex", "nu", "nothing"),
    ],
)
def test_what_is_unknown_raises(ask: object) -> None:
    with pytest.raises(UnknownCode):
        ask()  # type: ignore[operator]
