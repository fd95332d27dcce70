"""Dates: as exact as people know them, never more."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.text.dates import (
    InvalidDate,
    PartialDate,
    Precision,
    age_at,
    age_range_at,
    display_date,
    official_date,
    parse_date,
)


@pytest.mark.parametrize(
    ("typed", "stored", "precision"),
    [
        ("27/03/2026", "2026-03-27", Precision.DAY),
        ("7-3-2026", "2026-03-07", Precision.DAY),
        ("7.3.2026", "2026-03-07", Precision.DAY),
        ("07 03 2026", "2026-03-07", Precision.DAY),
        ("27032026", "2026-03-27", Precision.DAY),
        ("2026-03-27", "2026-03-27", Precision.DAY),
        ("3/2026", "2026-03", Precision.MONTH),
        ("2026-03", "2026-03", Precision.MONTH),
        ("2026", "2026", Precision.YEAR),
        ("~1990", "~1990", Precision.ESTIMATED),
        ("Khoảng 1990", "~1990", Precision.ESTIMATED),
        ("khoảng năm 1990", "~1990", Precision.ESTIMATED),
        ("about 03/1990", "~1990-03", Precision.ESTIMATED),
        ("29/02/2024", "2024-02-29", Precision.DAY),
    ],
)
def test_a_date_is_read_as_exactly_as_it_was_typed(typed: str, stored: str, precision: Precision) -> None:
    read = parse_date(typed)

    assert read.to_storage() == stored
    assert read.precision is precision
    assert PartialDate.from_storage(stored) == read


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("hôm qua", "shape"),
        ("27/03", "shape"),
        ("27/3/26", "year_two_digits"),
        ("31/04/2026", "day"),
        ("29/02/2026", "day"),
        ("0/3/2026", "day"),
        ("03/27/2026", "month"),
        ("13/2026", "month"),
        ("0026", "year"),
        ("01/01/0001", "year"),
        ("~", "shape"),
        ("~~2026", "shape"),
    ],
)
def test_what_is_not_a_date_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidDate) as refused:
        parse_date(typed)

    assert refused.value.reason == reason


def test_a_date_is_in_the_future_only_when_every_day_it_can_mean_is() -> None:
    today = date(2026, 3, 27)

    assert parse_date("2026", not_after=today).year == 2026
    with pytest.raises(InvalidDate, match="future"):
        parse_date("28/03/2026", not_after=today)
    with pytest.raises(InvalidDate, match="too_early"):
        parse_date("1905", not_before=date(1906, 3, 27))


@pytest.mark.parametrize(
    ("stored", "vi", "en"),
    [
        ("2026-03-07", "07/03/2026", "07/03/2026"),
        ("2026-03", "03/2026", "03/2026"),
        ("2026", "2026", "2026"),
        ("~1990", "khoảng 1990", "about 1990"),
    ],
)
def test_a_date_is_shown_with_day_first(stored: str, vi: str, en: str) -> None:
    assert PartialDate.from_storage(stored).display() == vi
    assert PartialDate.from_storage(stored).display("en") == en


def test_a_partial_date_knows_its_first_and_last_day() -> None:
    february = PartialDate.from_storage("2024-02")

    assert (february.earliest, february.latest) == (date(2024, 2, 1), date(2024, 2, 29))
    assert february.exact is None
    assert PartialDate.from_date(date(2024, 2, 3)).exact == date(2024, 2, 3)


@pytest.mark.parametrize(
    ("birth", "age", "oldest"),
    [
        ("2010-03-27", 16, 16),
        ("2010-03-28", 15, 15),
        ("2010", 15, 16),
        ("2010-03", 15, 16),
        ("2027", 0, 0),
    ],
)
def test_an_age_from_a_partial_date_is_the_youngest_possible(birth: str, age: int, oldest: int) -> None:
    day = date(2026, 3, 27)

    assert age_at(PartialDate.from_storage(birth), day) == age
    assert age_range_at(PartialDate.from_storage(birth), day) == (age, oldest)


@pytest.mark.parametrize(
    ("day", "official"),
    [
        (date(2026, 6, 5), "ngày 05 tháng 6 năm 2026"),
        (date(2026, 2, 15), "ngày 15 tháng 02 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_official_documents_write_dates_as_decree_30_demands(day: date, official: str) -> None:
    assert official_date(day) == official


def test_a_full_date_is_shown_with_leading_zeros() -> None:
    assert display_date(date(2026, 6, 5)) == "05/06/2026"


@given(st.dates(min_value=date(1880, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_survives_showing_and_storing(day: date) -> None:
    known = PartialDate.from_date(day)

    assert parse_date(known.display()) == known == PartialDate.from_storage(known.to_storage())


@given(st.text(max_size=30))
def test_any_text_is_either_a_date_or_refused(text: str) -> None:
    try:
        read = parse_date(text)
    except InvalidDate:
        return

    assert read.earliest <= read.latest
