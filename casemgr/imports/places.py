"""Where the entries of a TOML text stand, so that a mistake can be told with its line."""

import re
import tomllib
from typing import Any

Path = tuple[str, ...]

_HEADER = re.compile(r"\s*+\[\[?+(?P<name>[^\]]++)\]\]?+\s*+(#.*)?")
_KEY = re.compile(r"""(?P<name>(?:"[^"]*+"|'[^']*+'|[A-Za-z0-9_.\s-])++)=""")
"""Neither ever tries a line in two ways: who uploads a mapping must not hold up everybody else."""


class Places:
    """The line of each entry, found by its path."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        table: Path = ()
        for number, line in enumerate(text.splitlines(), 1):
            if header := _HEADER.fullmatch(line):
                table = _path_of(header["name"])
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                self._lines.setdefault(table + _path_of(key["name"]), number)

    def line_of(self, path: Path) -> int:
        """Return the line of an entry, or of the nearest one around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def _path_of(name: str) -> Path:
    try:
        found: Any = tomllib.loads(f"{name} = 0")
    except tomllib.TOMLDecodeError:
        return (name,)
    path: list[str] = []
    while isinstance(found, dict):
        key, found = next(iter(found.items()))
        path.append(key)
    return tuple(path)
