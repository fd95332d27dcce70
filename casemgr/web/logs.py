"""The log of the running service: what failed and where, never what anybody typed or read.

A line about a request holds the name of the endpoint, never its address: addresses hold ids, and what is
asked for in them. Neither does it hold who asked or from where.
"""

import logging
import secrets
from time import perf_counter

from flask import current_app, g, has_request_context, request

log = logging.getLogger("casemgr")

SLOW_SECONDS = 2.0
EVERY = "all"
METHODS = frozenset({"GET", "HEAD", "POST"})


def begin_request() -> str:
    """Give the request a random number, under which its page, its log lines and its audit entries meet."""
    g.begun, g.request_id = perf_counter(), secrets.token_hex(4)
    return str(g.request_id)


def log_request(status: int) -> None:
    """Write a line about a request that ends; unless all are wanted, only if it failed or was slow."""
    seconds = perf_counter() - g.begun
    wanted = current_app.extensions["casemgr.settings"].request_log
    if wanted != EVERY and status < 500 and seconds < SLOW_SECONDS:
        return
    told = {
        "request_id": g.request_id,
        "method": request.method if request.method in METHODS else "other",
        "route": request.endpoint or "none",
        "status": status,
        "ms": round(seconds * 1000),
    }
    log.info("request", extra=told)


def log_place(error: BaseException | None) -> str:
    """Log the kind of an error and the line it came from; return the reference that its page shows."""
    known = g.get("request_id") if has_request_context() else None
    reference = str(known or secrets.token_hex(4))
    place = error.__traceback__ if error else None
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown"
    log.error("unexpected %s at %s, reference %s", type(error).__name__, where, reference)
    return reference
