"""A small demonstration on its own server, and the people who open it in a real browser."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response
from playwright.sync_api import Error as BrowserError

from casemgr import clock
from casemgr.accounts.service import digests
from casemgr.cli import demo
from casemgr.crypto.onetime import STEP_SECONDS, current_code
from casemgr.demo import content
from config import Settings
from tests.rig.staff import CHEAP

SWITCHES = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
LOCAL = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


class Elsewhere(demo.Demonstration):
    """A demonstration whose database is given."""

    def __init__(self, directory: Path, database_url: str) -> None:
        super().__init__(directory)
        self._url = database_url

    @cached_property
    def settings(self) -> Settings:
        """The settings of a demonstration, but for the database."""
        return replace(super().settings, database_url=self._url)


def make_demonstration(folder: Path, *, cases: int) -> Path:
    """Make a demonstration with few cases, its passwords hashed at next to no cost."""
    before = content.CASES, digests.COST
    content.CASES, digests.COST = cases, CHEAP
    made = demo.Demonstration(folder)
    try:
        demo.make(made)
    finally:
        made.close()
        content.CASES, digests.COST = before
    return folder


def make_empty_demonstration(folder: Path, database_url: str) -> Path:
    """Make a demonstration with its organisations and accounts, in which nothing has happened yet."""
    before = content.fill, digests.COST
    content.fill, digests.COST = lambda *_, **__: None, CHEAP
    made = Elsewhere(folder, database_url)
    try:
        demo.make(made)
    finally:
        made.close()
        content.fill, digests.COST = before
    return folder


def copy_demonstration(folder: Path, target: Path) -> Path:
    """Copy a demonstration that nobody serves."""
    shutil.copytree(folder, target)
    settings = (target / "demo.toml").read_text(encoding="utf-8")
    (target / "demo.toml").write_text(settings.replace(str(folder), str(target)), encoding="utf-8")
    return target


_MOST_LOOKS = 180
_LONGEST_MAKING = 180_000
"""Milliseconds: a joint table of a year on a machine that does other things too."""


@dataclass(slots=True)
class Office:
    """A served demonstration; `told` is the file with everything that the server printed."""

    folder: Path
    told: Path
    address: str = ""
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    surroundings: dict[str, str] = field(default_factory=dict)
    has_worker: bool = True
    _process: "subprocess.Popen[bytes] | None" = None
    _steps: dict[str, int] = field(default_factory=dict)

    def open(self) -> "Office":
        """Start the server and wait until it says where it is."""
        listed = json.loads((self.folder / "demo.json").read_text(encoding="utf-8"))["accounts"]
        self.accounts = {one["sign_in_name"]: one for one in listed}
        with self.told.open("wb") as told:
            self._process = subprocess.Popen(
                self.command("serve", "--port", "0", "--worker" if self.has_worker else "--no-worker"),
                stdout=told,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.surroundings},
            )
        end = monotonic() + 60
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", self.told.read_text(encoding="utf-8"))):
            assert self._process.poll() is None, self.told.read_text(encoding="utf-8")
            assert monotonic() < end, "the server does not start"
            sleep(0.1)
        self.address = f"http://localhost:{found[1]}"
        return self

    def command(self, *words: str) -> list[str]:
        """Return the words that run a command on this demonstration."""
        return [sys.executable, "-m", "casemgr", "--config", str(self.folder / "demo.toml"), *words]

    def run(self, *words: str) -> str:
        """Run a command to its end and return what it answered."""
        done = subprocess.run(
            self.command(*words),
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **self.surroundings},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def code(self, name: str) -> str:
        """Return the next one-time code of an account that nobody used, waiting for it when it must."""
        step = max(int(clock.now().timestamp()) // STEP_SECONDS, self._steps.get(name, 0) + 1)
        while (step - 1) * STEP_SECONDS > clock.now().timestamp():
            sleep(0.2)
        self._steps[name] = step
        secret = self.accounts[name]["totp_secret"]
        return current_code(secret, datetime.fromtimestamp(step * STEP_SECONDS, UTC))

    def close(self) -> None:
        """Stop the server as a machine does that is shut down."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(40)
            self._process = None


