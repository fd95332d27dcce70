"""Real line lists, where they lie beside the clone: what is counted equals an independent recount."""

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from casemgr.facts.queries import Period, open_facts
from casemgr.facts.rules import FactKind
from casemgr.imports.reading import LineList
from casemgr.imports.running import Job, run_dry
from casemgr.imports.shelf import read_mapping
from casemgr.policy import Permission
from tests.imports.conftest import REAL_FILES

pytestmark = pytest.mark.skipif(
    not REAL_FILES.exists(), reason="the files of line 144 are not beside this clone"
)

EVERY = 100
FORMS = ("form_sexual", "form_physical", "form_economic", "form_psychological")


def files():
    return sorted(REAL_FILES.glob("*.csv"))


@pytest.fixture
def slices(tmp_path):
    """The same rows of each file on every run, its first and last among them, and nothing else changed."""

    def cut(path: Path) -> Path:
        header, *rows = path.read_bytes().splitlines(keepends=True)
        part = tmp_path / path.name
        part.write_bytes(header + b"".join([*rows[:10], *rows[10:-10:EVERY], *rows[-10:]]))
        return part

    return [cut(path) for path in files()]


def recount(paths):
    script = str(Path(__file__).with_name("independent_recount.py"))
    done = subprocess.run(
        [sys.executable, script, *map(str, paths)], capture_output=True, check=True, cwd="/"
    )
    return json.loads(done.stdout)


def counted(actor):
    """Count the facts by half-year, type, sex and age band, and each form by half-year."""
    cells: Counter[str] = Counter()
    ever = Period(first=date(2000, 1, 1), last=date(2099, 12, 31))
    for fact in open_facts(actor, Permission.STATISTICS_READ, FactKind.INCIDENT, [actor.unit_id], ever):
        half = f"{fact.registered_on.year}-H{1 if fact.registered_on.month <= 6 else 2}"
        codes = fact.codes
        cells["|".join((half, codes["gbvims_type"], codes["sex"], codes["age_band_gbvims"]))] += 1
        cells.update(f"{half}|{form}" for form in FORMS if codes[form] == "yes")
    return cells


def test_every_row_of_the_real_files_is_taken_or_refused_with_a_reason():
    mapping, refused, taken = read_mapping("linea144"), Counter(), 0
    for path in files():
        tally = run_dry(Job.prepare(LineList(path), mapping), lambda _: None).tally
        refused += tally.reasons
        taken += tally.imported
    expected = recount(files())

    assert refused == expected["refused"]
    assert taken + refused.total() == expected["rows"]


def test_cells_of_imported_slices_equal_an_independent_recount(work, importer, office, slices):
    importer.mapping = read_mapping("linea144")
    reports = [importer.run(office.supervisor, path, name=path.stem) for path in slices]
    expected = recount(slices)

    assert sum(report.rows for report in reports) == expected["rows"]
    assert sum((report.tally.reasons for report in reports), Counter()) == expected["refused"]
    with work(write=False):
        assert counted(office.supervisor) == expected["cells"]
