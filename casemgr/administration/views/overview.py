"""How the installation stands."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from casemgr.administration import queries
from casemgr.administration.views.blueprint import application, blueprint, folder
from casemgr.errors import Locked
from casemgr.health import words as health_words
from casemgr.keys.service import KeyCount
from casemgr.policy import Permission
from casemgr.web.guard import current_actor, requires


@blueprint.get("")
@requires(Permission.ACCOUNT_MANAGE)
def show_overview() -> ResponseReturnValue:
    """Show accounts, keys, tables, log, backup and disk; nothing of any case."""
    kept = current_app.extensions["casemgr.settings"].backup_directory
    health = queries.get_health(current_actor(), application().database, folder(), kept)
    return render_template(
        "administration/show_overview.html",
        health=health,
        troubles=health_words.troubles_in_words(health.troubles, health.signs),
        disks=health_words.disks_in_words(health.signs),
    )


@blueprint.get("/keys")
@requires(Permission.KEYS_STATUS)
def show_keys() -> ResponseReturnValue:
    """Show how many data keys there are and under which root key they lie."""
    provider = current_app.extensions["casemgr.settings"].key_provider
    return render_template("administration/show_keys.html", counts=_key_counts(), provider=provider)


def _key_counts() -> list[KeyCount] | None:
    try:
        return queries.list_key_counts(current_actor())
    except Locked:
        return None
