"""The log of a running process: one JSON document a line, of what happened and how long, never of whom."""

import json
import logging
from datetime import UTC, datetime

FIELDS = ("kind", "state", "route", "method", "status", "ms", "request_id", "reference")
"""What a line may hold besides time, level and text; anything else is dropped."""


class JsonLines(logging.Formatter):
    """Writes a record as one line; of an error its class alone: messages may hold what somebody typed."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC)
        line = {"at": at.isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
        line |= {"event": record.getMessage()}
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def log_as_json() -> None:
    """Write the log of this process to its standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger("casemgr")
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    root.propagate = False
