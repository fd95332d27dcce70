"""When a shift runs, how long somebody may be away, and when a number must be called again."""

from datetime import date, datetime, time, timedelta

FURTHEST = timedelta(days=366)
"""How long a shift or an absence may last at the most."""
HOURS_OF_A_DAY = 24


def hours(begins: str, ends: str) -> tuple[timedelta, timedelta]:
    """Return from when until when a part of the day runs, reckoned from midnight; 31:00 is 7:00 tomorrow."""
    return _span(begins), _span(ends)


def _span(text: str) -> timedelta:
    hour, _, minute = text.partition(":")
    return timedelta(hours=int(hour), minutes=int(minute))


def runs_at(moment: datetime, *, from_day: date, until_day: date, begins: timedelta, ends: timedelta) -> bool:
    """Say whether a shift of some days runs at a moment of the local clock; a night runs into the morning."""
    for day in (moment.date(), moment.date() - timedelta(days=1)):
        midnight = datetime.combine(day, time.min, moment.tzinfo)
        if from_day <= day <= until_day and midnight + begins <= moment < midnight + ends:
            return True
    return False


def is_stale(checked_day: date | None, days: int, today: date) -> bool:
    """Say whether something was never confirmed, or longer ago than so many days."""
    return checked_day is None or (today - checked_day).days > days


def problem_of_days(from_day: date, until_day: date) -> str | None:
    """Return what is wrong with two days, or None."""
    if until_day < from_day:
        return "before_start"
    return "too_long" if until_day - from_day > FURTHEST else None
