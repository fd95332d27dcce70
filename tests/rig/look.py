"""The look on its own: templates with made-up surroundings, and a small server that shows the gallery."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jinja2

from casemgr import i18n

TOP = Path(__file__).parents[2]
TEMPLATES = TOP / "templates"
STATIC = TOP / "casemgr" / "static"


class Page(HTMLParser):
    """Collects what the checks need from a rendered page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element with its attributes."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """All words in order, single-spaced."""
        return " ".join(" ".join(self.words).split())

    def attribute(self, name: str) -> list[str]:
        """Return every value of an attribute, in order."""
        return [attrs[name] for _, attrs in self.elements if name in attrs]


def environment_for(locale: str) -> jinja2.Environment:
    """Return a template environment as strict as the application's."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = i18n.read_catalogue(locale)
    environment.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        csrf_token=lambda: "token",
        once_key=lambda: "key",
        url_for=lambda endpoint, filename: f"/static/{filename}",
        get_flashed_messages=lambda with_categories: [],
    )
    return environment


def context_for(locale: str, *, signed_in: bool = True) -> dict[str, Any]:
    """Return what the frame of a page needs, with everything a case worker has."""
    account = {"name": "Lò Thị Mai", "unit": "UBND xã Mường Lói", "url": "/account"}
    places = ("today", "cases", "referrals", "shelters", "reports", "statistics")
    return {
        "locale": locale,
        "synthetic": True,
        "account": account if signed_in else None,
        "navigation": [
            {"url": f"/{place}", "label": place, "place": place, "current": place == "cases"}
            for place in places
        ],
        "frame": {
            "home_url": "/",
            "search_url": "/search",
            "inbox_url": "/inbox",
            "inbox_count": 2,
            "emergency_url": "/emergency",
            "sign_out_url": "/sign-out",
            "help_url": "/help",
            "language_url": "/language",
            "back": "/",
            "exit_url": "/exit",
            "leave_url": "/weather",
            "lock_url": "/lock",
            "stay_url": "/stay",
            "lock_after": 900,
        },
    }
