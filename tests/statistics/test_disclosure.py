"""What disclosure control must refuse, keep and hide."""

from collections import Counter
from itertools import product

import pytest

from casemgr.statistics.disclosure import reading
from casemgr.statistics.disclosure.audit import Secret, audit
from casemgr.statistics.disclosure.cells import CannotProtect, Disagreement
from casemgr.statistics.disclosure.cliques import Clique
from casemgr.statistics.disclosure.coarsening import Ladder, Rung, protect_on_ladders
from casemgr.statistics.disclosure.linkage import Release
from casemgr.statistics.disclosure.protect import Reader, Rules, protect
from casemgr.statistics.disclosure.tables import Dimension, SafeRow, SafeTable, fill
from casemgr.statistics.documents import describe_secrets, describe_table, read_secrets, read_table
from tests.statistics.sdc import FIRST_HALF, SECOND_HALF, YEAR, LeafCounter, flat, table

ROW = flat("kind", "a", "b", "c")
HAMLETS, TYPES = flat("hamlet", "h1", "h2", "h3", "h4"), flat("type", "x", "y", "z")


def safe(spec, period, values):
    rows = tuple(SafeRow(codes=codes, value=values[codes]) for codes in spec.combinations())
    return SafeTable(spec=spec, period=period, rows=rows)


def two_halves():
    first = {("h1", "x"): 7, ("h1", "y"): 2, ("h2", "x"): 1, ("h2", "z"): 9, ("h3", "y"): 6, ("h4", "z"): 3}
    second = {("h1", "x"): 1, ("h1", "z"): 6, ("h2", "y"): 8, ("h3", "x"): 2, ("h3", "y"): 1, ("h4", "y"): 4}
    return LeafCounter(["hamlet", "type"], {FIRST_HALF: Counter(first), SECOND_HALF: Counter(second)})


def test_hiding_only_the_small_cell_of_a_row_is_refused():
    spec = table("row", ROW)
    row = safe(spec, YEAR, {("Total",): 49, ("a",): 14, ("b",): None, ("c",): 20})
    report = audit([row], [Secret(cell=spec.cell(("b",), YEAR), least=0, greatest=5)])
    assert report.broken == (spec.cell(("b",), YEAR),)
    assert report.intervals[spec.cell(("b",), YEAR)] == (15, 15)


def test_two_hidden_cells_whose_sum_is_small_are_refused():
    spec = table("row", ROW)
    row = safe(spec, YEAR, {("Total",): 37, ("a",): 34, ("b",): None, ("c",): None})
    secret = Secret(cell=spec.cell(("b",), YEAR), least=0, greatest=5)
    report = audit([row], [secret])
    assert not report.passed
    assert report.intervals[secret.cell] == (0, 3)


@pytest.mark.parametrize("most_atoms", [20_000, 0])
def test_three_releases_each_safe_alone_are_protected_together(most_atoms):
    spec, counter = table("t", HAMLETS, TYPES), two_halves()
    rules = Rules(threshold=5, most_atoms=most_atoms)
    released, secrets = [], []
    for period in (FIRST_HALF, SECOND_HALF, YEAR):
        done = protect([spec], period, counter, rules=rules, earlier=[Release(table=one) for one in released])
        released += done.tables
        secrets += done.secrets
    assert audit(released, secrets, most_atoms=most_atoms).passed


def test_releases_made_without_regard_to_each_other_are_broken_by_the_auditor():
    spec = table("t", HAMLETS)
    counter = LeafCounter(
        ["hamlet"],
        {
            FIRST_HALF: {("h1",): 2, ("h2",): 6, ("h3",): 9, ("h4",): 9},
            SECOND_HALF: {("h1",): 7, ("h2",): 9, ("h3",): 2, ("h4",): 6},
        },
    )
    alone = [
        protect([spec], period, counter, rules=Rules(insider=False))
        for period in (FIRST_HALF, SECOND_HALF, YEAR)
    ]
    secrets = [secret for one in alone for secret in one.secrets]
    assert all(audit(one.tables, one.secrets).passed for one in alone)
    together = audit([one.tables[0] for one in alone], secrets)
    assert together.intervals[spec.cell(("h1",), FIRST_HALF)] == (2, 2)
    assert not together.passed


