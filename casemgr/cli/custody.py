"""`casemgr keys`: how data keys stand, and moving them under a new root key while people work."""

import click

from casemgr.audit import service as audit
from casemgr.cli.acting import acting_as
from casemgr.cli.answering import JSON_OPTION, USER_OPTION, give_json, give_table, say, tell
from casemgr.cli.installation import Installation
from casemgr.cli.spoken import SpokenGroup
from casemgr.errors import Forbidden
from casemgr.keys.service import Keyring
from casemgr.policy import Permission, Role, require_role

BATCH = 500


@click.group(cls=SpokenGroup, help="help.keys")
def keys() -> None:
    """Look after the keys."""


@keys.command(help="help.keys.status")
@USER_OPTION
@JSON_OPTION
@click.pass_obj
def status(installation: Installation, user: str, *, as_json: bool) -> None:
    """Count data keys by purpose, state and root key."""
    actor = acting_as(installation, user)
    require_role(actor, Permission.KEYS_STATUS)
    with audit.reading(installation.database, installation.keyring) as session:
        counts = installation.keyring.status(session)
        audit.seen(actor, "keys", None)
    rows = [
        {"purpose": one.purpose, "state": one.state, "root_key": one.root_key_id, "count": one.count}
        for one in counts
    ]
    root_keys = installation.provider.root_keys()
    if as_json:
        answer = {"provider": installation.provider.name, "current_root_key": root_keys.current_id}
        give_json(answer | {"root_keys": sorted(root_keys.versions), "data_keys": rows})
        return
    say("keys.provider", name=installation.provider.name, current=root_keys.current_id)
    give_table(rows)


@keys.command(help="help.keys.rewrap")
@click.option("--new", "add_new", is_flag=True, help="help.keys.new")
@USER_OPTION
@JSON_OPTION
@click.pass_obj
def rewrap(installation: Installation, user: str, *, add_new: bool, as_json: bool) -> None:
    """Wrap all data keys under the current root key, a new one if asked for; may be stopped and run again."""
    actor = acting_as(installation, user)
    if Role.ADMINISTRATOR not in actor.roles:
        raise Forbidden
    if add_new:
        installation.provider.add_root_key()
        tell("keys.added", current=installation.provider.root_keys().current_id)
    # The keyring is made anew, because it holds the root keys as they were when it was made.
    installation.keyring = Keyring(installation.provider.root_keys())
    moved = 0
    while batch := _rewrap_some(installation):
        moved += batch
    current = installation.provider.root_keys().current_id
    with installation.work(write=True):
        audit.changed(actor, "keys:rewrap", "keys", None, root_key=current, moved=moved)
    if as_json:
        give_json({"current_root_key": current, "moved": moved})
    else:
        say("keys.moved", count=moved, current=current)
    if add_new:
        tell("keys.restart")


def _rewrap_some(installation: Installation) -> int:
    with installation.work(write=True) as session:
        return installation.keyring.rewrap(session, BATCH)
