"""`casemgr user`: invite, list, close and reset accounts, in the name of an administrator."""

from typing import Any
from uuid import UUID

import click

from casemgr.accounts import queries, service
from casemgr.accounts.queries import Person
from casemgr.accounts.rules import fold_name
from casemgr.accounts.service import Given
from casemgr.administration import queries as administering
from casemgr.administration import service as administration
from casemgr.audit import service as audit
from casemgr.cli.acting import acting_as, system_actor
from casemgr.cli.answering import JSON_OPTION, USER_OPTION, give_json, give_table, say
from casemgr.cli.installation import Installation
from casemgr.cli.spoken import SpokenGroup
from casemgr.cli.words import word
from casemgr.errors import Conflict, NotFound, Refused
from casemgr.policy import Actor, Permission, Role, require_role
from casemgr.units import queries as units

ROLE = click.Choice([role.value for role in Role])


@click.group(cls=SpokenGroup, help="help.user")
def user() -> None:
    """Look after accounts."""


@user.command(help="help.user.add")
@click.argument("sign_in_name")
@click.option("--name", required=True, help="help.user.name")
@click.option("--unit", "unit_name", required=True, help="help.user.unit")
@click.option(
    "--role", "roles", multiple=True, required=True, type=ROLE, metavar="ROLE", help="help.user.role"
)
@USER_OPTION
@JSON_OPTION
@click.pass_obj
def add(
    installation: Installation,
    sign_in_name: str,
    name: str,
    unit_name: str,
    roles: tuple[str, ...],
    user: str,
    *,
    as_json: bool,
) -> None:
    """Add an account and print its invitation code, once."""
    actor = acting_as(installation, user)
    with installation.work(write=True):
        require_role(actor, Permission.ACCOUNT_MANAGE)
        unit_id = find_unit_id(actor, unit_name)
        chosen = [Role(role) for role in roles]
        account_id = service.add_account(
            actor, sign_in_name=sign_in_name, name=name, unit_id=unit_id, roles=chosen
        )
        given = service.invite(actor, account_id)
    _give_code(fold_name(sign_in_name), given, as_json=as_json)


@user.command("list", help="help.user.list")
@USER_OPTION
@JSON_OPTION
@click.pass_obj
def list_people(installation: Installation, user: str, *, as_json: bool) -> None:
    """List the accounts that an administrator manages."""
    actor = acting_as(installation, user)
    with audit.reading(installation.database, installation.keyring):
        rows = [_row(person) for person in queries.list_accounts(actor)]
    if as_json:
        give_json(rows)
    else:
        words = ({"state": word(f"account.{row['state']}"), "roles": ",".join(row["roles"])} for row in rows)
        give_table(row | told for row, told in zip(rows, words, strict=True))


@user.command(help="help.user.disable")
@click.argument("sign_in_name")
@USER_OPTION
@click.pass_obj
def disable(installation: Installation, sign_in_name: str, user: str) -> None:
    """Close an account; its sessions end at once."""
    actor = acting_as(installation, user)
    with installation.work(write=True):
        service.disable_account(actor, _find(actor, sign_in_name).account_id)
    say("user.disabled", name=fold_name(sign_in_name))


@user.command(help="help.user.reset")
@click.argument("sign_in_name")
@click.option("--as", "user", metavar="USER", help="help.as")
@click.option("--emergency", is_flag=True, help="help.user.emergency")
@JSON_OPTION
@click.pass_obj
def reset(
    installation: Installation, sign_in_name: str, user: str | None, *, emergency: bool, as_json: bool
) -> None:
    """Have password and codes of an account voided, and print an invitation code or the first half of one.

    In an emergency, when no administrator can sign in, whoever holds the passphrase may do it, on record. An
    account that has to do with people's records waits for a second person all the same; asked again after
    the waiting time it is carried out, unless somebody is there who could release it.
    """
    if user is None and not emergency:
        raise Refused("acting_needed")
    actor = acting_as(installation, user) if user is not None else system_actor()
    with installation.work(write=True):
        person = _find(actor, sign_in_name)
        given = _reset(actor, person.account_id)
        if user is None:
            audit.changed(actor, "account:emergency_reset", "account", person.account_id)
    _give_code(person.sign_in_name, given, as_json=as_json)


def _reset(actor: Actor, account_id: UUID) -> Given:
    waiting = queries.find_request(actor, account_id)
    if waiting is not None and waiting.kind == "reset":
        return administration.carry_out_unreleased(actor, account_id)
    return service.reset_account(actor, account_id)


@user.command(help="help.user.release")
@click.argument("sign_in_name")
@click.option("--refuse", "is_refused", is_flag=True, help="help.user.refuse")
@USER_OPTION
@JSON_OPTION
@click.pass_obj
def release(
    installation: Installation, sign_in_name: str, user: str, *, is_refused: bool, as_json: bool
) -> None:
    """Release what an administrator asked for about an account, as the second person; or refuse it."""
    actor, name = acting_as(installation, user), fold_name(sign_in_name)
    with installation.work(write=True):
        waiting = administering.list_requests(actor)
        request = next((one for one in waiting if one.person.sign_in_name == name), None)
        if request is None:
            raise NotFound
        if is_refused:
            administration.refuse(actor, request.request_id)
        else:
            _, given = administration.release(actor, request.request_id)
    if is_refused:
        say("user.refused", name=name)
    elif as_json:
        give_json({"sign_in_name": name, "second_half": given.code})
    else:
        say("user.released", name=name, code=given.code)


def find_unit_id(actor: Actor, name: str) -> UUID:
    """Return the id of a unit by its id or exact name; raises Conflict for none or more than one."""
    try:
        return units.get_unit(actor, UUID(name)).id
    except NotFound:
        raise Conflict("unit", "unknown") from None
    except ValueError:
        found = [unit for unit in units.list_units(actor) if unit.name.casefold() == name.casefold()]
    if len(found) != 1:
        raise Conflict("unit", "several" if found else "unknown")
    return found[0].id


def _find(actor: Actor, sign_in_name: str) -> Person:
    name = fold_name(sign_in_name)
    found = next((one for one in queries.list_accounts(actor) if one.sign_in_name == name), None)
    if found is None:
        raise NotFound
    return found


def _row(person: Person) -> dict[str, Any]:
    return {
        "sign_in_name": person.sign_in_name,
        "name": person.name,
        "state": person.state,
        "roles": sorted(person.roles),
        "unit_id": str(person.unit_id),
        "created_on": str(person.created_on),
    }


def _give_code(sign_in_name: str, given: Given, *, as_json: bool) -> None:
    if as_json:
        half = {"first_half": given.code, "waits": True}
        give_json({"sign_in_name": sign_in_name, **(half if given.waits else {"invitation": given.code})})
    else:
        say("user.waits" if given.waits else "user.invited", name=sign_in_name, code=given.code)
