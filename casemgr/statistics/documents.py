"""Documents: protected tables as plain data for the release ledger and for machines, and back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from casemgr.statistics.disclosure.audit import Secret
from casemgr.statistics.disclosure.cells import Cell
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.tables import Dimension, SafeRow, SafeTable, TableSpec

Document = dict[str, Any]


def describe_table(table: SafeTable) -> Document:
    """Return the table with its declaration as data that JSON can hold; hidden values are null."""
    spec = table.spec
    return {
        "name": spec.name,
        "measure": spec.measure,
        "population": spec.population,
        "period": describe_period(table.period),
        "crossings": None if spec.crossings is None else [list(crossing) for crossing in spec.crossings],
        "dimensions": [_describe_dimension(dimension) for dimension in spec.dimensions],
        "rows": [{"codes": list(row.codes), "value": row.value, "status": row.status} for row in table.rows],
    }


def read_table(document: Mapping[str, Any]) -> SafeTable:
    """Return the table that `describe_table` described."""
    crossings = document["crossings"]
    spec = TableSpec(
        name=document["name"],
        measure=document["measure"],
        population=document["population"],
        dimensions=tuple(_read_dimension(one) for one in document["dimensions"]),
        crossings=None if crossings is None else tuple(tuple(crossing) for crossing in crossings),
    )
    rows = tuple(SafeRow(codes=tuple(row["codes"]), value=row["value"]) for row in document["rows"])
    return SafeTable(spec=spec, period=read_period(document["period"]), rows=rows)


def describe_secrets(secrets: Iterable[Secret]) -> list[Document]:
    """Return the sealed list of small cells as data; it is sensitive and must be stored sealed."""
    return [
        {
            "measure": secret.cell.measure,
            "period": describe_period(secret.cell.period),
            "codes": [list(pair) for pair in secret.cell.codes],
            "least": secret.least,
            "greatest": secret.greatest,
        }
        for secret in secrets
    ]


def read_secrets(documents: Iterable[Mapping[str, Any]]) -> tuple[Secret, ...]:
    """Return the list that `describe_secrets` described."""
    return tuple(
        Secret(
            cell=Cell(
                measure=one["measure"],
                period=read_period(one["period"]),
                codes=tuple((name, code) for name, code in one["codes"]),
            ),
            least=one["least"],
            greatest=one["greatest"],
        )
        for one in documents
    )


def describe_period(period: Period) -> list[list[str]]:
    """Return the spans of a period as ISO dates."""
    return [[first.isoformat(), last.isoformat()] for first, last in period.spans]


def read_period(spans: Sequence[Sequence[str]]) -> Period:
    """Return the period with these spans."""
    return Period(tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in spans))


def _describe_dimension(dimension: Dimension) -> Document:
    return {
        "name": dimension.name,
        "total": dimension.total,
        "whole": dimension.whole,
        "parents": [list(pair) for pair in dimension.parents],
        "folded": [list(pair) for pair in dimension.folded],
        "unshown": sorted(dimension.unshown),
    }


def _read_dimension(document: Mapping[str, Any]) -> Dimension:
    return Dimension(
        name=document["name"],
        total=document["total"],
        whole=document["whole"],
        parents=tuple((code, parent) for code, parent in document["parents"]),
        folded=tuple((code, kept) for code, kept in document["folded"]),
        unshown=frozenset(document["unshown"]),
    )
