"""Counts and earlier releases as files: read strictly, every mistake with its line."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from casemgr.statistics.files.specification import BadFile, Specification

MOST = 10**12
PUBLISHED, SUPPRESSED = "published", "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counts by finest codes, in the order of the specification's dimensions."""

    specification: Specification
    rows: dict[tuple[str, ...], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorRow:
    """One cell of an earlier release: its line, its codes, and its figure unless it was hidden."""

    line: int
    codes: tuple[str, ...]
    value: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """An earlier release, by table as it was numbered then."""

    file: str
    tables: dict[str, list[PriorRow]]


def read_counts(text: str, file: str, specification: Specification) -> Counts:
    """Read counts and complete the trees by codes that only the counts know; raises BadFile."""
    names = [tree.name for tree in specification.trees]
    rows: dict[tuple[str, ...], int] = {}
    inner = [{tree.total, *tree.parents.values()} for tree in specification.trees]
    for line, row in _rows(text, file, [*names, "count"]):
        codes = tuple(row[name] for name in names)
        for name, code, above in zip(names, codes, inner, strict=True):
            if not code:
                raise BadFile(file, line, "no_code", name=name)
            if code in above:
                raise BadFile(file, line, "not_a_leaf", name=code)
        rows[codes] = rows.get(codes, 0) + _whole(row["count"], file, line)
    trees = tuple(
        tree.with_leaves(dict.fromkeys(codes[at] for codes in rows))
        for at, tree in enumerate(specification.trees)
    )
    complete = Specification(
        trees=trees,
        tables=specification.tables,
        threshold=specification.threshold,
        zeros=specification.zeros,
        insider=specification.insider,
    )
    return Counts(specification=complete, rows=rows)


def read_prior(text: str, file: str, specification: Specification) -> Prior:
    """Read an earlier `protected.csv`; raises BadFile."""
    known = {tree.name: {tree.total, *tree.parents} for tree in specification.trees}
    tables: dict[str, list[PriorRow]] = {}
    for line, row in _rows(text, file, ["table", *known, "value", "status"]):
        codes = tuple(row[name] for name in known)
        for name, code in zip(known, codes, strict=True):
            if code not in known[name]:
                raise BadFile(file, line, "unknown_code", name=code)
        if row["status"] not in (PUBLISHED, SUPPRESSED):
            raise BadFile(file, line, "bad_status", name=row["status"])
        if row["status"] == SUPPRESSED and row["value"]:
            raise BadFile(file, line, "hidden_value")
        value = _whole(row["value"], file, line) if row["status"] == PUBLISHED else None
        tables.setdefault(row["table"], []).append(PriorRow(line=line, codes=codes, value=value))
    return Prior(file=file, tables=tables)


def _rows(text: str, file: str, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    head: list[str] | None = None
    try:
        for fields in reader:
            if not fields:
                continue
            if head is None:
                head = [field.strip() for field in fields]
                _check_head(head, columns, file, reader.line_num)
            elif len(fields) != len(head):
                raise BadFile(file, reader.line_num, "wrong_width", has=len(fields), needs=len(head))
            else:
                yield reader.line_num, dict(zip(head, (field.strip() for field in fields), strict=True))
    except csv.Error:
        raise BadFile(file, reader.line_num, "not_csv") from None
    if head is None:
        raise BadFile(file, 1, "empty")


def _check_head(head: list[str], columns: list[str], file: str, line: int) -> None:
    for name in columns:
        if name not in head:
            raise BadFile(file, line, "missing_column", name=name)
    for name in head:
        if name not in columns:
            raise BadFile(file, line, "unknown_column", name=name)
        if head.count(name) > 1:
            raise BadFile(file, line, "twice", name=name)


def _whole(text: str, file: str, line: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 13 or int(text) > MOST:
        raise BadFile(file, line, "not_whole", name=text)
    return int(text)
