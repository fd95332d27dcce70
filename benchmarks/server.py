"""Serves one filled installation in its own process; with `--open` nothing is sealed, in benchmarks alone."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from waitress import create_server

from casemgr.crypto.providers import FileProvider
from casemgr.db import Database
from casemgr.db.migrate import load_models
from casemgr.factory import create_app
from casemgr.keys.service import Keyring
from tests.rig import staff

THREADS = 8


class Unsealed(Keyring):
    """A keyring that leaves every cell as it is: what the pages would cost without sealing."""

    def seal(self, _: Any, *, plaintext: bytes, **__: Any) -> bytes:
        """Return the value itself."""
        return plaintext

    def open(self, _: Any, blob: bytes, **__: Any) -> bytes:
        """Return the value itself."""
        return blob

    def prefetch(self, *_: Any) -> None:
        """Fetch no keys."""

    def prepare(self, *_: Any) -> None:
        """Make no keys."""


def main(url: str, folder: str, *, is_open: bool) -> None:
    """Serve until killed; print the port first."""
    load_models()
    kind = Unsealed if is_open else Keyring
    keys = kind(FileProvider(Path(folder) / "root.keys").root_keys())
    # Others are filled for hours before the first page is asked for: nobody may be locked out meanwhile.
    settings = replace(staff.settings_for(url, Path(folder)), idle_minutes=10_000, session_hours=200)
    app = create_app(settings, Database(url), keys)
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=THREADS)
    print(json.dumps({"port": server.effective_port}), flush=True)
    server.run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], is_open="--open" in sys.argv)
