"""The sizes of official documents, read once from layout.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("layout.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The sheet, its margins and its page number."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    number_size: float
    number_from_edge: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """The typeface that is printed and the one that a Word file names."""

    printed: str
    named: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The head of the first page: agency, motto, number, place and day."""

    left: float
    right: float
    national_size: float
    motto_size: float
    agency_size: float
    agency_rule_share: float
    number_size: float
    place_size: float
    subject_size: float
    restricted_size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The name of the document's type and its abstract."""

    type_size: float
    abstract_size: float
    abstract_width: float
    rule_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The running text."""

    size: float
    first_line: float
    paragraph_gap: float
    line_factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSizes:
    """Tables of the body and of annexes."""

    size: float
    note_size: float
    inset: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureSizes:
    """The block of the signature, beside the recipients."""

    size: float
    room: float
    left: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """The list of those who receive the document."""

    title_size: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The marks of drafts, of restricted documents and of synthetic data."""

    copy_size: float
    draft_size: float
    footer_size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All sizes of an official document, in millimetres and points."""

    page: Page
    font: Font
    header: Header
    title: Title
    body: Body
    table: TableSizes
    signature: SignatureSizes
    recipients: Recipients
    mark: Mark


@cache
def read_sizes() -> dict[str, Any]:
    """Return the sizes as the file gives them, for engines that read them by name."""
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


@cache
def get_layout() -> Layout:
    """Return the sizes with their types; a missing or unknown name in the file is refused."""
    sizes = read_sizes()
    return Layout(
        page=Page(**sizes["page"]),
        font=Font(**sizes["font"]),
        header=Header(**sizes["header"]),
        title=Title(**sizes["title"]),
        body=Body(**sizes["body"]),
        table=TableSizes(**sizes["table"]),
        signature=SignatureSizes(**sizes["signature"]),
        recipients=Recipients(**sizes["recipients"]),
        mark=Mark(**sizes["mark"]),
    )
