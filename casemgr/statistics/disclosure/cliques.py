"""Cliques: splits a joint cross-classification into smaller ones that together say exactly the same.

If no printed table crosses two classifications, they need not be crossed to know what the tables imply, as
long as the parts agree on what they share. The parts are the cliques of a triangulated graph of
classifications.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Clique:
    """Classifications crossed together; `shared` are those in common with an earlier clique."""

    names: tuple[str, ...]
    parent: int | None = None
    shared: tuple[str, ...] = ()


def split(crossed: Iterable[frozenset[str]]) -> list[Clique]:
    """Return cliques such that every given set of classifications lies within one of them."""
    sets: set[frozenset[str]] = {frozenset(), *crossed}
    graph: dict[str, set[str]] = {name: set() for one in sets for name in one}
    for one in sets:
        for first, second in combinations(sorted(one), 2):
            graph[first].add(second)
            graph[second].add(first)
    found = _maximal(_eliminated(graph)) or [frozenset()]
    return _tree(found)


def _eliminated(graph: Mapping[str, set[str]]) -> list[frozenset[str]]:
    """Eliminate the classifications one by one, least fill first, and return the set each one closes."""
    left = {name: set(near) for name, near in graph.items()}
    closed = []
    while left:

        def fill(name: str) -> tuple[int, str]:
            pairs = combinations(sorted(left[name]), 2)
            return sum(second not in left[first] for first, second in pairs), name

        name = min(left, key=fill)
        near = left.pop(name)
        closed.append(frozenset({name, *near}))
        for one in near:
            left[one] |= near - {one}
            left[one].discard(name)
    return closed


def _maximal(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    given = sorted(set(sets), key=lambda one: (-len(one), sorted(one)))
    return [one for one in given if not any(one < other for other in given)]


def _tree(found: list[frozenset[str]]) -> list[Clique]:
    """Hang each clique under the one it shares most with; agreeing pairwise is then agreeing on all."""
    order, waiting = [Clique(tuple(sorted(found[0])))], found[1:]
    while waiting:
        pairs = (
            (len(one & set(placed.names)), -at, one) for one in waiting for at, placed in enumerate(order)
        )
        _, parent, one = max(pairs, key=lambda pair: (pair[0], pair[1], sorted(pair[2])))
        shared = tuple(sorted(one & set(order[-parent].names)))
        order.append(Clique(tuple(sorted(one)), -parent, shared))
        waiting.remove(one)
    return order
