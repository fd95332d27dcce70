"""How soon a unit is to answer: three urgencies, whose minutes an installation may set for itself."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from casemgr.codes import lists
from casemgr.codes.lists import Code

LIST = "urgency"
_AT_ONCE = "ngay"
_HOUR, _DAY = 60, 1440


def set_answer_minutes(minutes: Sequence[int]) -> None:
    """Set after how many minutes an answer is due, from the most urgent on; none leave the times as shipped.

    Reminders keep their share of the time.
    """
    codes = zip(lists.shipped(LIST), minutes, strict=bool(minutes))
    lists.adjust(LIST, {code.code: _with(code, wanted) for code, wanted in codes})


def _with(code: Code, minutes: int) -> Code:
    shipped = int(code.attributes["minutes"])
    if minutes == shipped:
        return code
    remind = max(1, int(code.attributes["remind_minutes"]) * minutes // shipped)
    times = {"minutes": str(minutes), "remind_minutes": str(remind)}
    is_at_once = code.code == _AT_ONCE
    return replace(
        code,
        vi=("Ngay, trong " if is_at_once else "Trong ") + _vietnamese(minutes),
        en=("At once, within " if is_at_once else "Within ") + _english(minutes),
        attributes=MappingProxyType({**code.attributes, **times}),
    )


def _vietnamese(minutes: int) -> str:
    if minutes % _DAY == 0:
        return f"{minutes // _DAY} ngày"
    return f"{minutes // _HOUR} giờ" if minutes % _HOUR == 0 else f"{minutes} phút"


def _english(minutes: int) -> str:
    count, unit = minutes, "minute"
    if minutes % _DAY == 0:
        count, unit = minutes // _DAY, "day"
    elif minutes % _HOUR == 0:
        count, unit = minutes // _HOUR, "hour"
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
