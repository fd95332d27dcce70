"""What archives promise: only recipients open them, and a changed or cut archive gives no file at all."""

import os

import pytest

from casemgr.crypto.archive import (
    decrypt_bytes,
    decrypt_file,
    decrypt_under_passphrase,
    encrypt_bytes,
    encrypt_file,
    encrypt_under_passphrase,
    new_identity,
)
from casemgr.errors import SealError

PROVINCE, COMMUNE, STRANGER = new_identity(), new_identity(), new_identity()
CONTENT = os.urandom(200_000)


@pytest.fixture
def archive(tmp_path):
    source, target = tmp_path / "copy.db", tmp_path / "copy.age"
    source.write_bytes(CONTENT)
    encrypt_file(source, target, [PROVINCE.recipient, COMMUNE.recipient])
    return target


@pytest.mark.parametrize("identity", [PROVINCE, COMMUNE], ids=["province", "commune"])
def test_each_recipient_opens_the_archive(archive, identity):
    restored = archive.with_name("restored.db")
    decrypt_file(archive, restored, [STRANGER.secret, identity.secret])
    assert restored.read_bytes() == CONTENT


def test_archives_are_readable_by_their_owner_only(archive):
    decrypt_file(archive, archive.with_name("restored.db"), [PROVINCE.secret])
    modes = {path.name: path.stat().st_mode & 0o777 for path in archive.parent.iterdir()}
    assert (modes["copy.age"], modes["restored.db"]) == (0o600, 0o600)


def test_a_stranger_opens_nothing(archive):
    restored = archive.with_name("restored.db")
    with pytest.raises(SealError):
        decrypt_file(archive, restored, [STRANGER.secret])
    with pytest.raises(SealError):
        decrypt_file(archive, restored, ["AGE-SECRET-KEY-NONSENSE"])
    assert not restored.exists()


@pytest.mark.parametrize("length", [0, 100, 70_000, 65_536 + 400, -1])
def test_a_cut_archive_leaves_no_file(archive, length):
    archive.write_bytes(archive.read_bytes()[:length])
    with pytest.raises(SealError):
        decrypt_file(archive, archive.with_name("restored.db"), [PROVINCE.secret])
    assert {path.name for path in archive.parent.iterdir()} == {"copy.db", "copy.age"}


def test_a_changed_archive_leaves_an_older_file_as_it_was(archive):
    content = bytearray(archive.read_bytes())
    content[-10] ^= 1
    archive.write_bytes(content)
    restored = archive.with_name("restored.db")
    restored.write_bytes(b"older")
    with pytest.raises(SealError):
        decrypt_file(archive, restored, [PROVINCE.secret])
    assert restored.read_bytes() == b"older"


def test_a_missing_source_is_a_missing_file_and_not_a_wrong_key(tmp_path):
    with pytest.raises(FileNotFoundError):
        decrypt_file(tmp_path / "none.age", tmp_path / "restored.db", [PROVINCE.secret])
    assert list(tmp_path.iterdir()) == []


def test_an_archive_needs_recipients_that_can_be_read(tmp_path):
    with pytest.raises(ValueError, match="needs a recipient"):
        encrypt_bytes(b"", [])
    with pytest.raises(ValueError, match="not an age recipient"):
        encrypt_bytes(b"", ["age1nonsense"])


def test_bytes_travel_like_files():
    archive = encrypt_bytes(b"2 people, now", [PROVINCE.recipient])
    assert b"people" not in archive
    assert decrypt_bytes(archive, [PROVINCE.secret]) == b"2 people, now"
    for tried, secrets in [
        (archive, [STRANGER.secret]),
        (archive, []),
        (archive[:-1], [PROVINCE.secret]),
        (b"", []),
    ]:
        with pytest.raises(SealError):
            decrypt_bytes(tried, secrets)


def test_an_export_opens_with_its_passphrase_only():
    archive = encrypt_under_passphrase(b"report", "six words that were drawn at random")
    assert decrypt_under_passphrase(archive, "six words that were drawn at random") == b"report"
    with pytest.raises(SealError):
        decrypt_under_passphrase(archive, "another")


def test_the_secret_does_not_show_when_an_identity_is_printed():
    assert PROVINCE.secret not in repr(PROVINCE)
