"""One request, one unit of work: what commits, what is taken back, what is kept all the same."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from casemgr import clock, db
from casemgr.accounts.models import Account
from casemgr.audit.models import AuditEntry
from casemgr.cases import service as cases
from casemgr.cases.models import Case, TimelineEntry
from casemgr.errors import OtherTables
from casemgr.factory import create_app
from casemgr.policy import Role
from casemgr.web.drafts import find_draft
from casemgr.web.headers import HEADERS
from tests.rig.browsing import ORIGIN, Browser
from tests.rig.staff import add_staff, add_unit, cheap_passwords, settings_for, sign_in

NOW = datetime(2026, 6, 5, 3, 0, tzinfo=UTC)


@pytest.fixture
def office(database, keys, engine_url, tmp_path):
    cheap_passwords()
    with clock.frozen(NOW):
        app = create_app(settings_for(engine_url, tmp_path), database, keys)
        with db.work(database, keys, write=True):
            unit = add_unit()
            worker = add_staff("mai", Role.CASE_WORKER, unit_id=unit)
            other = add_staff("hoa", Role.CASE_WORKER, unit_id=unit)
            case_id = cases.open_case(worker.actor, summary={}).id
        browser = Browser(app)
        sign_in(browser, worker)
        yield app, browser, worker, other, case_id


def count(database, keys, table, *conditions) -> int:
    with db.work(database, keys, write=False) as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def notes(database, keys) -> int:
    return count(database, keys, TimelineEntry) - 1


def test_a_change_is_saved_and_answered_with_a_redirect(office, database, keys):
    _, browser, _, _, case_id = office
    browser.open(f"/cases/{case_id}")
    browser.send(to=f"/cases/{case_id}/notes", text="Đã gặp", once="a" * 22)
    assert browser.status == 200
    assert "Đã gặp" in browser.page
    assert notes(database, keys) == 1


def test_a_form_sent_twice_has_one_effect_and_the_same_answer(office, database, keys):
    _, browser, _, _, case_id = office
    browser.open(f"/cases/{case_id}")
    token = browser.form_token()
    answers = [
        browser.client.post(
            f"/cases/{case_id}/notes",
            data={"csrf_token": token, "once": "b" * 22, "text": "Một lần"},
            base_url=ORIGIN,
        )
        for _ in range(3)
    ]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert notes(database, keys) == 1


def test_another_text_under_a_used_key_is_refused(office, database, keys):
    _, browser, _, _, case_id = office
    browser.open(f"/cases/{case_id}")
    for text in ("Lần một", "Lần hai"):
        browser.post(f"/cases/{case_id}/notes", text=text, once="c" * 22, follow=False)
    assert browser.status == 409
    assert notes(database, keys) == 1


def test_an_invalid_form_changes_nothing_and_may_be_sent_again_with_its_key(office, database, keys):
    _, browser, _, _, case_id = office
    browser.open(f"/cases/{case_id}")
    browser.post(f"/cases/{case_id}/notes", text=" ", once="d" * 22)
    assert browser.status == 422
    assert notes(database, keys) == 0
    browser.post(f"/cases/{case_id}/notes", text="Bây giờ có chữ", once="d" * 22)
    assert notes(database, keys) == 1


def test_what_a_page_read_is_written_down(office, database, keys):
    _, browser, worker, _, case_id = office
    browser.open(f"/cases/{case_id}")
    read = (AuditEntry.action == "case:read", AuditEntry.object_id == case_id)
    assert count(database, keys, AuditEntry, *read, AuditEntry.actor_id == worker.actor.account_id) == 1


def test_a_page_is_not_sent_when_its_reading_cannot_be_written_down(office, monkeypatch):
    _app, browser, _, _, case_id = office
    browser.open(f"/cases/{case_id}")

    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr("casemgr.web.application.audit.give", fail)
    browser.open(f"/cases/{case_id}")
    assert browser.status == 500
    assert "HS-" not in browser.page


def test_refused_and_missing_read_the_same_to_the_byte_and_are_both_on_record(office, database, keys):
    app, _, _, other, case_id = office
    stranger = Browser(app)
    sign_in(stranger, other)
    stranger.open(f"/cases/{case_id}")
    refused = stranger.answer
    stranger.open(f"/cases/{uuid4()}")
    missing = stranger.answer
    assert refused.status_code == missing.status_code == 404
    assert without_tokens(refused.text) == without_tokens(missing.text)
    assert {*refused.headers.keys()} == {*missing.headers.keys()}
    assert count(database, keys, AuditEntry, AuditEntry.outcome == "refused") >= 2


def without_tokens(page: str) -> str:
    page = re.sub(r'name="(csrf_token|once)" value="[^"]*"', "", page)
    return re.sub(r'name="back" value="[^"]*"', "", page)


def test_a_draft_is_kept_sealed_for_its_author_alone(office, database, keys):
    _, browser, worker, other, case_id = office
    browser.open(f"/cases/{case_id}")
    browser.post(f"/drafts/case_note/{case_id}", text="Chưa viết xong", follow=False)
    assert browser.status == 204
    with db.work(database, keys, write=False):
        assert find_draft(worker.actor, "case_note", case_id) == {"text": ["Chưa viết xong"]}
        assert find_draft(other.actor, "case_note", case_id) is None


@pytest.mark.parametrize("path", ["/", "/cases", "/sign-in", "/nothing", "/static/all.css", "/away"])
def test_every_answer_carries_the_headers(office, path):
    _, browser, *_ = office
    browser.open(path, follow=False)
    for name, value in HEADERS.items():
        assert browser.answer.headers[name] == value
    assert "unsafe" not in browser.answer.headers["Content-Security-Policy"]
    if "static" not in path:
        assert browser.answer.headers["Cache-Control"] == "no-store"
    assert "Server" not in browser.answer.headers
    browser.answer.close()


def test_a_post_without_its_token_changes_nothing(office, database, keys):
    _, browser, _, _, case_id = office
    browser.open(f"/cases/{case_id}")
    browser.post(f"/cases/{case_id}/notes", token=False, text="Giả mạo")
    assert browser.status == 400
    assert notes(database, keys) == 0


def test_a_post_from_another_site_changes_nothing(office, database, keys):
    _, browser, _, _, case_id = office
    browser.open(f"/cases/{case_id}")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        browser.post(f"/cases/{case_id}/notes", text="Giả mạo", headers=headers)
        assert browser.status == 400
    assert notes(database, keys) == 0


def test_an_unknown_host_name_is_refused(office):
    app, *_ = office
    assert app.test_client().get("/sign-in", base_url="https://elsewhere.example").status_code == 400


def test_an_unexpected_error_tells_a_number_and_nothing_else(office, monkeypatch):
    _, browser, _, _, case_id = office

    def fail(*_, **__):
        raise ValueError("Nguyễn Thị Ẩn")

    monkeypatch.setattr("casemgr.cases.queries.open_page", fail)
    browser.open(f"/cases/{case_id}")
    assert browser.status == 500
    assert "Ẩn" not in browser.page
    assert "Traceback" not in browser.page


def test_a_busy_database_is_answered_as_not_ready(office, monkeypatch):
    _, browser, _, _, case_id = office
    browser.open(f"/cases/{case_id}")
    token = browser.form_token()

    def busy(*_, **__):
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    monkeypatch.setattr("casemgr.web.application.db.work", busy)
    answer = browser.client.post(
        f"/cases/{case_id}/notes", data={"csrf_token": token, "text": "x"}, base_url=ORIGIN
    )
    assert answer.status_code == 503
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_two_saves_at_the_same_moment_keep_what_the_second_typed(office, monkeypatch):
    _, browser, _, _, case_id = office
    browser.open(f"/cases/{case_id}")

    def clash(*_, **__):
        case = db.current().get_one(Case, case_id)
        elsewhere = update(Case.__table__).where(Case.__table__.c.id == case_id)
        db.current().execute(elsewhere.values(version=case.version + 1))
        case.summary = {"answers": {}}
        db.current().flush()

    monkeypatch.setattr("casemgr.cases.service.add_entry", clash)
    browser.post(f"/cases/{case_id}/notes", text="Lời của người thứ hai")
    assert browser.status == 409
    assert "Lời của người thứ hai" in browser.page


def test_two_who_begin_the_same_thing_at_once_are_a_clash_and_no_fault_of_the_program(office, monkeypatch):
    _, browser, worker, _, case_id = office
    browser.open(f"/cases/{case_id}")

    def take(*_, **__):
        mine = db.current().get_one(Account, worker.actor.account_id)
        db.current().execute(update(Account.__table__).values(name_digest=mine.name_digest))

    monkeypatch.setattr("casemgr.cases.service.add_entry", take)
    browser.post(f"/cases/{case_id}/notes", text="Lời của người thứ hai")
    assert browser.status == 409
    assert "Lời của người thứ hai" in browser.page


def test_a_row_without_what_it_must_hold_is_a_fault_of_the_program(office, monkeypatch):
    _, browser, _, _, case_id = office
    browser.open(f"/cases/{case_id}")

    def forget(*_, **__):
        db.current().execute(update(Case.__table__).values(unit_id=None))

    monkeypatch.setattr("casemgr.cases.service.add_entry", forget)
    browser.post(f"/cases/{case_id}/notes", text="x")
    assert browser.status == 500


def test_nobody_writes_into_what_was_moved_elsewhere(database, keys, tmp_path):
    database.closed = tmp_path / "moved-away"
    with db.work(database, keys, write=True):
        db.wait_for_writers()
    database.closed.touch()
    try:
        with pytest.raises(OtherTables), db.work(database, keys, write=True):
            pass
    finally:
        database.closed = None


def test_the_answer_to_a_form_takes_what_was_sent_out_of_the_history_before_it_loads_anything(office):
    _, browser, _, _, case_id = office
    browser.open(f"/cases/{case_id}")
    assert "js/answered.js" not in browser.page
    browser.post(f"/cases/{case_id}/notes", text="")
    assert browser.status == 422
    first = re.search(r'<(?:script|link)[^>]*(?:src|href)="[^"]*"[^>]*>', browser.page)[0]
    assert "js/answered.js" in first
    assert "module" not in first
    assert "defer" not in first
