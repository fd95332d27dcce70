"""Hidden figures in plain words: nothing is said that the table does not say, and ranges are for one role."""

import re
from datetime import date
from itertools import combinations

import pytest
import sqlalchemy as sa

from casemgr.audit.models import AuditEntry
from casemgr.errors import Forbidden, NotFound
from casemgr.factory import create_app
from casemgr.facts.rules import FactKind
from casemgr.policy import Role
from casemgr.statistics import service
from casemgr.statistics.disclosure.audit import narrow
from casemgr.statistics.disclosure.tables import SafeRow, SafeTable
from casemgr.statistics.explaining import explain, list_hidden
from casemgr.statistics.service import Tier, attacking
from tests.rig import counted_town as towns
from tests.rig import staff
from tests.rig.browsing import Browser
from tests.statistics.printed import print_table
from tests.statistics.sdc import YEAR

DAY = date(2025, 2, 1)
STAYS = {(1, 2): 3, (1, 5): 9, (2, 5): 1, (2, 40): 6, (3, 5): 2, (1, 40): 4, (2, 2): 7, (3, 40): 5, (3, 2): 8}
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(autouse=True)
def _cheap_passwords():
    staff.cheap_passwords()


@pytest.fixture
def app(database, keys, tmp_path):
    return create_app(staff.settings_for(database.url, tmp_path), database, keys)


def release(work, stays, tier=Tier.PUBLIC):
    with work():
        commune = towns.add_commune()
        facts = [
            (DAY, {"adults": adults, "children": 0, "nights": nights})
            for (adults, nights), count in stays.items()
            for _ in range(count)
        ]
        towns.record(commune, facts, FactKind.STAY)
    with work():
        return commune, service.make_table(
            commune.actor(Role.REPORT_OFFICER), "stays", commune.id, YEAR, tier
        )


def values_of(made):
    return {row.codes[1:]: row.value for row in made.table.rows}


def turned():
    """Yield the same stays with one moved around a rectangle, so that every margin stays as it is."""
    for (one, other), (short, long) in (
        (people, nights) for people in combinations((1, 2, 3), 2) for nights in combinations((2, 5, 40), 2)
    ):
        for step in (1, -1):
            moved = dict(STAYS)
            for people, nights, sign in (
                (one, short, 1),
                (one, long, -1),
                (other, short, -1),
                (other, long, 1),
            ):
                moved[people, nights] = moved.get((people, nights), 0) + sign * step
            if min(moved.values()) >= 0:
                yield moved


def pages_of(app, work, commune, made):
    with work():
        person = staff.add_staff(
            f"lanh.dao.{made.id.hex[:6]}", Role.LEADER, unit_id=commune.id, shown_name="L"
        )
    browser = Browser(app)
    staff.sign_in(browser, person)
    for place in ("", *(f"?cell={at}" for at, row in enumerate(made.table.rows) if row.value is None)):
        page = browser.open(f"/statistics/releases/{made.id}/why{place}")
        assert browser.status == 200
        main = page[page.index("<main") : page.index("</main>")]
        yield UUID_TEXT.sub("id", re.sub(r'value="[^"]{40,}"', "", main))


def test_the_page_is_the_same_for_two_communes_whose_hidden_figures_differ(app, work):
    first = release(work, STAYS)
    assert first[1].table.hidden() > 1
    for stays in turned():
        second = release(work, stays)
        if values_of(second[1]) == values_of(first[1]):
            assert list(pages_of(app, work, *first)) == list(pages_of(app, work, *second))
            return
    pytest.fail("no two communes with other figures behind the same table were found")


def test_only_figures_that_are_shown_may_be_said_instead(app, work):
    commune, made = release(work, STAYS)
    shown = {row.value for row in made.table.rows if row.value is not None}
    for codes in list_hidden(made.table):
        found = explain(made.table, codes)
        assert found.sums
        assert {one.value for one in found.instead} <= shown
        assert all(made.table.value(*one.codes) == one.value for one in found.instead)
    page = list(pages_of(app, work, commune, made))[1]
    assert "không ai được biết" in page
    assert "Có thể nói gì thay" in page


def test_a_figure_that_is_shown_or_not_there_has_no_explanation(app, work):
    commune, made = release(work, STAYS)
    shown = next(at for at, row in enumerate(made.table.rows) if row.value is not None)
    with work():
        person = staff.add_staff("phu.trach", Role.SUPERVISOR, unit_id=commune.id)
    browser = Browser(app)
    staff.sign_in(browser, person)
    for place in (shown, -1, 9999):
        browser.open(f"/statistics/releases/{made.id}/why?cell={place}")
        assert browser.status == 404
    with pytest.raises(ValueError, match="shown"):
        explain(made.table, made.table.rows[shown].codes)


def test_a_cell_that_alone_stands_beside_another_is_said_to_give_it_away():
    made = print_table("gaps", hides=99)
    hidden = made.table.rows[2].codes, made.table.rows[5].codes
    rows = tuple(
        SafeRow(codes=row.codes, value=None if row.codes in hidden else row.value) for row in made.table.rows
    )
    table = SafeTable(spec=made.table.spec, period=YEAR, rows=rows)
    (one,) = explain(table, hidden[0]).sums
    assert one.gives_away == hidden[1]


def test_ranges_are_those_of_somebody_who_subtracts():
    made = print_table("gaps", hides=99)
    codes = [row.codes for row in made.table.rows[1:]]
    left_open = {codes[0], codes[1], codes[2]}
    rows = (
        SafeRow(codes=made.table.rows[0].codes, value=2 * (len(codes) - 3) + 6),
        *(SafeRow(codes=one, value=None if one in left_open else 2) for one in codes),
    )
    table = SafeTable(spec=made.table.spec, period=YEAR, rows=rows)
    first, second, third = (table.spec.cell(one, YEAR) for one in codes[:3])
    found = narrow([table], {first: [second], second: [first, third], third: []})
    assert found[first] == ((0, 6), (0, 5))
    assert found[second] == ((0, 6), (0, 5))
    assert found[third] == ((0, 6), (0, 6))


def test_ranges_are_shown_to_the_officer_alone_and_on_record(app, work):
    commune, made = release(work, STAYS)
    with work():
        restricted = service.make_table(
            commune.actor(Role.REPORT_OFFICER), "stays", commune.id, YEAR, Tier.RESTRICTED
        )
    officer = commune.actor(Role.DATA_PROTECTION)
    with work():
        attack = attacking.attack_release(officer, made.id)
        with pytest.raises(Forbidden):
            attacking.attack_release(commune.actor(Role.REPORT_OFFICER, Role.LEADER), made.id)
        with pytest.raises(NotFound):
            attacking.attack_release(officer, restricted.id)
    assert {one.codes for one in attack.learnt} == set(list_hidden(made.table))
    assert attack.restricted == 1
    for one in attack.learnt:
        truth = STAYS.get(({"p1": 1, "p2": 2, "p3_plus": 3}.get(one.codes[1]), {"n0_3": 2}.get(one.codes[2])))
        assert one.outsider[0] < one.outsider[1]
        assert one.outsider[0] <= one.insider[0] <= one.insider[1] <= one.outsider[1]
        assert truth is None or one.outsider[0] <= truth <= one.outsider[1]
        assert one.reader is not None
        assert one.outsider[0] <= one.reader[0] <= one.reader[1] <= one.outsider[1]
    with work(write=False) as session:
        looked = sa.select(AuditEntry.object_id).where(AuditEntry.action == "attack:read")
        assert session.scalars(looked).all() == [made.id]
