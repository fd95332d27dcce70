"""Line lists through the page: checked, taken in and out again, for nobody but the unit's supervisors."""

import csv
import zipfile
from io import BytesIO, StringIO

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from casemgr.cases import service as cases
from casemgr.cases.models import Case
from casemgr.db import Base, current
from casemgr.facts.models import Fact
from casemgr.imports.models import ImportBatch, ImportFile
from casemgr.jobs.models import Job
from casemgr.keys.models import DataKey
from casemgr.policy import Role
from tests.rig import line_lists, staff
from tests.rig.browsing import Browser
from tests.rig.canary import CORE
from tests.rig.desk import Desk
from tests.rig.line_lists import LIST, MAPPING
from tests.rig.working import wait_for

SCRIPT = b"#!/bin/sh\nrm -rf /\n"
OLD_EXCEL = b"\xd0\xcf\x11\xe0" + b"\0" * 600


@pytest.fixture(autouse=True)
def _cheap_passwords():
    staff.cheap_passwords()


@pytest.fixture
def desk(work, database, keys, tmp_path, office) -> Desk:
    return Desk(work, database, keys, tmp_path, office)


@pytest.fixture
def supervisor(desk) -> Browser:
    return desk.seat("phutrach", Role.SUPERVISOR)


def send(browser: Browser, content: bytes = LIST, *, own: bytes = MAPPING.encode(), **fields) -> str:
    """Send a list as a person does, with a mapping of one's own unless told."""
    browser.open("/imports/new")
    files = {"file": (BytesIO(content), "danh-sach.csv")}
    if own:
        files["own_mapping"] = (BytesIO(own), "thu.toml")
    _, given = browser.form()
    chosen = {"mapping": "own", "name": "Đợt một", "owner": owner_on(browser), **fields}
    return browser.post("/imports/new", **{**given, **files, **chosen})


def owner_on(browser: Browser) -> str:
    """Return who is chosen on the form to answer for the files."""
    return browser.page.split('id="owner"')[1].split("selected")[0].rsplit('value="', 1)[1].split('"')[0]


def send_and_wait(browser: Browser, **fields) -> str:
    send(browser, **fields)
    return wait_for(browser, browser.client.application)


def take_in(browser: Browser) -> str:
    browser.send(to=f"{browser.path}/take")
    return wait_for(browser, browser.client.application)


def zip_bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 20_000_000)
    return packed.getvalue()


def test_a_list_is_checked_taken_in_and_out_again(supervisor, work, tmp_path, caplog):
    page = send_and_wait(supervisor)

    place = supervisor.path
    assert place.startswith("/imports/lists/")
    assert "Đã kiểm tra danh sách. Chưa nhập gì." in page
    assert "Chưa đọc được ngày" in page
    refused = supervisor.client.get(f"{place}/refused.csv", base_url="https://localhost")
    rows = list(csv.reader(StringIO(refused.get_data().decode("utf-8-sig"))))
    assert [row[:2] for row in rows] == [["Dòng", "Cột"], ["3", "Ngày"], ["5", "'=Nơi"]]
    with work(write=False):
        assert current().scalars(select(Case)).all() == []

    take_in(supervisor)

    batch = supervisor.path
    assert batch.startswith("/imports/batches/")
    with work(write=False):
        assert len(current().scalars(select(Case)).all()) == 2
        assert current().scalars(select(ImportFile)).all() == []
        kept = current().scalars(select(DataKey).where(DataKey.purpose == "line_list")).one()
        assert (kept.state, kept.wrapped) == ("destroyed", None)
    assert supervisor.client.get(place, base_url="https://localhost").status_code == 404

    supervisor.open(f"{batch}/take-out")
    supervisor.send()
    assert "Đã gỡ" in wait_for(supervisor, supervisor.client.application)
    with work(write=False) as session:
        assert session.scalars(select(Case)).all() == session.scalars(select(Fact)).all() == []
        stored = [session.execute(table.select()).all() for table in Base.metadata.sorted_tables]
    assert CORE not in repr(stored)
    assert CORE not in caplog.text
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if CORE.encode() in path.read_bytes()] == []


def test_whoever_threw_a_list_away_meanwhile_is_led_to_its_batch(supervisor):
    send_and_wait(supervisor)
    place = supervisor.path
    supervisor.send(to=f"{place}/take")
    job = supervisor.path
    supervisor.post(f"{place}/throw-away")
    supervisor.open(job)
    page = wait_for(supervisor, supervisor.client.application)
    assert "Xem việc đang ở đâu" in page
    led = page.split("<main")[1].split('href="/imports/')[1].split('"')[0]
    supervisor.open(f"/imports/{led}")
    assert supervisor.status == 200


def test_orders_hold_ids_alone_and_no_content(supervisor, work):
    send_and_wait(supervisor)
    take_in(supervisor)
    with work(write=False):
        for job in current().scalars(select(Job)):
            told = job.payload + job.key + job.kind + job.error
            assert CORE not in told
            assert "Đợt" not in told
            assert CORE not in str(job.answer)


