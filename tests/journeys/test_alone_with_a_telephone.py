"""One laptop, a worker and a supervisor: what needs somebody else is done by telephone and on paper.

From an empty folder, by the command of README and by pages. The administrator is there because somebody
must give out accounts, and sees no case; the supervisor is the second person whom nobody lets in without.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from casemgr import clock
from casemgr.accounts.service import digests
from casemgr.cli import main
from casemgr.cli.installation import Installation
from casemgr.crypto import onetime
from casemgr.crypto.passwords import Cost
from casemgr.crypto.providers import PassphraseProvider
from casemgr.factory import create_app
from casemgr.keys.service import Keyring
from casemgr.web.application import CaseApplication
from tests.rig import databases
from tests.rig.browsing import Browser
from tests.rig.working import wait_for

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
PASSPHRASE = "kho thoc tren nui cao"
PASSWORDS = {name: f"{name} qua suoi nho tren nuong" for name in ("quantri", "phutrach", "canbo")}
AUTUMN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
REPORT_DAY = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)


INTAKE: dict[str, dict[str, object]] = {
    "report": {"channel": "dien_thoai", "reporter": "tu_bao", "is_present": "yes"},
    "contact": {"may_call": "yes", "phone": "0912345670", "code_word": "Cây mít"},
    "consent": {
        "limits_read": "yes", "agrees_file": "yes", "how": "loi_noi", "services": ["tam_lanh"],
        "agrees_reporting": "yes",
    },
    "person": {"full_name": "Người Mẫu Một Mình", "birth": "1991", "sex": "nu"},
    "circumstances": {"ethnicity": "kinh", "marital": "co_vc"},
    "incident": {"happened_on": "18/11/2026", "place": "nha_nguoi_bi_bao_luc"},
    "acts": {"relationship_basis": "gia_dinh", "dv_acts": ["a"], "forms": ["than_the"]},
    "classification": {
        "gender_based": "yes", "penetration": "no", "sexual_contact": "no", "physical_force": "yes",
    },
    "danger": {"danger_now": "yes", "danger_signs": ["vu_khi"], "risk_level": "cao"},
    "needs": {"urgent_needs": ["noi_an_toan"], "adults": "1", "children": "1"},
}  # fmt: skip


@dataclass
class Laptop:
    """The laptop, who has an account on it, and how far the day has come."""

    app: CaseApplication
    invitation: str
    seeds: dict[str, str] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)

    def enrol(self, name: str, invitation: str) -> Browser:
        """Somebody comes for the first time, with the code on paper."""
        browser = self.browsers[name] = Browser(self.app)
        browser.open("/first")
        browser.send(name=name, code=invitation)
        browser.send(new=PASSWORDS[name], again=PASSWORDS[name])
        browser.send(kind="app")
        seed = re.search(r'translate="no">([A-Z2-7 ]+)</span>', browser.page)
        assert seed is not None, browser.page
        self.seeds[name] = seed[1].replace(" ", "")
        browser.send(code=onetime.current_code(self.seeds[name], clock.now()))
        browser.send(kept="yes")
        assert browser.status == 200
        return browser

    def sign_in(self, name: str) -> Browser:
        """Somebody comes again."""
        browser = self.browsers[name] = Browser(self.app)
        browser.open("/sign-in")
        browser.send(name=name, password=PASSWORDS[name])
        browser.send(code=onetime.current_code(self.seeds[name], clock.now() + timedelta(seconds=30)))
        assert browser.status == 200, browser.page
        return browser


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laptop]:
    """What `casemgr init` leaves behind, served to this machine alone."""
    monkeypatch.setattr(digests, "COST", CHEAP)
    monkeypatch.setitem(PassphraseProvider.create.__func__.__kwdefaults__, "cost", CHEAP)
    url = databases.sqlite_url(tmp_path / "casemgr.db")
    environment = {"CASEMGR_DATABASE_URL": url, "CASEMGR_DIRECTORY": str(tmp_path / "home")}
    with clock.passing(AUTUMN):
        words = ("init", "--commune", "15148", "--unit-name", "UBND xã Cẩm Tú")
        words += ("--admin", "quantri", "--admin-name", "Quản trị Mẫu")
        said = CliRunner().invoke(main, words, input=f"{PASSPHRASE}\n{PASSPHRASE}\n", env=environment)
        assert said.exit_code == 0, said.output
        found = re.search(r"Mã mời .*: ((\w{4}-){3}\w{4})", said.stdout)
        installation = Installation(environment)
        installation.require_current_tables()
        keyring = Keyring(PassphraseProvider(installation.places.root_keys, PASSPHRASE).root_keys())
        app = create_app(installation.settings, installation.database, keyring)
        yield Laptop(app=app, invitation=found[1])
        installation.close()


def test_a_worker_and_a_supervisor_do_everything_with_a_telephone(laptop: Laptop) -> None:
    chief = laptop.enrol("quantri", laptop.invitation)
    add_units(chief)
    supervisor = laptop.enrol("phutrach", add_account(chief, "phutrach", "supervisor", "leader"))
    first_half = add_account(chief, "canbo", "case_worker", "report_officer")
    worker = laptop.enrol("canbo", first_half + release(supervisor))
    register_address(supervisor)

    case = open_case(worker)
    shelter = send_to_shelter(worker, case)
    complete_the_intake(worker, case)
    health = send_to_health(worker, case)
    end_by_phone(worker, health, needs_met="du")
    end_by_phone(worker, shelter, left_to="nguoi_than", safety="an_toan", needs_met="du")
    close(worker, laptop.sign_in("phutrach"), case)

    with clock.passing(REPORT_DAY):
        report = make_report(laptop, laptop.sign_in("canbo"))
        approve(laptop.sign_in("phutrach"), report)


def unit_id(browser: Browser, name: str) -> str:
    found = re.search(rf'<option value="([0-9a-f-]{{36}})"[^>]*>[^<]*{name}', browser.page)
    assert found is not None, browser.page
    return found[1]


def add_units(chief: Browser) -> None:
    """Who is telephoned: a health station and a keeper, without accounts."""
    for kind, name, phone in (
        ("tram_y_te", "Trạm y tế xã Cẩm Tú", "0912345678"),
        ("dia_chi_tin_cay", "Địa chỉ tin cậy Thôn Một", "0912345679"),
    ):
        chief.open("/administration/units/add")
        parent = unit_id(chief, "UBND xã Cẩm Tú")
        chief.send(kind=kind, name=name, is_public="yes", duty_phone=phone, parent_id=parent)
        assert chief.status == 200, chief.page


def register_address(supervisor: Browser) -> None:
    """The supervisor enters the trusted address with its beds and the keeper's number."""
    supervisor.open("/shelters/register/new")
    supervisor.send(
        unit=unit_id(supervisor, "Địa chỉ tin cậy"),
        decision_number="12/QĐ-UBND",
        is_public="no",
        adult_beds="2",
        child_beds="2",
        contact_phone="0912345679",
        place="Nhà bà Năm, cuối xóm",
    )
    assert supervisor.path == "/shelters/register", supervisor.page


