"""What every peer does: fill, say on one line where things are, serve until it is killed."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from waitress import create_server

THREADS = 8
PASSWORD = "measured, and thrown away"  # noqa: S105 - of a database that lives as long as the measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The addresses of a filled peer, who signs in there, and what filling it took."""

    sign_in: str
    fields: tuple[str, str]
    list: str
    open: tuple[str, ...]
    add: str
    row: dict[str, str]
    search_number: str
    search_name: str
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    seconds: float
    cpu: float


def serve(application: Any, ready: Ready) -> None:
    """Serve until killed, with the server and the threads that the product has."""
    server: Any = create_server(application, host="127.0.0.1", port=0, threads=THREADS)
    print(json.dumps({"port": server.effective_port, **asdict(ready)}), flush=True)
    server.run()
