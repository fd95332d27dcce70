"""The language of a request, its texts, dates and numbers; used by pages and forms only."""

import io
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request, session
from flask.globals import request_ctx
from flask_babel import Babel, Domain, force_locale, get_locale, ngettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup

LANGUAGES = ("vi", "en")
CATALOGUES = Path(__file__).parent.parent / "translations"

__all__ = [
    "LANGUAGES",
    "choose_language",
    "force_locale",
    "gettext",
    "init_app",
    "language",
    "lazy_gettext",
    "ngettext",
    "say",
]


@cache
def read_catalogue(code: str) -> NullTranslations:
    """Merge the catalogues of all areas of one language; English needs none, its texts are the keys."""
    merged: Translations | None = None
    for path in sorted((CATALOGUES / code).glob("*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=code)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        translations = Translations(compiled)
        merged = translations if merged is None else merged.merge(translations)
    return merged or NullTranslations()


class _Catalogues(Domain):
    """Gives Flask-Babel our merged catalogues instead of compiled files."""

    def get_translations(self) -> NullTranslations:
        return read_catalogue(language())


def init_app(app: Flask, default: str) -> None:
    """Set up translation for the application; `default` speaks until somebody chooses."""
    babel = Babel()
    babel.domain_instance = _Catalogues()
    babel.init_app(app, default_locale=default, locale_selector=_chosen)


def language() -> str:
    """Return the language of this request: vi or en."""
    # A page asks for dozens of texts; where Flask-Babel has written down its answer it is read from there.
    known = getattr(request_ctx.request, "babel_locale", None) if has_request_context() else None
    locale = known or get_locale()
    return str(locale.language) if locale else "vi"


def gettext(text: str, /, **values: Any) -> str:
    """Return a text in the language of the request, with its values."""
    told: str = read_catalogue(language()).ugettext(text)
    return told % values if values else told


def lazy_gettext(text: str, /, **values: Any) -> LazyString:
    """Return a text that is looked up when it is shown, in the language that it is shown in."""
    return LazyString(gettext, text, **values)


def say(text: str, /, **values: Any) -> Markup:
    """Return a text of a template in the language of the request, with its values escaped."""
    code = language()
    return _pattern(code, text) % values if values else _words(code, text)


@lru_cache(maxsize=10_000)
def _pattern(code: str, text: str) -> Markup:
    return Markup(read_catalogue(code).ugettext(text))  # noqa: S704 - texts of the program, not of anybody else


@lru_cache(maxsize=10_000)
def _words(code: str, text: str) -> Markup:
    # Without values too a text is a pattern, in which %% stands for a percent sign.
    return _pattern(code, text) % {}


def choose_language(code: str) -> None:
    """Remember the language for this browser session."""
    if code in LANGUAGES:
        session["language"] = code


def _chosen() -> str | None:
    if not has_request_context() or request.endpoint == "static":
        return None
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else None
