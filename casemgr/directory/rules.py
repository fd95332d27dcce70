"""What may be said of a unit in the directory, whether it is open at a moment, and how it suits a need."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from casemgr.text.names import fold, rank_folded


class Availability(StrEnum):
    """Whether a unit takes people; the values are the codes of list `availability`."""

    OPEN = "mo"
    FULL = "day"
    CLOSED = "dong"


FREE = "mien_phi"
"""Code of list `service_cost` for what costs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """On which days of the week a unit is open, 0 for Monday, and at which hours; without them all day."""

    weekdays: str = "0123456"
    opens: str | None = None
    closes: str | None = None

    def include(self, moment: datetime) -> bool:
        """Say whether a moment of the local clock lies within the hours."""
        clock = f"{moment:%H:%M}"
        if not self.opens or not self.closes:
            return self._is_day(moment)
        if self.opens <= self.closes:
            return self._is_day(moment) and self.opens <= clock < self.closes
        # A night belongs to the day on which it began.
        began = moment if clock >= self.opens else moment - timedelta(days=1)
        return self._is_day(began) and (clock >= self.opens or clock < self.closes)

    def _is_day(self, moment: datetime) -> bool:
        return str(moment.weekday()) in self.weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for in the directory; empty means anything."""

    text: str = ""
    service: str = ""
    commune: str = ""
    access: str = ""
    language: str = ""
    open_now: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether anything is looked for."""
        named = (self.text, self.service, self.commune, self.access, self.language)
        return any(named) or self.open_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a person must find at a unit to be able to use it: kinds of access and languages, in codes."""

    access: frozenset[str] = field(default_factory=frozenset)
    languages: frozenset[str] = field(default_factory=frozenset)


def availability_on(availability: str, closed_until: date | None, today: date) -> Availability:
    """Return whether a unit takes people on a day: a closure that has passed has ended by itself."""
    if availability != Availability.OPEN and closed_until is not None and closed_until < today:
        return Availability.OPEN
    return Availability(availability)


def fits_text(text: str, *said: str) -> bool:
    """Say whether words fit what is said of a unit; marks and one slip are forgiven."""
    query = fold(text)
    return not text.strip() or any(rank_folded(query, fold(one)) is not None for one in said if one)


def missing(need: Need, access: Collection[str], languages: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return which needs a unit is not known to meet, each as list and code: access first, then languages."""
    return (
        *(("access_help", code) for code in sorted(need.access - set(access))),
        *(("language", code) for code in sorted(need.languages - set(languages))),
    )
