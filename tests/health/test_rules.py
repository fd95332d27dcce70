"""A clock that was set is told from one that runs, from a machine that slept, and from one that was off."""

from datetime import UTC, datetime, timedelta

import pytest

from casemgr.health.rules import LEAST_FREE, Reading, find_jump, least_free

BEGIN = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
ON = timedelta(hours=5)


def after(at: timedelta, uptime: timedelta) -> timedelta | None:
    """By how much the clock was set, when both have moved so far since the first reading."""
    jump = find_jump(Reading(at=BEGIN, uptime=ON), Reading(at=BEGIN + at, uptime=ON + uptime))
    return jump.by if jump else None


@pytest.mark.parametrize("passed", [timedelta(minutes=5), timedelta(hours=9), timedelta(days=40)])
def test_time_that_passes_is_no_jump_however_long_the_machine_slept(passed: timedelta) -> None:
    assert after(passed, passed) is None
    assert after(passed + timedelta(seconds=59), passed) is None


@pytest.mark.parametrize("by", [timedelta(minutes=2), timedelta(days=-1), timedelta(seconds=-61)])
def test_a_clock_that_was_set_while_the_machine_was_on_is_found(by: timedelta) -> None:
    assert after(timedelta(minutes=5) + by, timedelta(minutes=5)) == by


def test_after_a_restart_time_may_have_passed_but_not_gone_back() -> None:
    restarted = timedelta(minutes=1) - ON
    assert after(timedelta(days=3), restarted) is None
    assert after(timedelta(days=-3), restarted) == timedelta(days=-3)


def test_the_first_reading_says_nothing() -> None:
    assert find_jump(None, Reading(at=BEGIN, uptime=ON)) is None


def test_a_large_database_needs_room_for_its_copy() -> None:
    assert least_free(1000) == LEAST_FREE
    assert least_free(10 * LEAST_FREE) == 20 * LEAST_FREE
