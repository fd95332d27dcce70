"""Who is a child in law, when a child may be reported, and how long the law waits."""

from datetime import UTC, date, datetime

import pytest

from casemgr import clock
from casemgr.children.clocks import CLOCKS, list_started, read_clocks
from casemgr.children.rules import Youth, fact_codes, is_age_certain, may_link, youth
from casemgr.codes import lists
from casemgr.facts.rules import SPECS, FactKind

DAY = date(2026, 6, 5)
FRIDAY = datetime(2026, 6, 5, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("birth", "meant"),
    [
        ("2010-06-06", Youth.CHILD),
        ("2010-06-05", Youth.MINOR),
        ("2008-06-06", Youth.MINOR),
        ("2008-06-05", Youth.ADULT),
        ("2010", Youth.CHILD),
        (None, Youth.UNKNOWN),
    ],
)
def test_age_means_what_the_law_says_and_in_doubt_the_younger(birth, meant):
    assert youth(birth, DAY) is meant


def test_a_year_of_birth_that_allows_both_is_not_certain():
    assert not is_age_certain("2010", DAY)
    assert is_age_certain("2010-06-06", DAY)
    assert not is_age_certain(None, DAY)


@pytest.mark.parametrize(
    ("agreed", "values", "allowed"),
    [
        ("yes", {"immediate_danger": "no"}, True),
        ("no", {"immediate_danger": "yes"}, True),
        ("no", {"immediate_danger": "no", "abuse": ["bao_luc"]}, True),
        ("no", {"immediate_danger": "no"}, False),
        ("no", {"immediate_danger": "no", "abuse": "~unknown"}, False),
        (None, {}, False),
    ],
)
def test_without_consent_only_danger_or_abuse_is_reported(agreed, values, allowed):
    assert may_link(agreed, values) is allowed


def test_emergency_measures_are_due_twelve_hours_after_the_information():
    due = read_clocks()["emergency_measures"].due_at(FRIDAY)

    assert due == datetime(2026, 6, 5, 13, 0, tzinfo=UTC)


def test_terms_in_working_days_leave_out_the_weekend():
    plan = read_clocks()["plan"].due_at(FRIDAY)
    approval = read_clocks()["approval"].due_at(FRIDAY)

    assert clock.local(plan).strftime("%d/%m %H:%M") == "12/06 23:59"
    assert clock.local(approval).strftime("%d/%m %H:%M") == "09/06 23:59"


def test_the_clock_of_emergency_measures_only_runs_in_danger():
    assert [found.kind for found in list_started("received", in_danger=False)] == ["plan"]
    assert [found.kind for found in list_started("received", in_danger=True)] == [
        "emergency_measures",
        "plan",
    ]
    assert [found.kind for found in list_started("plan", in_danger=False)] == ["approval"]


def test_every_clock_names_its_source_and_speaks_both_languages():
    assert all("56/2017" in found.source and found.vi and found.en for found in read_clocks().values())


@pytest.mark.parametrize(("column", "wrong"), [("hours", "moons"), ("received", "someday")])
def test_a_file_with_an_unknown_measure_or_start_is_refused(tmp_path, column, wrong):
    path = tmp_path / "clocks.csv"
    path.write_text(CLOCKS.read_text(encoding="utf-8").replace(f",{column},", f",{wrong},"), encoding="utf-8")

    with pytest.raises(ValueError, match=wrong):
        read_clocks(path)


def test_facts_count_codes_of_their_lists_alone():
    codes = fact_codes("cao", {"birth": "2015", "sex": "nu", "origin": "words"}, DAY)

    assert codes == {"risk_level": "cao", "sex": "nu", "age_band_vn": "a6_10"}
    assert all(code in lists.get(SPECS[FactKind.CHILD].fields[name]) for name, code in codes.items())
