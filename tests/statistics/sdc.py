"""Short ways to declare tables, and the published instances beside the repository."""

import csv
import json
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.tables import Dimension, TableSpec

YEAR = Period.between(date(2025, 1, 1), date(2025, 12, 31))
FIRST_HALF = Period.between(date(2025, 1, 1), date(2025, 6, 30))
SECOND_HALF = Period.between(date(2025, 7, 1), date(2025, 12, 31))


class LeafCounter:
    """Counts finest codes that are given per period; longer periods are sums of the given ones."""

    def __init__(self, names, by_period):
        self.names = names
        self.by_period = by_period

    def leaf_counts(self, spec, period):
        places = [self.names.index(dimension.name) for dimension in spec.dimensions]
        total = Counter()
        for part, counts in self.by_period.items():
            if period.covers(part):
                for codes, count in counts.items():
                    total[tuple(codes[place] for place in places)] += count
        return total


def table(name, *dimensions, **options):
    return TableSpec(name=name, measure=options.pop("measure", "incidents"), dimensions=dimensions, **options)


def flat(name, *codes, **options):
    return Dimension.flat(name, "Total", codes, **options)


def shared():
    """Return the folder of published instances, or skip where this checkout stands alone."""
    root = Path(__file__).resolve().parents[2]
    folder = Path(os.environ.get("CASEMGR_TEST_SHARED", root.parent / "shared")) / "data" / "sdc"
    if not folder.is_dir():
        pytest.skip("the published instances are not beside this checkout")
    return folder


def rows_of(name):
    with (shared() / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def document_of(name):
    return json.loads((shared() / name).read_text(encoding="utf-8"))


def link_tables(rows):
    """Return the four linked tables of the LINK pack with their counts."""
    names = ["hamlet", "type", "sex", "age"]
    axes = {name: flat(name, *sorted({row[name] for row in rows})) for name in names}
    axes["hamlet"] = flat("hamlet", *(f"H{number:02}" for number in range(1, 21)))
    crossed = (("hamlet", "type"), ("hamlet", "sex"), ("hamlet", "age"), ("type", "sex", "age"))
    plan = [table("_".join(cross), *(axes[name] for name in cross)) for cross in crossed]
    counts = Counter(tuple(row[name] for name in names) for row in rows)
    return plan, LeafCounter(names, {YEAR: counts})
