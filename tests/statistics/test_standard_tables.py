"""The standard tables of GBVIMS and the ministry's form: who is counted, and what nobody can work out."""

from collections.abc import Iterator
from datetime import date
from random import Random  # noqa: TID251 - made-up figures with a fixed seed
from typing import Any

import pytest

from casemgr.codes import lists
from casemgr.facts.rules import SPECS, FactKind
from casemgr.statistics.catalogue import (
    CATALOGUE,
    Family,
    UnitTree,
    list_wanted,
    public_rules,
    restricted_rules,
)
from casemgr.statistics.classifications import CLASSIFICATIONS, dimensions_of, leaf_codes
from casemgr.statistics.counting import Columns, FactCounter
from casemgr.statistics.disclosure.audit import Secret, audit
from casemgr.statistics.disclosure.coarsening import protect_on_ladders
from casemgr.statistics.disclosure.linkage import Release
from casemgr.statistics.disclosure.tables import SafeRow, SafeTable, fill
from casemgr.statistics.grids import Wording, arrange, list_margins
from tests.statistics.sdc import FIRST_HALF, YEAR

KIND = FactKind.INCIDENT
COMMUNE = UnitTree(code="muong_loi", hamlets=("t1", "t2"))
GBV = ("rape", "sex_assault", "phys_assault", "forced_marr", "denial", "psych")

CHOICES: dict[str, dict[Any, int]] = {
    "gbvims_type": {
        "rape": 3,
        "sex_assault": 4,
        "phys_assault": 42,
        "forced_marr": 3,
        "psych": 28,
        "non_gbv": 7,
    },
    "sex": {"nu": 90, "nam": 10},
    "age_band_gbvims": {"a0_11": 3, "a12_17": 10, "a18_49": 70, "a50_plus": 15, None: 2},
    "age_band_vn": {"a11_15": 5, "a16_17": 6, "a18_59": 70, "a60_plus": 8},
    "reporting_consent": {"yes": 75, "no": 25},
    "reported_elsewhere": {"yes": 10, "no": 90},
    "domestic": {"yes": 70, "no": 30},
    "marital": {"co_vc": 60, "ly_hon": 15, "ly_than": 5, None: 20},
    "relationship": {"chong": 55, "chong_cu": 10, "con": 10, "hang_xom": 20, "khong_ro": 5},
    "report_delay": {"d0_3": 40, "d6_14": 30, "d31_plus": 30},
    "previous_incidents": {"yes": 50, "no": 30, None: 20},
    "place": {"nha_nguoi_bi_bao_luc": 70, "duong": 20, "mang": 10},
    "referred_by": {"tu_den": 50, "y_te": 20, "cong_an": 20, None: 10},
    "service_health": {"referred": 30, "provided": 20, "declined": 20, None: 30},
    "context_traffick": {"yes": 3, "no": 97},
}


def invented(how_many: int, seed: int = 11) -> Iterator[tuple[date, dict[str, Any]]]:
    chance = Random(seed)
    for _ in range(how_many):
        day = date.fromordinal(date(2025, 1, 1).toordinal() + chance.randrange(365))
        yield (
            day,
            {name: chance.choices(list(some), list(some.values()))[0] for name, some in CHOICES.items()},
        )


FACTS = tuple(invented(400))


def is_included(codes: dict[str, Any]) -> bool:
    agreed, counted = codes["reporting_consent"] == "yes", codes["reported_elsewhere"] == "yes"
    return agreed and not counted and codes["gbvims_type"] in GBV


def counter_of(facts: tuple[tuple[date, dict[str, Any]], ...]) -> FactCounter:
    rows = [(day, leaf_codes(KIND, codes)) for day, codes in facts]
    return FactCounter({KIND.value: Columns.of(rows, dimensions_of(KIND))})


def entry_of(name: str) -> Any:
    return next(entry for entry in CATALOGUE if entry.name == name)


