"""Moving an installation to a server: nothing lost, nothing under the old root key, all or nothing."""

import pytest
from sqlalchemy import select

from casemgr import db
from casemgr.accounts.models import Account
from casemgr.audit.models import AuditEntry
from casemgr.audit.verify import verify
from casemgr.backups import copying, ledger, transferring
from casemgr.backups.making import make_backup
from casemgr.backups.places import Places
from casemgr.crypto.providers import FileProvider, PassphraseProvider
from casemgr.errors import Refused, SealError
from casemgr.keys.models import DataKey
from casemgr.keys.service import Keyring
from tests.backups.conftest import CHEAP, PASSPHRASE
from tests.rig.databases import open_database, sqlite_url

NEW_PASSPHRASE = "song dai bien rong"


@pytest.fixture
def bare_url(tmp_path):
    """A laptop has SQLite; the server PostgreSQL."""
    return sqlite_url(tmp_path / "laptop.db")


@pytest.fixture
def server(cluster, tmp_path):
    """An empty PostgreSQL database and an empty folder."""
    yield cluster.create("server"), Places(directory=tmp_path / "server")
    cluster.drop("server")


@pytest.fixture
def backup(installation, stick):
    stick.mkdir(exist_ok=True)
    installation.places.moved.touch()
    made = make_backup(
        installation.database,
        installation.keyring,
        installation.places,
        stick,
        is_plain_key=False,
        door="test",
    )
    return made.path


def keep_new(path, root_keys):
    PassphraseProvider.create(path, NEW_PASSPHRASE, cost=CHEAP, root_keys=root_keys)


def move(backup, server):
    url, places = server
    return transferring.transfer(
        backup, url, places, lambda path: PassphraseProvider(path, PASSPHRASE), keep_new, door="test"
    )


def rows_of(url):
    database = open_database(url)
    found = copying.has_rows(database)
    database.close()
    return found


def test_everything_arrives_under_a_new_root_key_and_the_log_goes_on(installation, backup, server):
    moved = move(backup, server)

    url, places = server
    old_keys = installation.keyring
    new = PassphraseProvider(places.root_keys, NEW_PASSPHRASE).root_keys()
    database = open_database(url)
    with db.work(database, Keyring(new), write=False) as session:
        names = [account.name for account in session.scalars(select(Account))]
        assert {key.root_key_id for key in session.scalars(select(DataKey))} == {new.current_id}
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))
    with pytest.raises(SealError), db.work(database, old_keys, write=False) as session:
        _ = [account.name for account in session.scalars(select(Account))]
    verdict = verify(
        database, Keyring(new), public_keys=[transferring.public_key_from(Keyring(new))], deep=True
    )
    database.close()
    assert names == ["Cán bộ Mẫu"]
    assert actions[-1] == "transfer:arrive"
    assert moved.log.findings == verdict.findings == ()
    assert moved.log.size == len(actions)
    assert moved.rewrapped > 0
    assert list(new.versions) == [new.current_id]
    with pytest.raises(SealError):
        PassphraseProvider(places.root_keys, PASSPHRASE)


def test_what_was_erased_on_the_laptop_stays_erased(installation, backup, server):
    with db.work(installation.database, installation.keyring, write=True) as session:
        account = session.scalars(select(Account)).one()
        listed = installation.keyring.destroy(session, "account", account.id)
    ledger.add(backup.parent / ledger.NAME, listed)

    moved = move(backup, server)

    assert moved.erased == len(listed) == 1
    assert set(listed) <= ledger.read(server[1].ledger)
    database = open_database(server[0])
    keyring = Keyring(PassphraseProvider(server[1].root_keys, NEW_PASSPHRASE).root_keys())
    with pytest.raises(SealError), db.work(database, keyring, write=False) as session:
        _ = session.scalars(select(Account)).one().name
    database.close()


def test_a_server_that_holds_anything_is_refused(backup, server):
    move(backup, server)
    kept = server[1].root_keys.read_bytes()

    with pytest.raises(Refused, match="database_exists"):
        move(backup, server)

    assert server[1].root_keys.read_bytes() == kept


def test_a_folder_with_keys_of_its_own_is_refused(backup, server):
    server[1].prepare()
    FileProvider.create(server[1].root_keys)

    with pytest.raises(Refused, match="already_set_up"):
        move(backup, server)

    assert not rows_of(server[0])


@pytest.mark.parametrize("at", ["copy_rows_in", "migrate"])
def test_a_transfer_that_is_killed_leaves_nothing_and_is_begun_anew(backup, server, monkeypatch, at):
    def die(*_):
        raise KeyboardInterrupt

    target = {
        "copy_rows_in": (transferring.copying, "copy_rows_in"),
        "migrate": (transferring.migrate, "upgrade"),
    }[at]
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(*target, die)
        move(backup, server)
    assert not rows_of(server[0])

    assert move(backup, server).log.findings == ()
    assert not server[1].unfinished.exists()


def test_one_row_that_does_not_arrive_keeps_out_all(backup, server, monkeypatch):
    copy_rows = copying._copy_rows

    def lose_one(source, sink, table):
        copy_rows(source, sink, table)
        if table.name == "unit":
            sink.execute(table.delete().where(table.c.kind == "thon"))

    with monkeypatch.context() as patched, pytest.raises(Refused, match="transfer_differs"):
        patched.setattr(copying, "_copy_rows", lose_one)
        move(backup, server)

    assert not rows_of(server[0])


def test_one_cell_that_arrives_changed_keeps_out_all(backup, server, monkeypatch):
    copy_rows = copying._copy_rows

    def change_one(source, sink, table):
        copy_rows(source, sink, table)
        if table.name == "unit":
            sink.execute(table.update().where(table.c.kind == "thon").values(state="ngung"))

    with monkeypatch.context() as patched, pytest.raises(Refused, match="transfer_differs"):
        patched.setattr(copying, "_copy_rows", change_one)
        move(backup, server)

    assert not rows_of(server[0])


def test_an_installation_that_goes_on_is_not_moved_unless_it_is_gone(installation, backup, server):
    installation.places.moved.unlink()
    url, places = server
    still_open = make_backup(
        *(installation.database, installation.keyring, installation.places, backup.parent / "second"),
        is_plain_key=False,
        door="test",
    )

    with pytest.raises(Refused, match="transfer_still_open"):
        move(still_open.path, server)
    assert not rows_of(url)

    moved = transferring.transfer(
        still_open.path,
        url,
        places,
        lambda path: PassphraseProvider(path, PASSPHRASE),
        keep_new,
        door="test",
        is_old_gone=True,
    )
    assert moved.log.findings == ()


def test_a_wrong_passphrase_of_the_laptop_moves_nothing(backup, server):
    url, places = server

    with pytest.raises(SealError):
        transferring.transfer(
            backup, url, places, lambda path: PassphraseProvider(path, NEW_PASSPHRASE), keep_new, door="test"
        )

    assert not places.root_keys.exists()
    assert not rows_of(url)
