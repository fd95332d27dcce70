"""The fewest: which cells to hide so that no small cell can be worked out, within the time allowed.

A search finds an answer that is safe and proves it by witnesses; an integer program then looks for the best
answer and proves it. When time ends the best safe answer so far is taken, and when there was not even time
for one, everything about which there is a choice is hidden: less is said, never less is protected.
"""

from casemgr.statistics.disclosure.cells import CannotProtect
from casemgr.statistics.disclosure.optimum import Optimum
from casemgr.statistics.disclosure.problem import OutOfTime, Problem, Stopwatch, Suppression
from casemgr.statistics.disclosure.search import Search

SECONDS = 30.0
MOST_PROVED = 4_000
LEAST_GATHERED, MOST_GATHERED = 1_500, 5_000
SEARCHING, THINNING = 0.5, 0.2
TOO_LATE = "the time allowed was over before a safe version was found"


def hide_fewest(problem: Problem, clock: Stopwatch | None = None) -> Suppression:
    """Return which cells to hide; raises CannotProtect where even hiding all is not enough."""
    clock = clock or Stopwatch(SECONDS)
    try:
        search = _search(problem, clock)
    except OutOfTime:
        return _hide_all(problem)
    is_provable = int(problem.open.sum()) <= MOST_PROVED
    search.use(clock.part(THINNING if is_provable else 1.0))
    search.thin_out()
    search.use(clock)
    if not is_provable:
        return search.result("heuristic")
    return Optimum(problem, search, clock).run()


def _search(problem: Problem, clock: Stopwatch) -> Search:
    """Return the better of two safe answers; small problems need only one, large ones have time for one."""
    search = Search(problem, clock.part(SEARCHING))
    search.complete()
    if not LEAST_GATHERED <= len(problem.values) <= MOST_GATHERED:
        return search
    other = Search(problem, clock.part(SEARCHING))
    try:
        other.complete(together=True)
    except (OutOfTime, CannotProtect):
        return search
    return min(search, other, key=lambda one: float(problem.costs[one.hidden].sum()))


def _hide_all(problem: Problem) -> Suppression:
    """Hide everything; where some figures must stay shown that alone proves nothing, so it is refused."""
    if problem.shown.any():
        raise CannotProtect(TOO_LATE)
    return Suppression(hidden=~problem.shown, proof="coarse", cost=float(problem.costs[problem.open].sum()))
