"""What may be said of a unit, before any table is asked."""

from enum import StrEnum

from casemgr.text.invalid import InvalidText
from casemgr.text.legacy_fonts import looks_legacy
from casemgr.text.names import tidy

LONGEST_NAME = 200


class UnitState(StrEnum):
    """Whether a unit works; the values are the codes of list `unit_state`."""

    ACTIVE = "hoat_dong"
    PAUSED = "tam_dung"
    CLOSED = "ngung"


def clean_unit_name(text: str) -> str:
    """Return the name of a unit as it is stored; digits may stand in it, as in Thôn 5.

    Raises InvalidText with reason `empty`, `long` or `legacy_font`.
    """
    name = tidy(text)
    if not name:
        raise InvalidText("empty")
    if len(name) > LONGEST_NAME:
        raise InvalidText("long")
    if looks_legacy(name):
        raise InvalidText("legacy_font")
    return name
