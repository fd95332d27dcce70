"""The blocks of an official document written with python-docx, in the sizes of the printed one."""

import io
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.section import Section
from docx.shared import Length, Mm
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell

from casemgr.letters import charts, pdf
from casemgr.letters.blocks import (
    Annex,
    Block,
    Chart,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Table,
)
from casemgr.letters.layout import get_layout
from casemgr.letters.word_parts import (
    Container,
    Look,
    add_draft_mark,
    add_grid,
    add_line,
    add_page_end,
    add_page_number,
    add_paragraph,
    add_rule,
    add_run,
    close_file,
    repeat_as_header,
    set_alternative,
    set_language,
    set_style,
)
from casemgr.letters.words import (
    ADDRESSED_TO,
    DRAFT,
    MOTTO,
    NATIONAL_NAME,
    RECIPIENTS,
    WORDS,
    Language,
    clean,
    shown,
)

LANGUAGE_TAGS: dict[Language, str] = {"vi": "vi-VN", "en": "en-GB"}


def write_file(document: OfficialDocument) -> bytes:
    """Return an official document as a Word file."""
    file = docx.Document()
    _set_metadata(file, document)
    _set_styles(file, document.language)
    _set_first_section(file.sections[0], document)
    _add_header_table(file, document)
    _add_title(file, document)
    _add_addressees(file, document.addressees)
    for words in document.bases:
        _add_body_line(file, Paragraph(spans=()), (clean(words), False, True))
    for block in document.body:
        _add_block(file, block, document.language)
    _add_signature(file, document)
    for annex in document.annexes:
        _add_annex(file, annex, document.language)
    return close_file(file)


def _set_metadata(file: Document, document: OfficialDocument) -> None:
    """Leave only the title, and the day of the document in place of the time of making."""
    day = document.issued_on
    properties = file.core_properties
    properties.title = document.title[:255]
    properties.language = LANGUAGE_TAGS[document.language]
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = datetime(day.year, day.month or 1, day.day or 1, tzinfo=UTC)
    properties.revision = 1


def _set_styles(file: Document, language: Language) -> None:
    body = get_layout().body
    looks = {
        "Normal": Look(size=body.size),
        "Header": Look(size=get_layout().page.number_size),
        "Footer": Look(size=get_layout().mark.footer_size),
        "Heading 1": Look(size=body.size, bold=True, before=body.paragraph_gap, after=body.paragraph_gap),
        "Heading 2": Look(size=body.size, bold=True, before=body.paragraph_gap, after=body.paragraph_gap),
        "Heading 3": Look(size=body.size, before=body.paragraph_gap, after=body.paragraph_gap),
    }
    for name, look in looks.items():
        style = file.styles[name]
        if isinstance(style, ParagraphStyle):
            set_style(style, look)
    set_language(file, LANGUAGE_TAGS[language])


def _set_first_section(section: Section, document: OfficialDocument) -> None:
    page = get_layout().page
    section.page_width, section.page_height = Mm(page.width), Mm(page.height)
    section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
    section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
    section.header_distance = section.footer_distance = Mm(page.number_from_edge)
    section.different_first_page_header_footer = True
    first = add_paragraph(section.first_page_header, Look(size=page.number_size, align="center"))
    later = add_paragraph(section.header, Look(size=page.number_size, align="center"))
    add_page_number(later)
    if document.is_draft:
        add_draft_mark(first, DRAFT, "draft-first")
        add_draft_mark(later, DRAFT, "draft-later")
    look = Look(size=get_layout().mark.footer_size, bold=True, align="center")
    for footer in (section.first_page_footer, section.footer):
        for mark in document.foot_marks:
            add_line(footer, mark, look)


def _add_header_table(file: Document, document: OfficialDocument) -> None:
    header = get_layout().header
    table = add_grid(file, 3, (header.left, header.right), is_ruled=False)
    (agency, national), (number, place), (under, _) = (row.cells for row in table.rows)
    _fill_agency(agency, document)
    add_line(national, NATIONAL_NAME, Look(size=header.national_size, bold=True, align="center"))
    _add_ruled(national, MOTTO, Look(size=header.motto_size, bold=True, align="center"), (header.right, 1.0))
    add_line(number, document.number_line, Look(size=header.number_size, align="center", before=8))
    add_line(place, document.place_line, Look(size=header.place_size, italic=True, align="center", before=8))
    if document.subject:
        add_line(under, document.subject, Look(size=header.subject_size, align="center", before=4))
    if document.restricted:
        _add_restricted(under, clean(document.restricted))


