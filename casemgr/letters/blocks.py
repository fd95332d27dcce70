"""A document as a tree of blocks, before any engine prints it.

Texts are plain: no block carries markup, and every engine prints what it is given, letter by letter.
"""

from dataclasses import dataclass
from typing import Literal

from casemgr.letters.charts import BarChart
from casemgr.letters.words import GAP, WORDS, Language, clean, written_day

Value = str | int | None
Alignment = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A justified paragraph of body text."""

    spans: tuple[Span, ...]
    is_indented: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A numbered heading of the body; the text carries its number ("I. TÌNH HÌNH CHUNG")."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderCell:
    """A cell in the head of a table, which may reach over several columns or rows."""

    text: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How one column of a table stands: its alignment and its share of the width."""

    align: Alignment = "left"
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCell:
    """A cell of the head with the row and column, counted from 0, where it begins."""

    row: int
    column: int
    cell: HeaderCell


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of texts and figures; None is a protected figure, printed as its mark and explained below.

    Raises ValueError when a row or the head does not fill the columns.
    """

    columns: tuple[Column, ...]
    header: tuple[tuple[HeaderCell, ...], ...]
    rows: tuple[tuple[Value, ...], ...]
    caption: str = ""
    unit: str = ""
    note: str = ""
    bold_rows: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row of a table fills its columns")
        covered = sum(cell.across * cell.down for line in self.header for cell in line)
        if covered != len(self.header) * len(self.columns):
            raise ValueError("the head of a table fills its columns")

    @property
    def has_protected(self) -> bool:
        """Say whether a figure of this table is protected."""
        return any(value is None for row in self.rows for value in row)

    def notes_in(self, language: Language) -> tuple[str, ...]:
        """Return the lines under the table: its own note, and what the mark of protected figures means."""
        own = (clean(self.note),) if self.note else ()
        return (*own, WORDS[language].protected_note) if self.has_protected else own

    def placed_header(self) -> tuple[PlacedCell, ...]:
        """Return the cells of the head with their places, reckoning those that reach down from above."""
        taken: set[tuple[int, int]] = set()
        placed: list[PlacedCell] = []
        for row, line in enumerate(self.header):
            for cell in line:
                column = next(at for at in range(len(self.columns)) if (row, at) not in taken)
                taken.update(
                    (row + down, column + across)
                    for down in range(cell.down)
                    for across in range(cell.across)
                )
                placed.append(PlacedCell(row=row, column=column, cell=cell))
        return tuple(placed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of bars in the body."""

    picture: BarChart


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBreak:
    """The end of a page."""


Block = Paragraph | Heading | Table | Chart | PageBreak


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs: the lines of authority and office (TM., KT., …) and the name, empty until it is signed."""

    lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDay:
    """The day of a document, of which month and day may still be open."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def written(self) -> str:
        """Return the day in the words of Decree 30/2020."""
        return written_day(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """An annex on its own pages after the signature, lying on its side when its tables are wide."""

    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    reference: str = ""
    is_landscape: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDocument:
    """A document of Decree 30/2020: of a named type (report, plan) or, without one, an official letter.

    The lines of the issuing agency are bold, the parent agency above them is not. A people's committee
    has no parent line: both lines of its name are its own. The number stays empty until the clerk assigns it.
    """

    issuing_agency: tuple[str, ...]
    sign: str
    place: str
    issued_on: DocumentDay
    abstract: str
    body: tuple[Block, ...]
    signature: Signature
    recipients: tuple[str, ...]
    type_name: str = ""
    parent_agency: str = ""
    number: str = ""
    addressees: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    restricted: str = ""
    is_draft: bool = True
    is_synthetic: bool = False
    language: Language = "vi"

    @property
    def number_line(self) -> str:
        """Return the line of number and sign, with a gap while no number is assigned."""
        return f"Số: {clean(self.number) or GAP}/{clean(self.sign)}"

    @property
    def place_line(self) -> str:
        """Return the line of place and day."""
        return f"{clean(self.place)}, {self.issued_on.written}"

    @property
    def title(self) -> str:
        """Return what the file is called in its own metadata."""
        return clean(f"{self.type_name} {self.abstract}".strip())

    @property
    def subject(self) -> str:
        """Return the subject that a letter, having no name of type, carries under its number."""
        return "" if self.type_name else f"V/v {clean(self.abstract)}"

    @property
    def foot_marks(self) -> tuple[str, ...]:
        """Return the marks that stand at the foot of every page."""
        synthetic = WORDS[self.language].synthetic if self.is_synthetic else ""
        return tuple(mark for mark in (clean(self.restricted), synthetic) if mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipRow:
    """A line of a printed form: a value already known, choices to tick, or ruled lines to write on."""

    label: str
    value: str = ""
    choices: tuple[str, ...] = ()
    writing_lines: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A plain A4 form that may lie on a desk: a code in the corner, never the name of a survivor."""

    title: str
    code: str = ""
    intro: tuple[str, ...] = ()
    rows: tuple[SlipRow, ...] = ()
    cells: tuple[str, ...] = ()
    cells_across: int = 2
    note: str = ""
    watermark: str = ""
    """Who has this sheet: stands pale behind the text all over, and at the foot, of every page."""
    is_synthetic: bool = False
    language: Language = "vi"

    @property
    def foot_marks(self) -> tuple[str, ...]:
        """Return the marks that stand at the foot of every page."""
        synthetic = WORDS[self.language].synthetic if self.is_synthetic else ""
        return tuple(mark for mark in (clean(self.watermark), synthetic) if mark)


def paragraph(text: str, *, bold: bool = False, italic: bool = False, is_indented: bool = True) -> Paragraph:
    """Return a paragraph in one style."""
    return Paragraph(spans=(Span(text=text, bold=bold, italic=italic),), is_indented=is_indented)
