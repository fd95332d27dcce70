"""The overview: figures by role, compared over periods, and as files of exactly what is seen."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from casemgr import i18n
from casemgr.cases.queries import list_own
from casemgr.dashboards import panels, rules, words
from casemgr.dashboards.rules import PANELS, Dashboard
from casemgr.errors import NotFound
from casemgr.letters import charts
from casemgr.policy import Actor, Permission
from casemgr.statistics import comparing
from casemgr.statistics.comparing import Comparison
from casemgr.statistics.service import list_broken
from casemgr.statistics.service.comparing import LENGTHS, find_latest
from casemgr.web.guard import current_actor, requires

blueprint = Blueprint("dashboards", __name__, url_prefix="/overview")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.route("")
@requires(Permission.DASHBOARD_SHOW)
def show_overview() -> ResponseReturnValue:
    """Show one dashboard of the actor, and the way to the others."""
    actor = current_actor()
    own = rules.list_dashboards(actor.roles)
    chosen = request.args.get("show", own[0].value)
    if chosen not in own:
        raise NotFound
    here, months = Dashboard(chosen), _months()
    return render_template(
        "dashboards/show_overview.html",
        here=here,
        dashboards=[(one, words.TITLES[one]) for one in own],
        lengths=[(length, words.LENGTHS[length]) for length in LENGTHS] if here in PANELS else [],
        months=months,
        title=words.TITLES[here],
        shown=_shown(actor, here, months),
        is_broken=_is_broken(actor) if here is Dashboard.PROTECTION else None,
    )


def _shown(actor: Actor, here: Dashboard, months: int) -> list[panels.Shown]:
    if here is Dashboard.OWN:
        return panels.show_own(list_own(actor))
    if here is Dashboard.PROTECTION:
        found = panels.show_protection(find_latest(actor))
        return [found] if found else []
    made = (panels.show_panel(actor, panel, months) for panel in PANELS[here])
    return [one for one in made if one is not None]


def _is_broken(actor: Actor) -> bool:
    """Say whether the ledger of the last public tables is no longer as it was written."""
    made = find_latest(actor)
    return bool(made) and bool(list_broken(actor, made[0].unit_id))


@blueprint.route("/figure.csv")
@requires(Permission.STATISTICS_READ)
def download_csv() -> ResponseReturnValue:
    """Download the figures of one panel as the page shows them."""
    found = _asked("csv")
    return _file(found, comparing.export_csv(found), "csv", "text/csv")


@blueprint.route("/figure.xlsx")
@requires(Permission.STATISTICS_READ)
def download_xlsx() -> ResponseReturnValue:
    """Download the table of one panel as a workbook."""
    found = _asked("xlsx")
    is_synthetic = bool(current_app.extensions["casemgr.settings"].synthetic)
    return _file(found, comparing.export_workbook(found, is_synthetic=is_synthetic), "xlsx", XLSX)


@blueprint.route("/figure.svg")
@requires(Permission.STATISTICS_READ)
def download_svg() -> ResponseReturnValue:
    """Download the picture of one panel."""
    found = _asked("svg")
    picture = comparing.picture(found)
    if picture is None:
        raise NotFound
    return _file(found, charts.draw(picture, language=_language()).encode(), "svg", "image/svg+xml")


def _asked(door: str) -> Comparison:
    """Return the panel that the address names, if it stands on a dashboard of the actor."""
    actor = current_actor()
    panel = rules.find_panel(rules.list_dashboards(actor.roles), request.args.get("panel", ""))
    found = panels.compare_panel(actor, panel, _months(), door=f"overview-{door}") if panel else None
    if found is None:
        raise NotFound
    return found


def _months() -> int:
    asked = request.args.get("months", LENGTHS[0], type=int)
    return asked if asked in LENGTHS else LENGTHS[0]


def _language() -> Any:
    return i18n.language()


def _file(found: Comparison, content: bytes, ending: str, kind: str) -> Response:
    first, last = found.periods[0].spans[0][0], found.periods[-1].spans[0][1]
    name = f"{found.name}_{first:%Y%m%d}_{last:%Y%m%d}.{ending}"
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
