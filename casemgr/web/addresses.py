"""Addresses of pages: a list links to dozens of the same page, so the pattern is built once and filled in."""

from typing import Any
from uuid import UUID

from flask import Flask, has_request_context, request

_MARKS = tuple(UUID(int=(0xADD << 116) + number) for number in range(4))
"""Stand in a pattern where ids come; nothing else in an address looks like them."""


class Addressing(Flask):
    """Flask that builds the address of an endpoint once for all ids, in place of routing each anew."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._patterns: dict[tuple[Any, ...], str] = {}

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Return the address of an endpoint, as Flask does."""
        wanted = {name: value for name, value in values.items() if value is not None}
        is_static = endpoint == "static" and wanted.keys() == {"filename"}
        has_ids = len(wanted) <= len(_MARKS) and all(type(value) is UUID for value in wanted.values())
        if not (is_static or has_ids) or endpoint.startswith(".") or not has_request_context():
            return super().url_for(endpoint, **values)
        names = tuple(wanted.items()) if is_static else tuple(wanted)
        key = (request.environ.get("SCRIPT_NAME", ""), endpoint, names)
        pattern = self._patterns.get(key)
        if pattern is None:
            marks = wanted if is_static else dict(zip(wanted, _MARKS, strict=False))
            pattern = self._patterns[key] = super().url_for(endpoint, **{**values, **marks})
        if has_ids:
            for mark, value in zip(_MARKS, wanted.values(), strict=False):
                pattern = pattern.replace(str(mark), str(value))
        return pattern
