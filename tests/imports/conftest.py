"""An office that imports, small line lists, and mappings written for a test."""

import os
from collections import Counter
from pathlib import Path

import pytest

from casemgr import db
from casemgr.imports.reading import LineList
from casemgr.imports.running import Job, run_dry, run_import
from casemgr.imports.shelf import read_mapping
from tests.rig.office import Office, open_office

REAL_FILES = Path(__file__).parents[3] / "shared" / "data" / "linea144"
"""Files that lie beside a clone of those who build the product; they are never part of it."""

# Where no test may be skipped, the tests of files that nobody has here are left out from the start.
collect_ignore = (
    ["test_real_files.py"] if os.environ.get("CASEMGR_NO_SKIP") == "1" and not REAL_FILES.exists() else []
)

MAPPING = """
name = "thu"
title = { vi = "Thử", en = "Trial" }
dates = ["dd/mm/yyyy"]

[case]
state = "closed"

[core_type]
reason = { vi = "Theo dạng bạo lực.", en = "By form." }
order = [["than_the", "phys_assault"], ["tinh_than", "psych"]]
otherwise = "refuse"

[columns."Ngày"]
to = "registered_on"
required = true

[columns."Mã người"]
to = "survivor_code"

[columns."Giới"]
to = "survivor.sex"

[columns."Tuổi"]
to = "survivor.age"

[columns."Đánh"]
to = "incident.forms"
values = { x = "than_the" }

[columns."Chửi"]
to = "incident.forms"
values = { x = "tinh_than" }

[columns."Nơi"]
to = "incident.place_detail"

[columns."Quan hệ"]
to = "perpetrator.relation"

[columns."Ghi chú"]
to = "kept"
"""
HEADER = "Ngày,Mã người,Giới,Tuổi,Đánh,Chửi,Nơi,Quan hệ,Ghi chú"
GOOD = "05/03/2025,,Nữ,31,x,x,Xóm Chợ,Vợ hoặc chồng,Gọi buổi sáng"


@pytest.fixture
def office(work) -> Office:
    with work():
        return open_office()


@pytest.fixture
def mapping_file(tmp_path) -> Path:
    path = tmp_path / "thu.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


@pytest.fixture
def mapping(mapping_file):
    return read_mapping(str(mapping_file))


@pytest.fixture
def write(tmp_path):
    """Write rows under the header into a file and return its path."""

    def write_rows(*rows: str, name: str = "danh-sach.csv", header: str = HEADER) -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write_rows


class Import:
    """Imports files in the name of somebody, and remembers what was refused and how far it came."""

    def __init__(self, database: db.Database, keys, mapping) -> None:
        self.database, self.keys, self.mapping = database, keys, mapping
        self.refused: list[tuple[int, str, str]] = []
        self.pieces: list[int] = []

    def watch(self, outcome) -> None:
        self.refused += [(outcome.number, one.column, one.kind) for one in outcome.problems]

    def job(self, path: Path) -> Job:
        return Job.prepare(LineList(path, self.mapping.sheet), self.mapping)

    def dry(self, path: Path):
        self.refused.clear()
        return run_dry(self.job(path), self.watch)

    def run(self, actor, path: Path, *, name: str = "lo-1", owner: str | None = None, progress=None):
        self.refused.clear()
        return run_import(
            self.database,
            self.keys,
            actor,
            self.job(path),
            name=name,
            owner=owner,
            watch=self.watch,
            progress=progress or (lambda done, _: self.pieces.append(done)),
        )


@pytest.fixture
def importer(database, keys, mapping) -> Import:
    return Import(database, keys, mapping)


def rows_of(session) -> Counter[str]:
    """Count the rows of every table that has any."""
    counts: Counter[str] = Counter()
    for table in db.Base.metadata.sorted_tables:
        counts[table.name] = len(session.execute(table.select()).all())
    return +counts
