"""Waiting times, times of day, and what may lie in an order."""

from datetime import datetime, timedelta

import pytest

from casemgr.clock import LOCAL
from casemgr.jobs.rules import check_payload, next_slot, wait_after

NIGHT = datetime(2026, 6, 1, 23, 59, 30, tzinfo=LOCAL)


def test_waiting_grows_to_an_hour_and_no_further() -> None:
    waits = [wait_after(attempts).total_seconds() for attempts in (1, 2, 3, 4, 5, 6, 60)]
    assert waits == [10, 40, 160, 640, 2560, 3600, 3600]


@pytest.mark.parametrize(
    ("every", "then"),
    [
        (timedelta(days=1), NIGHT + timedelta(seconds=30)),
        (timedelta(hours=1), NIGHT + timedelta(seconds=30)),
        (timedelta(minutes=15), NIGHT + timedelta(seconds=30)),
    ],
)
def test_what_recurs_comes_at_round_times_of_the_wall_clock(every: timedelta, then: datetime) -> None:
    assert next_slot(NIGHT, every) == then
    assert next_slot(then, every) == then + every


@pytest.mark.parametrize("value", ["Lò Thị Mai", "số 5", "a b", "x" * 61, "a\nb", '"', "đ"])
def test_an_order_holds_nothing_that_somebody_typed(value: str) -> None:
    with pytest.raises(ValueError, match="name"):
        check_payload({"name": value})


def test_an_order_holds_ids_days_and_code_words() -> None:
    check_payload(
        {"id": "8c5e2f1e-0000-4000-8000-000000000000", "day": "2026-06-01", "names": "a_b,c.d", "": ""}
    )
