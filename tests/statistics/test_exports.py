"""Files of released tables: every one explains its marks in both languages, and none holds what is hidden."""

import hashlib
import html
import io
import json
import zipfile
from datetime import date

import openpyxl
import pytest

from casemgr.errors import NotFound, Refused, StaleVersion
from casemgr.factory import create_app
from casemgr.facts.rules import FactKind
from casemgr.policy import Role
from casemgr.statistics import dhis2, exports, legend, packages, service
from casemgr.statistics.dhis2 import BadMapping, Fate, read_mapping, try_out
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.grids import Wording
from casemgr.statistics.service import Tier, sending
from tests.rig import counted_town as towns
from tests.rig import staff
from tests.rig.browsing import ORIGIN, Browser
from tests.statistics.printed import print_table
from tests.statistics.sdc import FIRST_HALF, YEAR
from tests.statistics.shapes import misfits


@pytest.fixture
def made():
    return print_table()


def mapping_of(*values, **other):
    return json.dumps({"dataSet": "GBV", "orgUnit": "XA_1", "values": list(values), **other})


def women(element="GBV_WOMEN", **other):
    return {"table": "incidents", "codes": {"sex": "nu"}, "dataElement": element, **other}


def test_every_file_says_in_both_languages_what_a_hidden_figure_is(made):
    wording = Wording(locale="vi", places=made.places)
    book = exports.export_workbook(made.entry, made.table, wording, heading=(), is_synthetic=False)
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    picture = exports.explained(exports.draw_chart("c", made.table, wording))
    texts = {
        "xlsx": " ".join(
            str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row
        ),
        "csv": exports.export_csv(made.table, wording).decode("utf-8-sig"),
        "json": packages.export_json([made]).decode(),
        "svg": " ".join(picture.notes),
    }
    assert made.table.hidden() > 0
    for kind, text in texts.items():
        assert all(sentence in text for sentence in legend.HIDDEN), kind


def test_json_holds_the_released_cells_and_no_other_and_follows_its_schema(made):
    content = json.loads(packages.export_json([made]))
    (table,) = content["tables"]
    cells = [(tuple(cell["codes"].values()), cell["value"], cell["status"]) for cell in table["cells"]]
    assert cells == [(row.codes, row.value, row.status) for row in made.table.rows]
    assert {cell["value"] for cell in table["cells"] if cell["status"] == "suppressed"} == {None}
    assert misfits(content, json.loads(packages.read_schema())) == []
    broken = {**content, "tables": [{**table, "cells": [{"codes": {}, "value": "12", "status": "hidden"}]}]}
    assert len(misfits(broken, json.loads(packages.read_schema()))) == 2


def test_the_manifest_names_every_file_with_its_digest_and_every_column(made):
    content = packages.export_package([made], "vi")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop(packages.MANIFEST))
    told = {one["path"]: one["sha256"] for one in manifest["files"]}
    assert told == {name: hashlib.sha256(file).hexdigest() for name, file in files.items()}
    assert files["incidents.csv"].startswith(b"\xef\xbb\xbf")
    header = files["incidents.csv"].decode("utf-8-sig").splitlines()[0].split(",")
    assert [column["name"] for column in manifest["csv"]["tables"][0]["columns"]] == header
    assert manifest["period"]["from"] == "2025-01-01"
    assert manifest["rule"]["threshold"] == 5
    assert packages.export_package([made], "vi") == content


def test_restricted_files_say_so_in_both_languages():
    made = print_table(tier=Tier.RESTRICTED)
    with zipfile.ZipFile(io.BytesIO(packages.export_package([made], "en"))) as archive:
        told = archive.read(packages.READ_ME).decode("utf-8-sig")
    assert all(sentence in told for sentence in legend.RESTRICTED)
    assert json.loads(packages.export_json([made]))["audience"]["tier"] == "T1"


def test_dhis2_gets_shown_figures_and_never_a_zero_for_a_hidden_one(made):
    names = [one.name for one in made.table.spec.dimensions[1:]]
    values = [
        {
            "table": "incidents",
            "codes": dict(zip(names, row.codes[1:], strict=True)),
            "dataElement": f"DE{at}",
        }
        for at, row in enumerate(made.table.rows)
    ]
    trial = try_out(read_mapping(mapping_of(*values)), [made.table])
    sent = {one["dataElement"]: one["value"] for one in dhis2.describe(trial, YEAR)["dataValues"]}
    assert sent == {
        f"DE{at}": str(row.value) for at, row in enumerate(made.table.rows) if row.value is not None
    }
    assert len(trial.of(Fate.HIDDEN)) == made.table.hidden() > 0
    assert trial.period == "2025"


