"""The log of the service, from the side of whoever reads it: how the machine does, never who did what."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from casemgr import clock, db
from casemgr.audit.models import AuditEntry
from casemgr.cases import queries
from casemgr.cases import service as cases
from casemgr.cli.logs import JsonLines
from casemgr.factory import create_app
from casemgr.policy import Role
from tests.rig import staff
from tests.rig.browsing import Browser

NOW = datetime(2026, 6, 5, 3, 0, tzinfo=UTC)
MARK = "Qzkwjxv Ẩn Đuốc"
ADDRESS = "203.0.113.77"
NAME = "lothimai.canbo"
ALLOWED = {"at", "level", "event", "request_id", "method", "route", "status", "ms", "error"}


class Lines(logging.Handler):
    """Keeps every line as the service would write it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines():
    handler, loggers = Lines(), [logging.getLogger(), logging.getLogger("casemgr")]
    before = [(logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    loggers[1].propagate = False
    yield handler.lines
    for logger, (level, propagate) in zip(loggers, before, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


@pytest.fixture
def office(database, keys, engine_url, tmp_path):
    """Call it with which requests are wanted in the log for a signed-in browser and a case."""
    staff.cheap_passwords()

    def open_office(wanted: str) -> tuple[Browser, UUID]:
        settings = replace(staff.settings_for(engine_url, tmp_path), request_log=wanted)
        app = create_app(settings, database, keys)
        with db.work(database, keys, write=True):
            worker = staff.add_staff(NAME, Role.CASE_WORKER, shown_name=MARK)
            case_id = cases.open_case(worker.actor, summary={}).id
        browser = Browser(app, address=ADDRESS, agent=f"Firefox {MARK}")
        staff.sign_in(browser, worker)
        return browser, case_id

    with clock.frozen(NOW):
        yield open_office


def test_no_marker_id_name_or_address_ever_reaches_the_log(office, lines, monkeypatch):
    browser, case_id = office("all")
    browser.open(f"/cases/{case_id}?q={MARK}", Referer=f"https://localhost/{MARK}")
    browser.post(f"/cases/{case_id}/notes", text=MARK)
    browser.post("/search", text=MARK)
    browser.post(f"/cases/{case_id}/notes", text=MARK, token=False)
    browser.open(f"/cases/{uuid4()}")
    browser.open(f"/{MARK}/{case_id}")
    browser.post("/sign-in", name=NAME, password=MARK)
    browser.client.open(f"/cases/{case_id}", method=f"X{case_id}"[:20], environ_base={"REMOTE_ADDR": ADDRESS})

    def fail(*_, **__):
        raise ValueError(f"{MARK} {NAME} {case_id}")

    with monkeypatch.context() as broken:
        broken.setattr("casemgr.cases.queries.open_page", fail)
        browser.open(f"/cases/{case_id}")
        assert browser.status == 500
    # What other programs log of a request holds its address; ours must not let it through.
    try:
        fail()
    except ValueError:
        logging.getLogger("waitress").exception("Exception while serving %s", f"/cases/{case_id}")

    told = [json.loads(line) for line in lines]
    text = json.dumps(told, ensure_ascii=False)
    for secret in (*MARK.split(), NAME, ADDRESS, str(case_id), case_id.hex, "Firefox", "/cases"):
        assert secret not in text
    assert all(set(line) <= ALLOWED for line in told)
    routes = {line["route"] for line in told if "route" in line}
    assert {"cases.show_case", "cases.add_note", "none"} <= routes
    assert {"X" in line.get("method", "") for line in told} == {False}
    assert "ValueError" in text


def test_a_failed_request_has_one_number_on_the_page_in_the_log_and_in_the_audit(
    office, lines, database, keys, monkeypatch
):
    browser, case_id = office("failed")
    browser.open(f"/cases/{case_id}")

    def read_and_fail(*asked):
        open_page(*asked)
        raise ValueError

    open_page = queries.open_page
    monkeypatch.setattr(queries, "open_page", read_and_fail)
    browser.open(f"/cases/{case_id}")

    (line,) = [json.loads(line) for line in lines if '"route"' in line]
    assert (line["route"], line["method"], line["status"]) == ("cases.show_case", "GET", 500)
    assert line["request_id"] in browser.page
    with db.work(database, keys, write=False) as session:
        reads = select(AuditEntry.request_id).where(AuditEntry.action == "case:read").order_by(AuditEntry.seq)
        numbers = session.scalars(reads).all()
    assert numbers[-1] == line["request_id"] != numbers[0]


def test_unless_all_are_wanted_what_went_well_leaves_no_line(office, lines):
    browser, case_id = office("failed")
    browser.open(f"/cases/{case_id}")
    browser.open("/nothing")

    assert [line for line in lines if '"route"' in line] == []


def test_a_slow_request_is_told(office, lines, monkeypatch):
    browser, _ = office("failed")
    monkeypatch.setattr("casemgr.web.logs.SLOW_SECONDS", 0.0)
    browser.open("/")

    assert json.loads(lines[-1])["route"] == "home.show_home"
