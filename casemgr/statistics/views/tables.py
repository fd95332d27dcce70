"""The pages of statistics: the catalogue, making a table, and a released table."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casemgr import clock, i18n
from casemgr.deadlines.reporting import list_periods
from casemgr.errors import Refused
from casemgr.letters import charts
from casemgr.policy import Permission
from casemgr.questions import parse
from casemgr.statistics import exports, forms, jobs, service, words
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.making import Wish, spell_out
from casemgr.statistics.service import Tier
from casemgr.statistics.views.blueprint import blueprint
from casemgr.web.fill import Filled, fill, fill_again
from casemgr.web.guard import current_actor, requires

DAY = re.compile(
    r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|20\d\d-(0[13578]|1[02])-3[01]|20\d\d-(0[469]|11)-30"
)


@blueprint.route("")
@requires(Permission.STATISTICS_READ)
def list_tables() -> ResponseReturnValue:
    """Show the catalogue of tables and what was released so far."""
    rows = service.list_tables(current_actor())
    return render_template("statistics/list_tables.html", rows=rows, words=words)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.STATISTICS_MAKE)
def make_table() -> ResponseReturnValue:
    """Ask for one table over some days, for one audience."""
    if request.method == "GET":
        return _form_page(fill_again(forms.PERIOD, _given_days()), [])
    filled = fill(parse(forms.PERIOD.questions(), dict(request.form.lists())))
    if filled.errors:
        return _form_page(filled, filled.errors), 422
    try:
        job_id = _order(filled)
    except Refused as refusal:
        if refusal.reason not in words.PROBLEMS:
            raise
        return _form_page(filled, [("to_on", str(words.PROBLEMS[refusal.reason]))]), 422
    return redirect(url_for("home.show_job", job_id=job_id), code=303)


def _given_days() -> dict[str, str]:
    """Return the days that a shortcut put into the address."""
    given = {name: request.args.get(name, "") for name in ("from_on", "to_on")}
    return {name: text for name, text in given.items() if DAY.fullmatch(text)}


def _order(filled: Filled) -> UUID:
    """Check what can be checked at once, and leave the counting to a worker."""
    actor = current_actor()
    first, last = (date.fromisoformat(filled.values[name]) for name in ("from_on", "to_on"))
    if last < first:
        raise Refused("period_turned")
    tier = Tier(request.form.get("tier", "")) if request.form.get("tier") in set(Tier) else Tier.PUBLIC
    names, period = (request.form.get("table", ""),), Period.between(first, last)
    wish = Wish(table_names=names, unit_id=actor.unit_id, period=period, tier=tier)
    service.check_wish(actor, spell_out(wish).table_names, actor.unit_id, period, tier)
    return jobs.order_table(actor, wish)


def _form_page(filled: Filled, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "statistics/make_table.html",
        section=forms.PERIOD.sections[0],
        filled=filled,
        errors=errors,
        tables=words.list_choices(),
        tiers=[(tier.value, str(label)) for tier, label in words.TIERS.items()],
        periods=_past_periods(),
    )


def _past_periods() -> list[dict[str, str]]:
    """Return the reporting periods of this year and last that are over, as shortcuts."""
    today = clock.today()
    found = (one for year in (today.year, today.year - 1) for one in list_periods(year))
    return [
        {
            "label": f"{one.line.en if i18n.language() == 'en' else one.line.vi} {one.year} "
            f"({one.starts_on:%d/%m/%Y} – {one.ends_on:%d/%m/%Y})",
            "from_on": one.starts_on.isoformat(),
            "to_on": one.ends_on.isoformat(),
        }
        for one in found
        if one.ends_on <= today
    ]


@blueprint.route("/releases/<uuid:release_id>")
@requires(Permission.STATISTICS_READ)
def show_release(release_id: UUID) -> ResponseReturnValue:
    """Show a released table, its picture, and why some figures are hidden."""
    made = service.get_table(current_actor(), release_id)
    picture = exports.draw_chart("release", made.table, words.wording_of(made))
    return render_template(
        "statistics/show_release.html",
        made=made,
        grids=words.grids_of(made),
        words=words,
        period=exports.period_in_words(made.table),
        unit=exports.unit_of(made.table, words.wording_of(made)),
        told=charts.tell(picture, _language()) if picture else "",
    )


@blueprint.route("/releases/<uuid:release_id>/set")
@requires(Permission.STATISTICS_READ)
def show_set(release_id: UUID) -> ResponseReturnValue:
    """Show all tables of the same family, days and audience below one another."""
    made = service.get_set(current_actor(), release_id, door="set")
    return render_template(
        "statistics/show_set.html",
        made=made,
        release_id=release_id,
        words=words,
        period=exports.period_in_words(made[0].table),
    )


def _language() -> Any:
    return i18n.language()
