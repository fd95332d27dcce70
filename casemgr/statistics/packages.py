"""Released tables for machines: JSON by a published schema, and CSV with a manifest, packed as one file.

Both are made from safe tables alone, in both languages, and the same releases give the same bytes.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from casemgr.letters.words import WORDS
from casemgr.statistics import legend
from casemgr.statistics.catalogue.entries import STEP_LABELS
from casemgr.statistics.classifications import titles_of
from casemgr.statistics.disclosure.tables import Dimension
from casemgr.statistics.exports import UNITS, export_csv
from casemgr.statistics.grids import Wording, list_printed
from casemgr.statistics.service import MadeTable, Tier

SCHEMA_NAME = "casemgr-tables-1"
SCHEMA_FILE = Path(__file__).with_name("tables.schema.json")
MANIFEST, TABLES, READ_ME = "manifest.json", "tables.json", "DOC-TRUOC-READ-ME-FIRST.txt"
EPOCH = (1980, 1, 1, 0, 0, 0)
AUDIENCES: dict[Tier, legend.Said] = {
    Tier.PUBLIC: ("Công khai", "Public"),
    Tier.RESTRICTED: (
        "Hạn chế: chỉ cơ quan cấp trên được nêu tên",
        "Restricted: named superior agencies only",
    ),
}

Document = dict[str, Any]


@cache
def read_schema() -> bytes:
    """Return the JSON Schema that every JSON file of tables follows."""
    return SCHEMA_FILE.read_bytes()


def describe(made: Sequence[MadeTable]) -> Document:
    """Return tables of one unit, period and audience as data; a hidden figure has no value, only a status."""
    first = made[0]
    return {
        "schema": SCHEMA_NAME,
        **_heading(first),
        "tables": [_table(one) for one in made],
    }


def export_json(made: Sequence[MadeTable]) -> bytes:
    """Return tables as JSON."""
    return _json(describe(made))


def export_package(made: Sequence[MadeTable], locale: str) -> bytes:
    """Return a ZIP file: each table as CSV, all of them as JSON, the schema, and a manifest with digests."""
    files = {f"{one.entry.name}.csv": _csv(one, locale) for one in made}
    tables = tuple(files)
    files[TABLES], files[f"{SCHEMA_NAME}.schema.json"] = export_json(made), read_schema()
    files[READ_ME] = _read_me(made[0])
    files[MANIFEST] = _json(_manifest(made, tables, files))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _csv(one: MadeTable, locale: str) -> bytes:
    return export_csv(one.table, Wording(locale=locale, places=one.places))


def _heading(first: MadeTable) -> Document:
    """Return whose figures of which days these are, for whom, by which rule, and how to read them."""
    (begins, ends), *_ = first.table.period.spans
    vi, en = AUDIENCES[first.tier]
    return {
        "unit": {"id": str(first.unit_id), "name": first.places[str(first.unit_id)]},
        "period": {
            "from": begins.isoformat(),
            "to": ends.isoformat(),
            "by": "registration",
            "recorded_up_to": first.cut_off_on.isoformat(),
        },
        "audience": {"tier": first.tier.value, "vi": vi, "en": en},
        "rule": {"threshold": first.threshold, "vi": legend.LARGER[0], "en": legend.LARGER[1]},
        "hidden": {
            "status": "suppressed",
            "marks": [WORDS["vi"].mark, WORDS["en"].mark],
            "vi": legend.HIDDEN[0],
            "en": legend.HIDDEN[1],
        },
        "legend": [
            {"vi": vi, "en": en}
            for vi, en in ((legend.RESTRICTED,) if first.tier is Tier.RESTRICTED else ()) + legend.LEGEND
        ],
    }


def _table(one: MadeTable) -> Document:
    names = [dimension.name for dimension in one.table.spec.dimensions]
    vi, en = UNITS[one.table.spec.measure]
    return {
        "name": one.entry.name,
        "release": str(one.id),
        "released_on": one.made_on.isoformat(),
        "title": {"vi": one.entry.title("vi"), "en": one.entry.title("en")},
        "counts": {"kind": one.table.spec.measure, "vi": vi, "en": en},
        "merged": [{"vi": STEP_LABELS[step][0], "en": STEP_LABELS[step][1]} for step in one.coarsened],
        "dimensions": [_dimension(one, dimension) for dimension in one.table.spec.dimensions],
        "cells": [
            {"codes": dict(zip(names, row.codes, strict=True)), "value": row.value, "status": row.status}
            for row in one.table.rows
        ],
    }


def _dimension(one: MadeTable, dimension: Dimension) -> Document:
    vi, en = (Wording(locale=locale, places=one.places) for locale in ("vi", "en"))
    parents = dict(dimension.parents)
    printed = list_printed(dimension)
    titles = titles_of(dimension.name)
    return {
        "name": dimension.name,
        "title": {"vi": titles[0], "en": titles[1]},
        "codes": [
            {
                "code": code,
                "parent": parents.get(code) if parents.get(code) in printed else None,
                "vi": vi.code(one.table.spec, dimension.name, code),
                "en": en.code(one.table.spec, dimension.name, code),
            }
            for code in printed
        ],
    }


def _manifest(made: Sequence[MadeTable], tables: Sequence[str], files: Mapping[str, bytes]) -> Document:
    return {
        "schema": f"{SCHEMA_NAME}.schema.json",
        **_heading(made[0]),
        "files": [
            {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
        "csv": {
            "encoding": "UTF-8",
            "byte_order_mark": True,
            "delimiter": ",",
            "line_end": "CRLF",
            "tables": [
                {"path": name, "columns": _columns(one)} for name, one in zip(tables, made, strict=True)
            ],
        },
    }


def _columns(one: MadeTable) -> list[Document]:
    """Return the columns of a CSV file in their order, each with its kind and its words."""
    dimensions = [dimension.name for dimension in one.table.spec.dimensions]
    vi, en = UNITS[one.table.spec.measure]
    named = [
        ("period_from", "date", "Từ ngày", "From"),
        ("period_to", "date", "Đến hết ngày", "To the end of"),
        *((name, "code", *titles_of(name)) for name in dimensions),
        *((f"{name}_text", "text", *titles_of(name)) for name in dimensions),
        ("value", "whole number, or the mark of a hidden figure", f"Số {vi}", f"Number of {en}"),
        ("status", "published or suppressed", "Trạng thái", "Status"),
        ("note_vi", "text", "Giải thích ô ẩn", "Explanation of hidden figures in Vietnamese"),
        ("note_en", "text", "Giải thích ô ẩn bằng tiếng Anh", "Explanation of hidden figures in English"),
    ]
    return [{"name": name, "kind": kind, "vi": vi, "en": en} for name, kind, vi, en in named]


def _read_me(first: MadeTable) -> bytes:
    lines = legend.lines(is_restricted=first.tier is Tier.RESTRICTED)
    return "\r\n".join(lines).encode("utf-8-sig")


def _json(content: Document) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
