"""Building blocks of the catalogue: dimensions out of classifications, and ladders of coarser versions."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from casemgr.codes import lists
from casemgr.facts.rules import FactKind
from casemgr.statistics.catalogue.entries import UnitTree
from casemgr.statistics.classifications import BY_NAME, NO, NOT_KNOWN, TOTAL, YES
from casemgr.statistics.disclosure.coarsening import Ladder, Rung
from casemgr.statistics.disclosure.tables import Dimension, TableSpec

LadderMaker = Callable[[UnitTree], Ladder]


def listed(kind: FactKind, name: str) -> Dimension:
    """Return a dimension whose codes all hang under the total."""
    return Dimension.flat(name, TOTAL, BY_NAME[kind][name].codes(kind))


def flag(kind: FactKind, name: str) -> Dimension:
    """Return a yes/no dimension of which the total and "yes" are printed."""
    return replace(listed(kind, name), unshown=frozenset({NO, NOT_KNOWN}))


def part(name: str) -> Dimension:
    """Return the part of all incidents that a table is about; nothing but that part is printed."""
    return replace(listed(FactKind.INCIDENT, name), unshown=frozenset({TOTAL, NO, NOT_KNOWN}))


def is_part(dimension: Dimension) -> bool:
    """Say whether a dimension only says which part of the facts a table is about."""
    return dimension.total in dimension.unshown


def only(dimension: Dimension, shown: Collection[str]) -> Dimension:
    """Return the dimension with nothing but these codes printed."""
    return replace(dimension, unshown=frozenset(dimension.codes()) - set(shown))


def types() -> Dimension:
    """Return the core types: all incidents, of them gender-based, of them sexual; the rest is not printed."""
    groups = {"rape": "sexual", "sex_assault": "sexual", "phys_assault": "gbv"}
    codes = [one.code for one in lists.get("gbvims_type") if one.code != "non_gbv"]
    parents = [("gbv", TOTAL), ("sexual", "gbv"), ("other_gbv", "gbv")]
    parents += [(code, groups.get(code, "other_gbv")) for code in codes]
    parents += [("non_gbv", TOTAL), (NOT_KNOWN, TOTAL)]
    return Dimension(
        name="gbvims_type", total=TOTAL, parents=tuple(parents), unshown=frozenset({"non_gbv", NOT_KNOWN})
    )


def ages() -> Dimension:
    """Return the age groups of GBVIMS under minors and adults."""
    parents = (
        *(("minor", TOTAL), ("a0_11", "minor"), ("a12_17", "minor")),
        *(("adult", TOTAL), ("a18_49", "adult"), ("a50_plus", "adult"), (NOT_KNOWN, TOTAL)),
    )
    return Dimension(name="age_band_gbvims", total=TOTAL, parents=parents)


def spec(name: str, kind: FactKind, unit: Dimension, *dimensions: Dimension, depth: int = 9) -> TableSpec:
    """Declare a table of one commune whose cells cross at most `depth` of its dimensions."""
    names = [dimension.name for dimension in dimensions]
    return TableSpec(
        name=name,
        measure=kind.value,
        dimensions=(unit, *dimensions),
        crossings=None if depth >= len(names) else crossings(dimensions, depth),
    )


def crossings(dimensions: Sequence[Dimension], depth: int) -> tuple[tuple[str, ...], ...]:
    """Return the sets of at most so many dimensions, each beside the part that the table is about."""
    fixed = tuple(one.name for one in dimensions if is_part(one))
    names = sorted(one.name for one in dimensions if not is_part(one))
    sets = [chosen for size in range(depth + 1) for chosen in combinations(names, size)]
    with_part = [tuple(sorted((*fixed, *chosen))) for chosen in sets]
    # What a part leaves out is computed for every crossing, so the crossing without the part is one too.
    return tuple(dict.fromkeys((*sets, *with_part)))


def crossed(name: str, kind: FactKind, build: Callable[[], tuple[Dimension, ...]]) -> LadderMaker:
    """Return the ladder of a table: all its dimensions crossed, each by itself, the total alone."""

    def ladder(unit: UnitTree) -> Ladder:
        place, dimensions = unit.dimension(), build()
        fixed = tuple(one for one in dimensions if is_part(one))
        several = len(dimensions) - len(fixed)
        rungs = [Rung(spec=spec(name, kind, place, *dimensions))]
        if several > 1:
            rungs.append(Rung(spec=spec(name, kind, place, *dimensions, depth=1), step="one_way"))
        if several > 0:
            rungs.append(Rung(spec=spec(name, kind, place, *fixed), step="no_detail"))
        return Ladder(rungs=tuple(rungs))

    return ladder


def banded(name: str, codes: Iterable[str]) -> Dimension:
    """Return a dimension of number bands."""
    return Dimension.flat(name, TOTAL, codes)


def yes_cell(dimensions: Iterable[Dimension], name: str) -> tuple[str, ...]:
    """Return the codes of the cell that says how many facts have a trait."""
    return tuple(YES if one.name == name else one.total for one in dimensions)
