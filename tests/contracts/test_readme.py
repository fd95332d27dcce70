"""README says what the code says."""

import re

import pytest

from tests.rig.readme import PARTS, README, with_parts

TEXT = README.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PARTS)
def test_readme_has_a_place_for_each_generated_part(name):
    assert f"<!-- begin: {name} -->" in TEXT


def test_the_generated_parts_of_readme_equal_the_code():
    assert with_parts(TEXT) == TEXT, "run `.venv/bin/python -m tests.rig.readme` and look at what changed"


def test_the_map_names_every_part():
    told = set(re.findall(r"`(?:casemgr/)?(\w+)`", TEXT.split("## The map")[1].split("## The life")[0]))
    parts = {path.parent.name for path in (README.parent / "casemgr").glob("*/__init__.py")}
    assert sorted(parts - told) == []


def test_readme_stays_readable():
    prose = [line for line in TEXT.splitlines() if not line.startswith("|")]
    assert len(prose) <= 300
