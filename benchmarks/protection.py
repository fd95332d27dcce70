"""Measures the protection of files of counts: `python -m benchmarks.protection [--seconds S] [NAME …]`.

Each instance is protected as `casemgr statistics protect` does it, and an attacker of this module's own reads
the file and tries every small cell (a sample of them in large instances). Known best answers stand beside.
"""

import argparse
import csv
import io
import json
import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import highspy
import numpy as np

from casemgr.statistics.disclosure.cells import CannotProtect
from casemgr.statistics.files.counts import read_counts
from casemgr.statistics.files.protecting import protect_counts
from casemgr.statistics.files.specification import read_specification

MOST_ATTACKED = 300
NEAR = 1e-6
Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Counts by finest codes, their trees (code → parent) and tables; `best` is the fewest cells known."""

    name: str
    trees: Mapping[str, Mapping[str, str]]
    tables: Sequence[Sequence[str]]
    counts: Mapping[Codes, int]
    threshold: int = 5
    insider: bool = False
    best: str = ""

    def specification(self) -> str:
        """Return the specification as the command reads it."""
        dimensions = {name: {"total": "Total", "parents": dict(tree)} for name, tree in self.trees.items()}
        rules = {"threshold": self.threshold, "insider": self.insider, "zeros": "hideable"}
        return json.dumps({"dimensions": dimensions, "tables": [list(one) for one in self.tables], **rules})

    def file(self) -> str:
        """Return the counts as the command reads them."""
        lines = (",".join([*codes, str(count)]) for codes, count in self.counts.items())
        return "\n".join([",".join([*self.trees, "count"]), *lines]) + "\n"


def grown(*fans: int) -> dict[str, str]:
    """Return a tree: so many codes under the total, so many under each of them, and so on."""
    parents: dict[str, str] = {}
    level = ["Total"]
    for fan in fans:
        below = [(f"{parent}.{at}".removeprefix("Total."), parent) for parent in level for at in range(fan)]
        parents |= dict(below)
        level = [code for code, _ in below]
    return parents


def invented(name: str, fans: Sequence[Sequence[int]], people: int, tables: Sequence[str] = ()) -> Instance:
    """Return an instance of so many invented people, spread unevenly; each table is a word of letters."""
    chance = np.random.default_rng(7)
    trees = {letter: grown(*fan) for letter, fan in zip("abcd", fans, strict=False)}
    columns = []
    for tree in trees.values():
        leaves = [code for code in tree if code not in tree.values()]
        shares = chance.gamma(0.7, 1.0, len(leaves))
        columns.append(chance.choice(leaves, size=people, p=shares / shares.sum()))
    counts = Counter(tuple(map(str, row)) for row in zip(*columns, strict=True))
    return Instance(
        name=name, trees=trees, tables=[list(one) for one in tables or ["abcd"[: len(fans)]]], counts=counts
    )


def published() -> Iterator[Instance]:
    """Yield the published instances, where they are beside this checkout."""
    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ.get("CASEMGR_TEST_SHARED", root.parent / "shared")) / "data" / "sdc"
    if not folder.is_dir():
        print("The published instances are not beside this checkout: left out.")
        return
    rows = _rows(folder / "gbv_synth_n200_seed1.csv")
    names = ["hamlet", "type", "sex", "age"]
    trees = {name: dict.fromkeys(sorted({row[name] for row in rows}), "Total") for name in names}
    trees["hamlet"] = {f"H{number:02}": "Total" for number in range(1, 21)}
    counts = Counter(tuple(row[name] for name in names) for row in rows)
    linked = [["hamlet", "type"], ["hamlet", "sex"], ["hamlet", "age"], names[1:]]
    for threshold, insider, best in (
        (5, False, "222"),
        (3, False, "178"),
        (5, True, "238"),
        (3, True, "196"),
    ):
        title = f"LINK k={threshold}{' insider' if insider else ''}"
        yield Instance(
            name=title,
            trees=trees,
            tables=linked,
            counts=counts,
            threshold=threshold,
            insider=insider,
            best=best,
        )
    yield Instance(name="FULL k=5", trees=trees, tables=[names], counts=counts, best="660")
    yield from _norwegian(folder)


def _norwegian(folder: Path) -> Iterator[Instance]:
    rows = _rows(folder / "ssbtools_z1.csv")
    names = ["region", "hovedint"]
    trees = {name: dict.fromkeys(sorted({row[name] for row in rows}), "Total") for name in names}
    counts = Counter({tuple(row[name] for name in names): int(row["ant"]) for row in rows})
    for threshold, best in ((3, "4"), (4, "6"), (5, "8")):
        yield Instance(
            name=f"z1 k={threshold}",
            trees=trees,
            tables=[names],
            counts=counts,
            threshold=threshold,
            best=best,
        )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


GENERATED: tuple[Callable[[], Instance], ...] = (
    lambda: invented("flat 10²", [(10,), (9,)], 500),
    lambda: invented("flat 10³", [(30,), (30,)], 6_000),
    lambda: invented("two trees 10³", [(4, 5), (6, 4)], 8_000),
    lambda: invented("two trees 3·10³", [(5, 10), (6, 9)], 25_000),
    lambda: invented("three linked 6·10³", [(8, 12), (5, 4), (12,), (6,)], 20_000, ["ab", "ac", "bcd"]),
    lambda: invented("three dimensions 10⁴", [(6, 6), (12,), (4, 3)], 40_000),
    lambda: invented("two trees 10⁴", [(10, 10), (9, 10)], 60_000),
    lambda: invented("two trees 10⁵", [(15, 25), (12, 20)], 600_000),
)


class Attacker:
    """Reads a protected file and stretches small cells; shares no code with the product."""

    def __init__(self, instance: Instance, file: str) -> None:
        self.trees = instance.trees
        self.cells: dict[Codes, int | None] = {}
        self.tables: dict[str, list[Codes]] = {}
        for row in csv.DictReader(io.StringIO(file)):
            key = tuple(row[name] for name in self.trees)
            self.cells[key] = int(row["value"]) if row["value"] else None
            self.tables.setdefault(row["table"], []).append(key)
        self.number = {
            key: at for at, key in enumerate(key for key, value in self.cells.items() if value is None)
        }
        self._highs = highspy.Highs()
        self._highs.silent()
        self._highs.setOptionValue("threads", 1)
        self._highs.addVars(len(self.number), np.zeros(len(self.number)), np.full(len(self.number), 1e7))
        for keys in self.tables.values():
            self._add_up(keys)

    def interval(self, key: Codes) -> tuple[float, float]:
        """Return the least and the greatest value that a hidden cell can have."""
        at, found = self.number[key], []
        for sign in (1.0, -1.0):
            self._highs.changeColCost(at, sign)
            self._highs.run()
            if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                raise ArithmeticError(f"the attacker's solver stopped with {self._highs.getModelStatus()}")
            found.append(float(self._highs.getSolution().col_value[at]))
        self._highs.changeColCost(at, 0.0)
        return found[0], found[1]

    def _add_up(self, keys: Sequence[Codes]) -> None:
        inside = set(keys)
        for at, tree in enumerate(self.trees.values()):
            below: dict[str, list[str]] = {}
            for child, parent in tree.items():
                below.setdefault(parent, []).append(child)
            for key in keys:
                parts = [(*key[:at], child, *key[at + 1 :]) for child in below.get(key[at], ())]
                if parts and parts[0] in inside:
                    self._add_row(key, parts)

    def _add_row(self, total: Codes, parts: Sequence[Codes]) -> None:
        known = sum(self.cells[part] or 0 for part in parts) - (self.cells[total] or 0)
        signs = {self.number[part]: -1.0 for part in parts if part in self.number}
        if total in self.number:
            signs[self.number[total]] = 1.0
        if signs:
            index = np.array(list(signs), dtype=np.int32)
            self._highs.addRow(known, known, len(index), index, np.array(list(signs.values())))


def truth_of(instance: Instance, keys: Sequence[Codes]) -> dict[Codes, int]:
    """Return the true counts of these cells, summed up from the finest codes."""
    wanted = dict.fromkeys(keys, 0)
    paths: dict[tuple[int, str], list[str]] = {}
    for at, tree in enumerate(instance.trees.values()):
        for code in tree:
            path = [code]
            while path[-1] != "Total":
                path.append(tree[path[-1]])
            paths[at, code] = path
    for codes, count in instance.counts.items():
        above: list[Codes] = [()]
        for at, code in enumerate(codes):
            above = [(*one, step) for one in above for step in paths[at, code]]
        for key in above:
            if key in wanted:
                wanted[key] += count
    return wanted


def measure(instance: Instance, seconds: float) -> str:
    """Protect an instance, attack the file, and return a line of figures."""
    counts = read_counts(instance.file(), "counts", read_specification(instance.specification(), "spec"))
    began, used = time.monotonic(), time.process_time()
    try:
        outcome = protect_counts(counts, [], seconds, explain=False)
    except CannotProtect as refusal:
        return f"{instance.name:22} refused: {refusal.why}"
    wall, used = time.monotonic() - began, time.process_time() - used
    attacker = Attacker(instance, outcome.protected)
    truth = truth_of(instance, list(attacker.number))
    lost = sum(count for count in truth.values() if count >= instance.threshold)
    small = [key for key, count in truth.items() if 0 < count < instance.threshold]
    step = max(1, len(small) // MOST_ATTACKED)
    ranges = [attacker.interval(key) for key in small[::step]]
    exact = sum(high - low < 1 - NEAR for low, high in ranges)
    weak = sum(low > NEAR or high < instance.threshold - NEAR for low, high in ranges)
    proof = f"gap {outcome.gap:.1%}" if outcome.proof == "gap" else outcome.proof
    return (
        f"{instance.name:22} {outcome.cells:7} {outcome.primary:7} {outcome.hidden:7} "
        f"{instance.best or '-':>5} "
        f"{lost:9} {weak:3}/{exact:3} of {len(ranges):4} {wall:7.1f} {used:7.1f} "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:6}  {proof}"
    )


def main() -> None:
    """Measure every instance, or those whose names begin with the words given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    print(
        f"{'instance':22}   cells   small  hidden  best      lost weak/exact of tried seconds  CPU  MB  proof"
    )
    for instance in (*published(), *(make() for make in GENERATED)):
        if not given.names or instance.name.startswith(tuple(given.names)):
            print(measure(instance, given.seconds), flush=True)


if __name__ == "__main__":
    main()
