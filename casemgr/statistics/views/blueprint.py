"""The blueprint of statistics, and how its files are answered."""

from flask import Blueprint, Response

from casemgr.statistics.service import MadeTable

blueprint = Blueprint("statistics", __name__, url_prefix="/statistics")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer_file(made: MadeTable, content: bytes, ending: str, kind: str, name: str = "") -> Response:
    """Return a file named by its table, days and audience."""
    name = name_file(made, ending, name)
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def name_file(made: MadeTable, ending: str, name: str = "") -> str:
    """Return how a file is named: by its table or another name, its days and its audience."""
    (first, last), *_ = made.table.period.spans
    return f"{name or made.entry.name}_{first:%Y%m%d}_{last:%Y%m%d}_{made.tier}.{ending}"
