"""The log of a running process: one JSON document a line, of what happened and how long, never of whom."""

import json
import logging
import sys
from datetime import UTC, datetime

OURS = "casemgr"
FIELDS = ("kind", "state", "route", "method", "status", "ms", "request_id")
"""What a line may hold besides time, level and text; anything else is dropped."""


class JsonLines(logging.Formatter):
    """Writes a record as one line; of an error its class alone: messages may hold what somebody typed.

    Of other programs' records only the name of the logger is kept: theirs hold addresses and values.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC)
        line = {"at": at.isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
        is_ours = record.name.partition(".")[0] == OURS
        line |= {"event": record.getMessage() if is_ours else record.name}
        line |= {name: getattr(record, name) for name in FIELDS if is_ours and hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


class _StandardError(logging.Handler):
    """Writes where standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")


def log_as_json() -> None:
    """Write the log of this process to its standard error: ours, and the warnings of what it stands on."""
    handler = _StandardError()
    handler.setFormatter(JsonLines())
    ours, others = logging.getLogger(OURS), logging.getLogger()
    ours.handlers[:] = [handler]
    ours.setLevel(logging.INFO)
    ours.propagate = False
    if not others.handlers:
        others.addHandler(handler)