def open_case(worker: Browser) -> str:
    """A case from an emergency call, with consent by word of mouth; return its address."""
    worker.open("/emergency")
    needs = {"urgent_needs": ["noi_an_toan"]}
    worker.send(danger_now="yes", phone="0912345670", adults="1", children="1", consent="given", **needs)
    found = re.fullmatch(r"/emergency/([0-9a-f-]{36})", worker.path)
    assert found is not None, worker.page
    assert "0912 345 679" in worker.page
    return f"/cases/{found[1]}"


def send_to_shelter(worker: Browser, case: str) -> str:
    """The keeper says yes on the telephone; return the address of the referral."""
    worker.open(f"{case}/referrals/urgent")
    address = re.search(r'name="phone" value="(tam_lanh\.[0-9a-f-]{36})"', worker.page)
    assert address is not None, worker.page
    assert f'name="send" value="{address[1]}"' not in worker.page, "nobody there could answer on a screen"
    worker.send(phone=address[1])
    assert "Đã tiếp nhận" in worker.page
    assert "Nhà bà Năm" in worker.page
    referral = worker.path
    step(worker, referral, "arrived")
    worker.open("/shelters")
    assert "Địa chỉ tin cậy Thôn Một" in worker.page
    return referral


def complete_the_intake(worker: Browser, case: str) -> None:
    """What could wait is written now."""
    worker.open(f"{case}/intake")
    if worker.path.startswith("/cases/"):
        worker.send(danger_now="yes")
    intake = worker.path
    for section, answers in INTAKE.items():
        worker.open(f"{intake}/{section}")
        worker.send(to=f"{intake}/{section}", then="leave", **answers)
        assert worker.status == 200, worker.page
    worker.open(f"{intake}/people/add")
    worker.send(relation="chong", sex="nam")
    worker.open(f"{intake}/check")
    worker.send(to=f"{intake}/complete")
    assert worker.path == case, worker.page


