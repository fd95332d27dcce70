"""Periodic reports: due before 5 June and before 5 December, without gap between what they cover."""

from datetime import date, timedelta

import pytest

from casemgr.deadlines.reporting import list_periods, next_due


def test_two_reports_are_due_each_year() -> None:
    half, whole = list_periods(2026)

    assert (half.line.code, half.due_before, half.last_day) == (
        "half_year",
        date(2026, 6, 5),
        date(2026, 6, 4),
    )
    assert (whole.line.code, whole.due_before, whole.last_day) == (
        "year",
        date(2026, 12, 5),
        date(2026, 12, 4),
    )


def test_a_report_covers_days_that_are_over_when_it_is_due() -> None:
    for year in (2024, 2026):
        for period in list_periods(year):
            assert period.starts_on < period.ends_on < period.due_before


def test_years_follow_each_other_without_gap() -> None:
    assert list_periods(2027)[1].starts_on == list_periods(2026)[1].ends_on + timedelta(days=1)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 6, 4), date(2026, 6, 5)),
        (date(2026, 6, 5), date(2026, 12, 5)),
        (date(2026, 12, 5), date(2027, 6, 5)),
    ],
)
def test_the_next_report_is_the_one_that_can_still_be_in_time(today: date, due: date) -> None:
    assert next_due(today).due_before == due


def test_before_means_that_the_named_day_is_late() -> None:
    half = list_periods(2026)[0]

    assert half.is_late(date(2026, 6, 5))
    assert not half.is_late(date(2026, 6, 4))


def test_reminders_come_fifteen_seven_three_and_one_day_ahead() -> None:
    half = list_periods(2026)[0]

    assert half.reminder_days() == (date(2026, 5, 20), date(2026, 5, 28), date(2026, 6, 1), date(2026, 6, 3))
