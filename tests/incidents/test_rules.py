"""Classification, bands, delays and contexts of incidents; without a database."""

from datetime import date
from itertools import product
from typing import Any

import pytest

from casemgr.incidents import rules
from casemgr.incidents.counted import fact_codes
from casemgr.text.dates import PartialDate

NO = dict.fromkeys((name for name, _ in rules.STEPS), "no")
REPORTED = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("question", "core_type"),
    [
        ("penetration", "rape"),
        ("sexual_contact", "sex_assault"),
        ("physical_force", "phys_assault"),
        ("forced_marriage", "forced_marr"),
        ("denial_of_resources", "denial"),
        ("emotional_harm", "psych"),
    ],
)
def test_the_first_yes_decides(question: str, core_type: str) -> None:
    answers = {"gender_based": "yes", **NO, question: "yes"}

    assert rules.derive_type(answers) == core_type


def test_every_way_through_the_wizard_ends_at_its_first_yes() -> None:
    names = [name for name, _ in rules.STEPS]
    for given in product(("yes", "no"), repeat=len(names)):
        answers = {"gender_based": "yes", **dict(zip(names, given, strict=True))}
        expected = rules.STEPS[given.index("yes")][1] if "yes" in given else "non_gbv"

        assert rules.derive_type(answers) == expected


def test_what_is_not_based_on_gender_is_not_counted_as_such() -> None:
    assert rules.derive_type({"gender_based": "no", "penetration": "yes"}) == "non_gbv"


@pytest.mark.parametrize(
    "answers",
    [{}, {"gender_based": "yes"}, {"gender_based": "yes", "sexual_contact": "yes"}, {"penetration": "yes"}],
)
def test_an_open_question_leaves_the_type_open(answers: dict[str, str]) -> None:
    assert rules.derive_type(answers) is None


def test_every_answer_up_to_the_deciding_one_is_stored_with_the_tool() -> None:
    stored = rules.classify(
        {"gender_based": "yes", "penetration": "no", "sexual_contact": "yes", "physical_force": "yes"}
    )

    assert stored["answers"] == {"gender_based": "yes", "penetration": "no", "sexual_contact": "yes"}
    assert (stored["derived"], stored["type"], stored["tool"]) == ("sex_assault", "sex_assault", rules.TOOL)


def test_an_override_keeps_what_was_derived_and_falls_with_the_answers() -> None:
    first = rules.classify({"gender_based": "yes", "penetration": "yes"})
    decided = rules.override(first, core_type="sex_assault", reason="nghe lại", by="x", on=REPORTED)

    assert (decided["type"], decided["derived"]) == ("sex_assault", "rape")
    assert rules.reclassify(decided, first["answers"]) == decided
    assert rules.reclassify(decided, {"gender_based": "no"})["type"] == "non_gbv"


@pytest.mark.parametrize(
    ("age", "gbvims", "vn"),
    [
        (0, "a0_11", "a0_5"), (5, "a0_11", "a0_5"), (6, "a0_11", "a6_10"), (10, "a0_11", "a6_10"),
        (11, "a0_11", "a11_15"), (12, "a12_17", "a11_15"), (15, "a12_17", "a11_15"),
        (16, "a12_17", "a16_17"), (17, "a12_17", "a16_17"), (18, "a18_49", "a18_59"),
        (49, "a18_49", "a18_59"), (50, "a50_plus", "a18_59"), (59, "a50_plus", "a18_59"),
        (60, "a50_plus", "a60_plus"), (119, "a50_plus", "a60_plus"), (None, "khong_ro", "khong_ro"),
    ],
)  # fmt: skip
def test_age_bands_have_no_gap_and_no_overlap(age: int | None, gbvims: str, vn: str) -> None:
    assert rules.band("age_band_gbvims", age) == gbvims
    assert rules.band("age_band_vn", age) == vn


