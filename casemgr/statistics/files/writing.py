"""Writing files whole or not at all."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write_whole(texts: Mapping[Path, str]) -> None:
    """Write texts beside their places first and move them there together; a failure leaves nothing behind."""
    waiting: list[tuple[str, Path]] = []
    try:
        for path, text in texts.items():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            waiting.append((name, path))
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        while waiting:
            name, path = waiting[-1]
            Path(name).replace(path)
            waiting.pop()
    finally:
        for name, _ in waiting:
            with suppress(OSError):
                Path(name).unlink()
