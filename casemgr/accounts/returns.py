"""Ways back: a signed route name instead of an address, so that nobody can be sent elsewhere."""

from hashlib import sha256

from flask import current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.routing import BuildError


def sign_here() -> str:
    """Return the page that was asked for as a token for `open_return`; nothing for what has no page."""
    endpoint = request.endpoint
    if endpoint is None or endpoint == "static" or not _is_page(endpoint):
        return ""
    arguments = {name: str(value) for name, value in (request.view_args or {}).items()}
    query = request.args.to_dict(flat=False) if request.method == "GET" else {}
    return str(_signer().dumps([endpoint, {**query, **arguments}]))


def sign_route(endpoint: str, **arguments: object) -> str:
    """Return a named page as a token for `open_return`."""
    return str(_signer().dumps([endpoint, {name: str(value) for name, value in arguments.items()}]))


def open_return(token: str | None) -> str | None:
    """Return the address of a signed page, or None for anything that was not signed here."""
    if not token:
        return None
    try:
        endpoint, arguments = _signer().loads(token)
        return url_for(endpoint, **arguments)
    except (BadSignature, BuildError, ValueError, TypeError):
        return None


def home_url() -> str:
    """Return the first page of somebody who is signed in."""
    is_there = "home.show_home" in current_app.view_functions
    return url_for("home.show_home" if is_there else "accounts.show_account")


def _is_page(endpoint: str) -> bool:
    rules = current_app.url_map.iter_rules(endpoint)
    return any("GET" in (rule.methods or ()) for rule in rules)


def _signer() -> URLSafeSerializer:
    secret = current_app.secret_key or ""
    return URLSafeSerializer(secret, salt="return", signer_kwargs={"digest_method": sha256})
