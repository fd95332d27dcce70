"""The log of the running service: what failed and where, never what anybody typed or read."""

import logging
import secrets

log = logging.getLogger("casemgr")


def log_place(error: BaseException | None) -> str:
    """Log the kind of an error and the line it came from; return the reference that its page shows."""
    reference = secrets.token_hex(4)
    place = error.__traceback__ if error else None
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown"
    log.error("unexpected %s at %s, reference %s", type(error).__name__, where, reference)
    return reference