def test_the_half_nobody_prints_is_protected_from_subtraction():
    spec = table("t", HAMLETS)
    counter = LeafCounter(
        ["hamlet"],
        {
            FIRST_HALF: {("h1",): 9, ("h2",): 8, ("h3",): 7, ("h4",): 12},
            SECOND_HALF: {("h1",): 2, ("h2",): 9, ("h3",): 8, ("h4",): 10},
        },
    )
    half = protect([spec], FIRST_HALF, counter)
    assert half.hidden == 0
    year = protect([spec], YEAR, counter, earlier=[Release(table=half.tables[0])])
    assert year.tables[0].value("h1") is None
    report = audit([*half.tables, *year.tables], year.secrets)
    assert report.intervals[spec.cell(("h1",), SECOND_HALF)][1] >= 5


def test_what_was_hidden_stays_hidden_and_what_was_shown_stays_shown():
    spec, counter = table("t", HAMLETS, TYPES), two_halves()
    first = protect([spec], YEAR, counter)
    again = protect([spec], YEAR, counter, earlier=[Release(table=first.tables[0])], rules=Rules(threshold=3))
    assert again.tables[0].rows == first.tables[0].rows


def test_a_figure_that_differs_from_the_released_one_is_reported_and_not_overwritten():
    spec = table("t", HAMLETS)
    counter = LeafCounter(["hamlet"], {YEAR: {("h1",): 9, ("h2",): 8, ("h3",): 7, ("h4",): 12}})
    changed = LeafCounter(["hamlet"], {YEAR: {("h1",): 10, ("h2",): 8, ("h3",): 7, ("h4",): 12}})
    released = protect([spec], YEAR, counter).tables[0]
    with pytest.raises(Disagreement) as refusal:
        protect([spec], YEAR, changed, earlier=[Release(table=released)])
    assert spec.cell(("h1",), YEAR) in refusal.value.cells


def test_figures_that_bind_a_small_cell_are_refused_with_what_to_collapse():
    spec = table("t", HAMLETS, crossings=((),))
    open_total = safe(table("all", HAMLETS, crossings=((),)), YEAR, {("Total",): 6})
    by_hamlet = safe(
        table("rest", HAMLETS, crossings=(("hamlet",),)),
        YEAR,
        {("h1",): 4, ("h2",): 2, ("h3",): 0, ("h4",): 0},
    )
    kept = LeafCounter(["hamlet", "type"], {YEAR: {("h1", "x"): 3, ("h1", "y"): 1, ("h2", "z"): 2}})
    wanted = table("cross", HAMLETS, TYPES)
    with pytest.raises(CannotProtect) as refusal:
        protect([spec, wanted], YEAR, kept, earlier=[Release(table=open_total), Release(table=by_hamlet)])
    assert "cross: hamlet" in refusal.value.collapse


def test_a_complement_that_is_never_printed_is_protected_too():
    form = flat("form", "yes", "no", unshown=frozenset({"no"}))
    spec = table("form", form)
    done = protect([spec], YEAR, LeafCounter(["form"], {YEAR: {("yes",): 18, ("no",): 2}}))
    assert done.tables[0].value("yes") is None
    assert [row.codes for row in done.tables[0].rows] == [("Total",), ("yes",)]


def test_margins_that_the_law_wants_exact_are_shown_and_the_rest_is_as_safe_as_they_allow():
    spec = table("t", TYPES, flat("sex", "f", "m"))
    counts = {("x", "f"): 2, ("x", "m"): 1, ("y", "f"): 9, ("y", "m"): 7, ("z", "f"): 8, ("z", "m"): 6}
    counter = LeafCounter(["type", "sex"], {YEAR: counts})
    done = protect(
        [spec], YEAR, counter, rules=Rules(threshold=3, mandated=lambda cell: len(cell.codes) <= 1)
    )
    shown = done.tables[0]
    assert (shown.value("x", "Total"), shown.value("Total", "f")) == (3, 19)
    assert shown.value("x", "f") is None
    assert audit(done.tables, done.secrets).passed


def test_a_reader_of_the_restricted_report_learns_nothing_more_from_the_public_one():
    spec, counter = table("t", HAMLETS, TYPES), two_halves()
    restricted = protect(
        [spec], YEAR, counter, rules=Rules(threshold=3, mandated=lambda cell: len(cell.codes) <= 1)
    )
    reader = Reader(tables=restricted.tables, secrets=restricted.secrets)
    public = protect([spec], YEAR, counter, readers=[reader])
    assert audit([*restricted.tables, *public.tables], restricted.secrets).passed


