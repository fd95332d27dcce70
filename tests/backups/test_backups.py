import tarfile
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from casemgr import db
from casemgr.accounts.models import Account, AccountSession
from casemgr.accounts.service import sessions
from casemgr.audit.models import AuditEntry
from casemgr.backups import container, copying, ledger
from casemgr.backups.making import make_backup
from casemgr.backups.places import Places
from casemgr.backups.restoring import restore_backup
from casemgr.crypto.archive import encrypt_file, new_identity
from casemgr.crypto.providers import PassphraseProvider
from casemgr.db.session import WRITES
from casemgr.errors import Refused, SealError
from tests.backups.conftest import CHEAP, PASSPHRASE
from tests.rig import databases

WRITER = new_identity()


def back_up(home, stick):
    return make_backup(
        home.database, home.keyring, home.places, stick, is_plain_key=False, door="command:test"
    )


def with_passphrase(passphrase=PASSPHRASE):
    return lambda path: PassphraseProvider(path, passphrase)


def restore(path, tmp_path, *, url=None, opens=None, name="new", **options):
    target = url or databases.sqlite_url(tmp_path / f"{name}.db")
    places = Places(directory=tmp_path / name)
    opens = opens or with_passphrase()
    return target, restore_backup(path, target, places, opens, door="command:test", **options)


def stored_rows(database):
    """Every row as it is stored; what backing up and restoring write themselves left out."""
    skipped = {"audit_entry", "audit_head", "audit_checkpoint", "alembic_version"}
    with database.engine.connect() as connection:
        tables = copying._plain_tables(copying._reflected(connection))
        return {
            table.name: sorted(
                tuple(sorted((key, str(value).replace("-", "")) for key, value in row.items()))
                for row in connection.execute(select(table)).mappings()
            )
            for table in tables.sorted_tables
            if table.name not in skipped
        }


def test_a_backup_is_opened_again_and_its_log_and_cells_checked(installation, stick):
    made = back_up(installation, stick)

    assert made.path.parent == stick
    assert made.checked.cells > 0
    assert made.log.findings == ()
    assert made.log.proven == made.log.size > 0


def test_what_comes_back_is_what_was_there(installation, stick, tmp_path):
    made = back_up(installation, stick)

    url, restored = restore(made.path, tmp_path)

    database = databases.open_database(url)
    assert stored_rows(database) == stored_rows(installation.database)
    with db.work(database, restored.keyring, write=False) as session:
        assert session.scalars(select(Account)).one().name == "Cán bộ Mẫu"
    database.close()


def test_a_backup_moves_to_an_empty_postgresql_database(installation, stick, tmp_path, cluster):
    made = back_up(installation, stick)
    url = cluster.create("restored")

    _, restored = restore(made.path, tmp_path, url=url)

    database = databases.open_database(url)
    with db.work(database, restored.keyring, write=False) as session:
        assert session.scalars(select(Account)).one().name == "Cán bộ Mẫu"
        foreign_keys = "SELECT count(*) FROM information_schema.table_constraints WHERE constraint_type = "
        assert session.scalar(text(f"{foreign_keys}'FOREIGN KEY'")) > 0
    before, after = stored_rows(installation.database), stored_rows(database)
    database.close()
    cluster.drop("restored")
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }


def test_nothing_in_a_backup_is_readable(installation, stick):
    content = back_up(installation, stick).path.read_bytes()

    assert b"SQLite format" not in content
    assert "Thôn 1".encode() not in content


def test_a_wrong_passphrase_brings_nothing_back(installation, stick, tmp_path):
    made = back_up(installation, stick)

    with pytest.raises(SealError):
        restore(made.path, tmp_path, opens=with_passphrase("another passphrase altogether"))

    assert not (tmp_path / "new.db").exists()
    assert not (tmp_path / "new" / "root.keys").exists()


def test_the_keys_of_another_installation_do_not_open_a_backup(installation, stick, tmp_path):
    made = back_up(installation, stick)
    other = Places(directory=tmp_path / "new")
    other.prepare()
    PassphraseProvider.create(other.root_keys, PASSPHRASE, cost=CHEAP)

    with pytest.raises(SealError):
        restore(made.path, tmp_path)


def test_a_forgotten_passphrase_is_replaced_with_the_recovery_kit(installation, stick, tmp_path):
    made = back_up(installation, stick)

    def recover(path):
        return PassphraseProvider.recover(path, installation.kit, "a quite new passphrase", cost=CHEAP)

    restore(made.path, tmp_path, opens=recover)

    kept = PassphraseProvider(tmp_path / "new" / "root.keys", "a quite new passphrase")
    assert kept.root_keys() == PassphraseProvider(installation.places.root_keys, PASSPHRASE).root_keys()


