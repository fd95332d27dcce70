"""A worker for tests of pages: does what is due, at once and in this process."""

from pathlib import Path
from typing import cast

from casemgr.jobs.kinds import Surroundings
from casemgr.keys.service import Keyring
from casemgr.kinds import KINDS, make_worker
from casemgr.web.application import CaseApplication
from tests.rig.browsing import Browser


def do_jobs(app: CaseApplication) -> int:
    """Do what people have ordered; what recurs by itself is left out."""
    keyring = cast("Keyring", app.keyring)
    worker = make_worker(app.database, keyring, Surroundings(directory=Path("unused")))
    worker.kinds = {name: kind for name, kind in KINDS.items() if kind.every is None}
    return worker.run_due()


def wait_for(browser: Browser, app: CaseApplication) -> str:
    """Let a worker make what the browser waits for, and look again; other pages stay as they are."""
    if browser.path.startswith("/jobs/"):
        do_jobs(app)
        browser.open(browser.path)
    return browser.page