@pytest.mark.parametrize(
    ("day", "band"),
    [
        ("2026-05-31", "d0_3"), ("2026-05-28", "d0_3"), ("2026-05-27", "d4_5"), ("2026-05-26", "d4_5"),
        ("2026-05-25", "d6_14"), ("2026-05-17", "d6_14"), ("2026-05-16", "d15_30"), ("2026-05-01", "d15_30"),
        ("2026-04-30", "d31_plus"), ("2025-01", "d31_plus"), ("2024", "d31_plus"), ("2026-05", "khong_ro"),
        ("~2020", "khong_ro"), ("2026-06-01", "khong_ro"),
    ],
)  # fmt: skip
def test_the_delay_is_banded_by_whole_days_and_a_doubt_stays_a_doubt(day: str, band: str) -> None:
    assert rules.delay_band(PartialDate.from_storage(day), REPORTED) == band


def test_without_a_date_the_delay_is_not_known() -> None:
    assert rules.delay_band(None, REPORTED) == "khong_ro"


@pytest.mark.parametrize(
    ("core_type", "age", "answers", "relations", "expected"),
    [
        ("phys_assault", 30, {}, ["chong"], {"ipv"}),
        ("non_gbv", 30, {}, ["chong"], set()),
        (None, 30, {}, ["chong"], set()),
        ("rape", 15, {}, ["nguoi_la"], {"csa"}),
        ("rape", 18, {}, ["nguoi_la"], set()),
        ("rape", None, {}, [], set()),
        ("forced_marr", 17, {}, [], {"early_marr"}),
        ("rape", 20, {"goods_exchanged": "co"}, [], {"sex_expl"}),
        ("rape", 20, {"goods_exchanged": "khong"}, [], set()),
        ("rape", 20, {"goods_exchanged": "khong_ro"}, [], set()),
        ("rape", 20, {"goods_exchanged": "~declined"}, [], set()),
        ("rape", 20, {"abduction": "bat_coc"}, [], {"sex_slavery"}),
        ("rape", 20, {"abduction": "mua_ban"}, [], {"sex_slavery", "traffick"}),
        ("rape", 20, {"abduction": "khong"}, [], set()),
        ("rape", 20, {"abduction": "~unknown"}, [], set()),
        ("psych", 20, {"harmful_practice": "khong"}, [], set()),
        ("psych", 20, {"harmful_practice": "bat_vo"}, [], {"htp"}),
        ("psych", 20, {"place": "mang"}, [], {"cyber"}),
    ],
)
def test_a_context_needs_an_answer_that_means_it(
    core_type: str | None, age: int | None, answers: dict[str, Any], relations: list[str], expected: set[str]
) -> None:
    assert rules.contexts(core_type, age, answers, relations) == expected


def test_the_age_at_the_incident_is_not_the_age_today() -> None:
    person = {"birth": "2008-06-01"}

    assert rules.age_at_incident(person, {"happened_on": "2026-05-30"}, REPORTED) == 17
    assert rules.age_at_incident(person, {"happened_on": "2020"}, REPORTED) == 11
    assert rules.age_at_incident(person, {}, date(2026, 6, 1)) == 18


def test_the_forms_follow_the_acts_until_somebody_chooses_them() -> None:
    assert rules.forms_of({"dv_acts": ["b", "n", "a"]}) == ["than_the", "tinh_than", "kinh_te"]
    assert rules.forms_of({"dv_acts": ["a"], "forms": ["tinh_than"]}) == ["tinh_than"]
    assert rules.forms_of({}) == []


def test_between_the_divorced_only_some_acts_are_domestic_violence() -> None:
    assert rules.acts_not_covered("ly_hon", ["a", "n"]) == ["n"]
    assert rules.acts_not_covered("gia_dinh", ["a", "n"]) == []
    assert rules.acts_not_covered("ngoai_gia_dinh", ["a"]) == ["a"]
    assert rules.acts_not_covered(None, ["a"]) == []


