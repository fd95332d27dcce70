"""Tables and reports from the command line: for programs, in the name of a user and with their rights."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from casemgr import clock
from casemgr.accounts import service as accounts
from casemgr.audit.models import AuditEntry
from casemgr.crypto import onetime
from casemgr.policy import Role
from casemgr.statistics import gate
from casemgr.statistics.disclosure.cells import Cell
from casemgr.units.models import Unit
from tests.cli.test_people_and_keys import PASSWORD, SEED, UNLOCK, open_work
from tests.rig import counted_town as towns
from tests.rig import staff

NOW = datetime(2026, 6, 2, 1, 0, tzinfo=UTC)
DAYS = ("--from", "2025-01-01", "--to", "2025-06-30", "--unit", "15148")


@pytest.fixture(autouse=True)
def _june():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def office(set_up):
    """An installation with a commune, its incidents and an officer, a leader and a case worker."""
    with clock.frozen(NOW - timedelta(hours=1)), open_work(set_up) as session:
        unit = session.query(Unit).one()
        town = towns.Commune(id=unit.id, hamlets=(unit.id,))
        towns.record(town, towns.invent_incidents(town, 100))
        for name, role in (
            ("canbo", Role.REPORT_OFFICER),
            ("lanhdao", Role.LEADER),
            ("phutrach", Role.CASE_WORKER),
        ):
            account_id = accounts.add_account(
                staff.founder(), sign_in_name=name, name=name, unit_id=unit.id, roles=[role]
            )
            code = accounts.invite(staff.founder(), account_id).code
            accounts.enrol(name, code, PASSWORD, seed=SEED)
    return set_up


def proof(at=NOW):
    return {"CASEMGR_PASSWORD": PASSWORD, "CASEMGR_CODE": onetime.current_code(SEED, at)}


def make(shell, *more, user="canbo", **options):
    given = ("statistics", "make", "incidents", *DAYS, "--as", user, *more)
    return shell.run(*given, typed=UNLOCK, **proof(clock.now()), **options)


def test_the_catalogue_needs_no_installation(sqlite_shell):
    rows = sqlite_shell.json("statistics", "tables")
    assert {"incidents", "services", "stays"} <= {row["table"] for row in rows}
    assert rows[0]["dimensions"] == ["unit", "gbvims_type", "sex", "age_band_gbvims"]


def test_a_table_has_every_cell_with_codes_value_and_status(office):
    made = json.loads(make(office, "--json").splitlines()[0])
    assert (made["table"], made["unit"], made["tier"], made["is_new"]) == ("incidents", "15148", "T2", True)
    assert made["cells"][0]["codes"]["unit"] == "15148"
    for cell in made["cells"]:
        assert (cell["value"] is None) == (cell["status"] == "suppressed")
    assert {"published", "suppressed"} == {cell["status"] for cell in made["cells"]}


def test_made_again_it_is_the_same_release(office):
    first = json.loads(make(office, "--json").splitlines()[0])
    with clock.frozen(NOW + timedelta(minutes=2)):
        again = json.loads(make(office, "--json").splitlines()[0])
    assert again == first | {"is_new": False}


def test_without_json_it_is_the_file_of_the_page(office):
    text = make(office)
    assert text.startswith("period_from,period_to,unit")
    assert "[bv]" in text


def test_a_case_worker_is_refused_and_it_is_told(office):
    make(office, user="phutrach", code=3)
    assert "Không tìm thấy" in office.output


def test_a_refused_table_says_what_to_merge_and_stays_on_record(office, monkeypatch):
    def broken(rendered, secrets, ledger):
        cell = Cell(measure="incident", period=rendered[0].period, codes=(("sex", "nam"),))
        return gate.Verdict(broken=(cell,), intervals={})

    monkeypatch.setattr(gate, "attack_public", broken)
    answer = json.loads(make(office, "--json", code=3).splitlines()[0])
    assert answer == {"refused": "would_disclose", "merge": ["sex"]}
    with open_work(office) as session:
        entry = session.query(AuditEntry).filter(AuditEntry.outcome == "refused").one()
    assert entry.action == "statistics:release"
    assert entry.door.startswith("command:")


@pytest.mark.parametrize("days", [("2025-13-01", "2025-06-30"), ("2025-06-30", "2025-01-01")])
def test_days_that_cannot_be_read_are_refused(office, days):
    given = ("--from", days[0], "--to", days[1], "--unit", "15148", "--as", "canbo")
    office.run("statistics", "make", "incidents", *given, typed=UNLOCK, code=3)
    assert "Ví dụ" in office.output


def test_a_report_is_written_as_files(office, tmp_path):
    given = ("report", "make", *DAYS, "--tier", "T1", "--as", "canbo", "--output", str(tmp_path / "out"))
    answer = office.json(*given, typed=UNLOCK, **proof())
    endings = sorted(path.suffix for path in (tmp_path / "out").iterdir())
    assert answer["state"] == "draft"
    assert endings == [".csv"] * 7 + [".docx", ".pdf"]
