"""The pages of statistics and their files: who sees what, and the same marks everywhere."""

import csv
import io
import re
from collections import Counter

import openpyxl
import pytest
import sqlalchemy as sa

from casemgr.audit.models import AuditEntry
from casemgr.factory import create_app
from casemgr.policy import Role
from casemgr.statistics import service
from casemgr.statistics.catalogue import CATALOGUE, Family
from casemgr.statistics.disclosure.cells import Cell
from casemgr.statistics.grids import Wording, arrange
from casemgr.statistics.service import Tier
from tests.rig import counted_town as towns
from tests.rig import staff
from tests.rig.browsing import ORIGIN, Browser
from tests.rig.working import wait_for
from tests.statistics.sdc import YEAR


@pytest.fixture(autouse=True)
def _cheap_passwords():
    staff.cheap_passwords()


@pytest.fixture
def app(database, keys, tmp_path):
    return create_app(staff.settings_for(database.url, tmp_path), database, keys)


@pytest.fixture
def commune(work, app):
    with work():
        found = towns.add_commune()
        towns.record(found, towns.invent_incidents(found, 120))
        return found


def browser_of(app, work, commune, *roles):
    with work():
        person = staff.add_staff("can.bo", *roles, unit_id=commune.id)
    browser = Browser(app)
    staff.sign_in(browser, person)
    return browser


@pytest.fixture
def officer(app, work, commune):
    return browser_of(app, work, commune, Role.REPORT_OFFICER)


def fetch(browser, path):
    return browser.client.get(path, base_url=ORIGIN).get_data()


def make(browser, **other):
    browser.open("/statistics/new")
    fields = {"table": "incidents", "from_on": "01/01/2025", "to_on": "31/12/2025", "tier": "T2"}
    browser.send(**{**fields, **other})
    return wait_for(browser, browser.client.application)


def test_a_table_is_made_on_the_page_and_shown_with_its_legend(officer):
    page = make(officer)
    assert officer.path.startswith("/statistics/releases/")
    assert "[bv]" in page
    assert "Số liệu được bảo vệ" in page
    assert "Bảng đã được phát hành" in page
    assert "incidents" not in re.sub(r"<[^>]*>", "", page)


def test_the_same_table_again_is_the_same_release(officer):
    make(officer)
    first = officer.path
    page = make(officer)
    assert officer.path == first
    assert "đã được phát hành trước đây" in page


