"""How soon a unit answers is the installation's to set; words and reminders follow the minutes."""

from collections.abc import Iterator

import pytest

from casemgr.codes import lists
from casemgr.codes.urgency import set_answer_minutes
from config import SettingsError, read_settings

NEEDED = {"CASEMGR_DATABASE_URL": "sqlite:///x.db", "CASEMGR_DIRECTORY": "x"}


@pytest.fixture(autouse=True)
def as_shipped() -> Iterator[None]:
    yield
    set_answer_minutes(())


def told(code: str) -> tuple[str, str, str, str]:
    times = (lists.attribute("urgency", code, name) for name in ("minutes", "remind_minutes"))
    return lists.label("urgency", code, "vi"), lists.label("urgency", code, "en"), *times


def test_without_a_setting_a_unit_has_half_an_hour_a_day_and_three_days() -> None:
    set_answer_minutes(read_settings(NEEDED).answer_minutes)

    assert told("ngay") == ("Ngay, trong 30 phút", "At once, within 30 minutes", "30", "15")
    assert told("trong_ngay") == ("Trong ngày", "Within the day", "1440", "240")
    assert told("ba_ngay") == ("Trong 3 ngày", "Within 3 days", "4320", "1440")


def test_what_is_set_is_what_people_read_and_what_the_clock_counts() -> None:
    set_answer_minutes(read_settings({**NEEDED, "CASEMGR_ANSWER_MINUTES": "45, 480, 1440"}).answer_minutes)

    assert told("ngay") == ("Ngay, trong 45 phút", "At once, within 45 minutes", "45", "22")
    assert told("trong_ngay") == ("Trong 8 giờ", "Within 8 hours", "480", "80")
    assert told("ba_ngay") == ("Trong 1 ngày", "Within 1 day", "1440", "480")


@pytest.mark.parametrize("typed", ["30", "30,20,10", "0,10,20", "-5,1,2", "30,1440,43201", "a,b,c"])
def test_minutes_that_do_not_grow_or_end_are_refused_at_the_start(typed: str) -> None:
    with pytest.raises(SettingsError, match="ANSWER_MINUTES"):
        read_settings({**NEEDED, "CASEMGR_ANSWER_MINUTES": typed})
