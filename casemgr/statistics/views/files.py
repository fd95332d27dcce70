"""Released tables as files: for people, for machines, and as a picture."""

from typing import Any
from uuid import UUID

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from casemgr import i18n
from casemgr.errors import NotFound
from casemgr.letters import charts
from casemgr.policy import Permission
from casemgr.statistics import exports, legend, packages, service, words
from casemgr.statistics.service import MadeTable, Tier
from casemgr.statistics.views.blueprint import XLSX, answer_file, blueprint
from casemgr.web.guard import current_actor, requires

RELEASE = "/releases/<uuid:release_id>"


@blueprint.route(f"{RELEASE}/chart.svg")
@requires(Permission.STATISTICS_READ)
def draw_release(release_id: UUID) -> ResponseReturnValue:
    """Draw the figures of a released table."""
    made = service.get_table(current_actor(), release_id, door="chart")
    picture = exports.draw_chart("release", made.table, words.wording_of(made))
    if picture is None:
        raise NotFound
    drawn = charts.draw(exports.explained(picture), language=_language())
    return Response(drawn, mimetype="image/svg+xml")


@blueprint.route(f"{RELEASE}/table.csv")
@requires(Permission.STATISTICS_READ)
def download_csv(release_id: UUID) -> ResponseReturnValue:
    """Download a released table as comma-separated text."""
    made = service.get_table(current_actor(), release_id, door="csv")
    return answer_file(made, exports.export_csv(made.table, words.wording_of(made)), "csv", "text/csv")


@blueprint.route(f"{RELEASE}/table.json")
@requires(Permission.STATISTICS_READ)
def download_json(release_id: UUID) -> ResponseReturnValue:
    """Download a released table as JSON."""
    made = service.get_table(current_actor(), release_id, door="json")
    return answer_file(made, packages.export_json([made]), "json", "application/json")


@blueprint.route(f"{RELEASE}/table.zip")
@requires(Permission.STATISTICS_READ)
def download_package(release_id: UUID) -> ResponseReturnValue:
    """Download a released table as CSV and JSON with its manifest."""
    made = service.get_table(current_actor(), release_id, door="zip")
    return answer_file(made, packages.export_package([made], _language()), "zip", "application/zip")


@blueprint.route(f"{RELEASE}/table.xlsx")
@requires(Permission.STATISTICS_READ)
def download_workbook(release_id: UUID) -> ResponseReturnValue:
    """Download a released table as a workbook."""
    made = service.get_table(current_actor(), release_id, door="xlsx")
    content = exports.export_workbook(
        made.entry,
        made.table,
        words.wording_of(made),
        heading=_stamp(made),
        is_synthetic=_is_synthetic(),
    )
    return answer_file(made, content, "xlsx", XLSX)


@blueprint.route(f"{RELEASE}/set.xlsx")
@requires(Permission.STATISTICS_READ)
def download_set(release_id: UUID) -> ResponseReturnValue:
    """Download all tables of the same family, days and audience as one workbook."""
    made = service.get_set(current_actor(), release_id, door="xlsx")
    content = exports.export_set(
        [(one.entry, one.table) for one in made],
        words.wording_of(made[0]),
        heading=_stamp(made[0]),
        is_synthetic=_is_synthetic(),
    )
    return answer_file(made[0], content, "xlsx", XLSX, name=made[0].entry.family.value)


@blueprint.route(f"{RELEASE}/set.json")
@requires(Permission.STATISTICS_READ)
def download_set_json(release_id: UUID) -> ResponseReturnValue:
    """Download all tables of the same family, days and audience as JSON."""
    made = service.get_set(current_actor(), release_id, door="json")
    content = packages.export_json(made)
    return answer_file(made[0], content, "json", "application/json", name=made[0].entry.family.value)


@blueprint.route(f"{RELEASE}/set.zip")
@requires(Permission.STATISTICS_READ)
def download_set_package(release_id: UUID) -> ResponseReturnValue:
    """Download all tables of the same family, days and audience as CSV and JSON with their manifest."""
    made = service.get_set(current_actor(), release_id, door="zip")
    content = packages.export_package(made, _language())
    return answer_file(made[0], content, "zip", "application/zip", name=made[0].entry.family.value)


@blueprint.route("/tables.schema.json")
@requires(Permission.STATISTICS_READ)
def download_schema() -> ResponseReturnValue:
    """Give the schema that every JSON file of tables follows."""
    return Response(packages.read_schema(), mimetype="application/schema+json")


def _language() -> Any:
    return i18n.language()


def _is_synthetic() -> bool:
    return bool(current_app.extensions["casemgr.settings"].synthetic)


def _stamp(made: MadeTable) -> legend.Said | tuple[()]:
    return legend.RESTRICTED if made.tier == Tier.RESTRICTED else ()