def whole_table(name: str) -> SafeTable:
    """Return a table as if nothing of it had to be hidden."""
    spec = entry_of(name).ladder(COMMUNE).rungs[0].spec
    raw = fill(spec, YEAR, counter_of(FACTS).leaf_counts(spec, YEAR))
    shown = (codes for codes in spec.combinations() if not spec.is_unshown(codes))
    rows = (SafeRow(codes=codes, value=raw.values[spec.cell(codes, YEAR)]) for codes in shown)
    return SafeTable(spec=spec, period=YEAR, rows=tuple(rows))


def recount(**wanted: Any) -> int:
    def fits(codes: dict[str, Any]) -> bool:
        return all(
            codes[name] in (some if isinstance(some, tuple) else (some,)) for name, some in wanted.items()
        )

    return sum(is_included(codes) and fits(codes) for _, codes in FACTS)


def margin(name: str, dimension: str) -> dict[str, int | None]:
    """Return the figures of a table by the codes of one dimension, over everything else that is printed."""
    table = whole_table(name)
    at = [one.name for one in table.spec.dimensions].index(dimension)
    found: dict[str, int | None] = {}
    for row in table.rows:
        others = zip(table.spec.dimensions, row.codes, strict=True)
        is_margin = all(
            one.name == dimension or code == one.total or one.total in one.unshown for one, code in others
        )
        if is_margin:
            found[row.codes[at]] = (found.get(row.codes[at]) or 0) + (row.value or 0)
    return found


def test_gbvims_counts_gender_based_incidents_whose_survivors_agreed_and_nobody_else_counted() -> None:
    table = whole_table("gbvims_01")

    assert [row.value for row in table.rows] == [len(FACTS), recount()]


@pytest.mark.parametrize(
    ("name", "dimension", "expected"),
    [
        ("gbvims_02", "previous_incidents", {"co": {"previous_incidents": "yes"}}),
        ("gbvims_03", "sex", {"nu": {"sex": "nu"}, "nam": {"sex": "nam"}}),
        ("gbvims_04", "age_band_gbvims", {"minor": {"age_band_gbvims": ("a0_11", "a12_17")}}),
        ("gbvims_05", "marital", {"divorced_separated": {"marital": ("ly_hon", "ly_than")}}),
        ("gbvims_09", "gbvims_type", {"sexual": {"gbvims_type": ("rape", "sex_assault")}}),
        ("gbvims_10", "gbvims_type", {"psych": {"gbvims_type": "psych"}, "tong": {}}),
        ("gbvims_12_1", "relationship", {"intimate_partner": {"relationship": ("chong", "chong_cu")}}),
        (
            *("gbvims_12_2", "gbvims_type"),
            {
                "sexual": {
                    "gbvims_type": ("rape", "sex_assault"),
                    "age_band_gbvims": ("a0_11", "a12_17"),
                }
            },
        ),
        ("gbvims_12_7", "context_traffick", {"co": {"context_traffick": "yes"}}),
        ("gbvims_13", "report_delay", {"d6_14": {"report_delay": "d6_14"}}),
        ("gbvims_14", "report_delay", {"d0_3": {"report_delay": "d0_3", "gbvims_type": "rape"}}),
        (
            *("gbvims_15", "report_delay"),
            {"tong": {"gbvims_type": "rape", "service_health": ("referred", "provided")}},
        ),
        ("gbvims_16", "place", {"client_home": {"place": "nha_nguoi_bi_bao_luc"}}),
        ("gbvims_21", "referred_by", {"tu_den": {"referred_by": "tu_den"}}),
        ("gbvims_22", "referred_by", {"cong_an": {"referred_by": "cong_an"}}),
        ("gbvims_23_2", "service_health", {"provided": {"service_health": "provided"}}),
    ],
)
def test_a_standard_table_equals_a_plain_recount(
    name: str, dimension: str, expected: dict[str, dict[str, Any]]
) -> None:
    found = margin(name, dimension)

    assert {code: found[code] for code in expected} == {
        code: recount(**wanted) for code, wanted in expected.items()
    }


def test_every_table_of_the_catalogue_adds_up() -> None:
    counter = counter_of(FACTS)
    for entry in (one for one in CATALOGUE if one.kind == KIND):
        for rung in entry.ladder(COMMUNE).rungs:
            values = fill(rung.spec, YEAR, counter.leaf_counts(rung.spec, YEAR)).values
            for total, parts in rung.spec.equations(YEAR):
                assert values[total] == sum(values[part] for part in parts)


