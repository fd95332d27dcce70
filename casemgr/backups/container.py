"""The file that a backup is: a readable head with the sealed keys, then an age archive of everything.

The head lets a passphrase or recovery key open the file on a new machine; its digest stands inside the
archive, so that no byte of either part can be changed without being found.
"""

import hashlib
import json
import os
import shutil
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path

from casemgr.crypto.archive import decrypt_file, encrypt_file
from casemgr.errors import Refused, SealError

UNREADABLE = "backup_unreadable"
MAGIC = b"casemgr backup 1\n"
HEAD_DIGEST = "head.sha256"
_LONGEST_HEAD = 65536
_OWNER_ONLY = 0o600
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands readable before the archive; `keys` is the key file that a passphrase opens, or empty."""

    made_at: str
    keys: str
    identity: str


def pack(folder: Path, target: Path, head: Head, recipients: tuple[str, ...]) -> None:
    """Write the files of a folder as one backup, which appears whole or not at all.

    The folder is on the disk of the database and as well guarded; its tar is made beside it and removed.
    """
    head_bytes = MAGIC + json.dumps(asdict(head), sort_keys=True).encode() + b"\n"
    (folder / HEAD_DIGEST).write_text(hashlib.sha256(head_bytes).hexdigest(), encoding="ascii")
    plain, sealed = folder.with_suffix(".tar"), folder.with_suffix(".age")
    part = target.with_name(f".{target.name}.part")
    try:
        _tar(folder, plain)
        encrypt_file(plain, sealed, recipients)
        _join(part, head_bytes, sealed)
        part.replace(target)
    finally:
        for leftover in (plain, sealed, part):
            leftover.unlink(missing_ok=True)


def read_head(path: Path) -> Head:
    """Read the readable part of a backup; raises Refused("backup_unreadable")."""
    head, _ = _split(path)
    return head


def unpack(path: Path, folder: Path, secret: str) -> None:
    """Decrypt a backup into an empty folder.

    Raises Refused("backup_unreadable") when it is cut, changed or for another key.
    """
    _, head_bytes = _split(path)
    sealed, plain = folder.with_suffix(".age"), folder.with_suffix(".tar")
    try:
        _cut(path, len(head_bytes), sealed)
        decrypt_file(sealed, plain, [secret])
        _untar(plain, folder)
        told = (folder / HEAD_DIGEST).read_text(encoding="ascii")
    except (SealError, tarfile.TarError, FileNotFoundError, ValueError):
        raise Refused(UNREADABLE) from None
    finally:
        for leftover in (sealed, plain):
            leftover.unlink(missing_ok=True)
    if told != hashlib.sha256(head_bytes).hexdigest():
        raise Refused(UNREADABLE)


def _tar(folder: Path, target: Path) -> None:
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
    with tarfile.open(target, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, arcname=path.name)


def _untar(source: Path, folder: Path) -> None:
    """Take out files and folders that lie within; raises ValueError for anything else.

    By hand, since the Python 3.11.2 of Debian 12 has no filter for it.
    """
    with tarfile.open(source) as archive:
        for member in archive:
            target = (folder / member.name).resolve()
            content = archive.extractfile(member) if member.isfile() else None
            if not target.is_relative_to(folder.resolve()) or (content is None and not member.isdir()):
                raise ValueError(member.name)
            if content is None:
                target.mkdir(exist_ok=True)
                continue
            target.touch(_OWNER_ONLY)
            with content, target.open("wb") as file:
                shutil.copyfileobj(content, file, _CHUNK)


def _join(target: Path, head: bytes, sealed: Path) -> None:
    with target.open("wb") as joined, sealed.open("rb") as rest:
        joined.write(head)
        shutil.copyfileobj(rest, joined, _CHUNK)
        joined.flush()
        os.fsync(joined.fileno())


def _split(path: Path) -> tuple[Head, bytes]:
    with path.open("rb") as file:
        magic = file.readline(len(MAGIC) + 1)
        line = file.readline(_LONGEST_HEAD)
    try:
        head = Head(**json.loads(line))
    except (ValueError, TypeError):
        raise Refused(UNREADABLE) from None
    if magic != MAGIC or not line.endswith(b"\n"):
        raise Refused(UNREADABLE)
    return head, magic + line


def _cut(path: Path, start: int, target: Path) -> None:
    with path.open("rb") as file, target.open("wb") as rest:
        file.seek(start)
        shutil.copyfileobj(file, rest, _CHUNK)