def send_to_health(worker: Browser, case: str) -> str:
    """A second service: her consent for it, the sheet, and the yes of the station on the telephone."""
    worker.open(f"{case}/consents/add")
    worker.send(limits_read="yes", purpose="chuyen_gui", service="y_te", answer="yes", how="loi_noi")
    assert worker.path == f"{case}/consents", worker.page
    worker.open(f"{case}/referrals/new")
    worker.send(step="unit", service="y_te")
    station = re.search(r'name="unit"[^>]*value="([0-9a-f-]{36})"', worker.page)
    assert station is not None, worker.page
    worker.send(step="details", unit=station[1])
    worker.send(step="check", urgency="ngay", adults="1", children="0")
    worker.send(step="send")
    assert "Chờ trả lời" in worker.page, worker.page
    referral = worker.path
    worker.send(to=f"{referral}/phone-yes", spoke_with="Chị Hoa, trạm y tế")
    assert "Đã tiếp nhận" in worker.page
    assert "Chị Hoa" in worker.page
    step(worker, referral, "arrived")
    return referral


def step(worker: Browser, referral: str, name: str) -> None:
    """What was told on the telephone is recorded."""
    worker.open(referral)
    worker.send(to=f"{referral}/step", step=name)
    assert worker.status == 200, worker.page


def end_by_phone(worker: Browser, referral: str, **answers: str) -> None:
    """The service was given, or she has left the shelter."""
    worker.open(referral)
    worker.send(to=f"{referral}/end", **answers)
    assert "đã hoàn thành" in worker.page, worker.page


def close(worker: Browser, supervisor: Browser, case: str) -> None:
    """Proposed by one, agreed by the other."""
    worker.open(f"{case}/propose-closure")
    worker.send(reason="dat_muc_tieu", safety_plan_reviewed="yes", told_may_return="yes")
    assert worker.path == case, worker.page
    supervisor.open(f"{case}/agree-closure")
    supervisor.send()
    supervisor.open(case)
    assert "Đã kết thúc" in supervisor.page, supervisor.page


def make_report(laptop: Laptop, officer: Browser) -> str:
    """The worker, who is the report officer too, makes the report; return its address."""
    officer.open("/reports/new")
    officer.send(tier="T1")
    wait_for(officer, laptop.app)
    report = officer.path
    assert re.fullmatch(r"/reports/[0-9a-f-]{36}", report), officer.page
    officer.open(f"{report}/narrative")
    officer.send(addressees="Ủy ban nhân dân tỉnh Thanh Hóa", signer="CHỦ TỊCH", situation="Xã có sáu thôn.")
    assert officer.path == report, officer.page
    return report


def approve(leader: Browser, report: str) -> None:
    """The leader approves what somebody else has made."""
    leader.open(report)
    leader.send(to=f"{report}/approve")
    assert "Đã duyệt" in leader.page, leader.page


CODE = re.compile(r">((?:[0-9A-Z]{4}-)+[0-9A-Z]{4})<")


def add_account(chief: Browser, name: str, *roles: str) -> str:
    """Give somebody an account; return what stands on the paper for them."""
    chief.open("/administration/accounts/add")
    unit = unit_id(chief, "UBND xã Cẩm Tú")
    chief.send(name=f"Mẫu {name}", sign_in_name=name, unit_id=unit, roles=list(roles))
    code = CODE.search(chief.page)
    assert code is not None, chief.page
    return code[1]


def release(supervisor: Browser) -> str:
    """The second person says yes and holds the other half of the code."""
    supervisor.open("/administration/requests")
    request = re.search(r"/administration/requests/[0-9a-f-]{36}", supervisor.page)
    assert request is not None, supervisor.page
    supervisor.open(request[0])
    supervisor.send(to=f"{request[0]}/release")
    code = CODE.search(supervisor.page)
    assert code is not None, supervisor.page
    return code[1]
