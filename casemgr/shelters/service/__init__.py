"""Changes of the register, of beds, and of what is written down while people stay."""

from casemgr.shelters.service.beds import (
    close_all_beds,
    end_stay,
    hold_beds,
    promise_bed,
    release_stay,
    start_stay,
)
from casemgr.shelters.service.living import (
    add_entry,
    add_person,
    change_people,
    collect_record,
    confirm,
    correct_supply,
    end_person,
    extend,
    hold_stay,
)
from casemgr.shelters.service.register import (
    AddressEntry,
    add_address,
    change_address,
    expose_address,
    set_address_state,
)

__all__ = [
    "AddressEntry",
    "add_address",
    "add_entry",
    "add_person",
    "change_address",
    "change_people",
    "close_all_beds",
    "collect_record",
    "confirm",
    "correct_supply",
    "end_person",
    "end_stay",
    "expose_address",
    "extend",
    "hold_beds",
    "hold_stay",
    "promise_bed",
    "release_stay",
    "set_address_state",
    "start_stay",
]
