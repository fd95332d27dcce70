"""Collects what is to be translated, from Python and from templates, and the catalogues that translate it."""

import csv
from collections import defaultdict
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.rig.source import PACKAGE, ROOT, TEMPLATES

KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "N_": None,
}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}

Message = str | tuple[str, ...]


def list_messages() -> dict[Message, list[str]]:
    """Return every text that is asked for in English, with the places where it is."""
    messages: dict[Message, list[str]] = defaultdict(list)
    for folder in (PACKAGE, TEMPLATES):
        found = extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS)
        for name, line, message, _, _ in found:
            messages[message].append(f"{(folder / name).relative_to(ROOT).as_posix()}:{line}")
    return messages


def list_catalogues() -> dict[Path, Catalog]:
    """Return the Vietnamese catalogue of each area."""
    paths = sorted((PACKAGE / "translations" / "vi").glob("*.po"))
    catalogues = {}
    for path in paths:
        with path.open("rb") as opened:
            catalogues[path] = read_po(opened, locale="vi", abort_invalid=True)
    return catalogues


def list_codes() -> list[tuple[Path, dict[str, str]]]:
    """Return every row of every code list, with its file."""
    rows = []
    for path in sorted((PACKAGE / "codes" / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as opened:
            rows += [(path, row) for row in csv.DictReader(opened)]
    return rows
