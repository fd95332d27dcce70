"""The fixed tables add up, agree with a plain recount, and coarsen for an almost empty commune."""

from datetime import date

import numpy as np
import pytest

from casemgr.facts.rules import FactKind
from casemgr.statistics.catalogue import (
    CATALOGUE,
    Family,
    UnitTree,
    label,
    public_rules,
    restricted_rules,
)
from casemgr.statistics.classifications import FORMS, dimensions_of, leaf_codes
from casemgr.statistics.counting import Columns, FactCounter
from casemgr.statistics.disclosure.audit import audit
from casemgr.statistics.disclosure.cells import Cell
from casemgr.statistics.disclosure.coarsening import protect_on_ladders
from casemgr.statistics.disclosure.linkage import Release
from casemgr.statistics.disclosure.tables import fill
from tests.statistics.sdc import FIRST_HALF, YEAR

COMMUNE = UnitTree(code="cam_tu", hamlets=("t1", "t2", "t3", "t4", "t5", "t6"))


TYPES = ("rape", "sex_assault", "phys_assault", "forced_marr", "denial", "psych", "non_gbv")
AGES = ("a0_11", "a12_17", "a18_49", "a50_plus", "")
FORM_SHARES = (0.6, 0.5, 0.1, 0.2)


def incidents(how_many):
    """Return obviously invented incidents over one year, most of them of adult women."""
    chance = np.random.default_rng(7)
    for _ in range(how_many):
        day = date.fromordinal(date(2025, 1, 1).toordinal() + int(chance.integers(365)))
        forms = {name: bool(chance.random() < share) for name, share in zip(FORMS, FORM_SHARES, strict=True)}
        yield (
            day,
            forms
            | {
                "hamlet": str(chance.choice(COMMUNE.hamlets)),
                "gbvims_type": str(chance.choice(TYPES, p=[0.03, 0.04, 0.42, 0.03, 0.13, 0.28, 0.07])),
                "sex": str(chance.choice(["nu", "nam"], p=[0.9, 0.1])),
                "age_band_gbvims": str(chance.choice(AGES, p=[0.03, 0.1, 0.67, 0.17, 0.03])),
            },
        )


def counter_of(facts):
    kind = FactKind.INCIDENT
    rows = [(day, leaf_codes(kind, codes, COMMUNE.hamlets)) for day, codes in facts]
    return FactCounter({kind.value: Columns.of(rows, dimensions_of(kind))})


def ladders(*kinds, yearly=False, family=Family.COMMUNE):
    return [
        entry.ladder(COMMUNE)
        for entry in CATALOGUE
        if entry.kind in kinds and entry.family is family and (yearly or not entry.yearly_only)
    ]


def test_the_incident_table_equals_a_plain_recount():
    facts = list(incidents(300))
    spec = ladders(FactKind.INCIDENT)[0].rungs[0].spec
    filled = fill(spec, YEAR, counter_of(facts).leaf_counts(spec, YEAR))
    women = sum(1 for _, codes in facts if codes["sex"] == "nu" and codes["gbvims_type"] == "phys_assault")
    sexual_minors = sum(
        1
        for _, codes in facts
        if codes["gbvims_type"] in ("rape", "sex_assault") and codes["age_band_gbvims"] in ("a0_11", "a12_17")
    )
    assert filled.values[spec.cell(("cam_tu", "tong", "tong", "tong"), YEAR)] == 300
    assert filled.values[spec.cell(("cam_tu", "phys_assault", "nu", "tong"), YEAR)] == women
    assert filled.values[spec.cell(("cam_tu", "sexual", "tong", "minor"), YEAR)] == sexual_minors


@pytest.mark.parametrize("rules", [public_rules, restricted_rules])
def test_half_year_and_year_of_a_commune_resist_the_attacker_for_each_audience(rules):
    counter = counter_of(incidents(200))
    half = protect_on_ladders(ladders(FactKind.INCIDENT), FIRST_HALF, counter, rules=rules(COMMUNE))
    year = protect_on_ladders(
        ladders(FactKind.INCIDENT, yearly=True),
        YEAR,
        counter,
        rules=rules(COMMUNE),
        earlier=[Release(table=table) for table in half.tables],
    )
    assert audit([*half.tables, *year.tables], [*half.secrets, *year.secrets], every_interval=False).passed
    assert half.hidden < half.cells
    assert year.hidden < year.cells


