"""Gathering: one alternative set of counts in which as many small cells as possible move as demanded.

For systems of many thousands of cells one program a cell would take hours; a few programs over everything
that is hidden serve most cells at once.
"""

from collections.abc import Iterable

import highspy
import numpy as np
from numpy.typing import NDArray

from casemgr.statistics.disclosure.attacker import TOLERANCE
from casemgr.statistics.disclosure.cells import Levels, Mask
from casemgr.statistics.disclosure.local import Wish
from casemgr.statistics.disclosure.problem import OutOfTime, Problem, Stopwatch, Witness

Places = NDArray[np.int64]


def gather(
    problem: Problem, hidden: Mask, wishes: Iterable[Wish], price: float, clock: Stopwatch
) -> Witness | None:
    """Return an alternative that grants many of these wishes at once, or None.

    A cell that is not hidden yet may move too, at this price; granting one wish is worth one.
    """
    clock.check()
    lower, upper, gain = -problem.fall, problem.rise.copy(), np.zeros(len(hidden))
    for wish in wishes:
        gain[wish.position] = -1.0 / wish.move
        (upper if wish.move > 0 else lower)[wish.position] = wish.move
    cells = np.flatnonzero(hidden | (problem.open & (problem.values > 0)))
    toll = np.where(hidden, 0.0, price * problem.costs)[cells] / problem.threshold
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("time_limit", max(0.1, clock.left()))
    zero = np.zeros(len(cells))
    highs.passModel(
        _model(
            problem,
            cells,
            np.concatenate([np.maximum(lower[cells], -problem.most) * hidden[cells], zero]),
            np.concatenate([upper[cells], np.where(hidden, 0.0, -lower)[cells]]),
            np.concatenate([gain[cells] + toll, toll]),
        )
    )
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
        raise OutOfTime
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    both = np.array(highs.getSolution().col_value)
    moves = both[: len(cells)] - both[len(cells) :]
    whole = np.round(moves)
    moves = np.where(np.abs(moves - whole) < TOLERANCE, whole, moves)
    at = np.flatnonzero(moves)
    return Witness(dict(zip(cells[at].tolist(), moves[at].tolist(), strict=True)))


def _model(problem: Problem, cells: Places, lower: Levels, upper: Levels, cost: Levels) -> highspy.HighsLp:
    place = np.full(len(problem.values), -1)
    place[cells] = np.arange(len(cells))
    starts, index, entries = [0], [], []
    for members in problem.web.members:
        own = [
            (int(place[one]), 1.0 if at == 0 else -1.0) for at, one in enumerate(members) if place[one] >= 0
        ]
        if own:
            index += [at for at, _ in own] + [at + len(cells) for at, _ in own]
            entries += [sign for _, sign in own] + [-sign for _, sign in own]
            starts.append(len(index))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(lower), len(starts) - 1
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
    model.row_lower_ = model.row_upper_ = np.zeros(len(starts) - 1)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(index, dtype=np.int32)
    model.a_matrix_.value_ = np.array(entries)
    return model