def test_a_data_element_of_which_a_category_is_hidden_is_left_out_whole(made):
    shown = next(row for row in made.table.rows if row.value is not None)
    hidden = next(row for row in made.table.rows if row.value is None)
    names = [one.name for one in made.table.spec.dimensions[1:]]
    values = [
        {
            "table": "incidents",
            "codes": dict(zip(names, row.codes[1:], strict=True)),
            "dataElement": "DE",
            "categoryOptionCombo": combo,
        }
        for row, combo in ((shown, "A"), (hidden, "B"))
    ]
    trial = try_out(read_mapping(mapping_of(*values)), [made.table])
    assert [line.fate for line in trial.lines] == [Fate.PART_HIDDEN, Fate.HIDDEN]
    assert all(line.value is None for line in trial.lines)
    assert not trial.can_be_made


def test_the_trial_says_what_has_no_mapping_and_what_was_not_released(made):
    other = {"table": "stays", "dataElement": "STAYS"}
    strange = {"table": "incidents", "codes": {"marital": "single"}, "dataElement": "ODD"}
    everybody = {"table": "incidents", "dataElement": "ALL"}
    trial = try_out(read_mapping(mapping_of(everybody, other, strange)), [made.table])
    assert [line.fate for line in trial.lines] == [Fate.SENT, Fate.NOT_RELEASED, Fate.NOT_PRINTED]
    shown = sum(row.value is not None for row in made.table.rows)
    assert len(trial.unmapped) == shown - 1


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2026-01-01", "2026-06-30", "2026S1"),
        ("2026-07-01", "2026-12-31", "2026S2"),
        ("2026-01-01", "2026-12-31", "2026"),
        ("2026-04-01", "2026-06-30", "2026Q2"),
        ("2025-12-01", "2026-05-31", None),
        ("2025-12-01", "2026-11-30", None),
    ],
)
def test_only_calendar_periods_have_a_name_in_dhis2_by_themselves(first, last, name):
    days = Period.between(*map(type(YEAR.spans[0][0]).fromisoformat, (first, last)))
    assert dhis2.name_period(days, {}) == name
    assert dhis2.name_period(days, {f"{first}/{last}": "2026S1"}) == "2026S1"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("no json", ("", "json")),
        (mapping_of(), ("values", "list")),
        (mapping_of(women(), women()), ("GBV_WOMEN", "twice")),
        (mapping_of(women("có dấu")), ("values[0].dataElement", "identifier")),
        (mapping_of({"table": "nothing", "dataElement": "A"}), ("values[0].table", "table")),
        (mapping_of(women(), periods={"2026": "2026S1"}), ("periods[2026]", "periods")),
        (mapping_of(women(note="x")), ("values[0].note", "unknown")),
        (mapping_of(women(), idScheme="name"), ("idScheme", "scheme")),
    ],
)
def test_a_mapping_that_cannot_be_used_says_where_and_why(text, problem):
    with pytest.raises(BadMapping) as raised:
        read_mapping(text)
    assert problem in raised.value.problems


def test_restricted_tables_never_go_to_dhis2_and_nothing_goes_without_a_mapping(work):
    with work():
        commune = towns.add_commune()
        towns.record(
            commune, [(date(2025, 2, 1), {"adults": 1, "children": 0, "nights": 2})] * 9, FactKind.STAY
        )
        officer = commune.actor(Role.REPORT_OFFICER)
        ids = [
            service.make_table(officer, "stays", commune.id, period, tier).id
            for period, tier in ((YEAR, Tier.PUBLIC), (FIRST_HALF, Tier.RESTRICTED))
        ]
    with work():
        with pytest.raises(Refused, match="no_mapping"):
            sending.try_sending(officer, ids[0], door="test")
        sending.save_text(officer, 0, mapping_of({"table": "stays", "dataElement": "STAYS"}))
    with work():
        found = sending.try_sending(officer, ids[0], door="test")
        assert [line.value for line in found.trial.of(Fate.SENT)] == [9]
        with pytest.raises(NotFound):
            sending.try_sending(officer, ids[1], door="test")
        with pytest.raises(StaleVersion):
            sending.save_text(officer, 7, mapping_of(women()))


def test_the_command_names_the_file_as_the_browser_saves_it(work, database, keys, tmp_path):
    staff.cheap_passwords()
    with work():
        commune = towns.add_commune()
        towns.record(
            commune, [(date(2025, 2, 1), {"adults": 1, "children": 0, "nights": 2})] * 9, FactKind.STAY
        )
        officer = commune.actor(Role.REPORT_OFFICER)
        made = service.make_table(officer, "stays", commune.id, YEAR, Tier.PUBLIC)
        sending.save_text(officer, 0, mapping_of({"table": "stays", "dataElement": "STAYS"}))
        person = staff.add_staff("bao.cao", Role.REPORT_OFFICER, unit_id=commune.id)
    browser = Browser(create_app(staff.settings_for(database.url, tmp_path), database, keys))
    staff.sign_in(browser, person)
    page = html.unescape(browser.open(f"/statistics/releases/{made.id}/dhis2"))
    saved = browser.client.get(f"/statistics/releases/{made.id}/dhis2.json", base_url=ORIGIN)
    name = saved.headers["Content-Disposition"].split('filename="')[1].rstrip('"')
    assert f"--data-binary @{name} " in page
