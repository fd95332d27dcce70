"""The stage of the story: who acts, where, and an agenda of acts that are played in the order of time."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import UUID

from casemgr import clock, db
from casemgr.accounts.queries import list_accounts
from casemgr.db import Database
from casemgr.demo.chance import Chance
from casemgr.demo.names import Names
from casemgr.keys.service import Keyring
from casemgr.policy import Actor
from casemgr.units.queries import get_own_unit, list_hamlets

Act = Callable[[], object]
_FIRST_MINUTE, _LAST_MINUTE = 7 * 60 + 30, 17 * 60
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays, by sign-in name, and the hamlets that their commune has."""

    actors: dict[str, Actor]
    hamlets: dict[UUID, tuple[str, ...]]

    def __getitem__(self, sign_in_name: str) -> Actor:
        return self.actors[sign_in_name]


def find_cast(founder: Actor) -> Cast:
    """Return the enrolled accounts of the demonstration as those who act in it."""
    actors = {
        person.sign_in_name: Actor(account_id=person.account_id, unit_id=person.unit_id, roles=person.roles)
        for person in list_accounts(founder)
    }
    hamlets = {}
    for name in ("canbo1", "xaben.canbo"):
        commune_code = get_own_unit(actors[name]).commune_code or ""
        found = list_hamlets(actors[name], commune_code)
        hamlets[actors[name].unit_id] = tuple(str(unit.id) for unit in found)
    return Cast(actors=actors, hamlets=hamlets)


@dataclass(slots=True)
class Stage:
    """Where the story is played; what would come after the present never happens."""

    cast: Cast
    chance: Chance
    names: Names
    begin: date
    ends_at: datetime
    last_at: datetime | None = None
    case_numbers: dict[UUID, int] = field(default_factory=dict)
    _agenda: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def at(self, moment: datetime, act: Act) -> None:
        """Have something happen at a moment, or right now when the moment has passed."""
        moment = max(moment, self.last_at or moment)
        if moment <= self.ends_at:
            heapq.heappush(self._agenda, (moment, next(self._order), act))

    def after(self, days: float, act: Act) -> None:
        """Have something happen in the office hours of a working day, some days from now."""
        day = clock.today() + timedelta(days=round(days))
        self.at(self.office_moment(max(day, clock.today())), act)

    def soon(self, least_minutes: int, most_minutes: int, act: Act) -> None:
        """Have something happen some minutes from now, whatever the hour."""
        self.at(clock.now() + timedelta(minutes=self.chance.number(least_minutes, most_minutes)), act)

    def office_moment(self, day: date) -> datetime:
        """Draw a minute of the office hours of a day, or of the Monday after a weekend."""
        if day.weekday() >= _SATURDAY:
            day += timedelta(days=7 - day.weekday())
        minute = self.chance.number(_FIRST_MINUTE, _LAST_MINUTE)
        return local_moment(day) + timedelta(minutes=minute)

    def days(self) -> Iterator[date]:
        """Return every day of the story."""
        for number in range((clock.local(self.ends_at).date() - self.begin).days + 1):
            yield self.begin + timedelta(days=number)

    def play(self, database: Database, keyring: Keyring, tell: Callable[[date], None]) -> None:
        """Play the agenda, all acts of a day in one unit of work, each at its own moment."""
        while self._agenda:
            day = clock.local(self._agenda[0][0]).date()
            day_end = min(local_moment(day) + timedelta(hours=23, minutes=59), self.ends_at)
            with clock.frozen(day_end), db.work(database, keyring, write=True):
                self._play_day(day)
            tell(day)

    def _play_day(self, day: date) -> None:
        while self._agenda and clock.local(self._agenda[0][0]).date() == day:
            moment, _, act = heapq.heappop(self._agenda)
            with clock.passing(max(moment, self.last_at or moment)):
                act()
                self.last_at = clock.now()


def local_moment(day: date) -> datetime:
    """Return the first moment of a day in Viet Nam."""
    return datetime.combine(day, time.min, clock.LOCAL)
