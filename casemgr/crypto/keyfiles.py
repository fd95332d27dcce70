"""Writing of key files: whole or not at all, readable by their owner only."""

import os
from pathlib import Path
from tempfile import mkstemp

from casemgr.errors import Locked, Refused

FILE_IS_OPEN = "key_file_open_to_others"
FILE_EXISTS = "key_file_exists"
_OWNER_ONLY = 0o600
_OTHERS = 0o077
_NEW_FILE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


def read_key_file(path: Path) -> bytes:
    """Read a key file.

    Raises Locked when there is none, and Refused("key_file_open_to_others") when others may read or change
    it; Windows has no such mode bits, there the folder's access list guards the file.
    """
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except FileNotFoundError:
        raise Locked from None
    if os.name == "posix" and mode & _OTHERS:
        raise Refused(FILE_IS_OPEN)
    return content


def create_key_file(path: Path, content: bytes) -> None:
    """Write a key file that must not exist yet; raises Refused("key_file_exists")."""
    try:
        descriptor = os.open(path, _NEW_FILE, _OWNER_ONLY)
    except FileExistsError:
        raise Refused(FILE_EXISTS) from None
    _fill(descriptor, content)
    _keep_name(path.parent)


def replace_key_file(path: Path, content: bytes) -> None:
    """Write a key file so that a power cut leaves the old or the new one, never half of it."""
    descriptor, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    part = Path(name)
    try:
        _fill(descriptor, content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _keep_name(path.parent)


def _fill(descriptor: int, content: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_name(folder: Path) -> None:
    # The new name survives a power cut only when its folder is written too; Windows does that by itself.
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
