"""Clocks in words."""

from datetime import timedelta

import pytest

from casemgr.text.durations import describe_time_left


@pytest.mark.parametrize(
    ("left", "vi", "en"),
    [
        (timedelta(hours=3, minutes=20), "còn 3 giờ 20 phút", "3 h 20 min left"),
        (timedelta(hours=3), "còn 3 giờ", "3 h left"),
        (timedelta(minutes=20, seconds=59), "còn 20 phút", "20 min left"),
        (timedelta(days=2, hours=4, minutes=9), "còn 2 ngày 4 giờ", "2 d 4 h left"),
        (timedelta(days=2, minutes=9), "còn 2 ngày", "2 d left"),
        (timedelta(seconds=30), "còn chưa đến 1 phút", "less than 1 min left"),
        (timedelta(0), "còn chưa đến 1 phút", "less than 1 min left"),
        (timedelta(hours=-2, minutes=-5), "quá hạn 2 giờ 5 phút", "2 h 5 min overdue"),
        (timedelta(seconds=-30), "quá hạn chưa đến 1 phút", "less than 1 min overdue"),
    ],
)
def test_time_left_is_said_in_both_languages(left: timedelta, vi: str, en: str) -> None:
    assert describe_time_left(left, "vi") == vi
    assert describe_time_left(left, "en") == en