def test_what_cannot_be_trusted_is_refused_at_once_and_nothing_is_kept(supervisor, work):
    for content, why in (
        (zip_bomb(), "bung ra quá lớn"),
        (OLD_EXCEL, "Excel kiểu cũ"),
        (SCRIPT, "Thiếu các cột"),
        (LIST.decode().encode("utf-16-le"), "không phải Unicode"),
        ("Ngày,Giới,Đánh,=Nơi\n".encode("cp1258", "replace"), "không phải Unicode"),
        (b"", "tệp trống không nhập được"),
    ):
        page = send(supervisor, content, name="Tên còn lại")
        assert supervisor.status == 422, why
        assert why in page
        assert 'value="Tên còn lại"' in page
        assert "hãy chọn lại tệp" in page
    with work(write=False):
        assert current().scalars(select(ImportFile)).all() == []


def test_a_mapping_with_mistakes_is_refused_with_their_lines(supervisor):
    line = MAPPING.splitlines().index('to = "incident.place_detail"') + 1
    wrong = MAPPING.replace("incident.place_detail", "incident.nowhere")
    assert f"Dòng {line}: không có nơi ghi" in send(supervisor, own=wrong.encode())
    for hostile in (b"a = " + b"[" * 5000, b"a = " + b"9" * 5000, b"\xff\xfe"):
        send(supervisor, own=hostile)
        assert supervisor.status == 422
    assert "Chỉ chọn một" in send(supervisor, mapping="linea144")
    assert "Chọn bảng đối chiếu" in send(supervisor, own=b"", mapping="../../../etc/passwd")
    assert "Chọn người phụ trách" in send(supervisor, owner="00000000-0000-4000-8000-000000000000")


def test_formulas_of_a_sheet_are_refused_and_nothing_is_computed(supervisor):
    book, kept = Workbook(), BytesIO()
    book.active.append(line_lists.HEADER.split(","))
    book.active["D1"].data_type = "s"
    book.active.append(["05/03/2025", "Nữ", "x", '=HYPERLINK("http://198.51.100.1")'])
    book.save(kept)
    page = send_and_wait(supervisor, content=kept.getvalue())
    assert "công thức" in page
    assert "198.51.100.1" not in page


def test_another_unit_finds_no_list_no_batch_and_no_sheet(supervisor, desk, work):
    send_and_wait(supervisor)
    place = supervisor.path
    with work():
        elsewhere = staff.add_staff("la", Role.SUPERVISOR, unit_id=desk.office.stranger.unit_id, sheet=True)
    stranger = Browser(desk.app)
    staff.sign_in(stranger, elsewhere)
    colleague = desk.seat("canbo", Role.CASE_WORKER)

    def refused(batch: str) -> None:
        for path in (place, f"{place}/refused.csv", *([batch, f"{batch}/take-out"] if batch else [])):
            stranger.open(path)
            assert stranger.status == 404
            colleague.open(path)
            assert colleague.status == 403
        for path in (f"{place}/take", f"{place}/check", f"{place}/throw-away", f"{batch or place}/take-out"):
            stranger.post(path)
            assert stranger.status == 404

    refused("")
    with work():
        for row in current().scalars(select(ImportFile)):
            assert row.state == "checked"
    take_in(supervisor)
    refused(supervisor.path)
    assert "Đợt một" not in stranger.open("/imports")
    with work():
        assert current().scalars(select(ImportBatch.state)).all() == ["finished"]


def test_a_batch_that_somebody_worked_on_is_not_taken_out(supervisor, desk, work):
    send_and_wait(supervisor)
    take_in(supervisor)
    with work():
        case = current().scalars(select(Case)).first()
        cases.reopen(desk.actor("phutrach"), case.id, version=case.version, reason="Gọi lại")
    page = supervisor.open(f"{supervisor.path}/take-out")
    assert "không gỡ được" in page
    supervisor.post(supervisor.path)
    assert "không gỡ được" in supervisor.page
    with work():
        assert len(current().scalars(select(Case)).all()) == 2


def test_a_file_that_is_sent_stays_in_memory(supervisor, monkeypatch):
    def lay_on_disk(*_: object, **__: object) -> None:
        raise AssertionError("a file that was sent would lie on the disk")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", lay_on_disk)
    assert "Chưa nhập gì" in send_and_wait(supervisor, content=LIST)


def test_the_same_form_with_another_file_is_another_form(supervisor):
    supervisor.open("/imports/new")
    _, given = supervisor.form()
    chosen = {**given, "mapping": "own", "name": "Đợt hai", "owner": owner_on(supervisor)}

    def post(content: bytes) -> int:
        files = {"file": (BytesIO(content), "a.csv"), "own_mapping": (BytesIO(MAPPING.encode()), "a.toml")}
        supervisor.post("/imports/new", follow=False, **{**chosen, **files})
        return supervisor.status

    assert [post(LIST), post(LIST), post(LIST + b"05/03/2025,,x,\n")] == [303, 303, 409]


def test_no_more_than_three_lists_wait(supervisor, work):
    for number in range(3):
        send_and_wait(supervisor, name=f"Đợt {number}")
    assert "ba danh sách đang chờ" in send(supervisor, name="Đợt 4")
    supervisor.open("/imports")
    path = supervisor.page.split('href="/imports/lists/')[1].split('"')[0]
    supervisor.open(f"/imports/lists/{path}")
    supervisor.send(to=f"{supervisor.path}/throw-away")
    assert "Đã hủy danh sách" in supervisor.page
    send(supervisor, name="Đợt 4")
    assert supervisor.status == 200