@pytest.mark.parametrize(
    ("basis", "acts", "age", "track"),
    [
        ("gia_dinh", ["a"], 30, "dv"),
        ("gia_dinh", ["a"], 10, "dv"),
        ("ly_hon", ["n"], 30, None),
        ("ngoai_gia_dinh", ["a"], 15, "child_abuse"),
        ("ngoai_gia_dinh", ["a"], 16, "other_gbv"),
        ("khong_ro", ["a"], 30, None),
        (None, [], None, None),
    ],
)
def test_the_legal_track_is_suggested_from_relation_acts_and_age(
    basis: str | None, acts: list[str], age: int | None, track: str | None
) -> None:
    assert rules.suggest_track(basis, acts, age) == track


@pytest.mark.parametrize(
    ("count", "code"), [(0, "khong_ro"), (1, "mot"), (2, "hai"), (3, "ba"), (4, "hon_ba"), (9, "hon_ba")]
)
def test_perpetrators_are_counted_up_to_three(count: int, code: str) -> None:
    assert rules.perpetrator_number(count) == code


def counted_codes(
    answers: dict[str, Any], person: dict[str, Any] | None = None, **options: Any
) -> dict[str, Any]:
    given = {"core_type": "phys_assault", "report": {}, "reported_on": REPORTED, "perpetrators": []}
    return fact_codes(answers=answers, person=person or {"age": 30, "sex": "nu"}, **{**given, **options})


def test_the_fact_holds_each_form_as_a_measure_of_its_own() -> None:
    codes = counted_codes(
        {"dv_acts": ["a", "n"], "reported_elsewhere": "co_khac"},
        perpetrators=[{"relation": "hang_xom"}, {"relation": "chong", "sex": "nam", "is_primary": "yes"}],
    )

    assert [codes[field] for field in rules.FORMS.values()] == ["yes", "no", "no", "yes"]
    assert (codes["relationship"], codes["perpetrator_sex"]) == ("chong", "nam")
    assert codes["reported_elsewhere"] == "no"


def test_a_fact_keeps_open_what_nobody_asked() -> None:
    codes = counted_codes({})

    for name in ("disability", "minority", "nursing", "alcohol", "previous_incidents", "service_health"):
        assert codes[name] is None


@pytest.mark.parametrize(
    ("named", "group"),
    [(["nhin"], "physical"), (["tt", "tktt"], "mental"), (["vd", "tt"], "both"), ([], "none")],
)
def test_disabilities_are_counted_by_the_groups_of_gbvims(named: list[str], group: str) -> None:
    assert counted_codes({}, {"disability": named, "marital": "co_vc"})["disability"] == group


def test_a_fact_follows_the_derived_fields_of_the_incident_recorder() -> None:
    answers = {
        "happened_on": "2026-05-28",
        "goods_exchanged": "co",
        "abduction": "khong",
        "harmful_practice": "khong",
        "service_health": "tu_cung_cap",
        "service_legal": "khong_co",
        "previous_incidents": "yes",
    }
    report = {"referred_by": "y_te"}
    codes = counted_codes(answers, core_type="rape", report=report, reported_on=date(2026, 5, 31))

    assert codes["report_delay"] == "d0_3"
    assert (codes["context_sex_expl"], codes["context_sex_slavery"], codes["context_htp"]) == (
        "yes",
        "no",
        "no",
    )
    assert (codes["service_health"], codes["service_legal"]) == ("provided", "unavailable")
    assert (codes["referred_by"], codes["previous_incidents"]) == ("y_te", "yes")


@pytest.mark.parametrize(
    ("answers", "is_domestic"),
    [
        ({"legal_track": "dv"}, "yes"),
        ({"relationship_basis": "gia_dinh", "dv_acts": ["a"]}, "yes"),
        ({"legal_track": "other_gbv", "relationship_basis": "gia_dinh", "dv_acts": ["a"]}, "no"),
        ({}, None),
    ],
)
def test_an_incident_is_domestic_violence_by_its_legal_track(
    answers: dict[str, Any], is_domestic: str | None
) -> None:
    assert counted_codes(answers)["domestic"] == is_domestic
