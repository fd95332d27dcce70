"""The published instances whose answers are known."""

import time
from collections import Counter

import pytest

from casemgr.statistics.disclosure.audit import audit
from casemgr.statistics.disclosure.linkage import link
from casemgr.statistics.disclosure.problem import Problem, Requirement
from casemgr.statistics.disclosure.protect import Rules, protect
from casemgr.statistics.disclosure.suppress import suppress
from casemgr.statistics.disclosure.tables import Dimension
from tests.statistics.sdc import YEAR, LeafCounter, document_of, flat, link_tables, rows_of, table


def cells_of(protected):
    """Return the hidden cells of all tables, each once."""
    return {
        spec_table.spec.cell(row.codes, YEAR)
        for spec_table in protected.tables
        for row in spec_table.rows
        if row.value is None
    }


def test_the_linked_pack_hides_no_more_than_the_published_heuristic_and_resists_the_attacker():
    plan, counter = link_tables(rows_of("gbv_synth_n200_seed1.csv"))
    began = time.monotonic()
    done = protect(plan, YEAR, counter, rules=Rules(threshold=5, insider=False, costs="even"))
    report = audit(done.tables, done.secrets)
    assert done.cells == 406
    assert done.small == 193
    assert done.hidden <= 231
    assert report.passed
    weak = [one.cell for one in done.secrets if report.intervals[one.cell][1] < 5]
    exact = [cell for cell, (least, greatest) in report.intervals.items() if least == greatest]
    assert (weak, exact) == ([], [])
    assert time.monotonic() - began < 60


def test_the_linked_pack_with_the_insider_rule_leaves_no_line_where_a_single_person_can_subtract_herself():
    plan, counter = link_tables(rows_of("gbv_synth_n200_seed1.csv"))
    done = protect(plan, YEAR, counter, rules=Rules(threshold=5, insider=True, costs="even"))
    linked = link(plan, YEAR, counter)
    hidden = cells_of(done)
    for relation in linked.system.relations:
        inside = [at for at in relation.members() if linked.system.cells[at] in hidden]
        values = sorted(linked.system.values[at] for at in inside)
        assert not (
            len(inside) == 2 and values[0] <= 1 and 1 in values and 1 <= max(values) < 5 and values[0] > 0
        )
    assert done.hidden <= 255


@pytest.mark.parametrize(("threshold", "most"), [(3, 4), (4, 6), (5, 8)])
def test_the_small_norwegian_table_hides_what_the_proved_optimum_hides(threshold, most):
    rows = rows_of("ssbtools_z1.csv")
    names = ["region", "hovedint"]
    axes = [flat(name, *sorted({row[name] for row in rows})) for name in names]
    counts = Counter({tuple(row[name] for name in names): int(row["ant"]) for row in rows})
    done = protect(
        [table("z1", *axes)],
        YEAR,
        LeafCounter(names, {YEAR: counts}),
        rules=Rules(threshold=threshold, insider=False, costs="even"),
    )
    assert done.cells == 45
    assert done.hidden == most


@pytest.mark.parametrize(("threshold", "optimum"), [(3, 20), (4, 24), (5, 26)])
def test_the_norwegian_table_with_two_hierarchies_comes_within_two_cells_of_the_proved_optimum(
    threshold, optimum
):
    rows = rows_of("ssbtools_z2.csv")
    kinds = flat("hovedint", *sorted({row["hovedint"] for row in rows}))
    plan = []
    for level in ("fylke", "kostragr"):
        tops = sorted({row[level] for row in rows})
        places = dict.fromkeys((row["region"], row[level]) for row in rows)
        tree = Dimension(name="region", total="Total", parents=(*((top, "Total") for top in tops), *places))
        plan.append(table(f"z2_{level}", tree, kinds))
    counts = Counter({(row["region"], row["hovedint"]): int(row["ant"]) for row in rows})
    done = protect(
        plan,
        YEAR,
        LeafCounter(["region", "hovedint"], {YEAR: counts}),
        rules=Rules(threshold=threshold, insider=False, costs="even"),
    )
    assert done.cells == 100
    assert done.hidden <= optimum + 2


def test_a_table_that_looks_safe_by_rows_and_columns_gets_the_one_cell_it_lacks():
    problem = document_of("sdctable_4x4_problem.json")
    rows, columns = flat("row", *problem["rows"]), flat("column", *problem["cols"])
    counts = {
        (row, column): problem["inner"][at][under]
        for at, row in enumerate(problem["rows"])
        for under, column in enumerate(problem["cols"])
    }
    spec = table("4x4", rows, columns)
    linked = link([spec], YEAR, LeafCounter(["row", "column"], {YEAR: counts}))
    values = linked.system.counts()
    primary = [linked.system.position[spec.cell(tuple(codes), YEAR)] for codes in problem["primary"]]
    hidden = values < 0
    hidden[primary] = True
    required = tuple(
        Requirement(position=at, least=values[at] - 1, greatest=values[at] + 1) for at in primary
    )
    answer = suppress(
        Problem(
            values=values,
            relations=linked.system.relations,
            requirements=required,
            hidden=hidden,
            shown=values < 0,
            costs=1 + values / 10_000,
            threshold=5,
            insider=False,
        )
    )
    added = [linked.system.cells[at].codes for at in range(len(values)) if answer[at] and not hidden[at]]
    assert len(added) == 1


def test_two_hierarchies_each_safe_alone_are_protected_together():
    problem = document_of("sdctable_linked_1d.json")
    plan = []
    for name in ("hier1", "hier2"):
        pairs = tuple((child, parent) for parent, children in problem[name].items() for child in children)
        plan.append(table(name, Dimension(name="region", total="Total", parents=pairs)))
    counts = {(region,): count for region, count in zip(problem["region"], problem["n"], strict=True)}
    done = protect(
        plan,
        YEAR,
        LeafCounter(["region"], {YEAR: counts}),
        rules=Rules(threshold=4, insider=False, costs="even"),
    )
    assert {dict(cell.codes)["region"] for cell in cells_of(done)} - {"A", "B", "K", "L", "M"} == {"N"}
