"""The application: settings, then language, pages, features and, last, the gates."""

import logging
import secrets
from pathlib import Path

from flask_wtf import CSRFProtect

from casemgr import i18n
from casemgr.accounts import sessions
from casemgr.accounts import views as accounts
from casemgr.administration import views as administration
from casemgr.cases import views as cases
from casemgr.children import views as children
from casemgr.conferences import views as conferences
from casemgr.dashboards import views as dashboards
from casemgr.db import Database, Keyring
from casemgr.directory import views as directory
from casemgr.duty import views as duty
from casemgr.health.local import LocalPages
from casemgr.home import views as home
from casemgr.imports import views as imports
from casemgr.incidents import views as incidents
from casemgr.intake import views as intake
from casemgr.referrals import views as referrals
from casemgr.reporting import views as reporting
from casemgr.shelters import views as shelters
from casemgr.statistics import views as statistics
from casemgr.stays import views as stays
from casemgr.support import views as support
from casemgr.survivors import views as survivors
from casemgr.tips import views as tips
from casemgr.web import errors, guard, headers, once, origin, pages
from casemgr.web import views as web
from casemgr.web.application import CaseApplication
from casemgr.web.proxies import DirectRequests, ProxiedRequests
from config import Settings

HERE = Path(__file__).parent

BLUEPRINTS = (
    web.blueprint,
    accounts.blueprint,
    home.blueprint,
    cases.blueprint,
    survivors.blueprint,
    incidents.blueprint,
    intake.blueprint,
    referrals.blueprint,
    conferences.blueprint,
    shelters.blueprint,
    stays.blueprint,
    directory.blueprint,
    duty.blueprint,
    children.blueprint,
    support.blueprint,
    tips.blueprint,
    dashboards.blueprint,
    reporting.blueprint,
    statistics.blueprint,
    imports.blueprint,
    administration.blueprint,
)
"""The pages of each feature, in the order of the navigation."""


def create_app(settings: Settings, database: Database, keyring: Keyring | None) -> CaseApplication:
    """Build the application; raises `Undeclared` when an endpoint declares no permission."""
    app = CaseApplication(
        "casemgr", template_folder=str(HERE.parent / "templates"), static_folder=str(HERE / "static")
    )
    app.database, app.keyring = database, keyring
    app.extensions["casemgr.settings"] = settings
    app.config.update(
        SECRET_KEY=_visitor_secret(keyring),
        SESSION_COOKIE_NAME="__Host-p",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=10 * 1024 * 1024,
        TRUSTED_HOSTS=list(settings.hosts),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        PROPAGATE_EXCEPTIONS=False,
    )
    _put_behind_proxies(app, settings)
    i18n.init_app(app, settings.language)
    pages.install(app)
    errors.install(app)
    headers.install(app)
    origin.install(app)
    CSRFProtect(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    guard.install(app, sessions.load_actor)
    once.install(app)
    logging.getLogger("werkzeug").disabled = True
    return app


def _put_behind_proxies(app: CaseApplication, settings: Settings) -> None:
    pages_alone = app.wsgi_app
    behind = (
        ProxiedRequests(pages_alone, settings.proxy_hops, settings.proxies)
        if settings.proxy_hops
        else DirectRequests(pages_alone)
    )
    app.wsgi_app = LocalPages(  # type: ignore[method-assign]
        behind,
        app.database,
        settings.directory,
        has_keys=app.keyring is not None,
        measures=settings.metrics,
    )


def _visitor_secret(keyring: Keyring | None) -> bytes:
    """Sign the visitor's cookie (language, form token) with a key that a thief of the database lacks."""
    return keyring.derive("visitor-cookie") if keyring else secrets.token_bytes(32)