def test_the_restricted_report_shows_the_margins_of_the_commune_exactly():
    facts = [(day, codes) for day, codes in incidents(200) if FIRST_HALF.contains(day)]
    done = protect_on_ladders(
        ladders(FactKind.INCIDENT), FIRST_HALF, counter_of(facts), rules=restricted_rules(COMMUNE)
    )
    for form in FORMS:
        table = next(one for one in done.tables if one.spec.name == f"incidents_{form}")
        yes = next(row for row in table.rows if row.codes[1] == "co" and set(row.codes[2:]) <= {"tong"})
        assert yes.value == sum(1 for _, codes in facts if codes[form])


@pytest.mark.parametrize(
    ("kind", "codes", "is_exact"),
    [
        (FactKind.INCIDENT, {"sex": "nam"}, True),
        (FactKind.INCIDENT, {"domestic": "co", "sex": "nam"}, True),
        (FactKind.INCIDENT, {"domestic": "co", "perpetrator_sex": "nu"}, True),
        (FactKind.INCIDENT, {"perpetrator_sex": "nu"}, False),
        (FactKind.INCIDENT, {"domestic": "khong", "sex": "nam"}, False),
        (FactKind.CHILD, {"sex": "nam"}, False),
        (FactKind.SUPPORT, {"sex": "nam"}, False),
        (FactKind.SERVICE, {"service": "y_te"}, True),
        (FactKind.CHILD, {}, True),
    ],
)
def test_a_margin_that_is_demanded_of_one_kind_of_fact_is_exact_for_no_other(kind, codes, is_exact):
    key = tuple(sorted({"unit": COMMUNE.code, **codes}.items()))
    cell = Cell(measure=kind.value, period=FIRST_HALF, codes=key)
    assert restricted_rules(COMMUNE).mandated(cell) is is_exact


def test_a_commune_with_three_incidents_publishes_only_protected_totals_and_says_what_was_merged():
    done = protect_on_ladders(
        ladders(FactKind.INCIDENT), YEAR, counter_of(incidents(3)), rules=public_rules(COMMUNE)
    )
    assert "incidents:no_detail" in done.coarsened
    assert not any(row.value for table in done.tables for row in table.rows)


def test_services_and_stays_add_up():
    rows = [
        (date(2025, 2, 1), leaf_codes(FactKind.STAY, {"adults": 1, "children": 2, "nights": nights}))
        for nights in (0, 5, 400)
    ]
    services = [
        (date(2025, 3, 1), leaf_codes(FactKind.SERVICE, {"service": "y_te", "outcome": outcome}))
        for outcome in ("da_chuyen", "tu_choi", None)
    ]
    counter = FactCounter(
        {
            "stay": Columns.of(rows, dimensions_of(FactKind.STAY)),
            "service": Columns.of(services, dimensions_of(FactKind.SERVICE)),
        }
    )
    for kind in (FactKind.STAY, FactKind.SERVICE):
        spec = ladders(kind)[0].rungs[0].spec
        filled = fill(spec, YEAR, counter.leaf_counts(spec, YEAR))
        for total, parts in spec.equations(YEAR):
            assert filled.values[total] == sum(filled.values[part] for part in parts)
        assert filled.values[spec.cell(("cam_tu", "tong", "tong"), YEAR)] == 3


def test_every_code_of_every_table_has_words_in_both_languages():
    for entry in CATALOGUE:
        for rung in entry.ladder(COMMUNE).rungs:
            for dimension in rung.spec.dimensions:
                for code in dimension.codes() if dimension.name != "unit" else ():
                    assert label(rung.spec, dimension.name, code, "vi") != code
                    assert label(rung.spec, dimension.name, code, "en") != code
