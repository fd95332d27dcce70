"""Mappings as files: those that come with the program, and those that somebody wrote."""

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

from casemgr.imports.checking import check
from casemgr.imports.mapping import LineMapping, Mistake, UnusableMapping

SHIPPED = Path(__file__).parent / "mappings"
_SYNTAX_LINE = re.compile(r"at line (\d+)")


def list_shipped() -> list[str]:
    """Return the names of the mappings that come with the program."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def read_mapping(name: str) -> LineMapping:
    """Read a shipped mapping by its name, or a file by its path; raises UnusableMapping with all mistakes."""
    path = SHIPPED / f"{name}.toml" if name in list_shipped() else Path(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise _not_found() from error
    return parse_mapping(text)


def read_shipped(name: str) -> str:
    """Return the text of a shipped mapping; raises UnusableMapping for any other name, a path above all."""
    if name not in list_shipped():
        raise _not_found()
    return (SHIPPED / f"{name}.toml").read_text(encoding="utf-8-sig")


def parse_mapping(text: str) -> LineMapping:
    """Read a mapping from its text; raises UnusableMapping with all mistakes."""
    try:
        content: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Beside its own error the parser lets through what it stumbles over: endless numbers and nesting.
        line = _SYNTAX_LINE.search(str(error))
        mistake = Mistake(line=int(line[1]) if line else 1, kind="syntax", detail=str(error)[:200])
        raise UnusableMapping([mistake]) from error
    return check(content, text, digest=hashlib.sha256(text.encode()).hexdigest())


def _not_found() -> UnusableMapping:
    return UnusableMapping([Mistake(line=0, kind="not_found", detail=", ".join(list_shipped()))])