def test_who_did_not_agree_cannot_be_worked_out_from_the_commune_and_the_gbvims_tables_together() -> None:
    counter = counter_of(FACTS)
    tables: list[SafeTable] = []
    secrets: list[Secret] = []
    for family in (Family.COMMUNE, Family.GBVIMS):
        names = list_wanted(family, is_public=True, is_year=False)
        plan = [entry_of(name).ladder(COMMUNE) for name in names if entry_of(name).kind == KIND]
        done = protect_on_ladders(
            plan,
            FIRST_HALF,
            counter,
            rules=public_rules(COMMUNE),
            earlier=[Release(table=table) for table in tables],
        )
        tables += done.tables
        secrets += done.secrets

    left_out = [one for one in secrets if ("gbvims", "khong") in one.cell.codes]
    assert left_out
    assert audit(tables, secrets, every_interval=False).passed
    assert any(row.value for table in tables if table.spec.name == "gbvims_03" for row in table.rows)


def test_the_ministrys_form_is_exact_for_superior_agencies_and_the_gbvims_tables_are_not() -> None:
    facts = tuple((day, codes) for day, codes in FACTS if FIRST_HALF.contains(day))
    names = [*list_wanted(Family.MINISTRY, is_public=False, is_year=False), "gbvims_05"]
    done = protect_on_ladders(
        [entry_of(name).ladder(COMMUNE) for name in names],
        FIRST_HALF,
        counter_of(facts),
        rules=restricted_rules(COMMUNE),
    )
    tables = {table.spec.name: table for table in done.tables}

    for row in tables["dv_age_band_ministry"].rows:
        band, under = row.codes[2], {"under_16": ("a11_15",), "a16_59": ("a16_17", "a18_59")}
        if band in under:
            wanted = sum(
                codes["domestic"] == "yes" and codes["age_band_vn"] in under[band] for _, codes in facts
            )
            assert row.value == wanted
    assert not any(0 < (row.value or 0) < 3 for row in tables["gbvims_05"].rows)


def test_tables_that_overlap_public_ones_are_never_made_for_everybody() -> None:
    assert "dv_age_band_ministry" in list_wanted(Family.MINISTRY, is_public=False, is_year=True)
    assert "dv_age_band_ministry" not in list_wanted(Family.MINISTRY, is_public=True, is_year=True)


def test_every_standard_table_has_a_number_of_the_list_and_nothing_else_is_printed_of_it() -> None:
    numbers = {int(entry.number.split(".")[0]) for entry in CATALOGUE if entry.family is Family.GBVIMS}
    assert numbers == set(range(1, 24))
    for entry in (one for one in CATALOGUE if one.family is Family.GBVIMS and one.number != "1"):
        for row in whole_table(entry.name).rows:
            assert row.codes[1] == "co"


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_table_can_be_laid_out_for_people(locale: str) -> None:
    for entry in (one for one in CATALOGUE if one.kind == KIND and one.name != "incidents_by_hamlet"):
        table, wording = whole_table(entry.name), Wording(locale=locale, places={})
        printed = [value for grid in arrange(table, wording) for row in grid.rows for value in row.values]

        assert printed
        assert list_margins(table, wording)


def test_what_a_fact_may_say_and_no_table_asks_for_yet_is_known() -> None:
    used = {one.field or one.name for one in CLASSIFICATIONS[KIND]}
    asked = set(SPECS[KIND].fields) - used

    assert asked == {"event", "hamlet", "reporting_consent", "reported_elsewhere"}


def test_facts_from_before_a_classification_count_as_not_known() -> None:
    leaves = leaf_codes(KIND, {"gbvims_type": "psych", "sex": "nu"})

    assert leaves["marital"] == "unknown"
    assert leaves["gbvims"] == "khong"
    assert all(
        leaves[one.name] in one.codes(KIND) and (not one.code_list(KIND) or lists.get(one.code_list(KIND)))
        for one in CLASSIFICATIONS[KIND]
    )
