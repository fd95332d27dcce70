"""Markers that are typed where people type, and a search for them in whatever a thief could carry away."""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.rig.demonstration import Person

CORE = "Qzkwjxv"
"""Letters that stand together nowhere else; being plain, they look alike in NFC, NFD and without accents."""
DATES = {
    **dict.fromkeys(
        ("due_on", "expires_on", "starts_on", "ends_on", "meets_on", "until", "review_on"), "31/12/2030"
    ),
    **dict.fromkeys(("decided_on", "reputation_on", "trained_on"), "01/02/2025"),
    **dict.fromkeys(("happened_on", "reported_on", "finished_on", "birth", "valid_from"), "01/02/2025"),
}
NUMBERS = frozenset(
    {
        "adults",
        "children",
        "age",
        "children_count",
        "amount",
        "amount_paid",
        "adult_beds",
        "child_beds",
        "cost",
    }
)
ID_NUMBER = "identity_number"

FIELDS = """form => [...form.elements]
  .filter(e => e.name && (e.tagName === "TEXTAREA" || ["text", "tel", "password"].includes(e.type)))
  .map(e => [e.name, e.type])"""
FILL = """(form, given) => {
  for (const field of form.elements) {
    const wanted = given[field.name];
    if (wanted === undefined) continue;
    if (["radio", "checkbox"].includes(field.type)) {
      if (!wanted.includes(field.value)) continue;
      field.checked = true;
    } else {
      field.value = wanted;
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}"""


@dataclass(slots=True)
class Typist:
    """Fills forms so that every text field holds a marker of its own; remembers what went where."""

    typed: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def fill(self, person: Person, words: str, **given: str) -> Any:
        """Fill the form that has a button with these words; several ticks are divided by a space."""
        person.page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
        form = person.page.locator("form", has=person.page.locator("button", has_text=words)).first
        texts = {name: self._text(name, kind) for name, kind in form.evaluate(FIELDS) if name not in given}
        ticks = {name: text.split() if "[]" in name else text for name, text in {**texts, **given}.items()}
        form.evaluate(FILL, ticks)
        return form

    def send(self, person: Person, words: str, **given: str) -> str:
        """Fill a form and press its button; return what the next page says."""
        form = self.fill(person, words, **given)
        person.tap(form.locator("button", has_text=words).first)
        return person.words()

    def _text(self, name: str, kind: str) -> str:
        if name in DATES:
            return DATES[name]
        if name in NUMBERS and kind != "textarea":
            return "2"
        number = next(self._numbers)
        if name == ID_NUMBER:
            text = f"038191{700_000 + number}"
        elif kind == "tel":
            text = f"0977{600_000 + number * 7}"
        else:
            letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")
            text = f"Ẩn Đuốc {CORE}{letters}"
        self.names.add(name)
        self.typed[text] = f"{name} ({kind})"
        return text

    def needles(self) -> dict[bytes, str]:
        """Return every form in which a marker could lie about, with what it is."""
        found = dict(_written(CORE, "a marker"))
        for text, where in self.typed.items():
            if CORE not in text:
                found.update(_written(text, where))
                found.update(_written("+84" + text.removeprefix("0"), where))
        return found


def _written(text: str, what: str) -> Iterator[tuple[bytes, str]]:
    """Yield a text in both cases and in its encodings, base64 at any offset among them."""
    for spelling in {text, text.lower(), text.upper()}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            raw = spelling.encode(encoding)
            yield raw, what
            yield raw.hex().encode(), f"{what}, hexadecimal"
            for offset in range(3):
                encoded = base64.b64encode(b"\0" * offset + raw)
                # What touches the neighbours of the text depends on them.
                core = encoded[4 if offset else 0 : len(encoded) - 4]
                yield core, f"{what}, base64"
                yield core.translate(bytes.maketrans(b"+/", b"-_")), f"{what}, base64 for addresses"


def find_in_files(needles: dict[bytes, str], *folders: Path) -> list[str]:
    """Return where needles lie in files, their names included."""
    pattern = _any_of(needles)
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
            if path.is_symlink() or not path.is_file():
                continue
            content = str(path).encode() + b"\n" + path.read_bytes()
            found += [_describe(needles, path.name, content, hit) for hit in pattern.finditer(content)]
    return found


def find_in_rows(needles: dict[bytes, str], engine: sa.Engine) -> list[str]:
    """Return where needles lie in rows, which the database may keep compressed in its files."""
    pattern = _any_of(needles)
    found, metadata = [], sa.MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                for name, value in row._mapping.items():
                    content = value if isinstance(value, bytes) else str(value).encode()
                    if hit := pattern.search(content):
                        found.append(_describe(needles, f"{table.name}.{name}", content, hit))
    return found


def _any_of(needles: Iterable[bytes]) -> "re.Pattern[bytes]":
    """Return one pattern of all needles that branches byte by byte; a flat one tries each at every place."""
    return re.compile(_branches(sorted(needles)))


def _branches(needles: list[bytes]) -> bytes:
    if not needles[0]:
        return b""
    groups = groupby(needles, key=lambda needle: needle[:1])
    return (
        b"(?:"
        + b"|".join(re.escape(first) + _branches([needle[1:] for needle in group]) for first, group in groups)
        + b")"
    )


def _describe(needles: dict[bytes, str], place: str, content: bytes, hit: "re.Match[bytes]") -> str:
    around = content[max(0, hit.start() - 60) : hit.end() + 40]
    return f"{place}: {needles[hit[0]]}: {around!r}"
