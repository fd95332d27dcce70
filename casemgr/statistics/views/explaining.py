"""Why figures are hidden, in plain words; and what an attacker would learn, for the officer who watches."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casemgr.errors import NotFound
from casemgr.policy import Permission
from casemgr.statistics import explained, service
from casemgr.statistics.exports import period_in_words, unit_of
from casemgr.statistics.service import attacking
from casemgr.statistics.views.blueprint import blueprint
from casemgr.statistics.views.files import RELEASE
from casemgr.statistics.words import title_of, wording_of
from casemgr.web.guard import current_actor, requires


@blueprint.route(f"{RELEASE}/why")
@requires(Permission.STATISTICS_READ)
def explain_release(release_id: UUID) -> ResponseReturnValue:
    """Explain with the reader's own table why figures are hidden, and what may be said instead."""
    made = service.get_table(current_actor(), release_id, door="why")
    asked = request.args.get("cell", type=int)
    if asked is not None and not explained.is_hidden_at(made, asked):
        raise NotFound
    return render_template(
        "statistics/explain_release.html",
        made=made,
        title=title_of(made),
        period=period_in_words(made.table),
        unit=unit_of(made.table, wording_of(made)),
        grids=explained.grids_with_links(made),
        hidden=made.table.hidden(),
        told=explained.tell_cell(made, asked) if asked is not None else None,
    )


@blueprint.route(f"{RELEASE}/attack")
@requires(Permission.STATISTICS_ATTACK)
def attack_release(release_id: UUID) -> ResponseReturnValue:
    """Show what each attacker could say of every hidden figure."""
    attack = attacking.attack_release(current_actor(), release_id)
    return render_template(
        "statistics/attack_release.html",
        attack=attack,
        title=title_of(attack.made),
        period=period_in_words(attack.made.table),
        rows=explained.attack_rows(attack),
        exact=explained.count_exact(attack),
    )