def test_a_truncated_backup_is_refused(installation, stick, tmp_path):
    made = back_up(installation, stick)
    content = made.path.read_bytes()

    for length in (0, 10, 500, len(content) // 2, len(content) - 20000, len(content) - 1):
        made.path.write_bytes(content[:length])
        with pytest.raises(Refused, match="backup_unreadable"):
            restore(made.path, tmp_path)

    assert not (tmp_path / "new.db").exists()


def test_a_damaged_byte_anywhere_is_refused(installation, stick, tmp_path):
    made = back_up(installation, stick)
    content = made.path.read_bytes()

    for place in (0, 20, 300, 900, len(content) // 5, len(content) // 2, len(content) - 1):
        damaged = bytearray(content)
        damaged[place] ^= 1
        made.path.write_bytes(bytes(damaged))
        with pytest.raises((Refused, SealError)):
            restore(made.path, tmp_path)

    assert not (tmp_path / "new.db").exists()
    assert not (tmp_path / "new" / "root.keys").exists()


def test_every_byte_of_the_readable_head_is_bound_to_the_archive(installation, stick, tmp_path):
    made = back_up(installation, stick)
    made.path.write_bytes(made.path.read_bytes().replace(b'"made_at": "20', b'"made_at": "30'))

    with pytest.raises(Refused, match="backup_unreadable"):
        restore(made.path, tmp_path)


def test_a_restore_never_overwrites_data(installation, stick):
    made = back_up(installation, stick)

    with pytest.raises(Refused, match="database_exists"):
        restore_backup(made.path, installation.url, installation.places, with_passphrase(), door="command:t")


def test_what_was_erased_after_a_backup_stays_erased(installation, stick, tmp_path):
    early = back_up(installation, stick)
    with db.work(installation.database, installation.keyring, write=True) as session:
        account_id = session.scalars(select(Account.id)).one()
        installation.keyring.destroy(session, "account", account_id)
    installation.places.last_backup.unlink()
    early.path.rename(stick / "early.backup")
    back_up(installation, stick)

    url, restored = restore(stick / "early.backup", tmp_path)

    assert restored.erased == 1
    database = databases.open_database(url)
    with (
        db.work(database, restored.keyring, write=False) as session,
        pytest.raises(SealError),
    ):
        _ = session.scalars(select(Account)).one().name
    database.close()


def test_after_a_restore_nobody_is_still_signed_in(installation, stick, tmp_path):
    with db.work(installation.database, installation.keyring, write=True) as session:
        token = sessions.start_session(session.scalars(select(Account)).one(), "open", "Firefox Windows")
    path = back_up(installation, stick).path

    url, restored = restore(path, tmp_path)

    database = databases.open_database(url)
    with db.work(database, restored.keyring, write=False) as session:
        assert sessions.find_standing(token, idle_minutes=15, session_hours=10) is None
        assert None not in session.scalars(select(AccountSession.ended_at)).all()
        assert "account:end_all_sessions" in session.scalars(select(AuditEntry.action)).all()
    database.close()


def test_a_backup_with_erased_rows_is_still_a_good_one(installation, stick):
    with db.work(installation.database, installation.keyring, write=True) as session:
        installation.keyring.destroy(session, "account", session.scalars(select(Account.id)).one())

    assert back_up(installation, stick).log.findings == ()


def test_a_backup_whose_log_was_tampered_with_comes_back_only_when_that_is_accepted(
    installation, stick, tmp_path
):
    with installation.database.engine.connect().execution_options(**{WRITES: True}) as connection:
        if installation.database.is_sqlite:
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_entry_no_update")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE audit_entry SET door = 'other' WHERE seq = 1")
        connection.commit()

    made = back_up(installation, stick)

    assert made.log.findings
    with pytest.raises(Refused, match="backup_log_broken"):
        restore(made.path, tmp_path)
    _, restored = restore(made.path, tmp_path, name="accepted", accept_broken_log=True)
    assert restored.checked.log.findings


def test_a_database_that_was_never_set_up_is_not_backed_up(installation, stick, tmp_path):
    empty = databases.open_database(databases.sqlite_url(tmp_path / "empty.db"))

    with pytest.raises(Refused, match="database_not_set_up"):
        make_backup(
            empty, installation.keyring, installation.places, stick, is_plain_key=False, door="command:t"
        )

    empty.close()


def test_no_readable_copy_is_left_behind(installation, stick, tmp_path):
    made = back_up(installation, stick)
    restore(made.path, tmp_path)

    assert not list(installation.places.directory.glob(".backup-*"))
    assert not list((tmp_path / "new").glob(".backup-*"))
    assert {path.name for path in stick.iterdir()} == {made.path.name, ledger.NAME}


def test_a_ledger_only_grows(tmp_path):
    path, first, second = tmp_path / "ledger", uuid4(), uuid4()

    ledger.add(path, [first])
    ledger.add(path, [second])

    assert ledger.read(path) == {first, second}


def test_a_file_that_is_no_backup_is_refused(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Kính gửi\n{}\n", encoding="utf-8")

    with pytest.raises(Refused, match="backup_unreadable"):
        container.read_head(path)


@pytest.mark.parametrize("name", ["../beside", "/outside", "checkpoints/../../beside"])
def test_a_backup_lays_no_file_outside_its_folder(tmp_path, name):
    path, folder = packed(tmp_path, tarfile.TarInfo(name))

    with pytest.raises(Refused, match="backup_unreadable"):
        container.unpack(path, folder, WRITER.secret)

    assert list(folder.iterdir()) == []
    assert not (tmp_path / "beside").exists()


def test_a_backup_lays_down_no_link(tmp_path):
    link = tarfile.TarInfo("copy.db")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    path, folder = packed(tmp_path, link)

    with pytest.raises(Refused, match="backup_unreadable"):
        container.unpack(path, folder, WRITER.secret)

    assert list(folder.iterdir()) == []


def packed(tmp_path, member):
    """Make a backup as somebody would who knows its format and to whom it is encrypted."""
    content = tmp_path / "archive.tar"
    with tarfile.open(content, "w") as archive:
        archive.addfile(member)
    encrypt_file(content, tmp_path / "archive.age", [WRITER.recipient])
    path, folder = tmp_path / "bad.backup", tmp_path / "content"
    head = b'{"identity": "", "keys": "", "made_at": ""}\n'
    path.write_bytes(container.MAGIC + head + (tmp_path / "archive.age").read_bytes())
    folder.mkdir()
    return path, folder
