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
        shipped = ", ".join(list_shipped())
        raise UnusableMapping([Mistake(line=0, kind="not_found", detail=shipped)]) from error
    try:
        content: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _SYNTAX_LINE.search(str(error))
        mistake = Mistake(line=int(line[1]) if line else 1, kind="syntax", detail=str(error))
        raise UnusableMapping([mistake]) from error
    return check(content, text, digest=hashlib.sha256(text.encode()).hexdigest())
