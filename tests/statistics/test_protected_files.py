"""`casemgr statistics protect`: files in, files out, judged by attackers that are no part of the product."""

import csv
import json
from itertools import product

import highspy
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemgr.cli.protecting import protect
from casemgr.cli.words import speak
from tests.statistics.enumerator import Enumerator
from tests.statistics.sdc import rows_of

SLOW = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck), derandomize=True)
COUNTS = st.one_of(st.integers(0, 2), st.integers(0, 9))


REST = '},\n"tables": [["a"]], "threshold": 5}'
CIRCLE = '{"dimensions": {"a": {"total": "T",\n"parents": {"x": "y",\n"y": "x"}}' + REST
TWO_PARENTS = '{"dimensions": {"a": {"total": "T",\n"parents": {"x": "y",\n"x": "z"}}' + REST


@pytest.fixture(autouse=True)
def english():
    speak("en")
    yield
    speak("vi")


def run(folder, spec, rows, *more):
    """Run the command on a specification and counts; returns its result and what it wrote."""
    (folder / "spec.json").write_text(json.dumps(spec, indent=1), encoding="utf-8")
    names = list(spec["dimensions"])
    with (folder / "counts.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*names, "count"])
        writer.writerows(rows)
    return run_files(folder, *more)


def run_files(folder, *more):
    output = folder / "protected.csv"
    output.unlink(missing_ok=True)
    arguments = ["--spec", folder / "spec.json", "--input", folder / "counts.csv", "--output", output]
    result = CliRunner().invoke(protect, [str(one) for one in (*arguments, *more)], standalone_mode=False)
    assert result.exception is None, result.exception
    return result, read(output) if output.exists() else None


def read(path):
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def spec_of(dimensions, tables, **options):
    return {
        "dimensions": {name: {"total": "Total", "parents": parents} for name, parents in dimensions.items()},
        "tables": tables,
        "threshold": 3,
        "zeros": "hideable",
        "insider": False,
        **options,
    }


def flat(*codes):
    return dict.fromkeys(codes, "Total")


def leaves_of(spec, name):
    parents = spec["dimensions"][name]["parents"]
    return [code for code in parents if code not in parents.values()]


def under(spec, name, code):
    """Return the finest codes that a code counts, by walking the tree of the specification."""
    parents = spec["dimensions"][name]["parents"]
    found = []
    for leaf in leaves_of(spec, name):
        at = leaf
        while at not in (code, "Total"):
            at = parents[at]
        if at == code:
            found.append(leaf)
    return found


class Referee:
    """Reads a protected file as anybody could, with the counts at hand to judge."""

    def __init__(self, spec, rows, written):
        self.names = list(spec["dimensions"])
        self.atoms = list(product(*(leaves_of(spec, name) for name in self.names)))
        counts = dict.fromkeys(self.atoms, 0)
        for *codes, count in rows:
            counts[tuple(codes)] += count
        self.cells, self.truth = {}, {}
        for row in written:
            key = tuple(row[name] for name in self.names)
            inside = {name: set(under(spec, name, code)) for name, code in zip(self.names, key, strict=True)}
            members = frozenset(
                atom
                for atom in self.atoms
                if all(code in inside[name] for name, code in zip(self.names, atom, strict=True))
            )
            value = int(row["value"]) if row["value"] else None
            assert (value is None) == (row["status"] == "suppressed")
            assert self.cells.setdefault(key, (members, value)) == (members, value)
            self.truth[key] = sum(counts[atom] for atom in members)
            assert value in (None, self.truth[key])

    def hidden(self):
        return {key for key, (_, value) in self.cells.items() if value is None}

    def small(self, threshold):
        return [key for key, count in self.truth.items() if 0 < count < threshold]

    def enumerated(self, threshold):
        """Return the small cells that a search through whole-number tables narrows."""
        most = max(self.truth.values(), default=0) + 2 * threshold
        seeker = Enumerator(self.atoms, list(self.cells.values()), most)
        return [
            key
            for key in self.small(threshold)
            if not (
                seeker.can_be_zero(self.cells[key][0]) and seeker.can_reach(self.cells[key][0], threshold)
            )
        ]

    def solved(self, key, private=None, floor=0):
        """Return the least and greatest value of a cell, by a linear program over the finest codes."""
        highs = highspy.Highs()
        highs.silent()
        highs.setOptionValue("threads", 1)
        count = len(self.atoms)
        place = {atom: at for at, atom in enumerate(self.atoms)}
        highs.addVars(count, np.zeros(count), np.full(count, 1e5))
        for other, (members, value) in self.cells.items():
            known = self.truth[other] if other == private else value
            low, high = (floor, 1e6) if known is None else (known, known)
            index = np.array([place[atom] for atom in members], dtype=np.int32)
            highs.addRow(low, high, len(index), index, np.ones(len(index)))
        found = []
        for sign in (1.0, -1.0):
            cost = np.array([sign * (atom in self.cells[key][0]) for atom in self.atoms])
            highs.changeColsCost(count, np.arange(count, dtype=np.int32), cost)
            highs.run()
            assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
            found.append(sign * highs.getObjectiveValue())
        return found


@SLOW
@given(st.lists(COUNTS, min_size=9, max_size=9), st.booleans())
def test_no_small_cell_of_an_unbalanced_tree_crossed_with_another_can_be_worked_out(
    tmp_path_factory, numbers, insider
):
    tree = {"n": "Total", "n1": "n", "n2": "n", "s": "Total"}
    spec = spec_of({"place": tree, "kind": flat("x", "y", "z")}, [["place", "kind"]], insider=insider)
    rows = [(*codes, count) for codes, count in zip(product(("n1", "n2", "s"), "xyz"), numbers, strict=True)]
    _, written = run(tmp_path_factory.mktemp("tree"), spec, rows)
    assert Referee(spec, rows, written).enumerated(3) == []


@SLOW
@given(st.lists(COUNTS, min_size=8, max_size=8))
def test_no_small_cell_of_tables_linked_in_a_ring_can_be_worked_out(tmp_path_factory, numbers):
    dimensions = {"a": flat("1", "2"), "b": flat("x", "y"), "c": flat("p", "q")}
    spec = spec_of(dimensions, [["a", "b"], ["b", "c"], ["a", "c"]])
    rows = [(*codes, count) for codes, count in zip(product("12", "xy", "pq"), numbers, strict=True)]
    _, written = run(tmp_path_factory.mktemp("ring"), spec, rows)
    referee = Referee(spec, rows, written)
    assert set(referee.small(3)) <= referee.hidden()
    for key in referee.small(3):
        least, greatest = referee.solved(key)
        assert (least, greatest) == (pytest.approx(0, abs=1e-6), greatest)
        assert greatest >= 3 - 1e-6


@SLOW
@given(st.lists(COUNTS, min_size=9, max_size=9))
def test_a_single_person_of_a_hidden_cell_cannot_work_out_a_neighbour(tmp_path_factory, numbers):
    spec = spec_of({"a": flat("1", "2", "3"), "b": flat("x", "y", "z")}, [["a", "b"]], insider=True)
    rows = [(*codes, count) for codes, count in zip(product("123", "xyz"), numbers, strict=True)]
    _, written = run(tmp_path_factory.mktemp("insider"), spec, rows)
    referee = Referee(spec, rows, written)
    alone = [key for key in referee.hidden() if referee.truth[key] == 1]
    for person, key in product(alone, referee.small(3)):
        if person != key and sum(one != other for one, other in zip(person, key, strict=True)) == 1:
            least, greatest = referee.solved(key, private=person)
            assert greatest - least >= 1 - 1e-6


@SLOW
@given(st.lists(st.integers(0, 9), min_size=9, max_size=9))
def test_where_zeros_are_shown_a_hidden_cell_may_be_one_or_the_threshold_or_the_tables_are_refused(
    tmp_path_factory, numbers
):
    spec = spec_of({"a": flat("1", "2", "3"), "b": flat("x", "y", "z")}, [["a", "b"]], zeros="shown")
    rows = [(*codes, count) for codes, count in zip(product("123", "xyz"), numbers, strict=True)]
    result, written = run(tmp_path_factory.mktemp("zeros"), spec, rows)
    if written is None:
        assert result.return_value == 3
        assert "Collapse codes of" in result.output
        return
    referee = Referee(spec, rows, written)
    assert not [key for key in referee.hidden() if referee.truth[key] == 0]
    for key in referee.small(3):
        least, greatest = referee.solved(key, floor=1)
        assert least <= 1 + 1e-6
        assert greatest >= 3 - 1e-6


def test_zeros_that_are_to_be_suppressed_are_hidden_and_may_be_many(tmp_path):
    spec = spec_of({"a": flat("1", "2", "3"), "b": flat("x", "y", "z")}, [["a", "b"]], zeros="suppressed")
    rows = [("1", "x", 9), ("2", "y", 8), ("3", "z", 7), ("1", "y", 2), ("2", "x", 5)]
    _, written = run(tmp_path, spec, rows)
    referee = Referee(spec, rows, written)
    assert {key for key, count in referee.truth.items() if count < 3} <= referee.hidden()


def link_pack(seed, **options):
    rows = rows_of(f"gbv_synth_n200_seed{seed}.csv")
    names = ["hamlet", "type", "sex", "age"]
    dimensions = {name: flat(*sorted({row[name] for row in rows})) for name in names}
    dimensions["hamlet"] = flat(*(f"H{number:02}" for number in range(1, 21)))
    tables = [["hamlet", "type"], ["hamlet", "sex"], ["hamlet", "age"], ["type", "sex", "age"]]
    spec = spec_of(dimensions, tables, threshold=5, **options)
    return spec, [(*(row[name] for name in names), 1) for row in rows]


def test_the_linked_pack_reaches_the_proved_optimum(tmp_path):
    result, written = run(tmp_path, *link_pack(1))
    hidden = {tuple(row.values())[1:5] for row in written if row["status"] == "suppressed"}
    assert len(hidden) == 222
    assert "cells=406 hidden=222 primary=193 complementary=29 result=proved optimal" in result.output


def test_a_cell_has_one_status_in_every_table_and_every_margin_is_there(tmp_path):
    tree = {"n": "Total", "n1": "n", "s": "Total", "nobody": "Total"}
    spec = spec_of({"place": tree, "kind": flat("x", "y")}, [["place", "kind"], ["place"], []])
    rows = [("n1", "x", 4), ("n1", "y", 9), ("s", "x", 12), ("n1", "x", 3)]
    _, written = run(tmp_path, spec, rows)
    assert len(written) == 5 * 3 + 5 + 1
    assert [row for row in written if row["table"] == "2"] == [
        {"table": "2", "place": "Total", "kind": "Total", "value": "28", "status": "published"}
    ]
    assert {(row["place"], row["kind"]) for row in written} >= {("nobody", "x"), ("n", "Total")}
    Referee(spec, rows, written)


def test_a_code_that_only_the_counts_know_hangs_under_the_total(tmp_path):
    spec = spec_of({"place": flat("a")}, [["place"]])
    _, written = run(tmp_path, spec, [("a", 9), ("b", 8)])
    assert [row["value"] for row in written] == ["17", "9", "8"]


def test_what_an_earlier_release_showed_stays_shown_and_what_it_hid_stays_hidden(tmp_path):
    dimensions = {"a": flat("1", "2", "3"), "b": flat("x", "y", "z")}
    rows = [("1", "x", 1), ("1", "y", 8), ("2", "y", 9), ("2", "z", 4), ("3", "x", 6), ("3", "z", 7)]
    first = spec_of(dimensions, [["a"], ["b"]], threshold=8)
    _, before = run(tmp_path, first, rows)
    assert {row["status"] for row in before} == {"published", "suppressed"}
    (tmp_path / "protected.csv").rename(tmp_path / "earlier.csv")
    second = spec_of(dimensions, [["a", "b"]])
    _, after = run(tmp_path, second, rows, "--prior", tmp_path / "earlier.csv")
    now = {(row["a"], row["b"]): row["value"] for row in after}
    assert all(now[row["a"], row["b"]] == row["value"] for row in before)
    assert Referee(second, rows, [*after, *before]).enumerated(3) == []


def test_a_figure_that_differs_from_the_earlier_release_is_refused_with_its_line(tmp_path):
    spec = spec_of({"a": flat("1", "2")}, [["a"]])
    run(tmp_path, spec, [("1", 9), ("2", 9)])
    (tmp_path / "protected.csv").rename(tmp_path / "earlier.csv")
    result, written = run(tmp_path, spec, [("1", 9), ("2", 12)], "--prior", tmp_path / "earlier.csv")
    assert (result.return_value, written) == (2, None)
    assert "earlier.csv, line 2" in result.output


@pytest.mark.parametrize(
    ("counts", "line", "what"),
    [
        ("a,count\n1,2\n1,-2\n", 3, "not a whole number"),
        ("a,count\n1,2\n1,2.5\n", 3, "not a whole number"),
        ("a,count\n1,2\nTotal,2\n", 3, "is a group"),
        ("a,count\n1,2,3\n", 2, "has 3 fields, needs 2"),
        ("b,count\n1,2\n", 1, "column “a” is missing"),
        ("a,count\n,2\n", 2, "is empty"),
        ("", 1, "the file is empty"),
    ],
)
def test_counts_that_cannot_be_read_are_refused_with_the_line(tmp_path, counts, line, what):
    (tmp_path / "spec.json").write_text(json.dumps(spec_of({"a": flat("1")}, [["a"]])), encoding="utf-8")
    (tmp_path / "counts.csv").write_text(counts, encoding="utf-8")
    result, written = run_files(tmp_path)
    assert (result.return_value, written) == (2, None)
    assert f"counts.csv, line {line}:" in result.output
    assert what in result.output


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('{"dimensions":\n{"a": {"total": "T"}}, "tables": [["a"]],\n"treshold": 5}', 1, "threshold"),
        ('{"dimensions":\n{"a": {"total": "T"}}, "tables": [["b"]],\n"threshold": 5}', 2, "no dimension “b”"),
        (CIRCLE, 2, "below itself"),
        (TWO_PARENTS, 3, "twice"),
        ('{"dimensions": {\n', 2, "not valid JSON"),
    ],
)  # fmt: skip
def test_a_specification_that_cannot_be_read_is_refused_with_the_line(tmp_path, text, line, what):
    (tmp_path / "spec.json").write_text(text, encoding="utf-8")
    (tmp_path / "counts.csv").write_text("a,count\nx,3\n", encoding="utf-8")
    result, written = run_files(tmp_path)
    assert (result.return_value, written) == (2, None)
    assert f"spec.json, line {line}:" in result.output
    assert what in result.output


