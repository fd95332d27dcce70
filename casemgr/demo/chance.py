"""Chance for made-up data: seeded, so that the same day gives the same demonstration; it guards nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

SEED = 1325

Thing = TypeVar("Thing")


class Chance:
    """Draws in a fixed order; only the order in which it is asked decides what comes out."""

    def __init__(self, seed: int = SEED) -> None:
        self._random = Random(seed)

    def often(self, share: float) -> bool:
        """Say yes in a share of cases."""
        return self._random.random() < share

    def number(self, least: int, greatest: int) -> int:
        """Draw a whole number, both ends included."""
        return self._random.randint(least, greatest)

    def pick(self, things: Sequence[Thing]) -> Thing:
        """Draw one of several things."""
        return self._random.choice(things)

    def some(self, things: Sequence[Thing], least: int, greatest: int) -> list[Thing]:
        """Draw several different things, in their own order."""
        count = min(len(things), self.number(least, greatest))
        places = sorted(self._random.sample(range(len(things)), count))
        return [things[place] for place in places]

    def weighed(self, weights: Mapping[Thing, float]) -> Thing:
        """Draw one of several things, each as often as its weight says."""
        return self._random.choices(list(weights), weights=list(weights.values()))[0]

    def moment(self, first: datetime, last: datetime) -> datetime:
        """Draw a whole minute between two moments."""
        return first + timedelta(
            minutes=self._random.randint(0, max(0, int((last - first).total_seconds() // 60)))
        )

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """Return the things in another order."""
        return self._random.sample(list(things), len(things))
