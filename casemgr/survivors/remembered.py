"""Opened names, remembered for searches in thousands of records.

Nothing is found by this alone. Which records are in reach the database says anew for each search, and whoever
is found is opened anew to be shown: a right taken away and a key destroyed hold at once. What
is remembered is dropped as soon as the log tells of a changed name, and after five idle minutes.

Why at all: opening ten thousand names takes half a second, and no index of names may be stored. Data keys are
never remembered; the names lie in the memory that holds the root key anyway.
"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from threading import Lock, Timer
from time import monotonic
from uuid import UUID
from weakref import WeakKeyDictionary

from casemgr.audit.queries import Mark, follow
from casemgr.db import Keyring
from casemgr.policy import Actor
from casemgr.text.name_book import NameBook

IDLE_SECONDS = 300.0
WORTH_IT = 1_000
"""From so many names in reach on they are remembered; fewer are opened anew for each search."""
PERSON_CHANGED = "survivor:change"
CHANGING = (PERSON_CHANGED, "import:roll_back", "backup:restore", "transfer:arrive", "cells:write")
"""Acts after which a name may be another, or gone."""

OpenNames = Callable[[AbstractSet[str]], Iterable[tuple[str, str]]]


class RememberedNames:
    """The names that this process opened lately under one keyring; or, not kept, those of one search."""

    def __init__(self, *, is_kept: bool = True) -> None:
        self._is_kept = is_kept
        self._book = NameBook()
        self._mark: Mark | None = None
        self._lock = Lock()
        self._used = 0.0
        self._purge: Timer | None = None

    def __len__(self) -> int:
        return len(self._book)

    def find(self, actor: Actor, query: str, ids: AbstractSet[str], open_names: OpenNames) -> dict[str, int]:
        """Return how well a query fits the names of records in reach; those that are not known are opened."""
        with self._lock:
            if self._is_kept:
                self._catch_up(actor)
                self._used = monotonic()
                self._purge = self._purge or self._wait(IDLE_SECONDS)
            for row_id, name in open_names(self._book.missing(ids)):
                self._book.put(row_id, name)
            return self._book.find(query, ids)

    def purge(self) -> None:
        """Forget all names after five minutes in which nobody searched."""
        with self._lock:
            left = IDLE_SECONDS - (monotonic() - self._used)
            self._purge = self._wait(left) if left > 0 else None
            if self._purge is None:
                self._book = NameBook()

    def _wait(self, seconds: float) -> Timer:
        timer = Timer(seconds, self.purge)
        timer.daemon = True
        timer.start()
        return timer

    def _catch_up(self, actor: Actor) -> None:
        """Drop the names that were changed since; all of them when it is not said which."""
        self._mark, changed = follow(actor, CHANGING, self._mark)
        if changed is None:
            self._book = NameBook()
            return
        for action, row_id in changed:
            if action != PERSON_CHANGED:
                self._book = NameBook()
            for text in _texts(row_id):
                self._book.drop(text)


_REMEMBERED: WeakKeyDictionary[Keyring, RememberedNames] = WeakKeyDictionary()


def remembered_by(keyring: Keyring, count: int) -> RememberedNames:
    """Return what is remembered under a keyring, and forgotten with it; for few names nothing."""
    if count < WORTH_IT:
        return RememberedNames(is_kept=False)
    return _REMEMBERED.setdefault(keyring, RememberedNames())


def _texts(row_id: UUID | None) -> set[str]:
    """Return an id as the one engine and as the other writes it."""
    return set() if row_id is None else {row_id.hex, str(row_id)}
