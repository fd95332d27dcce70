"""How beds are counted at a trusted address, and what may follow what in a stay."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from casemgr.codes import lists


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


class EntryKind(StrEnum):
    """What is written down while people stay."""

    SUPPLY = "supply"
    NEED = "need"
    EXTENSION = "extension"
    HANDOVER = "handover"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long something goes: whole months, then days."""

    months: int = 0
    days: int = 0

    @classmethod
    def of(cls, attributes: Mapping[str, str]) -> "Term":
        """Read a term of list `stay_term`."""
        return cls(months=int(attributes["months"] or 0), days=int(attributes["days"] or 0))


def day_after(day: date, term: Term) -> date:
    """Return the day on which a term that began on a day is over; no month goes beyond its own last day."""
    month = day.month - 1 + term.months
    year, month = day.year + month // 12, month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last)) + timedelta(days=term.days)


def first_until(arrived_day: date) -> date:
    """Return to which day a stay goes before anybody has extended it, by list `stay_term`."""
    return day_after(arrived_day, Term.of(lists.get("stay_term")["lan_dau"].attributes))


def longest_until(arrived_day: date) -> date:
    """Return the last day of the longest stay, by list `stay_term`."""
    return day_after(arrived_day, Term.of(lists.get("stay_term")["dai_nhat"].attributes))


def told_of(
    *,
    arrived_on: date,
    left_on: date,
    group: Mapping[str, Any],
    people: Sequence[Mapping[str, Any]],
    entries: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the record of a stay as its case keeps it, in the order of time."""
    return {
        "arrived_on": arrived_on.isoformat(),
        "left_on": left_on.isoformat(),
        "group": dict(group),
        "people": sorted((dict(person) for person in people), key=lambda person: person["came_on"]),
        "entries": sorted(
            (dict(entry) for entry in entries), key=lambda entry: datetime.fromisoformat(entry["at"])
        ),
    }


def supplies_of(entries: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return what was given, without what was written down by mistake."""
    return [entry for entry in entries if entry["kind"] == EntryKind.SUPPLY and not entry.get("is_void")]


def corrected(
    content: Mapping[str, Any], given: Mapping[str, Any], *, is_void: bool, at: str, by: str
) -> dict[str, Any]:
    """Return a supply as it is corrected: what stood there before stays with it."""
    kept = {name: content[name] for name in ("kind", "at", "by")}
    asked = ("supply", "what", "cost", "paid_by", "is_void")
    old = {name: content[name] for name in asked if content.get(name) not in (None, "")}
    before = [*content.get("before", ()), {**old, "until": at, "changed_by": by}]
    return {**given, **kept, "is_void": is_void, "before": before}


def turn_of(content: Mapping[str, Any]) -> int:
    """Return which wording of an entry this is, the first being 1: a form says which one it corrects."""
    return len(content.get("before", ())) + 1


def totals(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what of a stay the report of the model adds up: money, kinds of help, extensions; no person."""
    known = list(entries)
    supplies = supplies_of(known)
    return {
        "cost": sum(entry.get("cost") or 0 for entry in supplies),
        "supplies": sorted({entry["supply"] for entry in supplies}),
        "extensions": sum(entry["kind"] == EntryKind.EXTENSION for entry in known),
    }
