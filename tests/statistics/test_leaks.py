"""What was hidden is nowhere: not in a file, not on a page, and no search over whole numbers finds it."""

import csv
import io
from collections import Counter
from datetime import date
from itertools import product

import openpyxl
import pytest
import sqlalchemy as sa

from casemgr.facts.rules import FactKind
from casemgr.policy import Role
from casemgr.statistics import service
from casemgr.statistics.catalogue import UnitTree, find_entry
from casemgr.statistics.disclosure.tables import fill
from casemgr.statistics.documents import read_secrets
from casemgr.statistics.exports import draw_chart, export_csv, export_workbook
from casemgr.statistics.grids import Wording
from casemgr.statistics.models import Release
from casemgr.statistics.service import Tier
from tests.rig import counted_town as towns
from tests.statistics.enumerator import Enumerator
from tests.statistics.sdc import FIRST_HALF, SECOND_HALF, YEAR

PEOPLE, NIGHTS = ("p1", "p2", "p3_plus"), ("n0_3", "n4_30", "n31_90", "n91_plus")
STAYS = {(1, 2): 3, (1, 5): 9, (2, 5): 1, (2, 40): 6, (3, 5): 2, (1, 40): 4, (2, 2): 7}


@pytest.fixture
def commune(work):
    with work():
        return towns.add_commune()


@pytest.fixture
def officer(commune):
    return commune.actor(Role.REPORT_OFFICER)


def stays(day, times=1):
    for (adults, nights), count in STAYS.items():
        yield from [(day, {"adults": adults, "children": 0, "nights": nights})] * (count * times)


def rows_of(table, periods):
    """Return the printed rows of a table of stays as sets of atoms (piece of time, people, nights)."""
    places = {code: (code,) for code in (*PEOPLE, *NIGHTS)}
    for row in table.rows:
        codes = dict(zip((one.name for one in table.spec.dimensions), row.codes, strict=True))
        people, nights = codes.get("people", "tong"), codes.get("nights", "tong")
        members = set(product(periods, places.get(people, PEOPLE), places.get(nights, NIGHTS)))
        yield members, row.value


def test_no_search_over_whole_numbers_breaks_half_year_and_year_of_a_small_table(work, commune, officer):
    with work():
        towns.record(commune, stays(date(2025, 2, 1)), FactKind.STAY)
        towns.record(commune, list(stays(date(2025, 9, 1), 2))[5:], FactKind.STAY)
    with work():
        half = service.make_table(officer, "stays", commune.id, FIRST_HALF, Tier.PUBLIC)
    with work():
        year = service.make_table(officer, "stays", commune.id, YEAR, Tier.PUBLIC)
    with work(write=False) as session:
        certificates = [release.certificate for release in session.scalars(sa.select(Release))]
    secrets = {
        secret.cell: secret for one in certificates for secret in read_secrets(one["secrets"])
    }.values()
    printed = [*rows_of(half.table, ["h1"]), *rows_of(year.table, ["h1", "h2"])]
    search = Enumerator(product(["h1", "h2"], PEOPLE, NIGHTS), printed, 80)
    pieces = {FIRST_HALF: ["h1"], SECOND_HALF: ["h2"], YEAR: ["h1", "h2"]}
    assert half.table.hidden() + year.table.hidden() > 0
    assert secrets
    for secret in secrets:
        codes = dict(secret.cell.codes)
        people = (codes["people"],) if "people" in codes else PEOPLE
        nights = (codes["nights"],) if "nights" in codes else NIGHTS
        members = set(product(pieces[secret.cell.period], people, nights))
        assert search.can_be_zero(members), secret
        assert search.can_reach(members, secret.greatest), secret


def test_a_hidden_figure_is_in_no_file(work, commune, officer):
    facts = list(towns.invent_incidents(commune, 160))
    with work():
        towns.record(commune, facts)
    with work():
        made = service.make_table(officer, "incidents", commune.id, YEAR, Tier.PUBLIC)
    hidden = hidden_counts(made, commune, facts)
    words = Wording(locale="vi", places=made.places)
    text = export_csv(made.table, words).decode("utf-8-sig")
    book = export_workbook(made.entry, made.table, words, heading=(), is_synthetic=True)
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    cells = {cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row}
    lines = csv.DictReader(io.StringIO(text, newline=""))
    figures_in_text = {int(line["value"]) for line in lines if line["status"] == "published"}
    chart = draw_chart("c", made.table, words)
    assert hidden
    assert not hidden & figures_in_text
    assert not hidden & cells
    assert chart is not None
    assert not hidden & set(chart.series[0].values)


def hidden_counts(made, commune, facts):
    """Return the true values of hidden cells that are not also the value of a shown one."""
    from casemgr.statistics.classifications import dimensions_of, leaf_codes
    from casemgr.statistics.counting import Columns, FactCounter

    kind = FactKind.INCIDENT
    rows = [(day, leaf_codes(kind, codes, map(str, commune.hamlets))) for day, codes in facts]
    counter = FactCounter({kind.value: Columns.of(rows, dimensions_of(kind))})
    raw = fill(made.table.spec, YEAR, counter.leaf_counts(made.table.spec, YEAR))
    true = {row.codes: raw.values[raw.spec.cell(row.codes, YEAR)] for row in made.table.rows}
    shown = {row.value for row in made.table.rows}
    return {true[row.codes] for row in made.table.rows if row.value is None} - shown


def test_a_restricted_table_merges_no_margin_however_small(work, commune, officer):
    facts = list(towns.invent_incidents(commune, 12))
    with work():
        towns.record(commune, facts)
    with work():
        made = service.make_table(officer, "incidents", commune.id, YEAR, Tier.RESTRICTED)
    finest = find_entry("incidents").ladder(UnitTree(code="x")).rungs[0].spec
    by_type = Counter(codes["gbvims_type"] for _, codes in facts)
    assert [len(one.codes()) for one in made.table.spec.dimensions[1:]] == [
        len(one.codes()) for one in finest.dimensions[1:]
    ]
    for code, count in by_type.items():
        if code != "non_gbv":
            assert made.table.value(str(commune.id), code, "tong", "tong") == count


@pytest.mark.parametrize("order", [(Tier.PUBLIC, Tier.RESTRICTED), (Tier.RESTRICTED, Tier.PUBLIC)])
def test_both_versions_can_be_made_in_either_order(work, commune, officer, order):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 70))
    for tier in order:
        with work():
            assert service.make_table(officer, "incidents", commune.id, YEAR, tier).is_new
