"""Generated tables, protected, then attacked by an enumerator that is no part of the product."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemgr.statistics.disclosure.linkage import Release
from casemgr.statistics.disclosure.protect import Rules, protect
from tests.statistics.enumerator import Enumerator, grid
from tests.statistics.sdc import FIRST_HALF, SECOND_HALF, YEAR, LeafCounter, flat, table

THRESHOLD = 3
COUNTS = st.one_of(st.integers(0, 2), st.integers(0, 9))
SLOW = settings(
    deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def attack(tables, names, axes, by_period):
    """Break every small printed cell if whole numbers allow it; returns what was broken."""
    periods = list(by_period)
    atoms = [(period, *codes) for period in periods for codes in grid(*axes)]

    def members(one, codes):
        wanted = {d.name: c for d, c in zip(one.spec.dimensions, codes, strict=True) if c != "Total"}
        return [
            atom
            for atom in atoms
            if one.period.covers(atom[0])
            and all(atom[1 + names.index(name)] == code for name, code in wanted.items())
        ]

    def truth(inside):
        return sum(by_period[atom[0]][atom[1:]] for atom in inside)

    printed = [(members(one, row.codes), row.value) for one in tables for row in one.rows]
    assert all(value is None or value == truth(inside) for inside, value in printed)
    most = max(truth(inside) for inside, _ in printed) + 2 * THRESHOLD
    enumerator = Enumerator(atoms, printed, most)
    small = [inside for inside, _ in printed if 0 < truth(inside) < THRESHOLD]
    return [
        inside
        for inside in small
        if not (enumerator.can_be_zero(inside) and enumerator.can_reach(inside, THRESHOLD))
    ]


@SLOW
@given(st.lists(COUNTS, min_size=9, max_size=9), st.booleans())
def test_no_small_cell_of_a_crossed_table_can_be_worked_out(numbers, insider):
    names, axes = ["a", "b"], [("1", "2", "3"), ("x", "y", "z")]
    counts = dict(zip(grid(*axes), numbers, strict=True))
    spec = table("t", flat("a", *axes[0]), flat("b", *axes[1]))
    done = protect(
        [spec], YEAR, LeafCounter(names, {YEAR: counts}), rules=Rules(threshold=THRESHOLD, insider=insider)
    )
    assert attack(done.tables, names, axes, {YEAR: counts}) == []


@SLOW
@given(st.lists(COUNTS, min_size=8, max_size=8))
def test_no_small_cell_of_three_linked_tables_can_be_worked_out(numbers):
    names, axes = ["a", "b", "c"], [("1", "2"), ("x", "y"), ("p", "q")]
    counts = dict(zip(grid(*axes), numbers, strict=True))
    dims = {name: flat(name, *axis) for name, axis in zip(names, axes, strict=True)}
    plan = [table(pair, dims[pair[0]], dims[pair[1]]) for pair in ("ab", "bc", "ac")]
    done = protect(plan, YEAR, LeafCounter(names, {YEAR: counts}), rules=Rules(threshold=THRESHOLD))
    assert attack(done.tables, names, axes, {YEAR: counts}) == []


@SLOW
@given(
    st.lists(COUNTS, min_size=8, max_size=8),
    st.permutations((FIRST_HALF, SECOND_HALF, YEAR)),
    st.integers(2, 3),
)
def test_no_small_cell_of_several_releases_can_be_worked_out(numbers, order, how_many):
    names, axes = ["a", "b"], [("1", "2"), ("x", "y")]
    cells = grid(*axes)
    by_period = {
        FIRST_HALF: dict(zip(cells, numbers[:4], strict=True)),
        SECOND_HALF: dict(zip(cells, numbers[4:], strict=True)),
    }
    counter, released = LeafCounter(names, by_period), []
    spec = table("t", flat("a", *axes[0]), flat("b", *axes[1]))
    for period in order[:how_many]:
        earlier = [Release(table=one) for one in released]
        released += protect([spec], period, counter, rules=Rules(threshold=THRESHOLD), earlier=earlier).tables
    assert attack(released, names, axes, by_period) == []
