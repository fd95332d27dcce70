"""Periodic reports: made from releases, written, approved, printed; no file holds a hidden figure."""

import io
from dataclasses import replace
from datetime import date
from uuid import uuid4

import docx
import pypdf
import pytest
import sqlalchemy as sa

from casemgr.audit.models import AuditEntry
from casemgr.errors import InvalidState, NotFound, Refused, StaleVersion
from casemgr.policy import Actor, Role
from casemgr.reporting import queries, service
from casemgr.reporting.document import NOTHING, STAMP, compose
from casemgr.reporting.rules import EVERY_PERIOD
from casemgr.statistics.service import Tier
from casemgr.units.models import Unit
from tests.rig import staff
from tests.rig.browsing import ORIGIN
from tests.rig.working import wait_for

FIRST, LAST = date(2025, 12, 1), date(2026, 5, 31)
WORDS = {
    "addressees": "Ủy ban nhân dân tỉnh Điện Biên;",
    "signer": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
    "situation": "Xã có 12 bản, 1.204 hộ.",
    "response": "Đường dây hỗ trợ hoạt động cả ngày lẫn đêm.",
}


@pytest.fixture
def officer(commune):
    return commune.actor(Role.REPORT_OFFICER)


@pytest.fixture
def leader(commune):
    return commune.actor(Role.LEADER)


def make(work, actor, tier=Tier.PUBLIC, words=WORDS):
    with work():
        report = service.make_report(actor, actor.unit_id, FIRST, LAST, tier)
        service.save_narrative(actor, report.id, report.version, words)
        return report.id


def content_of(work, actor, report_id):
    with work():
        report = queries.get_report(actor, report_id)
        return service.open_content(actor, report, door="test", is_synthetic=True)


def fetch(browser, path):
    return browser.client.get(path, base_url=ORIGIN)


def text_of_pdf(data):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def cells_of_word(data):
    document = docx.Document(io.BytesIO(data))
    return [cell.text for table in document.tables for row in table.rows for cell in row.cells]


def test_a_report_holds_every_table_of_its_period_as_releases(work, busy, officer):
    report_id = make(work, officer)
    tables = content_of(work, officer, report_id).tables
    assert tuple(made.entry.name for made in tables) == EVERY_PERIOD
    assert {(made.table.period.spans[0]) for made in tables} == {(FIRST, LAST)}


def test_the_same_period_and_audience_is_the_same_report(work, busy, officer):
    first = make(work, officer)
    with work():
        assert service.make_report(officer, officer.unit_id, FIRST, LAST, Tier.PUBLIC).id == first


def test_restricted_and_public_version_are_two_documents(work, busy, officer):
    restricted, public = make(work, officer, Tier.RESTRICTED), make(work, officer, Tier.PUBLIC)
    printed = {report_id: compose(content_of(work, officer, report_id)) for report_id in (restricted, public)}
    assert restricted != public
    assert printed[restricted].restricted == STAMP
    assert printed[public].restricted == ""


def test_an_approved_report_is_no_draft_and_changes_no_more(work, busy, officer, leader):
    report_id = make(work, officer)
    before = compose(content_of(work, officer, report_id))
    with work():
        report = queries.get_report(leader, report_id)
        service.approve_report(leader, report_id, report.version)
    after = compose(content_of(work, leader, report_id))
    assert (before.is_draft, after.is_draft) == (True, False)
    assert after.place_line == "Mường Lói, ngày 02 tháng 6 năm 2026"
    with work(), pytest.raises(InvalidState):
        service.save_narrative(officer, report_id, report.version, {})


def test_a_restricted_report_needs_addressees_before_approval(work, busy, officer, leader):
    report_id = make(work, officer, Tier.RESTRICTED, words={})
    with work(), pytest.raises(Refused, match="addressees_missing"):
        service.approve_report(leader, report_id, queries.get_report(leader, report_id).version)


def test_two_who_write_at_once_do_not_overwrite_each_other(work, busy, officer):
    report_id = make(work, officer)
    with work():
        version = queries.get_report(officer, report_id).version
        service.save_narrative(officer, report_id, version, WORDS)
    with work(), pytest.raises(StaleVersion):
        service.save_narrative(officer, report_id, version, {})


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.HAMLET_HEAD, Role.LEADER, Role.SUPERVISOR])
def test_only_the_report_officer_makes_reports(work, commune, role):
    with work(), pytest.raises(NotFound):
        service.make_report(commune.actor(role), commune.id, FIRST, LAST, Tier.PUBLIC)


def test_the_officer_cannot_approve_her_own_report(work, busy, officer):
    report_id = make(work, officer)
    with work(), pytest.raises(NotFound):
        service.approve_report(officer, report_id, 1)


