"""People for tests: a unit, accounts with known passwords and codes, and an application for them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from casemgr import clock
from casemgr.accounts import queries, service
from casemgr.accounts.service import digests
from casemgr.audit.rules import INSTALLATION
from casemgr.crypto import onetime
from casemgr.crypto.passwords import Cost
from casemgr.db import current
from casemgr.policy import Actor, Role
from casemgr.units.models import Unit
from config import Settings
from tests.rig.browsing import Browser

CHEAP = Cost(memory_kib=8, passes=1)
PASSWORD = "con trâu gặm cỏ non"
Work = Callable[..., AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody who can sign in, with what they know and hold."""

    actor: Actor
    name: str
    password: str
    seed: str
    sheet: tuple[str, ...]

    def code(self, *, later: int = 1) -> str:
        """Return the code that the app shows, some steps of half a minute from now."""
        return onetime.current_code(self.seed, clock.now() + timedelta(seconds=30 * later))


def settings_for(url: str, folder: Path) -> Settings:
    """Return settings for an application under test."""
    return Settings(
        database_url=url,
        directory=folder,
        key_provider="file",
        hosts=("localhost",),
        reply_address="https://localhost",
    )


def cheap_passwords() -> None:
    """Let password hashes cost next to nothing in this process."""
    digests.COST = CHEAP


def administrator() -> Actor:
    """Return an administrator at the command line, who has no account."""
    return Actor(account_id=uuid4(), unit_id=uuid4(), roles=frozenset({Role.ADMINISTRATOR}), door="command")


def founder() -> Actor:
    """Return the installation itself, which alone invites without a second person."""
    return Actor(
        account_id=INSTALLATION, unit_id=INSTALLATION, roles=frozenset({Role.ADMINISTRATOR}), door="command"
    )


def released(given: service.Given, releaser: Actor) -> str:
    """Let somebody release what waits for them, and return both halves of the code."""
    waiting = queries.list_requests(releaser)
    return given.code + service.release(releaser, waiting[-1].request_id).code


def add_unit(name: str = "UBND xã Mường Lói") -> UUID:
    """Add a unit in the running unit of work."""
    unit = Unit(
        kind="commune", name=name, province_code="11", commune_code="03325", is_public=True, state="active"
    )
    current().add(unit)
    current().flush()
    return unit.id


def add_staff(
    name: str, *roles: Role, unit_id: UUID | None = None, sheet: bool = False, shown_name: str = "Lò Thị Mai"
) -> Staff:
    """Add and enrol somebody in the running unit of work."""
    chief, seed = founder(), "" if sheet else onetime.new_secret()
    given = frozenset(roles or {Role.CASE_WORKER})
    account_id = service.add_account(
        chief, sign_in_name=name, name=shown_name, unit_id=unit_id or add_unit(), roles=given
    )
    invitation = service.invite(chief, account_id).code
    actor, codes = service.enrol(name, invitation, PASSWORD, seed=seed or None)
    return Staff(actor=actor, name=name, password=PASSWORD, seed=seed, sheet=tuple(codes))


def sign_in(browser: Browser, staff: Staff, *, code: str | None = None) -> str:
    """Go through both steps of signing in."""
    browser.open("/sign-in")
    browser.send(name=staff.name, password=staff.password)
    return browser.send(code=code or (staff.sheet[0] if staff.sheet else staff.code()))
