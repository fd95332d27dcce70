"""Clocks of the law: working days skip weekends and holidays, hours skip nothing."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.deadlines.working_days import (
    Calendar,
    add_hours,
    add_working_days,
    calendar,
    is_working_day,
    read_holidays,
)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 6, 1), 5, date(2026, 6, 8)),
        (date(2026, 6, 5), 1, date(2026, 6, 8)),
        (date(2026, 6, 6), 1, date(2026, 6, 8)),
        (date(2026, 6, 5), 0, date(2026, 6, 5)),
        (date(2026, 4, 24), 5, date(2026, 5, 6)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 11, 23), 2, date(2026, 11, 25)),
    ],
)
def test_a_term_skips_weekends_and_holidays_and_begins_the_day_after(
    start: date, count: int, end: date
) -> None:
    assert add_working_days(start, count) == end


def test_a_doubtful_holiday_does_not_prolong_a_term() -> None:
    doubtful = [holiday for holiday in read_holidays() if "to be checked" in holiday.source]

    assert doubtful
    assert [holiday.day for holiday in doubtful if holiday.is_counted] == []
    assert is_working_day(date(2026, 11, 24))


def test_holidays_are_unique_named_in_both_languages_and_sourced() -> None:
    holidays = read_holidays()

    assert len({holiday.day for holiday in holidays}) == len(holidays)
    assert [holiday.day for holiday in holidays if not (holiday.vi and holiday.en and holiday.source)] == []
    assert [holiday.day for holiday in holidays if holiday.day.weekday() > 4 and holiday.kind == "off"] == []


def test_a_unit_can_have_its_own_calendar_with_working_saturdays(tmp_path: Path) -> None:
    path = tmp_path / "holidays.csv"
    path.write_text(
        "day,kind,is_counted,vi,en,source\n"
        "2026-06-05,off,1,Nghỉ,Off,local\n"
        "2026-06-06,work,1,Làm bù,Worked,local\n",
        encoding="utf-8",
    )

    own = calendar(path)

    assert own.add_working_days(date(2026, 6, 4), 1) == date(2026, 6, 6)


def test_a_kind_of_day_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "holidays.csv"
    path.write_text("day,kind,is_counted,vi,en,source\n2026-06-05,half,1,Nghỉ,Off,local\n", encoding="utf-8")

    with pytest.raises(ValueError, match="half"):
        read_holidays(path)


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 6, 1), -1)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31)), st.integers(0, 40))
def test_a_term_ends_on_a_working_day_and_counts_back(start: date, count: int) -> None:
    end = add_working_days(start, count)

    assert calendar().count_working_days(start, end) == count
    assert count == 0 or is_working_day(end)


def test_an_empty_calendar_has_only_weekends() -> None:
    assert Calendar.of([]).add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 1)


def test_hours_run_through_nights_and_holidays() -> None:
    start = datetime(2026, 2, 16, 22, 30, tzinfo=UTC)

    assert add_hours(start, 12) == datetime(2026, 2, 17, 10, 30, tzinfo=UTC)


def test_hours_from_a_moment_without_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        add_hours(datetime(2026, 2, 16, 22, 30), 12)  # noqa: DTZ001