def test_a_figure_shown_before_that_is_small_now_is_refused_and_nothing_is_written(tmp_path):
    rows = [("1", 4), ("2", 9)]
    run(tmp_path, spec_of({"a": flat("1", "2")}, [["a"]]), rows)
    (tmp_path / "protected.csv").rename(tmp_path / "earlier.csv")
    stricter = spec_of({"a": flat("1", "2")}, [["a"]], threshold=5)
    result, written = run(tmp_path, stricter, rows, "--prior", tmp_path / "earlier.csv")
    assert (result.return_value, written) == (3, None)
    assert "Collapse codes of: a" in result.output


def test_no_time_at_all_hides_more_and_never_less(tmp_path):
    result, written = run(tmp_path, *link_pack(1), "--time-limit", "0.1")
    hidden = {tuple(row.values())[1:5] for row in written if row["status"] == "suppressed"}
    assert len(hidden) >= 222
    assert "proved optimal" not in result.output


def test_the_explanation_gives_reasons_and_intervals(tmp_path):
    spec = spec_of({"a": flat("1", "2", "3")}, [["a"]])
    run(tmp_path, spec, [("1", 2), ("2", 5), ("3", 9)], "--explain", tmp_path / "explain.csv")
    rows = read(tmp_path / "explain.csv")
    told = {row["a"]: (row["reason"], row["least"], row["greatest"], row["bounds"]) for row in rows}
    assert told["1"] == ("primary", "0", "7", "exact")
    assert told["2"] == ("complementary", "0", "7", "exact")
    assert told["3"] == ("", "9", "9", "exact")
