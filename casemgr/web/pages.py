"""What every page may use: words, dates, the navigation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, request, url_for
from jinja2 import BytecodeCache, StrictUndefined
from jinja2.bccache import Bucket

from casemgr import clock, db, i18n, policy
from casemgr.codes import lists
from casemgr.i18n import lazy_gettext
from casemgr.policy import Permission
from casemgr.questions import Question
from casemgr.web import assets
from casemgr.web.guard import find_actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry of the navigation: shown to roles that have the permission."""

    endpoint: str
    label: Any
    name: str
    permission: Permission


PLACES = (
    Place(endpoint="home.show_home", label=lazy_gettext("Today"), name="today", permission=Permission.HOME),
    Place(
        endpoint="cases.list_cases",
        label=lazy_gettext("Cases"),
        name="cases",
        permission=Permission.CASE_LIST,
    ),
    Place(endpoint="tips.list_tips", label=lazy_gettext("Tips"), name="tips", permission=Permission.TIP_READ),
    Place(
        endpoint="tips.send_tip",
        label=lazy_gettext("Send a tip"),
        name="tips",
        permission=Permission.TIP_SEND,
    ),
    Place(
        endpoint="referrals.list_inbox",
        label=lazy_gettext("Referrals"),
        name="referrals",
        permission=Permission.REFERRAL_INBOX,
    ),
    Place(
        endpoint="shelters.show_board",
        label=lazy_gettext("Shelter"),
        name="shelters",
        permission=Permission.SHELTER_BOARD,
    ),
    Place(
        endpoint="shelters.show_address",
        label=lazy_gettext("Our address"),
        name="shelters",
        permission=Permission.SHELTER_KEEP,
    ),
    Place(
        endpoint="children.list_children",
        label=lazy_gettext("Children"),
        name="children",
        permission=Permission.CHILD_CHANGE,
    ),
    Place(
        endpoint="support.list_support",
        label=lazy_gettext("Support"),
        name="support",
        permission=Permission.SUPPORT_READ,
    ),
    Place(
        endpoint="directory.list_units",
        label=lazy_gettext("Directory"),
        name="directory",
        permission=Permission.DIRECTORY_READ,
    ),
    Place(
        endpoint="duty.show_rota",
        label=lazy_gettext("On duty"),
        name="duty",
        permission=Permission.DUTY_READ,
    ),
    Place(
        endpoint="dashboards.show_overview",
        label=lazy_gettext("Overview"),
        name="overview",
        permission=Permission.DASHBOARD_SHOW,
    ),
    Place(
        endpoint="reporting.list_reports",
        label=lazy_gettext("Reports"),
        name="reports",
        permission=Permission.REPORT_READ,
    ),
    Place(
        endpoint="statistics.list_tables",
        label=lazy_gettext("Statistics"),
        name="statistics",
        permission=Permission.STATISTICS_READ,
    ),
    Place(
        endpoint="imports.list_batches",
        label=lazy_gettext("Line lists"),
        name="imports",
        permission=Permission.IMPORT_RUN,
    ),
    Place(
        endpoint="administration.show_overview",
        label=lazy_gettext("Administration"),
        name="administration",
        permission=Permission.ACCOUNT_MANAGE,
    ),
    Place(
        endpoint="administration.show_audit",
        label=lazy_gettext("Access log"),
        name="audit",
        permission=Permission.AUDIT_READ,
    ),
)


FRAME = "casemgr.frame"


class _Compiled(BytecodeCache):
    """Compiled pages, kept in memory for all applications of this process: each page is compiled once."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a page what was compiled before from the same source."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def install(app: Flask) -> None:
    """Give templates their words, filters and frame."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.globals.pop("config", None)
    environment.globals.update({"_": i18n.say, "gettext": i18n.say, "may": may, "choices_of": choices_of})
    environment.filters.update(day=show_day, moment=show_moment, label=show_label, text=show_text)
    environment.bytecode_cache = _COMPILED
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    app.extensions[FRAME] = []
    app.url_defaults(assets.add_digest)
    app.context_processor(_context)


def add_to_frame(app: Flask, part: Callable[[], dict[str, Any]]) -> None:
    """Let a feature add to the frame of every page: an address, a count, an account."""
    app.extensions[FRAME].append(part)


def _context() -> dict[str, Any]:
    frame: dict[str, Any] = {"home_url": "/"}
    # An error outside a unit of work still gets its page, without what would have to be looked up.
    for part in current_app.extensions[FRAME] if db.is_working() else ():
        frame.update(part())
    return {
        "locale": i18n.language(),
        "synthetic": current_app.extensions["casemgr.settings"].synthetic,
        "account": frame.pop("account", None),
        "navigation": list_places() if db.is_working() else [],
        "frame": frame,
    }


def list_places() -> list[dict[str, Any]]:
    """Return the navigation entries that the signed-in roles have; one of them at most is where they are."""
    actor = find_actor()
    if actor is None:
        return []
    places = [
        place
        for place in PLACES
        if place.endpoint in current_app.view_functions and policy.may(actor, place.permission)
    ]
    here = _find_here(places)
    return [
        {
            "url": url_for(place.endpoint),
            "label": place.label,
            "place": place.name,
            "current": place is here,
        }
        for place in places
    ]


def _find_here(places: list[Place]) -> Place | None:
    """Return the place whose address the page's own begins with, the longest one; else one of its feature."""
    above = [place for place in places if f"{request.path}/".startswith(f"{url_for(place.endpoint)}/")]
    if above:
        return max(above, key=lambda place: len(url_for(place.endpoint)))
    feature = (request.endpoint or "").partition(".")[0]
    return next((place for place in places if place.endpoint.partition(".")[0] == feature), None)


def may(permission: str) -> bool:
    """Say whether the signed-in roles include a permission, for buttons and links."""
    actor = find_actor()
    return actor is not None and policy.may(actor, Permission(permission))


def choices_of(question: Question, value: str) -> list[tuple[str, str]]:
    """Return what may be chosen today for a coded question, in the language of the page."""
    codes = lists.choices(question.codes or "", clock.today(), keep=value or None)
    return [(code.code, code.label(i18n.language())) for code in codes]


def show_day(value: date | None) -> str:
    """Show a calendar day as dd/mm/yyyy in both languages."""
    return value.strftime("%d/%m/%Y") if value else ""


def show_moment(value: datetime | None) -> str:
    """Show a moment as dd/mm/yyyy HH:MM on the clock of Viet Nam."""
    return clock.local(value).strftime("%d/%m/%Y %H:%M") if value else ""


def show_label(code: str | None, code_list: str) -> str:
    """Show a code's label in the language of the page."""
    return lists.label(code_list, code, i18n.language()) if code else ""


def show_text(value: Any) -> str:
    """Show a bilingual text (with `vi` and `en`) in the language of the page."""
    return str(getattr(value, i18n.language()))
