"""A browser without a screen: keeps cookies, reads forms, sends them as a person would."""

import html
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ORIGIN = "https://localhost"


class _Forms(HTMLParser):
    """Collects the fields of every form of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a form's address and its hidden fields and texts."""
        given = dict(attrs)
        if tag == "form":
            self.forms.append((given.get("action") or "", []))
            self._inside = True
        elif tag == "input" and self._inside and given.get("name"):
            chosen = given.get("type") not in {"radio", "checkbox"} or "checked" in given
            if chosen:
                self.forms[-1][1].append((str(given["name"]), given.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a form."""
        self._inside = self._inside and tag != "form"


class Browser:
    """A person at a browser; `page` is what is on the screen and `path` its address."""

    def __init__(self, app: Flask, *, address: str = "192.0.2.1", agent: str = "Firefox Windows") -> None:
        self.client: FlaskClient = app.test_client()
        self._surroundings = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": agent}
        self.answer: TestResponse
        self.path = ""

    @property
    def page(self) -> str:
        """The text of the page, markup included."""
        return self.answer.get_data(as_text=True)

    @property
    def status(self) -> int:
        """The status of the last answer."""
        return self.answer.status_code

    def open(self, path: str, *, follow: bool = True, **headers: str) -> str:
        """Ask for a page and follow redirects."""
        return self._keep(
            self.client.get(path, base_url=ORIGIN, environ_base=self._surroundings, headers=headers),
            path,
            follow,
        )

    def post(
        self, path: str, *, follow: bool = True, token: bool = True, headers: Any = None, **fields: Any
    ) -> str:
        """Send a form, with the form token of the page on the screen."""
        if token:
            fields.setdefault("csrf_token", self.form_token())
        answer = self.client.post(
            path, data=fields, base_url=ORIGIN, environ_base=self._surroundings, headers=headers
        )
        return self._keep(answer, path, follow)

    def send(self, *, to: str | None = None, **fields: Any) -> str:
        """Fill in and send a form of the page: the one that goes `to` an address, or the page's own."""
        action, given = self.form(to)
        return self.post(action or self.path, **{**given, **fields})

    def form(self, to: str | None = None) -> tuple[str, dict[str, str]]:
        """Return a form's address and fields."""
        for action, fields in _Forms(self.page).forms:
            if (to is None and action in {"", self.path}) or (to is not None and action.startswith(to)):
                return html.unescape(action), dict(fields)
        raise AssertionError(f"no form goes to {to or 'the page itself'} on {self.path}")

    def form_token(self) -> str:
        """Return the form token of the page, opening one when the screen is empty."""
        if not hasattr(self, "answer") or 'name="csrf_token"' not in self.page:
            self.open("/help")
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page)
        assert found is not None
        return found[1]

    def cookie(self, name: str = "__Host-s") -> str | None:
        """Return a cookie of the browser."""
        found = self.client.get_cookie(name, domain="localhost")
        return found.value if found else None

    def _keep(self, answer: TestResponse, path: str, follow: bool) -> str:
        self.answer, self.path = answer, path
        while follow and self.answer.status_code in {301, 302, 303}:
            parts = urlsplit(self.answer.headers["Location"])
            self.path = parts.path + (f"?{parts.query}" if parts.query else "")
            self.answer = self.client.get(self.path, base_url=ORIGIN, environ_base=self._surroundings)
        return self.page
