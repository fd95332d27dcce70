"""Records of persons: ages, likeness, consents; without a database."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from casemgr.survivors import rules


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 5, 1), 18),
        (date(2026, 4, 30), 18),
        (date(2025, 5, 1), 17),
        (date(2025, 5, 2), 18),
        (date(2024, 5, 1), 16),
        (date(2027, 4, 30), 18),
        (date(2027, 5, 1), 19),
    ],
)
def test_a_stated_age_is_reckoned_from_the_day_on_which_it_was_stated(day: date, age: int) -> None:
    assert rules.age_on({"age": 18, rules.AGE_ON: "2026-05-01"}, day) == age


def test_a_date_of_birth_goes_before_a_stated_age() -> None:
    values = {"birth": "2010-03-02", "age": 30, rules.AGE_ON: "2026-05-01"}

    assert rules.age_on(values, date(2026, 3, 1)) == 15
    assert rules.age_on(values, date(2026, 3, 2)) == 16


def test_without_birth_and_age_no_age_is_made_up() -> None:
    assert rules.age_on({}, date(2026, 1, 1)) is None


def test_an_answer_that_the_form_does_not_ask_is_refused() -> None:
    with pytest.raises(rules.UnknownAnswer):
        rules.divide({"full_name": "Nguyễn Thị Ẩn", "shoe_size": 38}, date(2026, 1, 1))


def test_an_unchanged_age_keeps_the_day_on_which_it_was_stated() -> None:
    before = {"age": 30, rules.AGE_ON: "2020-01-01"}

    assert rules.keep_age_day({"age": 30}, before)[rules.AGE_ON] == "2020-01-01"
    assert rules.AGE_ON not in rules.keep_age_day({"age": 31}, before)


@pytest.mark.parametrize(
    ("known", "likely"),
    [
        ({"full_name": "Nguyễn Thị Ẩn"}, True),
        ({"full_name": "Nguyễn Thị Ân", "birth": "1991"}, True),
        ({"full_name": "Nguyễn Thị Ẩn", "birth": "1970"}, False),
        ({"full_name": "Nguyễn Thị"}, False),
        ({"full_name": "Lò Văn Bun", "phone": "+84912345678"}, True),
        ({"full_name": "Lò Văn Bun"}, False),
        ({}, False),
    ],
)
def test_records_are_likely_one_person_by_name_and_birth_or_by_a_number(
    known: dict[str, Any], *, likely: bool
) -> None:
    new = {"full_name": "nguyen thi an", "birth": "1990", "phone": "+84912345678"}

    assert rules.compare(new, known).is_likely is likely


@dataclass
class Record:
    state: str
    document: dict[str, Any]


def record(state: str = "given", at: str = "2026-01-01T08", **document: Any) -> Record:
    about = {"purpose": "chuyen_gui", "service": "y_te", "given_on": "2026-01-01", "at": at}
    return Record(state, {**about, **document})


def test_a_consent_holds_for_its_purpose_and_service_only() -> None:
    given, on = [record()], date(2026, 2, 1)

    assert rules.find_standing(given, "chuyen_gui", "y_te", on)
    assert rules.find_standing(given, "chuyen_gui", "cong_an", on) is None
    assert rules.find_standing(given, "thong_ke", None, on) is None


def test_a_consent_holds_from_the_day_it_was_given_to_the_day_it_expires() -> None:
    given = [record(given_on="2026-01-10", expires_on="2026-01-20")]

    held = [
        day for day in range(1, 31) if rules.find_standing(given, "chuyen_gui", "y_te", date(2026, 1, day))
    ]

    assert held == list(range(10, 21))


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_what_was_said_last_counts(state: str) -> None:
    earlier, later = record(), record(state, at="2026-01-02T08")

    assert rules.find_standing([later, earlier], "chuyen_gui", "y_te", date(2026, 2, 1)) is None


def test_a_consent_given_after_a_refusal_holds() -> None:
    later = record(at="2026-01-03T08")

    assert rules.find_standing([later, record("refused")], "chuyen_gui", "y_te", date(2026, 2, 1)) is later


def test_a_name_in_a_list_shows_its_first_letters_only() -> None:
    assert rules.mask_name("Nguyễn Thị Ẩn") == "N. T. Ẩ."
    assert rules.mask_name(None) == ""
