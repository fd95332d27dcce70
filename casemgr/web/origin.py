"""Forms are taken from our own pages only: the browser says where a post comes from."""

from urllib.parse import urlsplit

from flask import Flask, abort, request

SAME = frozenset({"same-origin", "none"})


def install(app: Flask) -> None:
    """Refuse posts that the browser marks as coming from elsewhere."""
    app.before_request(_refuse_foreign)


def _refuse_foreign() -> None:
    if request.method != "POST":
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    # "null" is what a browser sends for our own forms under the referrer policy "no-referrer".
    is_foreign = origin not in (None, "null") and urlsplit(str(origin)).netloc != request.host
    if (site is not None and site not in SAME) or is_foreign:
        abort(400)
