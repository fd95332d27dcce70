"""Markers typed into every form through the browser are nowhere in the clear once everybody has gone home."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserType

from casemgr import clock
from casemgr.cases import forms as case_forms
from casemgr.children import forms as child_forms
from casemgr.conferences import forms as conference_forms
from casemgr.incidents import forms as incident_forms
from casemgr.intake import forms as intake_forms
from casemgr.questions import Form, Kind, Section
from casemgr.referrals import forms as referral_forms
from casemgr.reporting import narrative
from casemgr.shelters import forms as shelter_forms
from casemgr.stays import forms as stay_forms
from casemgr.support import forms as support_forms
from casemgr.survivors import forms as survivor_forms
from casemgr.tips import forms as tip_forms
from tests.rig.canary import CORE, Typist, find_in_files, find_in_rows
from tests.rig.demonstration import LOCAL, SWITCHES, Office, Person, attend, make_empty_demonstration

pytestmark = pytest.mark.browser

WRITTEN = {Kind.TEXT, Kind.LONG_TEXT, Kind.NAME, Kind.PHONE, Kind.IDENTITY_NUMBER}
FORMS = (
    case_forms, child_forms, conference_forms, incident_forms, intake_forms, narrative, referral_forms,
    shelter_forms, stay_forms, support_forms, survivor_forms, tip_forms,
)  # fmt: skip
CHOSEN = {"hamlet"}
"""Texts that are chosen from a list."""
PLAIN = {"name": "Trạm Mẫu", "former_commune": "", "commune": "", "duty_phone": ""}
"""What public bodies are called is plain by its classification, so no marker goes there."""


PERSON = {"sex": "nu"}
PROFILE = {"ethnicity": "kinh", "needs_interpreter": "yes"}
CONTACT = {"may_call": "yes"}
INCIDENT = {"injured": "yes", "relationship_basis": "gia_dinh", "forms": "than_the"}
PERPETRATOR = {"relation": "chong", "sex": "nam"}
INTAKE = {
    "report": {"channel": "dien_thoai"},
    "contact": CONTACT,
    "consent": {"limits_read": "yes", "agrees_file": "yes", "how": "loi_noi", "services": "tam_lanh cong_an"},
    "person": PERSON,
    "circumstances": PROFILE,
    "incident": {"injured": "yes"},
    "acts": {"relationship_basis": "gia_dinh", "dv_acts": "a", "forms": "than_the"},
    "classification": {
        "gender_based": "yes",
        "penetration": "no",
        "sexual_contact": "no",
        "physical_force": "yes",
    },
    "danger": {"danger_now": "yes", "risk_level": "cao"},
    "needs": {"urgent_needs": "noi_an_toan"},
}
IN_DANGER = {"immediate_danger": "yes", "attends_school": "yes"}
CHILD = {"relation": "tre_trong_nha", "agreed": "no", "told": "no", **IN_DANGER}
CONSENT = {
    "limits_read": "yes", "purpose": "chuyen_gui", "service": "y_te", "answer": "yes", "how": "loi_noi",
}  # fmt: skip
EXCEPTION = {"exception": "de_doa_tinh_mang"}
SUPPORT = {"group": "phu_nu", "kind": "vl_gioi_thieu", "programme": "dia_phuong"}


@dataclass(slots=True)
class Desk:
    """The one computer that everybody shares, each signing in and out."""

    office: Office
    chromium: BrowserType
    program: str
    profile: Path

    def seat(self, name: str) -> Iterator[Person]:
        """Open the browser with its kept profile for somebody."""
        context = self.chromium.launch_persistent_context(
            self.profile, executable_path=self.program, args=SWITCHES, locale=LOCAL["locale"]
        )
        person = attend(context, self.office, name).sign_in()
        yield person
        person.press("Đăng xuất", within="body")
        person.leave()


@pytest.fixture
def office(bare_url: str, tmp_path: Path) -> Iterator[Office]:
    """An office on either engine in which nothing has happened yet."""
    folder = make_empty_demonstration(tmp_path / "office", bare_url)
    (tmp_path / "temporary").mkdir()
    office = Office(
        folder=folder, told=tmp_path / "told.txt", surroundings={"TMPDIR": str(tmp_path / "temporary")}
    )
    yield office.open()
    office.close()


def test_nothing_that_was_typed_lies_about_in_the_clear(
    office: Office,
    bare_url: str,
    chromium: BrowserType,
    program: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    typist = Typist()
    desk = Desk(office, chromium, program, tmp_path / "profile")
    for name, work in (
        ("phutrach", enter_addresses),
        ("canbo1", keep_a_case),
        ("diachi2", answer_requests),
        ("thon1", tell_a_tip),
        ("phutrach", supervise),
        ("treem", protect_the_child),
        ("chuongtrinh", support_somebody),
        ("quantri", add_people),
        ("baocao", write_a_report),
        ("canbo1", look_for_her),
        ("phutrach", send_back),
    ):
        for person in desk.seat(name):
            work(typist, person)
    office.run("backup", str(tmp_path / "backup"))
    office.close()
    record_property("markers", len(typist.typed))

    assert declared() - typist.names == set()
    assert len(typist.typed) >= 160
    needles, engine = typist.needles(), sa.create_engine(bare_url)
    # Below this folder lie keys, backup, what the server said, temporary files and the browser's profile.
    places = [tmp_path, *_files_of_server(engine)]
    assert find_in_rows(needles, engine) + find_in_files(needles, *places) == []
    engine.dispose()


def _files_of_server(engine: sa.Engine) -> list[Path]:
    """Return where a database server keeps its files and its log of changes; SQLite has none elsewhere."""
    if engine.dialect.name == "sqlite":
        return []
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("CHECKPOINT"))
        return [Path(str(connection.scalar(sa.text("SHOW data_directory"))))]


def declared() -> set[str]:
    """Return the names of all questions that somebody answers in writing."""
    declarations = [thing for module in FORMS for thing in vars(module).values()]
    questions = [
        question
        for thing in declarations
        if isinstance(thing, Form | Section)
        for question in (thing.questions() if isinstance(thing, Form) else thing.questions)
    ]
    return {question.name for question in questions if question.kind in WRITTEN} - CHOSEN


def enter_addresses(typist: Typist, supervisor: Person) -> None:
    """The supervisor enters two trusted addresses."""
    for label in ("Địa chỉ tin cậy Mẫu Hai", "Địa chỉ tin cậy Mẫu Một", "Nhà tạm lánh Mẫu tỉnh Thanh Hóa"):
        supervisor.open("/shelters/register/new")
        options = supervisor.page.locator("select[name='unit'] option", has_text=label)
        if options.count():
            unit_id = options.first.get_attribute("value") or ""
            typist.send(
                supervisor, "Ghi địa chỉ vào sổ", unit=unit_id, is_public="no", adult_beds="9", child_beds="9"
            )
            assert "/register" in supervisor.path


def keep_a_case(typist: Typist, worker: Person) -> None:
    """The case worker opens a case in an emergency and does everything that there is to be done."""
    worker.open("/emergency")
    typist.send(
        worker, "Mở hồ sơ và xem cần gọi ai", danger_now="yes", urgent_needs="noi_an_toan", consent="given"
    )
    case = "/cases/" + worker.path.rsplit("/", 1)[1]
    worker.open(f"{case}/referrals/urgent")
    typist.send(worker, "Gửi phiếu chuyển gửi")
    _take_the_intake(typist, worker, case)
    _write_into_the_case(typist, worker, case)
    _refer_elsewhere(typist, worker, case)
    _leave_an_intake_half_told(typist, worker)
    _confer(typist, worker, case)
    worker.open(case)
    worker.page.pdf()
    _propose_closure(typist, worker)


def _propose_closure(typist: Typist, worker: Person) -> None:
    worker.follow("Đề nghị kết thúc ca")
    typist.send(
        worker, "Gửi giám sát", reason="dat_muc_tieu", safety_plan_reviewed="yes", told_may_return="yes"
    )
    assert worker.path.startswith("/cases/")


def _take_the_intake(typist: Typist, worker: Person, case: str) -> None:
    worker.open(f"{case}/intake")
    if worker.page.locator("main [name='danger_now']").count():
        worker.tick(danger_now="yes")
        worker.press("Bắt đầu tiếp nhận")
    intake = worker.path
    for part, ticks in INTAKE.items():
        worker.open(f"{intake}/{part}")
        typist.send(worker, "Lưu và tiếp", **ticks)
    worker.open(f"{intake}/people/add")
    typist.send(worker, "Lưu", **PERPETRATOR)
    worker.open(f"{intake}/check")
    worker.press("Hoàn thành hồ sơ")
    assert worker.path == case


def _write_into_the_case(typist: Typist, worker: Person, case: str) -> None:
    worker.open(case)
    typist.send(worker, "Lưu ghi chú")
    typist.send(worker, "Thêm việc này", due_on="32/13/2025")
    assert worker.page.locator("[aria-invalid]").count()
    typist.send(worker, "Thêm việc này")
    worker.open(f"{case}/identity")
    worker.press("Hiện tên")
    worker.open(f"{case}/identity/change")
    typist.send(worker, "Lưu thông tin", **PERSON, **CONTACT)
    worker.open(f"{case}/consents/add")
    typist.send(worker, "Ghi câu trả lời", **CONSENT)
    typist.send(worker, "Rút lại")
    worker.open(f"{case}/incidents/add")
    typist.send(worker, "Lưu vụ việc", **INCIDENT)
    worker.follow("Sửa các câu trả lời")
    typist.send(worker, "Lưu vụ việc", **INCIDENT)
    worker.follow("Ghi người bị cho là")
    typist.send(worker, "Lưu người này", **PERPETRATOR)
    worker.open(f"{case}/incidents/same-event")
    typist.send(worker, "Ghi sự việc vào hồ sơ này")
    worker.open(f"{case}/bars")
    typist.send(worker, "Giữ kín hồ sơ", account=_option(worker, "account", "Cán bộ Mẫu Hai"))
    worker.open(f"{case}/children/new")
    owner = _option(worker, "owner", "Cán bộ Trẻ em Mẫu")
    typist.send(worker, "Mở hồ sơ và giao cho cán bộ", owner=owner, **CHILD)
    assert worker.path == f"{case}/children"
    worker.open(f"{case}/support/new")
    typist.send(worker, "Chuyển cho chương trình", limits_read="yes", how="loi_noi", **SUPPORT)
    assert worker.path == f"{case}/support"


def _confer(typist: Typist, worker: Person, case: str) -> None:
    """Call a unit to a table, write down by telephone what it says, the minutes, and what it is to do."""
    worker.open(f"{case}/conferences/new")
    unit = worker.page.locator("main [name='units']").first.get_attribute("value") or ""
    agreed = {"limits_read": "yes", "how": "loi_noi"}
    today = f"{clock.today():%d/%m/%Y}"
    typist.send(
        worker, "Mời các đơn vị", meets_on=today, meets_at="14:00", topics="y_te", units=unit, **agreed
    )
    assert "/conferences/" in worker.path
    typist.send(worker, "Ghi câu trả lời", comes="yes")
    typist.send(worker, "Lưu biên bản")
    typist.send(worker, "Đưa vào danh sách của đơn vị", unit=unit)
    worker.follow("Bản để in")
    worker.page.pdf()


def _option(person: Person, name: str, label: str) -> str:
    return str(person.page.locator(f"select[name='{name}'] option", has_text=label).get_attribute("value"))


def _refer_elsewhere(typist: Typist, worker: Person, case: str) -> None:
    """Ask another unit without consent, then the same address again; one says no by telephone."""
    for service, unit in (("y_te", "Trạm y tế"), ("tam_lanh", "Mẫu Hai"), ("tam_lanh", "Mẫu Hai")):
        worker.open(f"{case}/referrals/new")
        worker.tick(service=service)
        worker.press("Tiếp tục")
        worker.page.locator("main label", has_text=unit).first.click()
        worker.press("Tiếp tục")
        typist.send(worker, "Tiếp tục", urgency="ngay", danger_level="cao", **EXCEPTION)
        worker.press("Gửi phiếu chuyển gửi")
        if service == "y_te":
            typist.send(worker, "Ghi nhận không tiếp nhận", reason="khac")
            typist.send(worker, "Lưu ý kiến", feedback="khong_tot")
    typist.send(worker, "Thu hồi: đơn vị không mở được nữa")
    worker.open(f"{case}/referrals/urgent")
    typist.send(worker, "Đồng ý qua điện thoại")
    worker.open(f"{case}/referrals/new")
    worker.tick(service="cong_an")
    worker.press("Tiếp tục")
    worker.page.locator("main label", has_text="Công an").first.click()
    worker.press("Tiếp tục")
    typist.send(worker, "Tiếp tục", urgency="ngay", danger_level="cao")
    worker.press("Gửi phiếu chuyển gửi")
    typist.send(worker, "Đồng ý qua điện thoại")
    worker.press("Đã đến")
    typist.send(worker, "Ghi nhận", needs_met="du")


def _leave_an_intake_half_told(typist: Typist, worker: Person) -> None:
    """Without consent, and in the middle of a sentence, somebody comes into the room."""
    worker.open("/intake")
    worker.tick(danger_now="no")
    worker.press("Bắt đầu tiếp nhận")
    intake = worker.path
    worker.open(f"{intake}/consent")
    typist.send(worker, "Lưu và thoát", agrees_file="no", **EXCEPTION)
    for part in ("contact", "person", "circumstances", "acts", "danger", "needs"):
        worker.open(f"{intake}/{part}")
        typist.send(worker, "Lưu và thoát", **INTAKE[part])
    worker.open(f"{intake}/incident")
    form = typist.fill(worker, "Lưu và tiếp")
    form.locator("textarea").first.press_sequentially(" nói")
    worker.page.get_by_role("button", name="Thoát nhanh").click()
    worker.page.wait_for_url("**/away")
    worker.open(f"{intake}/incident")
    worker.write(password=worker.office.accounts[worker.name]["password"])
    worker.tap(worker.page.locator("main form button").first)
    assert CORE in worker.page.locator("textarea").first.input_value()


def answer_requests(typist: Typist, keeper: Person) -> None:
    """The keeper takes one group in and sees it off, and cannot take another."""
    keeper.open("/referrals")
    keeper.follow("Xem và trả lời")
    keeper.press("Tiếp nhận")
    keeper.press("Đã đến")
    keeper.follow("Lượt ở tại địa chỉ")
    for words, given in (
        ("Ghi ai đã đến", {"kind": "nguoi_bi_bao_luc"}),
        ("Ghi một nhu cầu", {}),
        ("Ghi đã cấp gì", {"supply": "khac"}),
        ("Cho ở thêm", {}),
        ("Bàn giao", {"points": "thuoc_dung"}),
    ):
        keeper.follow(words)
        typist.send(keeper, "Ghi lại", **given)
    keeper.follow("Báo sự cố")
    typist.send(keeper, "Báo người giám sát", incident="khac")
    keeper.follow("Đã rời đi")
    typist.send(keeper, "Ghi nhận", left_to="nguoi_than", safety="chua_chac", needs_met="mot_phan")
    keeper.follow("Xem và trả lời")
    keeper.follow("Không thể tiếp nhận")
    typist.send(keeper, "Gửi câu trả lời", reason="khac")


def tell_a_tip(typist: Typist, head: Person) -> None:
    """The head of a hamlet tells what was seen, then changes the password."""
    head.open("/tips/new")
    typist.send(head, "Gửi tin báo này", danger="khong", may_call="yes")
    head.open("/account/password")
    typist.send(head, "Đổi mật khẩu", password="sai-" + CORE)
    password = head.office.accounts[head.name]["password"]
    new = f"Con trâu {CORE} gặm cỏ"
    typist.send(head, "Đổi mật khẩu", password=password, new=new, again=new)


def supervise(typist: Typist, supervisor: Person) -> None:
    """The supervisor checks the tip, sends the case back, gives it to another, closes and reopens it."""
    supervisor.open("/tips")
    supervisor.tap(supervisor.page.locator("main a[href^='/tips/']").first)
    typist.send(supervisor, "Ghi kết quả kiểm tra", ways="goi_lai", finding="khong")
    supervisor.press("Hiện người báo tin")
    supervisor.page.go_back()
    typist.send(supervisor, "Ghi kết quả và kết thúc tin báo", outcome="khong_mo_ca")
    supervisor.open("/shelters/incidents")
    supervisor.follow("Đọc và quyết định")
    typist.send(supervisor, "Ghi quyết định", decision="tiep_tuc")
    supervisor.open("/")
    supervisor.tap(supervisor.page.locator("main a[href$='/agree-closure']").first)
    agree = supervisor.path
    case = agree.removesuffix("/agree-closure")
    supervisor.press("Đồng ý kết thúc ca")
    supervisor.open(f"{case}/reopen")
    typist.send(supervisor, "Mở lại ca")
    assert supervisor.path == case
    supervisor.open(f"{case}/incidents")
    hrefs = supervisor.page.locator("main a").evaluate_all("links => links.map(one => one.pathname)")
    incident = next(href for href in hrefs if re.fullmatch(r".*/incidents/[0-9a-f-]{36}", href))
    supervisor.open(incident)
    supervisor.follow("Đổi kết quả phân loại")
    typist.send(supervisor, "Đổi kết quả phân loại", core_type="psych")


def send_back(typist: Typist, supervisor: Person) -> None:
    """The supervisor does not agree, and gives the case to somebody else."""
    supervisor.open("/")
    supervisor.tap(supervisor.page.locator("main a[href$='/agree-closure']").first)
    case = supervisor.path.removesuffix("/agree-closure")
    typist.send(supervisor, "Trả lại cho cán bộ")
    supervisor.open(f"{case}/assign")
    options = supervisor.page.locator("main select[name='account'] option")
    typist.send(supervisor, "Giao hồ sơ", account=options.last.get_attribute("value") or "")
    assert supervisor.path == case


def protect_the_child(typist: Typist, worker: Person) -> None:
    """The owner of the child's record completes and closes it."""
    worker.open("/children")
    worker.tap(worker.page.locator("main a[href^='/children/']").first)
    child = worker.path
    worker.press("Hiện tên")
    worker.open(f"{child}/change")
    typist.send(worker, "Lưu hồ sơ", **IN_DANGER)
    worker.open(f"{child}/close")
    typist.send(worker, "Kết thúc hồ sơ", outcome="an_toan")


