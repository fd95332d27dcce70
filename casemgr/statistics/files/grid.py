"""Small grids around one cell: a few codes of every dimension crossed, so that its equations close early."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from casemgr.statistics.disclosure.cells import Counts, Mask
from casemgr.statistics.files.cube import Axis, Cube, Ids

MOST_HOMES = 4


class Grid:
    """Knows in which tables a cell stands, and picks what lies around it there."""

    def __init__(self, cube: Cube) -> None:
        self.values: Counts = np.array(cube.values, dtype=np.int64)
        self.tables = cube.tables
        self.axes = [[cube.axes[name] for name in names] for names in cube.names]
        self.parents = {id(axis): _parents(axis) for axis in cube.axes.values()}
        self._homes: list[list[tuple[int, int]]] = [[] for _ in cube.values]
        for at, ids in enumerate(cube.tables):
            if not any(set(cube.names[at]) < set(other) for other in cube.names):
                for flat, number in enumerate(ids.ravel().tolist()):
                    self._homes[number].append((at, flat))

    def around(self, position: int, hidden: Mask, width: int) -> list[int]:
        """Return the cells of a grid around this one, itself first; a greater width takes more codes."""
        found = {position: None}
        for at, flat in self._homes[position][:MOST_HOMES]:
            ids = self.tables[at]
            place = np.unravel_index(flat, ids.shape)
            chosen = [
                self._codes(at, ids, [int(one) for one in place], along, hidden, width)
                for along in range(ids.ndim)
            ]
            found |= dict.fromkeys(ids[np.ix_(*chosen)].ravel().tolist())
        return list(found)

    def _codes(
        self, at: int, ids: Ids, place: Sequence[int], along: int, hidden: Mask, width: int
    ) -> list[int]:
        axis, code = self.axes[at][along], place[along]
        line = np.moveaxis(ids, along, -1)[(*place[:along], *place[along + 1 :])]
        chosen = [code, *self._down(axis, code, line, hidden, width)]
        parent = self.parents[id(axis)][code]
        if parent >= 0:
            family = axis.families[parent]
            beside = self._best(family[family != code], line, hidden, width)
            if width > 1:
                chosen.append(parent)
            for one in beside:
                chosen += [one, *self._down(axis, one, line, hidden, width)]
        return list(dict.fromkeys(chosen))

    def _down(self, axis: Axis, code: int, line: Ids, hidden: Mask, width: int) -> list[int]:
        """Return the best codes below a code, at every level down to the finest."""
        best = self._best(axis.families.get(code), line, hidden, 2 * width)
        below = max(1, width // 2)
        return [one for child in best for one in (child, *self._down(axis, child, line, hidden, below))]

    def _best(self, codes: NDArray[np.int64] | None, line: Ids, hidden: Mask, width: int) -> list[int]:
        """Return the codes whose cells are hidden already and hold most, and those that hold most of all."""
        if codes is None or not len(codes):
            return []
        cells = line[codes]
        held = self.values[cells]
        order = np.lexsort((-held, ~hidden[cells]))[:width]
        full = np.argsort(-held, kind="stable")[: width // 2]
        return list(dict.fromkeys([*codes[order].tolist(), *codes[full].tolist()]))


def _parents(axis: Axis) -> list[int]:
    up = [-1] * len(axis.codes)
    for parent, children in axis.families.items():
        for child in children.tolist():
            up[child] = parent
    return up