def test_an_almost_empty_unit_gets_a_coarser_table_and_the_result_says_so():
    ages = Dimension(
        name="age",
        total="Total",
        parents=(("minor", "Total"), ("0-11", "minor"), ("12-17", "minor"), ("18+", "Total")),
    )
    fine = table("t", ages, flat("sex", "f", "m"))
    ladder = Ladder(
        rungs=(
            Rung(spec=fine),
            Rung(spec=table("t", ages.coarser(["0-11", "12-17"]), flat("sex", "f", "m")), step="minors"),
            Rung(spec=table("t"), step="total"),
        )
    )
    counter = LeafCounter(["age", "sex"], {YEAR: {("0-11", "f"): 1, ("18+", "f"): 2}})
    done = protect_on_ladders([ladder], YEAR, counter)
    assert done.coarsened == ("t:minors", "t:total")
    assert [row.value for row in done.tables[0].rows] == [None]


def test_a_coarse_release_and_a_fine_release_of_the_same_population_are_linked():
    ages = Dimension(
        name="age",
        total="Total",
        parents=(
            ("minor", "Total"),
            ("0-11", "minor"),
            ("12-17", "minor"),
            ("adult", "Total"),
            ("18-40", "adult"),
            ("41+", "adult"),
        ),
    )
    coarse = table("coarse", ages.coarser(["0-11", "12-17", "18-40", "41+"]))
    counter = LeafCounter(["age"], {YEAR: {("0-11",): 2, ("12-17",): 9, ("18-40",): 14, ("41+",): 6}})
    first = protect([coarse], YEAR, counter)
    assert first.hidden == 0
    second = protect([table("fine", ages)], YEAR, counter, earlier=[Release(table=first.tables[0])])
    assert second.tables[0].value("12-17") is None
    assert audit([*first.tables, *second.tables], second.secrets).passed


def test_margins_at_every_level_equal_a_plain_recount():
    tree = Dimension(
        name="place", total="all", parents=(("n", "all"), ("s", "all"), ("n1", "n"), ("n2", "n"), ("s1", "s"))
    )
    spec = table("t", tree, TYPES)
    leaves = {codes: at * 3 % 7 for at, codes in enumerate(product(("n1", "n2", "s1"), ("x", "y", "z")))}
    under = {
        "all": {"n1", "n2", "s1"},
        "n": {"n1", "n2"},
        "s": {"s1"},
        "n1": {"n1"},
        "n2": {"n2"},
        "s1": {"s1"},
    }
    filled = fill(spec, YEAR, leaves)
    for place, kind in spec.combinations():
        kinds = {"x", "y", "z"} if kind == "Total" else {kind}
        plain = sum(count for (at, what), count in leaves.items() if at in under[place] and what in kinds)
        assert filled.values[spec.cell((place, kind), YEAR)] == plain


def test_a_protected_table_survives_the_ledger_and_back():
    done = protect([table("t", HAMLETS, TYPES)], YEAR, two_halves())
    assert read_table(describe_table(done.tables[0])) == done.tables[0]
    assert read_secrets(describe_secrets(done.secrets)) == done.secrets


def test_an_auditor_who_splits_the_cross_classification_learns_what_one_who_crosses_everything_learns(
    monkeypatch,
):
    sex, form = flat("sex", "f", "m"), flat("form", "yes", "no", unshown=frozenset({"no"}))
    plan = [table("by_type", TYPES, sex), table("by_form", form, sex), table("by_hamlet", HAMLETS)]
    codes = product(("h1", "h2", "h3", "h4"), ("x", "y", "z"), ("f", "m"), ("yes", "no"))
    halves = {FIRST_HALF: {}, SECOND_HALF: {}}
    for at, leaf in enumerate(codes):
        halves[FIRST_HALF][leaf], halves[SECOND_HALF][leaf] = at * 5 % 3, at * 7 % 4
    counter = LeafCounter(["hamlet", "type", "sex", "form"], halves)
    first = protect(plan, FIRST_HALF, counter)
    year = protect(plan, YEAR, counter, earlier=[Release(table=one) for one in first.tables])
    tables, secrets = [*first.tables, *year.tables], [*first.secrets, *year.secrets]
    split_up = audit(tables, secrets)
    monkeypatch.setattr(reading, "split", lambda _: [Clique(("form", "hamlet", "sex", "type"))])
    crossed = audit(tables, secrets)
    assert split_up.intervals == crossed.intervals
    assert (split_up.passed, crossed.passed) == (True, True)


def test_many_shown_parts_under_a_hidden_total_do_not_contradict_the_auditor():
    many = flat("hamlet", *(f"h{number}" for number in range(60)))
    spec = table("many", many)
    values = dict.fromkeys(spec.combinations(), 9) | {("Total",): None, ("h0",): None, ("h1",): None}
    secret = Secret(cell=spec.cell(("h0",), YEAR), least=0, greatest=5)
    report = audit([safe(spec, YEAR, values)], [secret])
    assert report.passed
    assert report.intervals[spec.cell(("Total",), YEAR)][0] == 58 * 9
