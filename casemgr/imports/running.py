"""Runs an import from file to database: dry, or in pieces that each stay when the machine goes down."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from casemgr.db import Database, Keyring, work
from casemgr.errors import NotFound
from casemgr.imports import service
from casemgr.imports.mapping import LineMapping
from casemgr.imports.queries import Batch, find_live, list_survivors_at
from casemgr.imports.reading import LineList
from casemgr.imports.rules import Outcome, Tally, settle
from casemgr.imports.service import Terms
from casemgr.imports.translating import Translator
from casemgr.policy import Actor, Permission, require_role
from casemgr.text.names import phrase_key
from casemgr.units.queries import get_own_unit

PIECE = 500
"""Rows of one transaction: the database is held for about two seconds, what a kill loses is never more."""

Watch = Callable[[Outcome], None]
Progress = Callable[[int, int], None]
FindActor = Callable[[], Actor]
"""Gives who acts, asked anew in each unit of work: a right that was taken away ends what is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a run; imported and refused add up to the rows of the file."""

    rows: int
    tally: Tally
    imported_now: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A file with its mapping, read through once, so that a broken file is refused before its first row."""

    lines: LineList
    mapping: LineMapping
    translator: Translator
    rows: int

    @classmethod
    def prepare(cls, lines: LineList, mapping: LineMapping) -> "Job":
        """Check header and structure; raises UnusableFile."""
        return cls(lines=lines, mapping=mapping, translator=Translator(lines, mapping), rows=lines.count())

    def outcomes(self, watch: Watch) -> Iterator[Outcome]:
        """Yield what becomes of each row, and show it to a watcher."""
        for outcome in settle(self.translator.outcomes()):
            watch(outcome)
            yield outcome


def require_unit(actor: Actor, name: str) -> None:
    """Make sure that the actor imports, and into this unit: named by its id, its name or its commune's code.

    Raises `Forbidden` without the permission and `NotFound` for any other unit.
    """
    require_role(actor, Permission.IMPORT_RUN)
    unit = get_own_unit(actor)
    names = {str(unit.id), unit.commune_code}
    if name not in names and phrase_key(name) != phrase_key(unit.name):
        raise NotFound


def run_dry(job: Job, watch: Watch) -> Report:
    """Say what would become of each row; writes nothing."""
    tally = Tally()
    for outcome in job.outcomes(watch):
        tally.add(outcome)
    return Report(rows=job.rows, tally=tally, imported_now=0, state="dry_run")


def run_import(
    database: Database,
    keyring: Keyring,
    actor: Actor,
    job: Job,
    *,
    name: str,
    owner: str | None,
    watch: Watch,
    progress: Progress,
) -> Report:
    """Take in what is not in yet, piece by piece; a finished batch takes nothing."""
    terms = Terms(name=name, file_digest=job.lines.digest, mapping=job.mapping, owner=owner)
    with work(database, keyring, write=True):
        batch = service.open_batch(actor, terms)
    return take_in(database, keyring, lambda: actor, job, batch, watch=watch, progress=progress)


def take_in(
    database: Database,
    keyring: Keyring,
    find_actor: FindActor,
    job: Job,
    batch: Batch,
    *,
    watch: Watch,
    progress: Progress,
    finish: Callable[[Actor, UUID], Batch] = service.finish_batch,
) -> Report:
    """Go on with a batch that was opened, as far as it is, until `finish` closes it."""
    outcomes = job.outcomes(watch)
    first = _first_of_each(outcomes, batch.tally.position)
    with work(database, keyring, write=False):
        known = _known(find_actor(), batch, first)
    while piece := list(islice(outcomes, PIECE)):
        with work(database, keyring, write=True):
            new = service.take_rows(find_actor(), batch.id, job.mapping, piece, known)
        known |= new
        progress(piece[-1].position, job.rows)
    with work(database, keyring, write=True):
        done = finish(find_actor(), batch.id)
    imported_now = done.tally.imported - batch.tally.imported
    return Report(rows=job.rows, tally=done.tally, imported_now=imported_now, state=done.state)


def run_rollback(database: Database, keyring: Keyring, actor: Actor, name: str, progress: Progress) -> int:
    """Take a batch out by its name, and return how many files went; raises `NotFound` and Refused."""
    with work(database, keyring, write=False):
        found = find_live(actor, name)
        batch_id = found.id if found else None
    if batch_id is None:
        raise NotFound
    return take_out(database, keyring, lambda: actor, batch_id, progress)


def take_out(
    database: Database, keyring: Keyring, find_actor: FindActor, batch_id: UUID, progress: Progress
) -> int:
    """Take a batch out piece by piece, and return how many files went; raises `NotFound` and Refused."""
    with work(database, keyring, write=True):
        batch = service.start_rollback(find_actor(), batch_id)
    removed = 0
    while True:
        with work(database, keyring, write=True):
            gone = service.roll_back_some(find_actor(), batch.id, PIECE)
        if not gone:
            return removed
        removed += gone
        progress(removed, batch.tally.imported)


def _first_of_each(outcomes: Iterator[Outcome], done: int) -> dict[str, int]:
    """Pass over the rows that are in already; return where each survivor code among them came first."""
    first: dict[str, int] = {}
    for outcome in islice(outcomes, done):
        if outcome.line is not None and outcome.line.survivor_code is not None:
            first.setdefault(outcome.line.survivor_code, outcome.position)
    return first


def _known(actor: Actor, batch: Batch, first: dict[str, int]) -> dict[str, UUID]:
    positions: Sequence[int] = list(first.values())
    at = list_survivors_at(actor, batch.id, positions)
    return {code: at[position] for code, position in first.items() if position in at}
