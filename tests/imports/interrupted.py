"""Imports a file in a process of its own, a few rows at a time, saying how far it is, until it is killed.

Usage: python interrupted.py URL ROOT_KEYS ACCOUNT UNIT FILE MAPPING
"""

import sys
from pathlib import Path
from uuid import UUID

from casemgr.crypto.providers import FileProvider
from casemgr.db import Database
from casemgr.imports import running
from casemgr.imports.reading import LineList
from casemgr.imports.shelf import read_mapping
from casemgr.keys.service import Keyring
from casemgr.policy import Actor, Role

running.PIECE = 20


def main() -> None:
    """Import until the end, or until somebody ends the process."""
    url, root_keys, account, unit, file, mapping_file = sys.argv[1:]
    mapping = read_mapping(mapping_file)
    running.run_import(
        Database(url),
        Keyring(FileProvider(Path(root_keys)).root_keys()),
        Actor(
            account_id=UUID(account), unit_id=UUID(unit), roles=frozenset({Role.SUPERVISOR}), door="command"
        ),
        running.Job.prepare(LineList(Path(file)), mapping),
        name="lo-1",
        owner=None,
        watch=lambda _: None,
        progress=lambda done, _: print(done, flush=True),  # noqa: T201 - it tells who will kill it
    )


if __name__ == "__main__":
    main()
