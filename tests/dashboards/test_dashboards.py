"""Dashboards: nobody sees a live count beyond their own cases, and page, picture and files say the same."""

import csv
import io
import re
from datetime import UTC, date, datetime
from uuid import UUID

import openpyxl
import pytest

from casemgr import clock
from casemgr.cases import service as cases
from casemgr.cases.queries import list_own
from casemgr.dashboards.rules import FOR_ROLES, PANELS, Dashboard, Due, due_of, list_dashboards
from casemgr.factory import create_app
from casemgr.facts.rules import FactKind
from casemgr.letters import charts
from casemgr.policy import Actor, Permission, Role, may
from casemgr.statistics import comparing, legend, service
from casemgr.statistics.catalogue import find_entry
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.grids import Wording
from casemgr.statistics.models import Release
from casemgr.statistics.service import Tier
from casemgr.statistics.service.comparing import choose
from tests.rig import counted_town as towns
from tests.rig import staff
from tests.rig.browsing import ORIGIN, Browser
from tests.rig.office import open_office
from tests.statistics.printed import UNIT, print_table

HALVES = tuple(
    Period.between(date(year, month, 1), date(year, *last))
    for year, month, last in (
        (2024, 1, (6, 30)),
        (2024, 7, (12, 31)),
        (2025, 1, (6, 30)),
        (2025, 7, (12, 31)),
    )
)
WORDS = Wording(locale="vi", places={str(UNIT): "UBND xã Mường Lói"})


