"""Who acts through a command: a named user who proves it like on a page, or the installation itself."""

import getpass
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from casemgr.cli.words import word
from casemgr.errors import Refused

if TYPE_CHECKING:
    from casemgr.accounts import service
    from casemgr.cli.installation import Installation
    from casemgr.policy import Actor

PASSWORD = "CASEMGR_PASSWORD"  # noqa: S105 - the name of a variable
CODE = "CASEMGR_CODE"
_LONGEST_DOOR = 80


def door() -> str:
    """Return how the act came in: by a command, and of which account of the operating system."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(getattr(os, "getuid", lambda: "?")())
    return f"command:{user}"[:_LONGEST_DOOR]


def system_actor() -> "Actor":
    """Return the installation itself, for the first accounts, when there is nobody yet who could act."""
    from casemgr.audit.rules import INSTALLATION
    from casemgr.policy import Actor, Role

    roles = frozenset({Role.ADMINISTRATOR})
    return Actor(account_id=INSTALLATION, unit_id=INSTALLATION, roles=roles, door=door())


def acting_as(installation: "Installation", user: str) -> "Actor":
    """Return the user by name after password and code; raises Refused when they do not prove it.

    They are asked for, or read from CASEMGR_PASSWORD and CASEMGR_CODE. The demonstration, whose keys lie open
    beside its made-up data, asks for neither.
    """
    if installation.is_demo:
        return _demo_actor(installation, user)
    actor = _with_password(installation, user)
    return replace(_with_code(installation, actor), door=door())


def _demo_actor(installation: "Installation", user: str) -> "Actor":
    from casemgr.accounts import queries, rules
    from casemgr.audit import service as audit
    from casemgr.policy import Actor

    with audit.reading(installation.database, installation.keyring):
        people = queries.list_accounts(system_actor())
    name = rules.fold_name(user)
    person = next((one for one in people if one.sign_in_name == name and one.state == "active"), None)
    if person is None:
        raise Refused("sign_in_wrong")
    return Actor(account_id=person.account_id, unit_id=person.unit_id, roles=person.roles, door=door())


def _with_password(installation: "Installation", user: str) -> "Actor":
    from casemgr.accounts import service

    # The passphrase comes first: without it there is nobody to ask for a password.
    _ = installation.keyring
    typed = os.environ.get(PASSWORD) or _ask("ask.password", user)
    with installation.work(write=True):
        attempt = service.sign_in(user, typed, address="command", user_agent="")
        standing = _standing(installation, attempt.token)
    if standing is None:
        raise Refused("sign_in_slowed" if attempt.wait_seconds else "sign_in_wrong")
    if standing.stage != "code":
        raise Refused("not_enrolled")
    return standing.actor


def _with_code(installation: "Installation", actor: "Actor") -> "Actor":
    from casemgr.accounts import service

    typed = os.environ.get(CODE) or _ask("ask.code", "")
    with installation.work(write=True) as session:
        attempt = service.enter_code(actor, typed, address="command")
        standing = _standing(installation, attempt.token)
        # The proof was for this one command: no session may stay open behind it.
        service.end_session(actor)
        session.flush()
    if standing is None:
        raise Refused("sign_in_slowed" if attempt.wait_seconds else "sign_in_wrong")
    if standing.stage != "open":
        raise Refused("not_enrolled")
    return standing.actor


def _standing(installation: "Installation", token: str | None) -> "service.Standing | None":
    from casemgr.accounts import service

    settings = installation.settings
    limits = {"idle_minutes": settings.idle_minutes, "session_hours": settings.session_hours}
    return service.find_standing(token, **limits) if token else None


def _ask(key: str, user: str) -> str:
    return str(click.prompt(word(key, name=user) if user else word(key), hide_input=True, err=True))
