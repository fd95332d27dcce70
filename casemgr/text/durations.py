"""Lengths of time in words: "còn 3 giờ 20 phút", "3 h 20 min left"."""

from datetime import timedelta

_MINUTES_PER_DAY = 24 * 60
_UNITS = {"vi": ("ngày", "giờ", "phút"), "en": ("d", "h", "min")}


def describe_duration(length: timedelta, locale: str = "vi") -> str:
    """Say how long something is, in its two largest units, rounded down to the minute."""
    minutes = int(abs(length).total_seconds() // 60)
    days, within_day = divmod(minutes, _MINUTES_PER_DAY)
    hours, rest = divmod(within_day, 60)
    counted = zip((days, hours, rest), _UNITS[locale], strict=True)
    parts = [f"{count} {unit}" for count, unit in counted if count]
    if not parts:
        return "chưa đến 1 phút" if locale == "vi" else "less than 1 min"
    # Minutes stop to matter once days are counted.
    shown = parts[:2] if not days else [part for part in parts if not part.endswith(_UNITS[locale][2])]
    return " ".join(shown)


def describe_time_left(left: timedelta, locale: str = "vi") -> str:
    """Say how long is left, or by how long something is overdue when `left` is negative."""
    length = describe_duration(left, locale)
    if left < timedelta(0):
        return f"quá hạn {length}" if locale == "vi" else f"{length} overdue"
    return f"còn {length}" if locale == "vi" else f"{length} left"
