"""What may follow what in a case conference, and what a consent to one covers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from casemgr.text.names import fold

CALLED_NAME = "called_name"
"""Topic of a consent that lets the units call her by a name; without it she has a number."""

OPEN_DAYS = 60
"""How long the invited units can read a conference after its day, while their tasks run."""

FEWEST_SIGNS = 4
"""A name with fewer letters is a word like any other: finding it in a text says nothing."""


class ConferenceState(StrEnum):
    """Where a conference stands."""

    CALLED = "called"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


LIVE = frozenset({ConferenceState.CALLED, ConferenceState.HELD})
"""States in which the invited units read it; in every other one its key is destroyed."""


CALLED_OFF = frozenset({ConferenceState.CANCELLED, ConferenceState.WITHDRAWN})
"""States of a meeting that will not be; the units are not told which of the two."""


class SeatState(StrEnum):
    """What a unit answered to its invitation; a removed one no longer knows of it."""

    INVITED = "invited"
    COMING = "coming"
    ABSENT = "absent"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """When and where units meet."""

    meets_on: date
    meets_at: str
    place: str | None = None
    phone: str | None = None

    def problem(self, today: date, last_day: date) -> str | None:
        """Return why nobody could come to it, or None; `last_day` is until when her consent holds."""
        if self.meets_on < today:
            return "past"
        if self.meets_on > last_day:
            return "consent_ends"
        return None if self.place or self.phone else "nowhere"

    @property
    def plan(self) -> dict[str, str | None]:
        """What of it is sealed: the day stands beside it."""
        return {"at": self.meets_at, "place": self.place, "phone": self.phone}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling(Meeting):
    """What a case worker calls units together for."""

    unit_ids: frozenset[UUID]
    topics: tuple[str, ...]
    needs: tuple[str, ...]
    called: str | None = None
    excluded: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Which units may talk about which topics, as she is asked it before they are invited."""

    code: str
    """The number of the meeting that she is asked about."""
    unit_ids: frozenset[UUID]
    topics: tuple[str, ...]
    is_named: bool
    how: str | None = None
    limits_read: bool = False


def uncovered_units(document: Mapping[str, Any], unit_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return which of some units a consent does not name."""
    named = set(document.get("units") or ())
    return frozenset(unit_id for unit_id in unit_ids if str(unit_id) not in named)


def covers_topics(document: Mapping[str, Any], topics: Collection[str], *, is_named: bool) -> bool:
    """Say whether a consent names all topics, and the name if one is used."""
    named = set(document.get("fields") or ())
    return set(topics) <= named and (not is_named or CALLED_NAME in named)


def last_day(document: Mapping[str, Any], meets_on: date) -> date:
    """Return until which day the invited units can read a conference: never longer than she agreed to."""
    until, last = meets_on + timedelta(days=OPEN_DAYS), document.get("expires_on")
    return min(until, date.fromisoformat(last)) if last else until


def asked_for(topics: Sequence[str], *, is_named: bool) -> tuple[str, ...]:
    """Return what a consent to a conference names: its topics, and the name if one may be used."""
    return (*topics, *([CALLED_NAME] if is_named else []))


def names_her(full_name: str | None, *texts: str | None) -> bool:
    """Say whether her full name stands in one of some texts, with or without its accents."""
    name = fold(full_name or "").bare
    if len(name) < 2 or sum(map(len, name)) < FEWEST_SIGNS:
        return False
    for text in texts:
        words = fold(text or "").bare
        if any(words[begin : begin + len(name)] == name for begin in range(len(words) - len(name) + 1)):
            return True
    return False