@pytest.fixture(autouse=True)
def _day_after():
    staff.cheap_passwords()
    with clock.frozen(datetime(2026, 1, 5, 1, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def app(database, keys, tmp_path):
    return create_app(staff.settings_for(database.url, tmp_path), database, keys)


def gaps(day, count=9):
    return [
        (day, {"service": service, "why": "khong_co"})
        for service in ("y_te", "phap_ly")
        for _ in range(count)
    ]


@pytest.fixture
def commune(work):
    with work():
        found = towns.add_commune()
        for number, half in enumerate(HALVES):
            towns.record(found, gaps(half.spans[0][0], 6 + number), FactKind.GAP)
    with work():
        for period, tier in ((half, Tier.PUBLIC) for half in HALVES):
            service.make_table(found.actor(Role.REPORT_OFFICER), "gaps", found.id, period, tier)
    return found


def browser_of(app, work, commune, *roles):
    with work():
        person = staff.add_staff(f"can.bo.{roles[0]}".replace("_", "."), *roles, unit_id=commune.id)
    browser = Browser(app)
    staff.sign_in(browser, person)
    return browser


def main_of(page):
    return page[page.index("<main") : page.index("</main>")]


def fetch(browser, path):
    answer = browser.client.get(path, base_url=ORIGIN)
    return answer.status_code, answer.get_data()


def test_page_picture_and_files_show_the_same_released_figures_of_the_last_three_half_years(
    app, work, commune
):
    officer = browser_of(app, work, commune, Role.PROGRAMME_OFFICER)
    page = main_of(officer.open("/overview"))
    heads = re.findall(r'<th role="columnheader"[^>]*>([^<]+)', page)
    cells = re.findall(r'<td role="cell"[^>]*class="number">([^<]*)</td>', page)
    address = "?panel=gaps-service&months=6"
    text = fetch(officer, f"/overview/figure.csv{address}")[1].decode("utf-8-sig")
    by_period = {}
    for line in csv.DictReader(io.StringIO(text)):
        by_period.setdefault(line["period_from"], []).append(line["value"])
    in_csv = [value for row in zip(*by_period.values(), strict=True) for value in row]
    book = openpyxl.load_workbook(io.BytesIO(fetch(officer, f"/overview/figure.xlsx{address}")[1]))
    rows = [row[1:4] for row in book.worksheets[0].iter_rows(values_only=True)]
    in_book = [str(value) for row in rows for value in row if isinstance(value, int) or value == "[bv]"]
    picture = fetch(officer, f"/overview/figure.svg{address}")[1].decode()
    assert heads[1:4] == ["07/2024–12/2024", "01/2025–06/2025", "07/2025–12/2025"]
    assert cells == in_csv == in_book
    assert re.findall(r">\d\d/\d{4}–\d\d/\d{4}: ([^<]+)<", picture) == cells[:-3]
    explained = " ".join(str(cell) for row in book.worksheets[1].iter_rows(values_only=True) for cell in row)
    assert all(sentence in explained for sentence in legend.HIDDEN)
    # What is drawn is read by those who hear it, and needs no style that the policy of the pages forbids.
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert all(part in svg for part in ('role="img"', "<title", "<desc"))
    assert "style=" not in page
    for address in ("/overview/figure.csv?panel=incidents-type", "/overview?show=unit", "/overview?show=own"):
        assert fetch(officer, address)[0] == 404


def test_what_is_newer_than_the_release_and_what_is_next_door_is_on_no_dashboard(app, work, commune):
    leader = browser_of(app, work, commune, Role.LEADER)
    before = main_of(leader.open("/overview?show=network"))
    with work():
        towns.record(commune, gaps(date(2025, 9, 9), 30), FactKind.GAP)
        other = towns.add_commune()
    assert main_of(leader.open("/overview?show=network")) == before
    assert "07/2025–12/2025" in before
    officer = browser_of(app, work, commune, Role.DATA_PROTECTION)
    assert "Sổ phát hành nguyên vẹn" in officer.open("/overview")
    assert "Số công bố và số ẩn" in officer.page
    neighbour = browser_of(app, work, other, Role.REPORT_OFFICER)
    assert "Chưa phát hành bảng công khai nào" in neighbour.open("/overview?show=network")


def test_restricted_releases_are_on_no_dashboard(app, work):
    with work():
        commune = towns.add_commune()
        towns.record(commune, gaps(date(2025, 2, 1)), FactKind.GAP)
    with work():
        service.make_table(commune.actor(Role.REPORT_OFFICER), "gaps", commune.id, HALVES[2], Tier.RESTRICTED)
    leader = browser_of(app, work, commune, Role.LEADER)
    page = leader.open("/overview?show=network")
    assert "Chưa phát hành bảng công khai nào" in page
    assert fetch(leader, "/overview/figure.csv?panel=gaps-service")[0] == 404


def test_my_cases_are_those_that_i_lead_and_nobody_elses(app, work):
    with work():
        office = open_office()
        chief = Actor(
            account_id=office.supervisor.account_id,
            unit_id=office.unit_id,
            roles=frozenset({Role.SUPERVISOR, Role.CASE_WORKER}),
        )
        for actor, count in ((office.worker, 3), (office.colleague, 4), (chief, 2)):
            for _ in range(count):
                cases.open_case(actor, summary={}, risk_level="cao")
    with work():
        assert {row.owner_id for row in list_own(office.worker)} == {office.worker.account_id}
        assert len(list_own(office.worker)) == 3
        assert len(list_own(chief)) == 2


def test_own_cases_stand_with_their_table_and_leave_in_no_file(app, work):
    with work():
        office = open_office()
        person = staff.add_staff("lan.anh", Role.CASE_WORKER, unit_id=office.unit_id)
        for level in ("cao", "cao", None):
            cases.open_case(person.actor, summary={}, risk_level=level)
    browser = Browser(app)
    staff.sign_in(browser, person)
    page = main_of(browser.open("/overview"))
    assert re.findall(r'class="number">(\d+)</td>', page).count("3") >= 2
    assert "/overview/figure" not in page
    assert browser.client.get("/overview/figure.csv?panel=own-risk", base_url=ORIGIN).status_code == 403


def test_hidden_figures_are_drawn_alike_whatever_the_others_are():
    periods = HALVES[1:]
    made = [print_table("gaps", period=period) for period in periods]
    found = comparing.compare("gaps-service", [one.table for one in made], "service", WORDS)
    hidden = sum(value is None for line in found.lines for value in line.values)
    drawn = charts.draw(comparing.picture(found), language="vi", is_bare=True)
    stubs = re.findall(r"<rect [^>]*class=\"chart-protected\"[^>]*>", drawn)
    assert len(stubs) == hidden > 0
    assert {re.search(r' width="([\d.]+)"', stub)[1] for stub in stubs} == {"26"}
    assert found.has_protected


def test_a_category_that_a_coarser_release_lacks_counts_as_protected():
    fine, coarse = print_table("incidents", hides=99), print_table("incidents", period=HALVES[0], hides=99)
    few = find_entry("incidents").ladder
    assert few is not None
    spec = coarse.table.spec
    ages = [codes for codes in (row.codes for row in coarse.table.rows) if "a0_11" not in codes]
    rows = tuple(row for row in coarse.table.rows if row.codes in ages)
    found = comparing.compare(
        "x",
        [type(coarse.table)(spec=spec, period=HALVES[0], rows=rows), fine.table],
        "age_band_gbvims",
        WORDS,
    )
    line = next(one for one in found.lines if one.code == "a0_11")
    assert line.values[0] is None
    assert line.values[1] is not None


def test_periods_that_overlap_or_belong_to_another_unit_are_not_put_side_by_side():
    def release(first, last, unit=UNIT):
        return Release(unit_id=unit, period_from=first, period_to=last)

    newest = release(date(2025, 7, 1), date(2025, 12, 31))
    before = release(date(2025, 1, 1), date(2025, 6, 30))
    across = release(date(2025, 6, 1), date(2025, 11, 30))
    elsewhere = release(date(2025, 1, 1), date(2025, 6, 30), UUID(int=6))
    found = choose([newest, across, elsewhere, before], 6)
    assert found == [newest, before]


def test_every_dashboard_is_made_of_tables_that_may_be_public():
    panels = [panel for one in PANELS.values() for panel in one]
    for panel in panels:
        entry = find_entry(panel.table)
        assert entry is not None
        assert not entry.restricted_only
    assert len({panel.name: panel for panel in panels}) == len({*panels})


def test_roles_with_a_dashboard_are_those_with_the_permission():
    for role in Role:
        actor = Actor(account_id=UNIT, unit_id=UNIT, roles=frozenset({role}))
        assert may(actor, Permission.DASHBOARD_SHOW) == (role in FOR_ROLES) == bool(list_dashboards([role]))
    assert list_dashboards([Role.LEADER, Role.SUPERVISOR])[0] is Dashboard.UNIT


@pytest.mark.parametrize(
    ("day", "due"),
    [(None, Due.NONE), ("2026-01-04", Due.OVERDUE), ("2026-01-05", Due.WEEK), ("2026-01-13", Due.LATER)],
)
def test_a_case_is_counted_once_by_its_next_task(day, due):
    assert due_of(date.fromisoformat(day) if day else None, date(2026, 1, 5)) is due
