"""Leading an intake, turning it into a case, and opening a case at once."""

from casemgr.intake.service.completing import complete_intake
from casemgr.intake.service.emergency import open_emergency
from casemgr.intake.service.leading import (
    choose_survivor,
    give_up_intake,
    remove_perpetrator,
    save_perpetrator,
    save_section,
    start_intake,
)

__all__ = [
    "choose_survivor",
    "complete_intake",
    "give_up_intake",
    "open_emergency",
    "remove_perpetrator",
    "save_perpetrator",
    "save_section",
    "start_intake",
]