def _fill_agency(cell: _Cell, document: OfficialDocument) -> None:
    header = get_layout().header
    plain = Look(size=header.agency_size, align="center")
    bold = Look(size=header.agency_size, bold=True, align="center")
    if document.parent_agency:
        add_line(cell, clean(document.parent_agency), plain)
    for line in document.issuing_agency[:-1]:
        add_line(cell, clean(line), bold)
    _add_ruled(cell, document.issuing_agency[-1], bold, (header.left, header.agency_rule_share))


def _add_restricted(cell: _Cell, words: str) -> None:
    """Put the mark of a restricted document into a frame of one cell."""
    width = get_layout().header.left * 0.9
    add_line(cell, "", Look(size=4))
    frame = add_grid(cell, 1, (width,), is_ruled=True)
    look = Look(size=get_layout().header.restricted_size, bold=True, align="center")
    add_line(frame.cell(0, 0), words, look)


def _add_ruled(container: Container, words: str, look: Look, place: tuple[float, float]) -> None:
    """Add centred bold words with a rule below, which is a share of their last line."""
    width, share = place
    measured = pdf.measure_lines(words, size=look.size, width=width)
    paragraph = add_paragraph(container, look)
    for order, line in enumerate(measured.lines):
        run = add_run(paragraph, line, look)
        if order < len(measured.lines) - 1:
            run.add_break()
    add_rule(container, length=measured.last_width * share, width=width)


def _add_title(file: Document, document: OfficialDocument) -> None:
    if not document.type_name:
        return
    title, page = get_layout().title, get_layout().page
    look = Look(size=title.type_size, bold=True, align="center", before=14)
    add_line(file, clean(document.type_name), look)
    width = page.width - page.left - page.right
    below = Look(size=title.abstract_size, bold=True, align="center")
    measured = pdf.measure_lines(document.abstract, size=title.abstract_size, width=title.abstract_width)
    for line in measured.lines:
        add_line(file, line, below)
    add_rule(file, length=measured.last_width * title.rule_share, width=width)


def _add_addressees(file: Document, addressees: tuple[str, ...]) -> None:
    size = get_layout().body.size
    if len(addressees) == 1:
        words = f"{ADDRESSED_TO} {clean(addressees[0])}"
        add_line(file, words, Look(size=size, align="center", before=12, after=10))
    elif addressees:
        paragraph = add_line(file, ADDRESSED_TO, Look(size=size, before=12))
        paragraph.paragraph_format.left_indent = Mm(25)
        for words in addressees:
            item = add_line(file, f"- {clean(words)}", Look(size=size))
            item.paragraph_format.left_indent = Mm(45)
        item.paragraph_format.space_after = Length(127_000)


def _add_body_line(file: Document, block: Paragraph, *more: tuple[str, bool, bool]) -> None:
    body = get_layout().body
    look = Look(size=body.size, align="justify", after=body.paragraph_gap)
    paragraph = add_paragraph(file, look)
    paragraph.paragraph_format.line_spacing = body.line_factor
    if block.is_indented:
        paragraph.paragraph_format.first_line_indent = Mm(body.first_line)
    spans = [(clean(one.text), one.bold, one.italic) for one in block.spans]
    for text, bold, italic in [*spans, *more]:
        add_run(paragraph, text, Look(size=body.size, bold=bold, italic=italic))


def _add_block(file: Document, block: Block, language: Language) -> None:
    match block:
        case Paragraph():
            _add_body_line(file, block)
        case Heading():
            heading = file.add_heading(clean(block.text), level=block.level)
            heading.paragraph_format.first_line_indent = Mm(get_layout().body.first_line)
        case Table():
            _add_table(file, block, language)
        case Chart(picture=picture):
            _add_picture(file, picture, language)
        case PageBreak():
            add_page_end(file)


def _text_width(file: Document) -> float:
    """Return the width of the text of the present section in millimetres."""
    section, page = file.sections[-1], get_layout().page
    turned = section.orientation == WD_ORIENT.LANDSCAPE
    return (page.height if turned else page.width) - page.left - page.right


def _add_table(file: Document, block: Table, language: Language) -> None:
    sizes = get_layout().table
    if block.caption:
        look = Look(size=sizes.size + 1, bold=True, align="center", before=8, after=4)
        add_line(file, clean(block.caption), look).paragraph_format.keep_with_next = True
    if block.unit:
        look = Look(size=sizes.note_size, italic=True, align="right", after=2)
        words = f"{WORDS[language].unit}: {clean(block.unit)}"
        add_line(file, words, look).paragraph_format.keep_with_next = True
    shares = sum(column.share for column in block.columns)
    widths = tuple(_text_width(file) * column.share / shares for column in block.columns)
    table = add_grid(file, len(block.header) + len(block.rows), widths, is_ruled=True)
    repeat_as_header(table, len(block.header))
    _fill_head(table, block)
    _fill_rows(table, block, language)
    for note in block.notes_in(language):
        add_line(file, note, Look(size=sizes.note_size, italic=True, before=3))
    add_line(file, "", Look(size=4))


def _fill_head(table: WordTable, block: Table) -> None:
    look = Look(size=get_layout().table.size, bold=True, align="center")
    for placed in block.placed_header():
        last_row, last_column = placed.row + placed.cell.down - 1, placed.column + placed.cell.across - 1
        cell = table.cell(placed.row, placed.column)
        if placed.cell.down > 1 or placed.cell.across > 1:
            cell = cell.merge(table.cell(last_row, last_column))
        add_line(cell, clean(placed.cell.text), look)


def _fill_rows(table: WordTable, block: Table, language: Language) -> None:
    size = get_layout().table.size
    for order, (row, values) in enumerate(zip(table.rows[len(block.header) :], block.rows, strict=True)):
        for cell, column, value in zip(row.cells, block.columns, values, strict=True):
            look = Look(size=size, align=column.align, bold=order in block.bold_rows)
            add_line(cell, shown(value, language), look)


def _add_picture(file: Document, picture: charts.BarChart, language: Language) -> None:
    run = add_run(add_paragraph(file, Look(size=12, align="center", before=8, after=8)), "", Look(size=12))
    run.add_picture(io.BytesIO(pdf.draw_picture(picture, language)), width=Mm(_text_width(file)))
    set_alternative(run, charts.tell(picture, language))


def _add_signature(file: Document, document: OfficialDocument) -> None:
    signature, recipients = get_layout().signature, get_layout().recipients
    table = add_grid(file, 1, (signature.left, signature.right), is_ruled=False)
    left, right = table.rows[0].cells
    add_line(left, RECIPIENTS, Look(size=recipients.title_size, bold=True, italic=True, before=12))
    for words in document.recipients:
        add_line(left, f"- {clean(words)}", Look(size=recipients.size))
    look = Look(size=signature.size, bold=True, align="center")
    for order, words in enumerate(document.signature.lines):
        add_line(
            right,
            clean(words),
            look if order else Look(size=signature.size, bold=True, align="center", before=12),
        )
    name = add_line(right, clean(document.signature.name), look)
    name.paragraph_format.space_before = Mm(signature.room)


def _add_annex(file: Document, annex: Annex, language: Language) -> None:
    section = file.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    page = get_layout().page
    sides = (page.height, page.width) if annex.is_landscape else (page.width, page.height)
    section.page_width, section.page_height = Mm(sides[0]), Mm(sides[1])
    section.orientation = WD_ORIENT.LANDSCAPE if annex.is_landscape else WD_ORIENT.PORTRAIT
    title, body = get_layout().title, get_layout().body
    bold = Look(size=title.type_size, bold=True, align="center", after=2)
    for words in (annex.number, annex.title):
        if words:
            add_line(file, clean(words), bold)
    if annex.reference:
        add_line(file, clean(annex.reference), Look(size=body.size, italic=True, align="center", after=8))
    for block in annex.blocks:
        _add_block(file, block, language)
