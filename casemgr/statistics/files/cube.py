"""All cells of all tables with margins at every level, each once, and every equation between them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from casemgr.statistics.disclosure.cells import CannotProtect, Relation
from casemgr.statistics.disclosure.cliques import split
from casemgr.statistics.files.counts import Counts
from casemgr.statistics.files.specification import Tree

MOST_CELLS = 2_000_000
MOST_JOINT = 20_000

Ids = NDArray[np.int64]


class Axis:
    """The codes of one dimension by number, the total first and parents before their children."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.codes = tree.codes()
        self.number = {code: at for at, code in enumerate(self.codes)}
        below = tree.families()
        self.families = {
            self.number[parent]: np.array([self.number[child] for child in below[parent]])
            for parent in self.codes
            if parent in below
        }
        self.leaves = np.array([at for at in range(len(self.codes)) if at not in self.families])


@dataclass(slots=True)
class Cube:
    """Cells by number: their values, the cells of each table in the order of its codes, the equations."""

    axes: dict[str, Axis]
    values: list[int] = field(default_factory=list)
    tables: list[Ids] = field(default_factory=list)
    names: list[tuple[str, ...]] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    keys: dict[int, int] = field(default_factory=dict)
    printed: int = 0
    _seen: set[tuple[int, str]] = field(default_factory=set)

    def add_table(self, names: Sequence[str], counts: Counts) -> Ids:
        """Enter a table and return the numbers of its cells, one axis for each of its dimensions."""
        filled, keys = self._filled(names, counts), self._key_grid(names)
        ids = np.empty(keys.shape, dtype=np.int64)
        for place, (key, value) in enumerate(zip(keys.flat, filled.flat, strict=True)):
            known = self.keys.get(int(key))
            if known is None:
                self.keys[int(key)] = known = len(self.values)
                self.values.append(int(value))
            ids.flat[place] = known
        for at, name in enumerate(names):
            self._relate(np.moveaxis(ids, at, 0), name)
        self.tables.append(ids)
        self.names.append(tuple(names))
        self.printed = len(self.values)
        return ids

    def codes_of(self, names: Sequence[str], place: Sequence[int]) -> tuple[str, ...]:
        """Return the codes of a cell of a table, the total's where the table lacks a dimension."""
        at = dict(zip(names, place, strict=True))
        return tuple(axis.codes[at.get(name, 0)] for name, axis in self.axes.items())

    def _relate(self, ids: Ids, name: str) -> None:
        for parent, children in self.axes[name].families.items():
            totals, parts = ids[parent].ravel(), ids[children].reshape(len(children), -1).T
            for total, own in zip(totals.tolist(), parts.tolist(), strict=True):
                if (total, name) not in self._seen:
                    self._seen.add((total, name))
                    self.relations.append(Relation(total, tuple(own)))

    def _key_grid(self, names: Sequence[str]) -> Ids:
        strides, stride = {}, 1
        for name, axis in self.axes.items():
            strides[name] = stride
            stride *= len(axis.codes)
        if stride >= 2**62:
            raise CannotProtect("there are too many codes", names)
        grid = np.zeros(self._shape(names), dtype=np.int64)
        for at, name in enumerate(names):
            steps = np.arange(len(self.axes[name].codes)) * strides[name]
            grid += steps.reshape([-1 if one == at else 1 for one in range(len(names))])
        return grid

    def _shape(self, names: Sequence[str]) -> tuple[int, ...]:
        shape = tuple(len(self.axes[name].codes) for name in names)
        if math.prod(shape) + len(self.values) > MOST_CELLS:
            raise CannotProtect("there are too many cells", names)
        return shape

    def _filled(self, names: Sequence[str], counts: Counts) -> Ids:
        filled = np.zeros(self._shape(names), dtype=np.int64)
        order = list(self.axes)
        places = [order.index(name) for name in names]
        for codes, count in counts.rows.items():
            filled[tuple(self.axes[order[at]].number[codes[at]] for at in places)] += count
        for at, name in enumerate(names):
            along = np.moveaxis(filled, at, 0)
            for parent, children in reversed(list(self.axes[name].families.items())):
                along[parent] += along[children].sum(axis=0)
        return filled

    def is_ring(self) -> bool:
        """Tell whether the tables together say more than cell by cell, and few enough codes to reckon so."""
        largest = [set(one) for one in self.names if not any(set(one) < set(two) for two in self.names)]
        cliques = split(map(frozenset, largest))
        if all(any(set(clique.names) <= one for one in largest) for clique in cliques):
            return False
        return math.prod(len(axis.leaves) for axis in self.axes.values()) <= MOST_JOINT


def build(counts: Counts) -> Cube:
    """Build the cube of a specification's tables."""
    cube = Cube(axes={tree.name: Axis(tree) for tree in counts.specification.trees})
    for names in counts.specification.tables:
        cube.add_table(names, counts)
    return cube
