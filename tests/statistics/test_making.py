"""Making tables: true figures, nothing that can be worked out, one release for each table and period."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from casemgr import clock
from casemgr.codes import lists
from casemgr.errors import NotFound, Refused
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact, remove_fact
from casemgr.policy import Role
from casemgr.statistics import service
from casemgr.statistics.catalogue import CATALOGUE, Family, list_wanted
from casemgr.statistics.disclosure.audit import audit
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.documents import read_secrets
from casemgr.statistics.models import Release, ReleaseCell
from casemgr.statistics.service import Tier, WouldDisclose
from tests.rig import counted_town as towns
from tests.statistics.sdc import FIRST_HALF, SECOND_HALF, YEAR


@pytest.fixture
def commune(work):
    with work():
        return towns.add_commune()


@pytest.fixture
def officer(commune):
    return commune.actor(Role.REPORT_OFFICER)


def matches(fact, codes):
    gender_based = {one.code for one in lists.get("gbvims_type")} - {"non_gbv"}
    types = {"sexual": {"rape", "sex_assault"}, "gbv": gender_based}
    types["other_gbv"] = gender_based - {"rape", "sex_assault", "phys_assault"}
    ages = {"minor": {"a0_11", "a12_17"}, "adult": {"a18_49", "a50_plus"}, "khong_ro": {None, "khong_ro"}}
    _, kind, sex, age = codes
    return (
        (kind == "tong" or fact["gbvims_type"] in types.get(kind, {kind}))
        and (sex == "tong" or fact["sex"] == sex)
        and (age == "tong" or fact["age_band_gbvims"] in ages.get(age, {age}))
    )


def test_every_shown_figure_equals_a_plain_recount(work, commune, officer):
    facts = list(towns.invent_incidents(commune, 160))
    with work():
        towns.record(commune, facts)
    with work():
        made = service.make_table(officer, "incidents", commune.id, YEAR, Tier.PUBLIC)
    shown = [row for row in made.table.rows if row.value is not None]
    assert made.is_new
    assert shown
    for row in shown:
        assert row.value == sum(matches(codes, row.codes) for _, codes in facts), row


def test_services_and_stays_are_counted_and_released(work, commune, officer):
    with work():
        towns.record(
            commune,
            [(date(2025, 3, 1), {"service": "y_te", "outcome": "hoan_thanh"})] * 30
            + [(date(2025, 9, 1), {"service": "tam_ly", "outcome": "da_tiep_nhan"})] * 20,
            FactKind.SERVICE,
        )
        towns.record(
            commune, [(date(2025, 3, 1), {"adults": 1, "children": 1, "nights": 5})] * 9, FactKind.STAY
        )
    with work():
        services = service.make_table(officer, "services", commune.id, YEAR, Tier.PUBLIC)
        stays = service.make_table(officer, "stays", commune.id, YEAR, Tier.PUBLIC)
    assert services.table.value(str(commune.id), "tong", "tong") == 50
    assert stays.table.value(str(commune.id), "tong", "tong") == 9


def test_a_hidden_cell_has_no_value_in_the_ledger(work, commune, officer):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 160))
    with work():
        made = service.make_table(officer, "incidents", commune.id, YEAR, Tier.PUBLIC)
    with work(write=False) as session:
        cells = [(cell.status, cell.value) for cell in session.scalars(sa.select(ReleaseCell))]
    assert Counter(status for status, _ in cells) == Counter(row.status for row in made.table.rows)
    assert {value for status, value in cells if status == "suppressed"} == {None}


def test_the_figures_of_a_restricted_table_stand_sealed(work, commune, officer):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 60))
    with work():
        made = service.make_table(officer, "incidents", commune.id, YEAR, Tier.RESTRICTED)
    with work(write=False) as session:
        values = session.scalars(sa.select(ReleaseCell.value)).all()
        again = service.get_table(officer, made.id)
    assert set(values) == {None}
    assert again.table == made.table
    assert made.table.rows[0].value == 60


def test_the_restricted_table_shows_the_margins_of_the_commune_exactly(work, commune, officer):
    facts = list(towns.invent_incidents(commune, 160))
    with work():
        towns.record(commune, facts)
    with work():
        made = service.make_table(officer, "incidents", commune.id, YEAR, Tier.RESTRICTED)
    assert len(made.table.spec.dimensions) == 4
    margins = [row for row in made.table.rows if sum(code != "tong" for code in row.codes[1:]) <= 1]
    assert all(row.value == sum(matches(codes, row.codes) for _, codes in facts) for row in margins)


def test_half_year_and_year_together_withstand_the_attacker(work, commune, officer):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 80))
    with work():
        half = service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)
    with work():
        year = service.make_table(officer, "incidents", commune.id, YEAR, Tier.PUBLIC)
    with work(write=False) as session:
        secrets = [
            secret
            for release in session.scalars(sa.select(Release))
            for secret in read_secrets(release.certificate["secrets"])
        ]
    report = audit([half.table, year.table], secrets)
    assert report.passed
    assert any(secret.cell.period == SECOND_HALF for secret in secrets)
    for secret in secrets:
        least, greatest = report.intervals[secret.cell]
        assert least <= secret.least
        assert greatest >= secret.greatest


def test_the_certificate_keeps_what_an_attacker_could_learn_of_each_small_cell(work, commune, officer):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 60))
    with work():
        service.make_table(officer, "incidents", commune.id, YEAR, Tier.PUBLIC)
    with work(write=False) as session:
        certificate = session.scalars(sa.select(Release)).one().certificate
    assert certificate["secrets"]
    assert all(least == 0 and greatest >= 5 for least, greatest in certificate["intervals"])


def test_a_reader_of_restricted_reports_learns_no_hidden_figure_from_the_public_table(work, commune, officer):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 80))
    with work():
        restricted = service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.RESTRICTED)
    with work():
        public = service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)
    with work(write=False) as session:
        kept = {
            release.tier: read_secrets(release.certificate["secrets"])
            for release in session.scalars(sa.select(Release))
        }
    known = {row.codes for row in restricted.table.rows if row.value is not None}
    report = audit([public.table, restricted.table], kept["T1"])
    alone = audit([restricted.table], kept["T2"]).intervals
    both = audit([public.table, restricted.table], kept["T2"]).intervals
    assert report.passed
    assert any(row.value is None and row.codes in known for row in public.table.rows)
    for secret in kept["T2"]:
        if secret.cell in alone and alone[secret.cell][0] < alone[secret.cell][1]:
            assert both[secret.cell][0] < both[secret.cell][1]


def test_the_same_request_again_returns_what_was_released(work, commune, officer):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 40))
    with work():
        first = service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)
    with work() as session:
        again = service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)
        number = session.scalar(sa.select(sa.func.count()).select_from(Release))
    assert (again.id, again.table, again.is_new, again.has_changed) == (first.id, first.table, False, False)
    assert number == 1


@pytest.mark.parametrize("change", ["added", "corrected", "removed"])
def test_released_figures_stand_when_facts_change_and_the_change_is_said(work, commune, officer, change):
    facts = list(towns.invent_incidents(commune, 60))
    with work():
        ids = towns.record(commune, facts)
    with work():
        half = service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)
    at = next(at for at, (day, _) in enumerate(facts) if FIRST_HALF.contains(day))
    day, codes = facts[at]
    with work():
        if change == "added":
            towns.record(commune, [(date(2025, 5, 20), codes)])
        elif change == "corrected":
            other = codes | {"sex": "khac"}
            record_fact(
                unit_id=commune.id, kind=FactKind.INCIDENT, registered_on=day, codes=other, fact_id=ids[at]
            )
        else:
            remove_fact(ids[at])
    with work():
        again = service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)
        year = service.make_table(officer, "incidents", commune.id, YEAR, Tier.PUBLIC)
    assert again.table == half.table
    assert again.has_changed
    assert not again.is_new
    assert year.table.rows[0].value == (61 if change == "added" else 60)


def test_what_came_late_counts_in_the_next_period(work, commune, officer):
    def codes():
        return next(towns.invent_incidents(commune, 1))[1]

    with work():
        towns.record(commune, [(date(2025, 2, 1), codes())] * 20 + [(date(2025, 8, 1), codes())] * 20)
    with work():
        first = service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)
        towns.record(commune, [(date(2025, 6, 30), codes())] * 10)
    with work():
        second = service.make_table(officer, "incidents", commune.id, SECOND_HALF, Tier.PUBLIC)
        year = service.make_table(officer, "incidents", commune.id, YEAR, Tier.PUBLIC)
    assert [made.table.rows[0].value for made in (first, second, year)] == [20, 30, 50]


def test_days_that_are_not_over_are_refused(work, commune, officer):
    ahead = Period.between(date(2026, 1, 1), date(2026, 6, 30))
    with work(), pytest.raises(Refused, match="period_not_over"):
        service.make_table(officer, "incidents", commune.id, ahead, Tier.PUBLIC)


def test_hamlets_are_shown_once_a_year_only(work, commune, officer):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 90))
    with work(), pytest.raises(Refused, match="yearly_only"):
        service.make_table(officer, "incidents_by_hamlet", commune.id, FIRST_HALF, Tier.PUBLIC)
    with work():
        made = service.make_table(officer, "incidents_by_hamlet", commune.id, YEAR, Tier.PUBLIC)
    assert {row.codes[0] for row in made.table.rows} >= {str(hamlet) for hamlet in commune.hamlets}


def test_a_period_that_differs_by_a_month_gives_nobody_away(work, commune, officer):
    def codes(**other):
        return next(towns.invent_incidents(commune, 1))[1] | other

    with work():
        towns.record(commune, [(date(2025, 2, 1), codes())] * 30)
        towns.record(commune, [(date(2024, 12, 10), codes(gbvims_type="rape", sex="nam"))])
    with work():
        half = service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)
    earlier = Period.between(date(2024, 12, 1), date(2025, 5, 31))
    with work():
        try:
            made = service.make_table(officer, "incidents", commune.id, earlier, Tier.PUBLIC)
        except WouldDisclose:
            return
    assert half.table.rows[0].value == 30
    assert made.table.rows[0].value is None


@pytest.mark.parametrize(
    ("days", "tier"),
    [
        ((date(2025, 3, 3), date(2025, 3, 3)), Tier.RESTRICTED),
        ((date(2025, 3, 3), date(2025, 3, 3)), Tier.PUBLIC),
        ((date(2025, 1, 1), date(2025, 7, 1)), Tier.PUBLIC),
        ((date(2025, 3, 1), date(2025, 3, 31)), Tier.PUBLIC),
        ((date(2025, 2, 1), date(2025, 7, 31)), Tier.RESTRICTED),
        ((date(2025, 1, 1), date(2025, 3, 31)), Tier.RESTRICTED),
    ],
)
def test_nobody_asks_about_days_of_their_own_choice(work, commune, officer, days, tier):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 30))
    with work(), pytest.raises(Refused, match="period_not_fixed"):
        service.make_table(officer, "incidents", commune.id, Period.between(*days), tier)


def test_restricted_tables_of_the_same_days_keep_to_one_calendar(work, commune, officer):
    reporting_half = Period.between(date(2024, 12, 1), date(2025, 5, 31))
    later = Period.between(date(2025, 12, 1), date(2026, 5, 31))
    with work():
        towns.record(commune, towns.invent_incidents(commune, 60))
        service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.RESTRICTED)

    with work(), pytest.raises(Refused, match="other_calendar"):
        service.make_table(officer, "incidents", commune.id, reporting_half, Tier.RESTRICTED)
    with work(), clock.frozen(datetime(2026, 8, 1, tzinfo=UTC)):
        assert service.make_table(officer, "incidents", commune.id, later, Tier.RESTRICTED).is_new


def test_what_the_attacker_breaks_is_refused_with_what_to_merge(work, commune, officer, monkeypatch):
    from casemgr.statistics import gate

    with work():
        towns.record(commune, towns.invent_incidents(commune, 40))

    def broken(rendered, secrets, ledger):
        return gate.Verdict(broken=tuple(secret.cell for secret in secrets), intervals={})

    monkeypatch.setattr(gate, "attack_public", broken)
    with work(), pytest.raises(WouldDisclose) as refusal:
        service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)
    with work(write=False) as session:
        assert session.scalars(sa.select(Release)).all() == []
    assert refusal.value.reason == "would_disclose"
    assert refusal.value.merge


def test_the_gate_reads_what_was_rendered(work, commune, officer, monkeypatch):
    from casemgr.statistics import exports, gate

    with work():
        towns.record(commune, towns.invent_incidents(commune, 40))
    honest = exports.export_csv

    def forged(table, wording):
        return honest(table, wording).replace(b"[bv]", b"7")

    monkeypatch.setattr(gate, "export_csv", forged)
    with work(), pytest.raises(Refused, match="differs_from_count"):
        service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)


@pytest.mark.parametrize(
    "role", [Role.CASE_WORKER, Role.HAMLET_HEAD, Role.SUPERVISOR, Role.LEADER, Role.KEEPER]
)
def test_only_the_report_officer_makes_tables(work, commune, role):
    with work(), pytest.raises(NotFound):
        service.make_table(commune.actor(role), "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)


def test_another_commune_is_out_of_reach(work, commune, officer):
    with work():
        other = towns.add_commune()
    stranger = other.actor(Role.REPORT_OFFICER)
    with work():
        towns.record(commune, towns.invent_incidents(commune, 20))
        made = service.make_table(officer, "incidents", commune.id, YEAR, Tier.PUBLIC)
    with work(), pytest.raises(NotFound):
        service.make_table(stranger, "incidents", commune.id, YEAR, Tier.PUBLIC)
    with work(write=False), pytest.raises(NotFound):
        service.get_table(stranger, made.id)


@pytest.mark.parametrize(
    ("role", "tiers"),
    [
        (Role.LEADER, {"T1", "T2"}),
        (Role.SUPERVISOR, {"T2"}),
        (Role.HAMLET_HEAD, set()),
        (Role.CASE_WORKER, set()),
    ],
)
def test_restricted_tables_are_for_those_who_read_reports(work, commune, officer, role, tiers):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 20))
        for tier in Tier:
            service.make_table(officer, "incidents", commune.id, FIRST_HALF, tier)
    with work(write=False):
        assert {row.tier for row in service.list_tables(commune.actor(role))} == tiers


def test_a_changed_ledger_is_noticed_and_nothing_is_released_on_it(work, commune, officer):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 30))
        made = service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)
    with work() as session:
        _without_guards(session)
        session.execute(
            sa.update(ReleaseCell).where(ReleaseCell.position == 0).values(status="published", value=99)
        )
        session.commit()
    with work(write=False):
        assert service.list_broken(officer, commune.id) == [made.id]
    with work(), pytest.raises(Refused, match="ledger_broken"):
        service.make_table(officer, "incidents", commune.id, YEAR, Tier.PUBLIC)


def _without_guards(session):
    if session.get_bind().dialect.name == "sqlite":
        names = "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='release_cell'"
        for (name,) in session.execute(sa.text(names)).all():
            session.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE release SET tier = 'T1'",
        "DELETE FROM release_cell",
        "UPDATE release_cell SET value = 1 WHERE status = 'published'",
        "DELETE FROM release",
    ],
)
def test_the_database_itself_refuses_to_change_the_ledger(work, commune, officer, statement):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 60))
        service.make_table(officer, "incidents", commune.id, FIRST_HALF, Tier.PUBLIC)
    with work() as session, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text(statement))


def test_every_table_of_the_catalogue_can_be_made_for_a_year(work, commune, officer):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 30))
    with work():
        made = [
            table
            for family in Family
            for table in service.make_tables(
                officer,
                list_wanted(family, is_public=True, is_year=True),
                commune.id,
                YEAR,
                Tier.PUBLIC,
            )
        ]
    assert {table.entry.name for table in made} == {
        entry.name for entry in CATALOGUE if not entry.restricted_only
    }


def test_a_commune_without_any_incident_gets_its_zero_or_hides_it(work, commune, officer):
    with work():
        made = service.make_table(officer, "incidents", commune.id, YEAR, Tier.PUBLIC)
    assert {row.value for row in made.table.rows} <= {0, None}


def test_making_is_in_the_audit_and_so_is_reading(work, commune, officer):
    from casemgr.audit.models import AuditEntry

    with work():
        made = service.make_table(officer, "incidents", commune.id, YEAR, Tier.PUBLIC)
    with work():
        service.get_table(officer, made.id, door="csv")
    with work(write=False) as session:
        actions = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.object_id == made.id)).all()
    assert actions == ["statistics:release", "release:read"]


def test_periods_one_after_the_other_share_nothing(work, commune, officer):
    with work():
        towns.record(commune, towns.invent_incidents(commune, 100))
    with work():
        for first, last in (((1, 1), (3, 31)), ((4, 1), (6, 30)), ((7, 1), (9, 30))):
            period = Period.between(date(2025, *first), date(2025, *last))
            assert service.make_table(officer, "incidents", commune.id, period, Tier.PUBLIC).is_new
