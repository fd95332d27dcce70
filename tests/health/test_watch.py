"""The watch: a clock that somebody set is on record and told, and keeps no session open."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from casemgr import clock
from casemgr.accounts.models import AccountSession
from casemgr.audit.models import AuditEntry
from casemgr.audit.rules import INSTALLATION
from casemgr.factory import create_app
from casemgr.health import jobs, looking, notebook, rules
from casemgr.health.rules import Trouble
from casemgr.jobs.kinds import Surroundings, Task
from casemgr.kinds import find_actor
from casemgr.policy import Role
from tests.rig import staff
from tests.rig.browsing import Browser

NOW = datetime(2026, 6, 5, 3, 0, tzinfo=UTC)
PASSED = timedelta(minutes=5)


@pytest.fixture
def watch(database, keys, tmp_path, monkeypatch):
    """Run the watch at a moment of the clock, so long after the machine was started."""

    def run(at: datetime, uptime: timedelta) -> None:
        monkeypatch.setattr(clock, "uptime", lambda: uptime)
        task = Task(
            database=database,
            keyring=keys,
            surroundings=Surroundings(directory=tmp_path),
            payload={},
            find_actor=lambda: find_actor(INSTALLATION, jobs.WATCH.name),
            step=lambda *_: None,
        )
        with clock.frozen(at):
            jobs.WATCH.act(task)

    return run


@pytest.fixture
def chief(work):
    staff.cheap_passwords()
    with clock.frozen(NOW), work():
        return staff.add_staff("quantri", Role.ADMINISTRATOR)


@pytest.fixture
def page(database, keys, tmp_path, chief):
    """What the administrator's page says at a moment, in a language."""

    def open_page(at: datetime, language: str) -> str:
        with clock.frozen(at):
            browser = Browser(create_app(staff.settings_for(database.url, tmp_path), database, keys))
            staff.sign_in(browser, chief)
            browser.post("/language", language=language)
            return browser.open("/administration")

    return open_page


def test_a_clock_set_back_is_on_record_told_and_ends_every_session(
    watch, chief, page, work, database, keys, tmp_path
):
    with clock.frozen(NOW):
        staff.sign_in(Browser(create_app(staff.settings_for(database.url, tmp_path), database, keys)), chief)
    watch(NOW, timedelta(hours=1))
    back = NOW - timedelta(minutes=30)
    watch(back, timedelta(hours=1) + PASSED)

    with work(write=False) as session:
        assert "clock:set" in session.scalars(select(AuditEntry.action)).all()
        still_open = select(AccountSession).where(AccountSession.ended_at.is_(None))
        assert session.scalars(still_open).all() == []
    assert "chỉnh lùi 35,0 phút" in page(NOW + timedelta(minutes=10), "vi")
    assert "set back by 35.0 minutes" in page(NOW + timedelta(minutes=20), "en")


def test_a_clock_set_forward_is_told_for_a_week_and_ends_no_session(
    watch, page, chief, work, database, keys, tmp_path
):
    with clock.frozen(NOW):
        browser = Browser(create_app(staff.settings_for(database.url, tmp_path), database, keys))
        staff.sign_in(browser, chief)
    watch(NOW, timedelta(hours=1))
    watch(NOW + timedelta(hours=2), timedelta(hours=1) + PASSED)

    assert "chỉnh tới 115,0 phút" in page(NOW + timedelta(hours=3), "vi")
    assert "set forward" not in page(NOW + timedelta(days=8), "en")
    with work(write=False) as session:
        still_open = select(AccountSession).where(AccountSession.ended_at.is_(None))
        assert len(session.scalars(still_open).all()) > 0


def test_a_clock_that_runs_leaves_no_trace(watch, work, tmp_path):
    for number in range(3):
        watch(NOW + PASSED * number, timedelta(hours=1) + PASSED * number)

    with work(write=False) as session:
        assert session.scalars(select(AuditEntry.action)).all() == []
    assert notebook.read_notes(tmp_path).jumps == ()
    assert (tmp_path / notebook.NAME).stat().st_mode & 0o077 == 0


def test_a_damaged_note_is_begun_anew(watch, tmp_path):
    (tmp_path / notebook.NAME).write_text('{"at": "yesterday"', encoding="utf-8")
    watch(NOW, timedelta(hours=1))

    assert notebook.read_notes(tmp_path).reading.at == NOW


def test_what_is_wrong_is_told_in_both_languages_without_a_word_of_who(
    page, work, database, tmp_path, monkeypatch
):
    monkeypatch.setattr(rules, "LEAST_FREE", 1 << 60)
    monkeypatch.setattr(looking, "LARGEST_WAL", -1)
    later = NOW + timedelta(days=30)
    (tmp_path / looking.LAST_BACKUP).write_text('{"at": "2026-06-01T02:00:00+00:00"}', encoding="utf-8")
    with clock.frozen(later), work(write=False):
        found = looking.troubles_of(looking.look(database, tmp_path))
    assert {Trouble.LITTLE_SPACE, Trouble.NO_WORKER, Trouble.LOG_UNSIGNED, Trouble.OLD_BACKUP} <= set(found)

    for minutes, language, texts in (
        (
            0,
            "vi",
            ("Ổ đĩa chỉ còn", "Chưa có tiến trình làm việc nền", "chưa được ký từ", "Bản sao lưu gần nhất"),
        ),
        (
            1,
            "en",
            ("The disk has only", "No worker is running", "is unsigned since", "The last backup is of"),
        ),
    ):
        told = page(later + timedelta(minutes=minutes), language)
        assert all(text in told for text in texts)


def test_whoever_looks_after_the_system_is_told_on_the_first_page_and_nobody_else(
    database, keys, work, chief, tmp_path
):
    with clock.frozen(NOW), work():
        worker = staff.add_staff("mai", Role.CASE_WORKER)
    told = {}
    with clock.frozen(NOW):
        for person in (chief, worker):
            browser = Browser(create_app(staff.settings_for(database.url, tmp_path), database, keys))
            staff.sign_in(browser, person)
            told[person.name] = "Hệ thống cần xem lại" in browser.open("/")
    assert told == {"quantri": True, "mai": False}
