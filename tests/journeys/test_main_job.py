"""The main job by four people, from an emergency on a phone to the report of the half-year."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import docx
import pytest
from playwright.sync_api import Browser, Page

from tests.rig.demonstration import Office, Person, come

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("pdftotext"), reason="sudo apt-get install poppler-utils"),
]

PICTURES = os.environ.get("CASEMGR_PICTURES")
"""A folder for pictures of every step, when somebody wants to look at them."""
TWO_MINUTES = 120
MOTTO = "Độc lập - Tự do - Hạnh phúc"
HIDDEN = "[bv]"
TABLES = ("incidents", "services", "stays")


class Journey:
    """One run of the main job: who takes part, at which width, and with scripts or without."""

    def __init__(self, browser: Browser, office: Office, width: int, *, scripts: bool) -> None:
        self.browser, self.office = browser, office
        self.width, self.scripts = width, scripts
        self.people: list[Person] = []

    def come(self, name: str, *, width: int | None = None) -> Person:
        """Somebody opens a browser and signs in."""
        person = come(self.browser, self.office, name, width=width or self.width, scripts=self.scripts)
        person.take_picture = self._picture
        self.people.append(person)
        return person.sign_in()

    def _picture(self, page: Page, name: str) -> None:
        if PICTURES:
            size = page.viewport_size or {"width": self.width}
            page.screenshot(path=f"{PICTURES}/journey-{size['width']}-{name}.png", full_page=True)

    def end(self) -> None:
        """Everybody leaves; no browser may have complained."""
        for person in self.people:
            person.leave()
        assert [trouble for person in self.people for trouble in person.troubles] == []


@pytest.mark.parametrize(("width", "scripts"), [(360, True), (1280, False)])
def test_four_people_do_the_whole_main_job(
    browser: Browser,
    open_office: Callable[[], Office],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    width: int,
    scripts: bool,
) -> None:
    office = open_office()
    journey = Journey(browser, office, width, scripts=scripts)
    worker = journey.come("canbo1")
    case = send_in_emergency(worker, record_property)

    keeper = journey.come("diachi2", width=360)
    bundle = accept_in_two_taps(keeper, until=answer_is_due(worker, case))
    see_the_answer(worker, case)
    complete_the_intake(worker, case)
    link_a_child(worker, case)
    plan_support(worker, case)
    house_and_see_off(keeper, bundle)
    propose_closure(worker, case)

    supervisor = journey.come("phutrach")
    agree_to_closure(supervisor, case)
    officer = journey.come("baocao")
    make_tables(officer)
    reports = [make_report(officer, tier) for tier in ("T1", "T2")]
    leader = journey.come("lanhdao")
    for tier, report in zip(("T1", "T2"), reports, strict=True):
        approve(leader, report)
        check_files(officer, report, tier, tmp_path)

    journey.end()
    office.run("audit", "verify")


def send_in_emergency(worker: Person, record: Callable[[str, object], None]) -> str:
    """From any page to a sent referral; return the address of the case."""
    worker.picture("01-today")
    begun_at, taps, strokes = monotonic(), worker.taps, worker.keystrokes
    worker.follow("Khẩn cấp", within="body")
    worker.picture("02-emergency")
    worker.tick(danger_now="yes")
    worker.write(phone="0912345678", adults="1", children="1")
    worker.tick(urgent_needs="noi_an_toan", consent="given")
    worker.press("Mở hồ sơ và xem cần gọi ai")
    worker.picture("03-calls")
    calls = worker.words()
    worker.follow("Chuyển gửi ngay đến địa chỉ")
    worker.picture("04-addresses")
    worker.unfold("Bao nhiêu người, gặp ở đâu")
    worker.write(meeting_point="Gốc đa đầu thôn", meeting_at="Ngay bây giờ")
    card = worker.page.locator(".unit-card", has_text="Địa chỉ tin cậy Mẫu Hai")
    worker.tap(card.get_by_role("button", name="Gửi phiếu chuyển gửi"))
    seconds = monotonic() - begun_at
    record("emergency_taps", worker.taps - taps)
    record("emergency_keystrokes", worker.keystrokes - strokes)
    record("emergency_seconds_of_a_machine", round(seconds, 1))
    worker.picture("05-sent")

    assert "113" in calls
    assert "0912 345 678" in calls
    assert "Địa chỉ tin cậy Mẫu Hai" in worker.words()
    assert "Chờ trả lời" in worker.words()
    # A person taps once a second or so and writes three letters a second on a phone.
    assert (worker.taps - taps) * 2 + (worker.keystrokes - strokes) / 2 < TWO_MINUTES
    found = re.match(r"/cases/[0-9a-f-]{36}", worker.path)
    assert found is not None
    return found[0]


def answer_is_due(worker: Person, case: str) -> str:
    """Return until when the answer is due, as the case worker reads it."""
    worker.open(f"{case}/referrals")
    return re.findall(r"\d\d/\d\d/\d{4} \d\d:\d\d", worker.words())[-1]


def accept_in_two_taps(keeper: Person, *, until: str) -> str:
    """The keeper opens the request that is due then, among others, and says yes; return its address."""
    keeper.picture("06-keeper-home")
    assert "0912" not in keeper.words()
    before = keeper.taps
    request = keeper.page.locator("main .work", has_text=until)
    keeper.tap(request.get_by_role("link"))
    keeper.picture("07-keeper-request")
    asked, bundle = keeper.words(), keeper.path
    keeper.press("Tiếp nhận")
    keeper.picture("08-keeper-accepted")

    assert keeper.taps - before == 2
    assert "1 người lớn" in asked
    assert "Gốc đa đầu thôn" not in asked
    assert "Gốc đa đầu thôn" in keeper.words()
    assert "1900" in keeper.words()
    return bundle


def see_the_answer(worker: Person, case: str) -> None:
    """The case worker sees that they are expected."""
    worker.open(f"{case}/referrals")
    worker.picture("09-referrals")
    assert "Đã tiếp nhận" in worker.words()
    worker.open("/")
    worker.picture("10-today-after")


def complete_the_intake(worker: Person, case: str) -> None:
    """What could wait is written now: every part in turn, then the answers are checked."""
    worker.open(case)
    worker.picture("11-case")
    worker.follow("Hoàn thành tiếp nhận", within="main .task-list, main .parts, main")
    if worker.page.locator("main [name='danger_now']").count():
        worker.tick(danger_now="yes")
        worker.press("Bắt đầu tiếp nhận")
    intake = worker.path
    worker.picture("12-intake")
    _write_about_her(worker, intake)
    _write_what_happened(worker, intake)
    worker.open(f"{intake}/check")
    worker.picture("24-check")
    checked = worker.words()
    worker.press("Hoàn thành hồ sơ")
    worker.picture("25-case-open")

    assert "Người Mẫu Hành Trình" in checked
    assert worker.path == case
    assert "Người Mẫu Hành Trình" not in worker.words()


def _write_about_her(worker: Person, intake: str) -> None:
    worker.open(f"{intake}/report")
    worker.tick(channel="dien_thoai", reporter="tu_bao", is_present="yes")
    _save_part(worker, "13-report")
    worker.tick(may_call="yes")
    worker.write(contact_hours="Buổi sáng, 8 đến 10 giờ", code_word="Cây mít")
    _save_part(worker, "14-contact")
    worker.tick(
        limits_read="yes", agrees_file="yes", how="loi_noi", services="tam_lanh bvte sinh_ke",
        agrees_contact="yes", agrees_conference="yes", agrees_reporting="yes",
    )  # fmt: skip
    _save_part(worker, "15-consent")
    worker.write(full_name="Người Mẫu Hành Trình", birth="1991")
    worker.tick(sex="nu")
    _save_part(worker, "16-person")
    if worker.path.endswith("/known"):
        worker.picture("16b-search")
        worker.tick(survivor="")
        worker.press("Tiếp tục")
    worker.open(f"{intake}/circumstances")
    worker.tick(ethnicity="kinh", marital="co_vc")
    _save_part(worker, "17-circumstances")


def _write_what_happened(worker: Person, intake: str) -> None:
    worker.open(f"{intake}/incident")
    worker.write(happened_on="20/11/2026", account="Chồng đánh sau khi uống rượu.")
    worker.tick(place="nha_nguoi_bi_bao_luc")
    _save_part(worker, "18-incident")
    worker.tick(relationship_basis="gia_dinh", dv_acts="a b", forms="than_the tinh_than")
    _save_part(worker, "19-acts")
    _classify(worker)
    worker.open(f"{intake}/people/add")
    worker.tick(relation="chong", sex="nam", age_band="a26_40")
    worker.picture("21-perpetrator")
    worker.press("Lưu")
    worker.open(f"{intake}/danger")
    worker.tick(danger_now="yes", danger_signs="vu_khi", risk_level="cao")
    _save_part(worker, "22-danger")
    worker.tick(urgent_needs="noi_an_toan")
    worker.write(adults="1", children="1")
    _save_part(worker, "23-needs")


def _save_part(worker: Person, name: str) -> None:
    worker.picture(name)
    worker.press("Lưu và tiếp")


def _classify(worker: Person) -> None:
    """Answer the wizard up to the first yes."""
    worker.tick(gender_based="yes", penetration="no", sexual_contact="no", physical_force="yes")
    if worker.scripts:
        assert not worker.page.locator("[name='emotional_harm']").first.is_visible()
    _save_part(worker, "20-classification")


def link_a_child(worker: Person, case: str) -> None:
    """A child of the household gets a record with an owner of its own."""
    worker.follow("Bảo vệ trẻ em")
    worker.follow("Liên kết")
    worker.tick(relation="tre_trong_nha", agreed="yes", told="yes", immediate_danger="no", risk_level="thap")
    worker.page.locator("main select[name='owner']").select_option(label="Cán bộ Trẻ em Mẫu")
    worker.write(name="Trẻ Mẫu", origin="Chứng kiến bạo lực trong nhà.")
    worker.picture("26-child")
    worker.press("Mở hồ sơ và giao cho cán bộ")
    worker.picture("27-child-linked")
    assert worker.path == f"{case}/children"
    assert "Trẻ Mẫu" not in worker.words()


def plan_support(worker: Person, case: str) -> None:
    """Support is planned with a programme that knows nothing of the case."""
    worker.open(f"{case}/support/new")
    worker.write(beneficiary="Người Mẫu Hành Trình")
    worker.tick(group="phu_nu", kind="vl_gioi_thieu", programme="dia_phuong")
    worker.picture("28-support")
    worker.press("Chuyển cho chương trình")
    worker.picture("29-support-planned")
    assert worker.path == f"{case}/support"


def house_and_see_off(keeper: Person, bundle: str) -> None:
    """She arrives, stays and leaves; afterwards the keeper has nothing of her."""
    keeper.open(bundle)
    keeper.press("Đã đến")
    keeper.picture("30-keeper-arrived")
    keeper.follow("Đã rời đi")
    keeper.tick(left_to="nguoi_than", safety="an_toan", needs_met="du")
    keeper.picture("31-keeper-leaving")
    keeper.press("Ghi")
    keeper.picture("32-keeper-after")
    assert "Gốc đa đầu thôn" not in keeper.words()


def propose_closure(worker: Person, case: str) -> None:
    """The case worker asks the supervisor to agree that the case is done."""
    worker.open(case)
    worker.follow("Đề nghị kết thúc ca")
    worker.tick(reason="dat_muc_tieu", safety_plan_reviewed="yes", told_may_return="yes")
    worker.picture("33-closure")
    worker.press("Gửi giám sát")
    worker.picture("34-closure-proposed")


def agree_to_closure(supervisor: Person, case: str) -> None:
    """The supervisor agrees, and the case is closed."""
    supervisor.picture("35-supervisor-home")
    supervisor.open(f"{case}/agree-closure")
    supervisor.picture("36-agree")
    supervisor.press("Đồng ý")
    supervisor.picture("37-closed")
    assert "Đã kết thúc" in supervisor.words()


def make_tables(officer: Person) -> None:
    """The three fixed tables of the half-year, for everybody."""
    officer.picture("38-officer-home")
    for table in TABLES:
        officer.open("/statistics/new")
        officer.follow("6 tháng")
        officer.tick(table=table, tier="T2")
        officer.picture(f"39-table-{table}")
        officer.press("Kiểm tra và phát hành bảng")
        officer.wait_until_made()
        officer.picture(f"40-released-{table}")
        assert "/statistics/releases/" in officer.path, officer.words()


def make_report(officer: Person, tier: str) -> str:
    """A report of the half-year in one of its two versions, with its words; return its address."""
    officer.open("/reports/new")
    officer.tick(tier=tier)
    officer.picture(f"41-new-report-{tier}")
    officer.press("Lập báo cáo này")
    officer.wait_until_made()
    report = officer.path
    officer.picture(f"42-report-{tier}")
    officer.follow("Viết báo cáo")
    officer.write(
        addressees="Ủy ban nhân dân tỉnh Mẫu", signer="CHỦ TỊCH", situation="Xã có sáu thôn.", number="12"
    )
    officer.press("Lưu")
    assert officer.path == report
    return report


def approve(leader: Person, report: str) -> None:
    """The leader finds a report among those that wait and approves it."""
    leader.follow("Báo cáo", within="body")
    leader.tap(leader.page.locator(f"main a[href='{report}']"))
    leader.press("Phê duyệt báo cáo")
    leader.picture("43-approved")
    assert "Đã duyệt" in leader.words()


def check_files(officer: Person, report: str, tier: str, folder: Path) -> None:
    """The report as Word and as PDF: read, and opened as pictures."""
    officer.open(report)
    printed = _download(officer, "Tải về dạng PDF", folder / f"{tier}.pdf")
    written = _download(officer, "Tải về dạng Word", folder / f"{tier}.docx")
    text = _run("pdftotext", "-layout", str(printed), "-").decode()
    _keep_pictures(printed, f"journey-{officer.width}-report-{tier}")
    pages = _printed_shares(printed, folder / f"{tier}-page")

    assert any(MOTTO in line for line in text.splitlines())
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert ("HẠN CHẾ" in text) is (tier == "T1")
    assert "DỰ THẢO" not in text
    assert "12/BC-UBND" in text
    assert any(re.search(r"Cẩm Tú, ngày \d\d tháng \d\d năm \d{4}", line) for line in text.splitlines())
    words = [paragraph.text for paragraph in docx.Document(str(written)).paragraphs]
    for number in range(1, 4):
        assert f"Bảng {number}." in text
        assert any(line.startswith(f"Bảng {number}.") for line in words)
    assert (HIDDEN in text) is (tier == "T2")
    assert len(pages) > 1
    assert all(0.005 < share < 0.3 for share in pages), pages


def _keep_pictures(printed: Path, name: str) -> None:
    if PICTURES:
        _run("pdftoppm", "-png", "-r", "60", str(printed), f"{PICTURES}/{name}")


def _printed_shares(printed: Path, target: Path) -> list[float]:
    """Draw each page and return how much of it is dark: a blank or a black page would be seen here."""
    _run("pdftoppm", "-gray", "-r", "60", str(printed), str(target))
    shares = []
    for path in sorted(target.parent.glob(f"{target.name}-*.pgm")):
        points = path.read_bytes().split(b"\n", 3)[3]
        shares.append(sum(point < 128 for point in points) / len(points))
    return shares


def _download(officer: Person, words: str, target: Path) -> Path:
    with officer.page.expect_download() as expected:
        officer.page.get_by_role("link", name=words).click()
    expected.value.save_as(target)
    return target


def _run(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout
