"""Printed documents as tagged PDF (PDF/UA-1), set by Typst with the fonts of this package alone.

Texts travel as JSON strings, so nothing in them can become markup; the same document gives the same bytes.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casemgr.letters import charts
from casemgr.letters.blocks import (
    Annex,
    Block,
    Chart,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Slip,
    Table,
)
from casemgr.letters.layout import read_sizes
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

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent / "fonts"
PICTURE_PPI = 220.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredLines:
    """Bold words broken into centred lines, and the width of the last in millimetres."""

    lines: tuple[str, ...]
    last_width: float


def write_document(document: OfficialDocument) -> bytes:
    """Return an official document as PDF."""
    return _set_pages("official.typ", _encode_document(document))


def write_slip(slip: Slip) -> bytes:
    """Return a plain form or sheet as PDF."""
    return _set_pages("slip.typ", _encode_slip(slip))


def draw_picture(chart: charts.BarChart, language: Language) -> bytes:
    """Return a chart as PNG, for engines that cannot print SVG."""
    svg = charts.draw(chart, language=language, is_paper=True)
    made = _compiler("chart.typ", {"svg": svg}).compile(format="png", ppi=PICTURE_PPI)
    return _only_bytes(made)


def measure_lines(words: str, *, size: float, width: float) -> MeasuredLines:
    """Return bold words broken to a width in millimetres, as the printed document breaks them."""
    compiler = _compiler("measure.typ", {"words": clean(words), "size": size, "width": width})
    found = json.loads(compiler.query("<measured>", field="value", one=True))
    return MeasuredLines(lines=tuple(found["lines"]), last_width=found["width"])


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _compiler(template: str, document: dict[str, Any]) -> "typst.Compiler":
    import typst

    inputs = {"sizes": json.dumps(read_sizes()), "document": json.dumps(document, ensure_ascii=False)}
    return typst.Compiler(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )


def _set_pages(template: str, document: dict[str, Any]) -> bytes:
    return _only_bytes(_compiler(template, document).compile(format="pdf", pdf_standards="ua-1"))


def _only_bytes(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("the engine gave several files where one was asked for")
    return made


def _encode_document(document: OfficialDocument) -> dict[str, Any]:
    language = document.language
    return {
        "title": document.title,
        "language": language,
        "national": NATIONAL_NAME,
        "motto": MOTTO,
        "parent_agency": clean(document.parent_agency),
        "issuing_agency": [clean(line) for line in document.issuing_agency],
        "number_line": document.number_line,
        "place_line": document.place_line,
        "subject": document.subject,
        "restricted": clean(document.restricted),
        "type_name": clean(document.type_name),
        "abstract": clean(document.abstract),
        "addressed_to": ADDRESSED_TO,
        "addressees": [clean(one) for one in document.addressees],
        "bases": [clean(one) for one in document.bases],
        "offset": 1 if document.type_name else 0,
        "body": [_encode_block(block, language) for block in document.body],
        "signature": {
            "lines": [clean(line) for line in document.signature.lines],
            "name": clean(document.signature.name),
        },
        "recipients_title": RECIPIENTS,
        "recipients": [clean(one) for one in document.recipients],
        "annexes": [_encode_annex(annex, language) for annex in document.annexes],
        "marks": document.foot_marks,
        "draft": DRAFT if document.is_draft else "",
    }


def _encode_annex(annex: Annex, language: Language) -> dict[str, Any]:
    return {
        "number": clean(annex.number),
        "title": clean(annex.title),
        "reference": clean(annex.reference),
        "is_landscape": annex.is_landscape,
        "blocks": [_encode_block(block, language) for block in annex.blocks],
    }


def _encode_block(block: Block, language: Language) -> dict[str, Any]:
    match block:
        case Paragraph():
            spans = [{"text": clean(one.text), "bold": one.bold, "italic": one.italic} for one in block.spans]
            return {"kind": "paragraph", "spans": spans, "is_indented": block.is_indented}
        case Heading():
            return {"kind": "heading", "text": clean(block.text), "level": block.level}
        case Table():
            return _encode_table(block, language)
        case Chart(picture=picture):
            svg = charts.draw(picture, language=language, is_paper=True)
            return {"kind": "chart", "svg": svg, "alt": charts.tell(picture, language)}
        case PageBreak():
            return {"kind": "page_break"}


def _encode_table(table: Table, language: Language) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": clean(table.caption),
        "unit": f"{WORDS[language].unit}: {clean(table.unit)}" if table.unit else "",
        "columns": [{"align": column.align, "share": column.share} for column in table.columns],
        "header": [
            [{"text": clean(cell.text), "across": cell.across, "down": cell.down} for cell in line]
            for line in table.header
        ],
        "rows": [
            {"cells": [shown(value, language) for value in row], "is_bold": index in table.bold_rows}
            for index, row in enumerate(table.rows)
        ],
        "notes": table.notes_in(language),
    }


def _encode_slip(slip: Slip) -> dict[str, Any]:
    rows = [
        {
            "label": clean(row.label),
            "value": clean(row.value),
            "choices": [clean(choice) for choice in row.choices],
            "writing_lines": row.writing_lines,
        }
        for row in slip.rows
    ]
    return {
        "title": clean(slip.title),
        "code": clean(slip.code),
        "language": slip.language,
        "intro": [clean(words) for words in slip.intro],
        "rows": rows,
        "cells": [clean(words) for words in slip.cells],
        "cells_across": slip.cells_across,
        "note": clean(slip.note),
        "watermark": clean(slip.watermark),
        "marks": slip.foot_marks,
    }