def support_somebody(typist: Typist, officer: Person) -> None:
    """The programme plans support of its own, begins and finishes it."""
    officer.open("/support/new")
    typist.send(officer, "Lưu hỗ trợ", **SUPPORT)
    officer.press("Hiện tên")
    officer.page.go_back()
    officer.press("Bắt đầu hỗ trợ")
    officer.follow("Kết thúc hỗ trợ")
    typist.send(officer, "Kết thúc hỗ trợ", outcome="hoan_thanh")


def add_people(typist: Typist, administrator: Person) -> None:
    """The administrator adds a unit, and somebody who works in it."""
    administrator.open("/administration/units/add")
    typist.send(administrator, "Lưu đơn vị", kind="tram_y_te", province_code="38", **PLAIN)
    administrator.open("/administration/accounts/add")
    unit = _option(administrator, "unit_id", "Trạm y tế xã Cẩm Tú")
    sign_in_name = f"ten.{CORE.lower()}"
    typist.send(
        administrator, "Thêm và tạo giấy mời", unit_id=unit, roles="recipient", sign_in_name=sign_in_name
    )
    assert "/invitation" in administrator.path


def write_a_report(typist: Typist, officer: Person) -> None:
    """The officer writes every part of a report and takes its files home."""
    officer.open("/reports/new")
    officer.press("Lập báo cáo này")
    officer.wait_until_made()
    officer.follow("Viết báo cáo")
    typist.send(officer, "Lưu")
    for words in ("Tải về dạng PDF", "Tải về dạng Word"):
        with officer.page.expect_download() as download:
            officer.page.get_by_role("link", name=words).click()
        download.value.delete()


def look_for_her(typist: Typist, worker: Person) -> None:
    """She is looked for by name and by number; then somebody types into the wrong places."""
    for text in [*list(typist.typed)[:3], f"{CORE} không có"]:
        worker.open("/search")
        worker.write(text=text)
        worker.press("Tìm kiếm")
    worker.open("/cases")
    worker.tap(worker.page.locator("main table a").first)
    _propose_closure(typist, worker)
    worker.open("/cases/00000000-0000-4000-8000-000000000000")
    worker.press("Đăng xuất", within="body")
    worker.open("/sign-in")
    worker.write(name=worker.name, password=f"{CORE} sai")
    worker.press("Tiếp tục")
    worker.write(name=worker.name, password=worker.office.accounts[worker.name]["password"])
    worker.press("Tiếp tục")
    worker.write(code=worker.office.code(worker.name))
    worker.press("Đăng nhập")