def test_the_leader_of_the_unit_above_approves_and_one_from_elsewhere_does_not(work, busy, officer):
    report_id = make(work, officer)
    with work() as session:
        above, elsewhere = (staff.add_unit("Ủy ban nhân dân xã"), staff.add_unit("Ủy ban nhân dân xã bên"))
        session.get_one(Unit, busy.id).parent_id = above
    head, stranger = (
        Actor(account_id=uuid4(), unit_id=unit_id, roles=frozenset({Role.LEADER}))
        for unit_id in (above, elsewhere)
    )
    with work():
        assert queries.list_reports(stranger) == []
        service.approve_report(head, report_id, queries.get_report(head, report_id).version)
        assert service.open_tables(head, queries.get_report(head, report_id))


def test_a_period_without_incidents_is_said_in_words(work, commune, officer):
    report_id = make(work, officer)
    texts = [
        span.text for block in compose(content_of(work, officer, report_id)).body
        for span in getattr(block, "spans", ())
    ]  # fmt: skip
    assert NOTHING in texts


def test_the_same_report_gives_the_same_bytes(work, busy, officer):
    from casemgr.letters import pdf

    report_id = make(work, officer)
    files = {pdf.write_document(compose(content_of(work, officer, report_id))) for _ in range(2)}
    assert len(files) == 1


def test_the_whole_way_in_the_browser(work, busy, sign_in):
    writer = sign_in(Role.REPORT_OFFICER)
    writer.open("/reports/new")
    writer.send(period="half_year-2026", tier="T1")
    wait_for(writer, writer.client.application)
    address = writer.path
    writer.open(f"{address}/narrative")
    page = writer.send(**WORDS)
    draft = text_of_pdf(fetch(writer, f"{address}/report.pdf").get_data())
    head = sign_in(Role.LEADER)
    head.open(address)
    approved = head.send(to=f"{address}/approve")
    final = text_of_pdf(fetch(head, f"{address}/report.pdf").get_data())
    assert "Xã có 12 bản" in page
    assert "HẠN CHẾ" in page
    assert "Đã duyệt" in approved
    assert "DỰ THẢO" in draft
    assert "DỰ THẢO" not in final
    assert "HẠN CHẾ" in final
    assert "XÃ MƯỜNG LÓI" in final


def test_files_show_the_mark_for_every_hidden_figure_and_no_other_figure(work, busy, officer, sign_in):
    report_id = make(work, officer)
    content = content_of(work, officer, report_id)
    browser = sign_in(Role.REPORT_OFFICER)
    word = cells_of_word(fetch(browser, f"/reports/{report_id}/report.docx").get_data())
    printed = text_of_pdf(fetch(browser, f"/reports/{report_id}/report.pdf").get_data())
    document = compose(content)
    tables = [block for block in document.body if hasattr(block, "rows")]
    tables += [block for annex in document.annexes for block in annex.blocks]
    values = [value for table in tables for row in table.rows for value in row]
    assert any(made.table.hidden() for made in content.tables)
    assert word.count("[bv]") == values.count(None)
    assert printed.count("[bv]") >= values.count(None)
    shown = {row.value for made in content.tables for row in made.table.rows} - {None}
    assert {value for value in values if isinstance(value, int)} <= shown


def test_downloads_of_a_report_are_audited(work, busy, officer, sign_in):
    report_id = make(work, officer)
    browser = sign_in(Role.REPORT_OFFICER)
    for ending in ("pdf", "docx"):
        answer = fetch(browser, f"/reports/{report_id}/report.{ending}")
        assert answer.headers["Content-Disposition"].startswith("attachment")
    with work(write=False) as session:
        actions = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.object_id == report_id)).all()
    assert actions.count("report:read") == 2


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.HAMLET_HEAD, Role.SUPERVISOR])
def test_others_do_not_read_reports(sign_in, role):
    browser = sign_in(role)
    browser.open("/reports")
    assert browser.status == 403


def test_a_period_that_is_not_offered_is_asked_for_again(sign_in, commune):
    browser = sign_in(Role.REPORT_OFFICER)
    browser.open("/reports/new")
    page = browser.send(period="year-2099", tier="T2")
    assert browser.status == 422
    assert "Hãy chọn kỳ báo cáo" in page


@pytest.mark.parametrize("unit", ["UBND xã Mường Lói", "Ủy ban nhân dân xã Mường Lói"])
def test_the_head_names_the_committee_in_two_lines_and_the_place_without_it(work, busy, officer, unit):
    content = content_of(work, officer, make(work, officer))
    printed = compose(replace(content, unit_name=unit))
    assert printed.issuing_agency == ("ỦY BAN NHÂN DÂN", "XÃ MƯỜNG LÓI")
    assert printed.place_line.startswith("Mường Lói, ngày")
    assert printed.sign == "BC-UBND"
