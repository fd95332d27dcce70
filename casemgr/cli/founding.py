"""`casemgr init`: keys, tables, code lists, the first unit and its administrator."""

from dataclasses import dataclass
from pathlib import Path

import click

from casemgr.accounts import rules, service
from casemgr.audit import service as audit
from casemgr.backups.identity import create_identity
from casemgr.cli.acting import system_actor
from casemgr.cli.answering import say, tell
from casemgr.cli.installation import Installation
from casemgr.cli.kit_page import write_kit_page
from casemgr.cli.passphrases import ask_new_passphrase, ask_passphrase, checked, new_passphrase
from casemgr.cli.spoken import SpokenCommand
from casemgr.cli.tables import bring_up
from casemgr.cli.words import word
from casemgr.crypto.providers import FileProvider, PassphraseProvider
from casemgr.db import migrate
from casemgr.errors import Conflict, NotFound, Refused
from casemgr.policy import Role
from casemgr.text.names import tidy
from casemgr.units import administrative
from casemgr.units import service as units
from casemgr.units.administrative import Commune
from casemgr.units.service import UnitDetails

FIRST_UNIT = "ubnd_xa"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is asked before anything is written."""

    commune: Commune
    unit_name: str
    sign_in_name: str
    name: str


@click.command(cls=SpokenCommand, help="help.init")
@click.option("--commune", metavar="CODE|NAME", help="help.init.commune")
@click.option("--unit-name", help="help.init.unit_name")
@click.option("--admin", "sign_in_name", help="help.init.admin")
@click.option("--admin-name", "name", help="help.init.admin_name")
@click.option("--generate", is_flag=True, help="help.init.generate")
@click.option("--kit", "kit_page", type=click.Path(dir_okay=False, path_type=Path), help="help.init.kit")
@click.pass_obj
def init(
    installation: Installation,
    commune: str | None,
    unit_name: str | None,
    sign_in_name: str | None,
    name: str | None,
    kit_page: Path | None,
    *,
    generate: bool,
) -> None:
    """Ask everything first, then set up the installation and print what must be kept on paper, once."""
    refuse_second_start(installation)
    _check_page(installation, kit_page)
    wanted = _ask(commune, unit_name, sign_in_name, name)
    kit = create_keys(installation, generate=generate)
    bring_up(installation)
    code = _found(installation, wanted)
    if kit:
        _print_kit(kit, kit_page)
    say("init.done", unit=wanted.unit_name, name=rules.fold_name(wanted.sign_in_name), code=code)


def refuse_second_start(installation: Installation) -> None:
    """Refuse to set up what is set up already."""
    if installation.places.root_keys.exists():
        raise Refused("already_set_up")
    installation.places.prepare()
    if migrate.current(installation.database) is not None:
        raise Refused("database_exists")


def create_keys(installation: Installation, *, generate: bool) -> str:
    """Draw the root keys and the pair for backups; return the recovery key to print, if there is one."""
    places, kit, passphrase = installation.places, "", ""
    if installation.settings.key_provider == "passphrase":
        passphrase = _choose_passphrase(installation, generate=generate)
    places.prepare()
    if passphrase:
        installation.provider, kit = PassphraseProvider.create(places.root_keys, passphrase)
    else:
        installation.provider = FileProvider.create(places.root_keys)
    create_identity(places, installation.keyring)
    return kit


def _choose_passphrase(installation: Installation, *, generate: bool) -> str:
    file = installation.settings.passphrase_file
    if file is not None:
        return checked(ask_passphrase(file))
    if not generate:
        return ask_new_passphrase()
    drawn = new_passphrase()
    say("passphrase.drawn", passphrase=drawn)
    return drawn


def _ask(commune: str | None, unit_name: str | None, sign_in_name: str | None, name: str | None) -> _Wanted:
    found = find_commune(commune or _prompt("ask.commune"))
    default = f"Ủy ban nhân dân {found.name[0].lower()}{found.name[1:]}"
    wanted = _Wanted(
        commune=found,
        unit_name=tidy(unit_name or _prompt("ask.unit_name", default)),
        sign_in_name=sign_in_name or _prompt("ask.sign_in_name"),
        name=tidy(name or _prompt("ask.name")),
    )
    if not rules.is_sign_in_name(wanted.sign_in_name):
        raise Conflict("sign_in_name", "characters")
    return wanted


def find_commune(text: str) -> Commune:
    """Return a commune by its official code, or by a name that fits only one; raises Conflict."""
    try:
        return administrative.get_commune(text.strip())
    except NotFound:
        found = administrative.search_communes(text)
    exact = [one for one in found if one.name.casefold() == text.strip().casefold()] or list(found)
    if len(exact) == 1:
        return exact[0]
    for one in exact:
        province = administrative.get_province(one.province_code)
        click.echo(f"{one.code}  {one.name}, {province.name}", err=True)
    raise Conflict("commune_code", "several" if exact else "unknown")


def _prompt(key: str, default: str | None = None) -> str:
    return str(click.prompt(word(key), default=default, err=True))


def _found(installation: Installation, wanted: _Wanted) -> str:
    """Add the first unit and its administrator, who is invited like everybody else."""
    actor = system_actor()
    details = UnitDetails(
        kind=FIRST_UNIT,
        name=wanted.unit_name,
        province_code=wanted.commune.province_code,
        commune_code=wanted.commune.code,
    )
    with installation.work(write=True):
        audit.noted(None, "system:init", "system", door=actor.door)
        unit = units.add_unit(actor, details)
        account_id = service.add_account(
            actor,
            sign_in_name=wanted.sign_in_name,
            name=wanted.name,
            unit_id=unit.id,
            roles=[Role.ADMINISTRATOR],
        )
        return service.invite(actor, account_id).code


def _check_page(installation: Installation, page: Path | None) -> None:
    """The printed key opens the key file, so its page must not lie beside it."""
    if page is None:
        return
    if page.resolve().is_relative_to(installation.settings.directory.resolve()):
        raise Refused("kit_beside_keys")
    if page.exists():
        raise Refused("kit_page_exists")


def _print_kit(kit: str, page: Path | None) -> None:
    say("kit.text", kit=kit)
    if page is not None:
        write_kit_page(page, kit)
        tell("kit.page", file=page)
