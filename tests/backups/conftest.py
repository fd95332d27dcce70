"""An installation with a few rows in every kind of table: units, accounts, codes, audit."""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from casemgr import db
from casemgr.accounts import service as accounts
from casemgr.backups.identity import create_identity
from casemgr.backups.places import Places
from casemgr.codes import service as codes
from casemgr.crypto.passwords import Cost
from casemgr.crypto.providers import PassphraseProvider
from casemgr.db import migrate
from casemgr.keys.service import Keyring
from casemgr.policy import Actor, Role
from casemgr.units import service as units
from casemgr.units.service import UnitDetails
from tests.rig import databases

PASSPHRASE = "kho thoc tren nui cao"
CHEAP = Cost(memory_kib=8, passes=1, lanes=1)


@dataclass(slots=True, kw_only=True)
class Installation:
    """What a backup is made of."""

    url: str
    database: db.Database
    keyring: Keyring
    places: Places
    kit: str
    unit_id: object


@pytest.fixture
def migrated(bare_url):
    """A database set up by the migrations, on each engine in turn."""
    database = databases.open_database(bare_url)
    migrate.upgrade(database)
    yield database
    database.close()


@pytest.fixture
def installation(migrated, bare_url, tmp_path):
    places = Places(directory=tmp_path / "home")
    places.prepare()
    provider, kit = PassphraseProvider.create(places.root_keys, PASSPHRASE, cost=CHEAP)
    keyring = Keyring(provider.root_keys())
    create_identity(places, keyring)
    actor = Actor(account_id=uuid4(), unit_id=uuid4(), roles=frozenset({Role.ADMINISTRATOR}))
    with db.work(migrated, keyring, write=True):
        codes.sync()
        details = UnitDetails(kind="ubnd_xa", name="UBND xã", province_code="38", commune_code="15148")
        unit = units.add_unit(actor, details)
        below = UnitDetails(
            kind="thon", name="Thôn 1", province_code="38", commune_code="15148", parent_id=unit.id
        )
        units.add_unit(actor, below)
        roles = [Role.CASE_WORKER]
        accounts.add_account(actor, sign_in_name="mau.mot", name="Cán bộ Mẫu", unit_id=unit.id, roles=roles)
    return Installation(
        url=bare_url, database=migrated, keyring=keyring, places=places, kit=kit, unit_id=unit.id
    )


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Where backups go."""
    return tmp_path / "stick"
