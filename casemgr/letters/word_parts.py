"""What Word files need below python-docx: fields, rules, fonts, the draft mark, unchanging bytes."""

# python-docx gives no other way to these elements than the ones it marks as its own.
# ruff: noqa: SLF001

import io
import zipfile
from dataclasses import dataclass
from typing import Any, Literal

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.section import _Footer, _Header
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from casemgr.letters.layout import get_layout

Container = Document | _Cell | _Header | _Footer
Alignment = Literal["left", "center", "right", "justify"]

ALIGNMENTS: dict[Alignment, WD_ALIGN_PARAGRAPH] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
# The time that every member of the file carries: the earliest that the format can hold.
FILE_TIME = (1980, 1, 1, 0, 0, 0)
AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
THUMBNAIL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a line of text looks."""

    size: float
    bold: bool = False
    italic: bool = False
    align: Alignment = "left"
    before: float = 0
    after: float = 0


def add_paragraph(container: Container, look: Look) -> Paragraph:
    """Return a new paragraph; a cell's own first one, which Word demands, is used before another is added."""
    own = container.paragraphs
    is_fresh = not isinstance(container, Document) and len(own) == 1 and not own[0]._p.r_lst
    paragraph = own[0] if is_fresh else container.add_paragraph()
    paragraph.alignment = ALIGNMENTS[look.align]
    paragraph.paragraph_format.space_before = Pt(look.before)
    paragraph.paragraph_format.space_after = Pt(look.after)
    return paragraph


def add_run(paragraph: Paragraph, text: str, look: Look) -> Run:
    """Return a run of text in the given look."""
    run = paragraph.add_run(text)
    run.font.size = Pt(look.size)
    run.bold = look.bold
    run.italic = look.italic
    return run


def add_line(container: Container, text: str, look: Look) -> Paragraph:
    """Return a paragraph of one run."""
    paragraph = add_paragraph(container, look)
    add_run(paragraph, text, look)
    return paragraph


def add_rule(container: Container, *, length: float, width: float) -> None:
    """Draw a rule of a length, centred in a width, both in millimetres."""
    paragraph = add_paragraph(container, Look(size=2))
    add_run(paragraph, "", Look(size=2))
    spacing = paragraph.paragraph_format
    spacing.left_indent = spacing.right_indent = Mm((width - length) / 2)
    spacing.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    spacing.line_spacing = Pt(4)
    borders = OxmlElement("w:pBdr")
    borders.append(_element("w:top", val="single", sz="6", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *AFTER_BORDERS)


def add_page_end(document: Document) -> None:
    """Begin a new page with a paragraph too thin to be seen, which leaves no empty line at its top."""
    spacing = add_line(document, "", Look(size=1)).paragraph_format
    spacing.page_break_before = True
    spacing.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    spacing.line_spacing = Pt(1)


def add_page_number(paragraph: Paragraph) -> None:
    """Put the number of the page at the end of a paragraph."""
    field = _element("w:fldSimple", instr="PAGE")
    run = OxmlElement("w:r")
    size = get_layout().page.number_size
    properties = OxmlElement("w:rPr")
    properties.append(_element("w:sz", val=str(int(size * 2))))
    shown = OxmlElement("w:t")
    shown.text = "2"
    run.append(properties)
    run.append(shown)
    field.append(run)
    paragraph._p.append(field)


def add_draft_mark(paragraph: Paragraph, words: str, name: str) -> None:
    """Put a word across the page, behind the text, anchored in a paragraph of the header."""
    paragraph._p.append(parse_xml(_DRAFT_MARK.format(words=words, name=name)))


def add_grid(
    container: Document | _Cell, rows: int, widths: tuple[float, ...], *, is_ruled: bool
) -> WordTable:
    """Return a table of fixed column widths in millimetres, ruled or without any line."""
    lengths = [Mm(width) for width in widths]
    table = container.add_table(rows, len(widths))
    if is_ruled:
        table.style = "Table Grid"
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    inset = get_layout().table.inset if is_ruled else 0.0
    _set_insets(table, Mm(inset), is_ruled=is_ruled)
    for column, length in zip(table.columns, lengths, strict=True):
        column.width = length
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, length in zip(row.cells, lengths, strict=True):
            cell.width = length
            if is_ruled:
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return table


def repeat_as_header(table: WordTable, rows: int) -> None:
    """Let the first rows of a table stand again at the top of each page it reaches."""
    for row in table.rows[:rows]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def set_alternative(run: Run, words: str) -> None:
    """Give the picture in a run the words that are read in its place."""
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("descr", words)


def set_style(style: ParagraphStyle, look: Look) -> None:
    """Give a style the document's typeface, in black and without the theme's own fonts."""
    name = get_layout().font.named
    style.font.name = name
    style.font.size = Pt(look.size)
    style.font.bold = look.bold
    style.font.italic = look.italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.space_before = Pt(look.before)
    style.paragraph_format.space_after = Pt(look.after)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def set_language(document: Document, tag: str) -> None:
    """Tell Word the language of the text, so that it checks and reads it as such."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)


def close_file(document: Document) -> bytes:
    """Return the file without thumbnail and with one fixed time: the same document gives the same bytes."""
    package = document.part.package
    for key in [key for key, related in package.rels.items() if related.reltype == THUMBNAIL]:
        package.rels.pop(key)
    written, settled = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, FILE_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return settled.getvalue()


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _set_insets(table: WordTable, inset: Length, *, is_ruled: bool) -> None:
    margins = OxmlElement("w:tblCellMar")
    sides = ("top", "left", "bottom", "right") if is_ruled else ("left", "right")
    for side in sides:
        margins.append(_element(f"w:{side}", w=str(inset.twips), type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


_DRAFT_MARK = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:pict>'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>'
    '<v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>'
    '<v:f eqn="if @0 @4 21600"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/>'
    '<v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="{name}" type="#_x0000_t136" alt="{words}" o:allowincell="f" fillcolor="#e8e8e8" stroked="f"'
    ' style="position:absolute;margin-left:0;margin-top:0;width:430pt;height:120pt;rotation:310;'
    "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin">'
    '<v:textpath style="font-family:&quot;Times New Roman&quot;;font-size:1pt;font-weight:bold"'
    ' string="{words}"/></v:shape></w:pict></w:r>'
)
