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
MOST_PROVED = 20_000
SEARCHING, THINNING = 0.6, 0.35
TOO_LATE = "the time allowed was over before a safe version was found"


def hide_fewest(problem: Problem, clock: Stopwatch | None = None) -> Suppression:
    """Return which cells to hide; raises CannotProtect where even hiding all is not enough."""
    clock = clock or Stopwatch(SECONDS)
    search = Search(problem, clock.part(1.0 if problem.around else SEARCHING))
    try:
        search.complete()
    except OutOfTime:
        return _hide_all(problem)
    if problem.around:
        return search.result("heuristic")
    is_provable = int(problem.open.sum()) <= MOST_PROVED
    search.use(clock.part(THINNING if is_provable else 1.0))
    search.thin_out()
    search.use(clock)
    if not is_provable:
        return search.result("heuristic")
    return Optimum(problem, search, clock).run()


def _hide_all(problem: Problem) -> Suppression:
    """Hide everything; where some figures must stay shown that alone proves nothing, so it is refused."""
    if problem.shown.any():
        raise CannotProtect(TOO_LATE)
    return Suppression(hidden=~problem.shown, proof="coarse", cost=float(problem.costs[problem.open].sum()))
