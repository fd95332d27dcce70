"""Static files: what every page needs is one sheet and one script, and addresses carry a content hash."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response

STATIC = Path(__file__).parent.parent / "static"
FIRST_SHEETS = ("tokens", "page", "components")
"""Sheets that the others build on."""
APART = ("calendar",)
"""The page behind the quick exit shares nothing with the others, so that its address betrays nothing."""
SCRIPTS = ("quick-exit", "once", "lock")
"""Scripts of every page; what only forms need is loaded by them."""


class Bundling(Flask):
    """Flask that answers `all.css` and `all.js` beside the files themselves, without a build step."""

    def send_static_file(self, filename: str) -> Response:
        """Send a file, or one that is put together from several."""
        if filename not in _BUNDLES:
            return super().send_static_file(filename)
        kind = "text/css" if filename.endswith(".css") else "text/javascript"
        return Response(read(filename), mimetype=kind)


@cache
def read(name: str) -> bytes:
    """Return the content of a static file or of a bundle; raises OSError where there is none."""
    return "".join(_BUNDLES[name]()).encode() if name in _BUNDLES else (STATIC / name).read_bytes()


@cache
def digest(name: str) -> str:
    """Return what stands in the address of a static file and changes with its content."""
    return hashlib.sha256(read(name)).hexdigest()[:16]


def add_digest(endpoint: str, values: dict[str, Any]) -> None:
    """Put the content hash into addresses of static files, so that browsers may keep them for good."""
    if endpoint == "static" and "filename" in values:
        values["v"] = digest(values["filename"])


def _sheet() -> Iterator[str]:
    """Yield tokens, frame and components, then the sheets of the areas, then paper."""
    found = {path.stem: path.read_text(encoding="utf-8") for path in (STATIC / "css").glob("*.css")}
    areas = sorted(found.keys() - {*FIRST_SHEETS, *APART, "print"})
    for name in (*FIRST_SHEETS, *areas):
        yield found[name]
    yield f"@media print {{\n{found['print']}}}\n"


def _script() -> Iterator[str]:
    """Yield the scripts, each in a block of its own, as the names of a module are its own."""
    for name in SCRIPTS:
        yield f"{{\n{(STATIC / 'js' / f'{name}.js').read_text(encoding='utf-8')}}}\n"


_BUNDLES = {"all.css": _sheet, "all.js": _script}
