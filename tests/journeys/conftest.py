"""A demonstration with few cases, made once; each journey takes a copy of its own and serves it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserType, sync_playwright

from tests.rig import demonstration
from tests.rig.demonstration import SWITCHES, Office, copy_demonstration


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration that nobody serves."""
    return demonstration.make_demonstration(tmp_path_factory.mktemp("made") / "demo", cases=40)


@pytest.fixture(scope="session")
def program() -> str:
    """Where Chromium is."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium here; sudo apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def chromium() -> Iterator[BrowserType]:
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="module")
def browser(chromium: BrowserType, program: str) -> Iterator[Browser]:
    browser = chromium.launch(executable_path=program, args=SWITCHES)
    yield browser
    browser.close()


@pytest.fixture
def open_office(made: Path, tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Call it for a served copy of the demonstration; without a worker what is ordered goes on waiting."""
    opened: list[Office] = []

    def open_copy(*, has_worker: bool = True) -> Office:
        number = len(opened)
        folder = copy_demonstration(made, tmp_path / f"office-{number}")
        told = tmp_path / f"told-{number}.txt"
        opened.append(Office(folder=folder, told=told, has_worker=has_worker).open())
        return opened[-1]

    yield open_copy
    for office in opened:
        office.close()
