"""How beds are counted at a trusted address, and what may follow what in a stay."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AddressState(StrEnum):
    """Whether an address takes anybody in."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSING = "closing"
    CLOSED = "closed"
    EXPOSED = "exposed"


class StayState(StrEnum):
    """How far a stay has come."""

    PROMISED = "promised"
    ARRIVED = "arrived"
    LEFT = "left"
    RELEASED = "released"


LIVE = frozenset({StayState.PROMISED, StayState.ARRIVED})
"""Stays that hold beds."""

NEXT: dict[StayState, frozenset[StayState]] = {
    StayState.PROMISED: frozenset({StayState.ARRIVED, StayState.RELEASED}),
    StayState.ARRIVED: frozenset({StayState.LEFT}),
    StayState.LEFT: frozenset(),
    StayState.RELEASED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """How many grown persons and children."""

    adults: int
    children: int

    @property
    def total(self) -> int:
        """How many persons in all."""
        return self.adults + self.children


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What an address declared, and how many places its keeper holds back for the time being."""

    adult_beds: int
    child_beds: int
    held_beds: int = 0

    @property
    def total(self) -> int:
        """How many places can be given at all."""
        return max(0, self.adult_beds + self.child_beds - self.held_beds)


def together(groups: Iterable[People]) -> People:
    """Add up several groups."""
    known = list(groups)
    return People(
        adults=sum(group.adults for group in known), children=sum(group.children for group in known)
    )


def free_beds(capacity: Capacity, used: People) -> People:
    """Return for how many grown persons, and for how many children beside nobody else, there is room.

    A child may take a grown person's bed, never the other way round.
    """
    left = max(0, capacity.total - used.total)
    return People(adults=max(0, min(left, capacity.adult_beds - used.adults)), children=left)


def fits(capacity: Capacity, used: People, asked: People) -> bool:
    """Say whether a group finds room beside those who already have a bed or the promise of one."""
    free = free_beds(capacity, used)
    return asked.adults <= free.adults and asked.total <= free.children


def may_become(state: str, following: StayState) -> bool:
    """Say whether a stay in one state may be put into another."""
    return following in NEXT[StayState(state)]


def nights_between(arrived_day: date, left_day: date) -> int:
    """Return how many nights a stay had; somebody who left on the same day stayed none."""
    return max(0, (left_day - arrived_day).days)
