"""When a shift runs, how long somebody may be away, and when a number must be called again."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

TAKEN_OVER: dict[str, frozenset[str]] = {
    "case_worker": frozenset({"case_worker", "supervisor"}),
    "supervisor": frozenset({"case_worker", "supervisor"}),
    "child_worker": frozenset({"child_worker"}),
    "keeper": frozenset({"keeper"}),
    "recipient": frozenset({"recipient"}),
}
"""Whose work lies with a person (files, records, requests by name) → who could do any of it in her place."""

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


def can_stand_in(absent: Collection[str], cover: Collection[str]) -> bool:
    """Say whether somebody could do any of what lies with the one who is away, if anything does."""
    personal = [TAKEN_OVER[role] for role in absent if role in TAKEN_OVER]
    return not personal or any(role in taking for taking in personal for role in cover)


def left_undone(absent: Collection[str], covers: Collection[str], others: Collection[str]) -> frozenset[str]:
    """Return the roles of the one who is away that nobody fills: those who stand in, or others of the unit.

    What lies with a person is done by who stands in alone; what lies with the unit, by anybody of it there.
    """
    doing = set(covers) | {role for role in others if role not in TAKEN_OVER or role == "supervisor"}
    if "supervisor" in covers:
        doing.add("case_worker")
    return frozenset(absent) - doing