def test_csv_and_workbook_and_picture_show_the_same_marks_as_the_page(officer, work, commune):
    make(officer)
    address = officer.path
    with work():
        made = service.make_table(
            commune.actor(Role.REPORT_OFFICER), "incidents", commune.id, YEAR, Tier.PUBLIC
        )
    hidden = made.table.hidden()
    lines = list(csv.DictReader(io.StringIO(fetch(officer, f"{address}/table.csv").decode("utf-8-sig"))))
    shown = [None if line["value"] == "[bv]" else int(line["value"]) for line in lines]
    book = openpyxl.load_workbook(io.BytesIO(fetch(officer, f"{address}/table.xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row[1:]]
    picture = officer.open(f"{address}/chart.svg")
    parents = {parent for _, parent in made.table.spec.dimensions[1].parents}
    bars = [row for row in made.table.rows if set(row.codes[2:]) == {"tong"} and row.codes[1] not in parents]
    assert hidden
    assert shown == [row.value for row in made.table.rows]
    grids = arrange(made.table, Wording(locale="vi", places=made.places))
    laid_out = [value for grid in grids for row in grid.rows for value in row.values]
    assert Counter(cell for cell in cells if cell == "[bv]" or isinstance(cell, int)) == Counter(
        "[bv]" if value is None else value for value in laid_out
    )
    assert {*laid_out} == {row.value for row in made.table.rows}
    assert picture.count("chart-protected") == sum(row.value is None for row in bars)


def test_a_family_of_tables_is_made_at_once_and_read_on_one_page_and_in_one_workbook(officer):
    make(officer, table="annex")
    officer.open(officer.path + "/set")
    headings = re.findall(r"<h2>(.*?)</h2>", officer.page)
    titles = [entry.title_vi for entry in CATALOGUE if entry.family is Family.ANNEX]
    book = openpyxl.load_workbook(io.BytesIO(fetch(officer, officer.path + ".xlsx")))
    assert headings == titles
    assert len(book.sheetnames) >= len(titles)


def test_a_family_for_everybody_leaves_out_what_is_for_superior_agencies_only(officer):
    make(officer, table="ministry")
    officer.open(officer.path + "/set")
    assert "giới tính người bị bạo lực" in officer.page
    assert "Bạo lực gia đình: tuổi" not in officer.page


def test_a_table_for_superior_agencies_only_is_refused_to_everybody_else(officer):
    officer.open("/statistics/new")
    fields = {"table": "dv_age_band_ministry", "from_on": "01/01/2025", "to_on": "31/12/2025", "tier": "T2"}
    officer.send(**fields)
    assert officer.answer.status_code == 422
    assert "chỉ lập cho cơ quan cấp trên" in officer.page


def test_downloads_are_audited(officer, work):
    make(officer)
    release = officer.path
    officer.open(f"{release}/table.csv")
    with work(write=False) as session:
        actions = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert actions.count("release:read") >= 2
    assert officer.answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"from_on": "31/13/2025"}, "ngày"),
        ({"from_on": "31/12/2025", "to_on": "01/01/2025"}, "Ngày cuối"),
        ({"from_on": "03/03/2025", "to_on": "03/03/2025", "tier": "T1"}, "trọn quý"),
        ({"table": "incidents_by_hamlet", "to_on": "30/06/2025"}, "mỗi năm một lần"),
    ],
)
def test_what_cannot_be_made_is_said_beside_the_field_and_keeps_what_was_typed(officer, fields, words):
    page = make(officer, **fields)
    assert officer.status == 422
    assert words in page
    assert f'value="{fields.get("from_on", "01/01/2025")}"' in page


def test_a_refused_table_says_what_to_merge(officer, monkeypatch):
    from casemgr.statistics import gate

    def broken(rendered, secrets, ledger):
        cell = Cell(measure="incident", period=YEAR, codes=(("gbvims_type", "rape"),))
        return gate.Verdict(broken=(cell,), intervals={})

    monkeypatch.setattr(gate, "attack_public", broken)
    page = make(officer)
    assert officer.path.startswith("/jobs/")
    assert "Có thể nhận ra một người" in page
    assert "không chia theo loại hình bạo lực" in page


def test_only_the_report_officer_finds_the_form(app, work, commune):
    leader = browser_of(app, work, commune, Role.LEADER)
    leader.open("/statistics")
    listing = leader.status
    leader.open("/statistics/new")
    assert (listing, leader.status) == (200, 403)


@pytest.mark.parametrize("role", [Role.HAMLET_HEAD, Role.CASE_WORKER, Role.KEEPER])
def test_others_do_not_read_statistics(app, work, commune, role):
    browser = browser_of(app, work, commune, role)
    browser.open("/statistics")
    assert browser.status == 403


def test_shortcuts_fill_in_the_days(officer):
    page = officer.open("/statistics/new?from_on=2024-12-01&to_on=2025-05-31")
    assert 'value="01/12/2024"' in page
    assert 'value="31/05/2025"' in page
    officer.open("/statistics/new?from_on=2024-02-31")
    assert officer.status == 200


def test_a_release_of_another_commune_is_as_one_that_never_was(app, work, commune, officer):
    with work():
        other = towns.add_commune()
        actor = other.actor(Role.REPORT_OFFICER)
        made = service.make_table(actor, "incidents", other.id, YEAR, Tier.PUBLIC)
    officer.open(f"/statistics/releases/{made.id}")
    assert officer.status == 404