@dataclass(slots=True)
class Person:
    """Somebody at a browser of their own; `troubles` is what the browser complained about."""

    office: Office
    name: str
    context: BrowserContext
    page: Page
    scripts: bool = True
    troubles: list[str] = field(default_factory=list)
    taps: int = 0
    keystrokes: int = 0
    take_picture: Callable[[Page, str], None] = lambda page, name: None

    def sign_in(self) -> "Person":
        """Sign in with password and code."""
        self.open("/sign-in")
        self.write(name=self.name, password=self.office.accounts[self.name]["password"])
        self.press("Tiếp tục")
        self.write(code=self.office.code(self.name))
        self.press("Đăng nhập")
        assert "/sign-in" not in self.page.url, self.words()
        return self

    def open(self, path: str) -> None:
        """Go to an address of the office."""
        self.page.goto(self.office.address + path)

    @property
    def width(self) -> int:
        """How wide the screen is."""
        return (self.page.viewport_size or {"width": 0})["width"]

    @property
    def path(self) -> str:
        """The address of the page, without the machine."""
        return self.page.url.removeprefix(self.office.address)

    def words(self) -> str:
        """Return what is to be read in the middle of the page."""
        return " ".join(self.page.locator("main").inner_text().split())

    def press(self, words: str, *, within: str = "main", nth: int = 0) -> None:
        """Press a button by its words."""
        self.tap(self.page.locator(within).get_by_role("button", name=words).nth(nth))

    def wait_until_made(self) -> None:
        """Wait on the page of an order until what was ordered is there; without scripts by looking again."""
        for _ in range(_MOST_LOOKS):
            if "/jobs/" not in self.path:
                return
            if self.scripts:
                self.page.wait_for_url(lambda url: "/jobs/" not in url, timeout=_LONGEST_MAKING)
            else:
                self.page.wait_for_timeout(1000)
                self.follow("Xem lại tiến độ")
        raise AssertionError(self.words())

    def follow(self, words: str, *, within: str = "main", nth: int = 0) -> None:
        """Follow a link by its words."""
        self.tap(self.page.locator(within).get_by_role("link", name=words).nth(nth))

    def tap(self, target: Any) -> None:
        """Tap something that leads to another page, and wait for it."""
        self.taps += 1
        with self.page.expect_navigation():
            target.click()

    def unfold(self, words: str) -> None:
        """Open a part of the page that was folded away."""
        self.taps += 1
        self.page.locator("summary", has_text=words).first.click()

    def write(self, **fields: str) -> None:
        """Write into fields by name."""
        for name, text in fields.items():
            self.taps += 1
            self.keystrokes += len(text)
            self.page.locator(f"main [name='{name}']").fill(text)

    def tick(self, **fields: str) -> None:
        """Choose options, ticks and entries of lists by the names of their fields; several by a space."""
        for name, values in fields.items():
            for value in values.split():
                self.taps += 1
                listed = self.page.locator(f"main select[name='{name}']")
                if listed.count():
                    listed.select_option(value)
                else:
                    self.page.locator(f"main [name='{name}'][value='{value}']").check()

    def picture(self, name: str) -> None:
        """Keep a picture of the page."""
        self.take_picture(self.page, name)

    def leave(self) -> None:
        """Close the browser; nothing may have gone wrong in it."""
        with suppress(BrowserError):
            self.context.close()


def come(browser: Browser, office: Office, name: str, *, width: int = 1280, scripts: bool = True) -> Person:
    """Return somebody with a fresh browser, who listens to what it complains about."""
    context = browser.new_context(
        viewport={"width": width, "height": 800 if width > 600 else 740},
        java_script_enabled=scripts,
        locale=LOCAL["locale"],
        timezone_id=LOCAL["timezone_id"],
    )
    return attend(context, office, name, scripts=scripts)


def attend(context: BrowserContext, office: Office, name: str, *, scripts: bool = True) -> Person:
    """Return somebody in a browser that is open already."""
    context.set_default_timeout(15_000)
    person = Person(office=office, name=name, context=context, page=context.new_page(), scripts=scripts)

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            person.troubles.append(f"{person.path}: {message.text}")

    def see(response: Response) -> None:
        if response.status >= 500:
            person.troubles.append(f"{response.url}: {response.status}")

    person.page.on("console", hear)
    person.page.on("response", see)
    person.page.on("pageerror", lambda error: person.troubles.append(f"{person.path}: {error}"))
    return person
