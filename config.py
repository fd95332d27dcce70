"""Settings: one frozen object, read once from the environment and a file.

A default here is safe on a real machine; where none could be, there is none and start-up names
everything that is missing or wrong at once.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

PREFIX = "CASEMGR_"
LONGEST_ANSWER = 30 * 24 * 60
"""Minutes within which any referral must be answered."""


class SettingsError(Exception):
    """Some settings are missing or wrong; `problems` names each of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between installations."""

    database_url: str
    directory: Path
    key_provider: str = "passphrase"
    passphrase_file: Path | None = None
    address: str = "127.0.0.1"
    port: int = 8000
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    proxy_hops: int = 0
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    reply_address: str = ""
    idle_minutes: int = 15
    session_hours: int = 10
    backup_directory: Path | None = None
    backups_kept: int = 30
    verify_days: int = 90
    answer_minutes: tuple[int, ...] = (30, 1440, 4320)
    language: str = "vi"
    request_log: str = "failed"
    metrics: bool = False
    synthetic: bool = False
    gallery: bool = False


HELP = {
    "database_url": "sqlite:////path/casemgr.db or postgresql+psycopg://user@host/name",
    "directory": "folder for key files, audit checkpoints and backups; readable by the service alone",
    "key_provider": "what unlocks the root key: passphrase, or file (demonstration and tests only)",
    "passphrase_file": "file that holds the passphrase (a systemd credential); else it is asked for at start",
    "address": "address to listen on; anything but loopback needs TLS in front and proxy_hops",
    "port": "port to listen on",
    "hosts": "comma-separated host names that browsers may use",
    "proxy_hops": "how many trusted proxies stand in front (0: none, forwarded headers are ignored)",
    "proxies": "comma-separated addresses of the nearest proxy; who asks from elsewhere is refused",
    "reply_address": "where partners without an account reach this service; empty: they answer by telephone",
    "idle_minutes": "minutes without a click until the screen locks",
    "session_hours": "hours after which everybody signs in anew",
    "backup_directory": "folder on another disk or share for a backup every day; without it none is made",
    "backups_kept": "how many backups stay in that folder",
    "verify_days": "days after which a duty number or an entry of the directory must be confirmed anew",
    "answer_minutes": "minutes until a referral must be answered: at once, within the day, less urgent",
    "language": "language before anybody has chosen one: vi or en",
    "request_log": "which requests get a line in the log: failed (and slow ones), or all",
    "metrics": "answers programs on this machine with figures for Prometheus at /metrics",
    "synthetic": "marks every page as holding made-up data (the demonstration sets it)",
    "gallery": "serves the page of all components (the demonstration sets it)",
}


def _flag(text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    return known[text.strip().lower()]


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return read


def _number(least: int, greatest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text)
        if not least <= value <= greatest:
            raise ValueError(text)
        return value

    return read


def _three_growing(text: str) -> tuple[int, ...]:
    """Read three whole numbers of minutes, each larger than the one before."""
    first, second, third = (int(part) for part in text.split(","))
    if not 0 < first < second < third <= LONGEST_ANSWER:
        raise ValueError(text)
    return first, second, third


def _database_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError(text)
    return text


def _web_address(text: str) -> str:
    if not text.startswith(("https://", "http://localhost")):
        raise ValueError(text)
    return text.rstrip("/")


READERS: dict[str, Callable[[str], Any]] = {
    "database_url": _database_url,
    "directory": Path,
    "key_provider": _one_of("passphrase", "file"),
    "passphrase_file": Path,
    "address": str,
    "port": _number(0, 65535),
    "hosts": _list,
    "proxy_hops": _number(0, 5),
    "proxies": _list,
    "reply_address": _web_address,
    "idle_minutes": _number(1, 60),
    "session_hours": _number(1, 12),
    "backup_directory": Path,
    "backups_kept": _number(2, 1000),
    "verify_days": _number(7, 730),
    "answer_minutes": _three_growing,
    "language": _one_of("vi", "en"),
    "request_log": _one_of("failed", "all"),
    "metrics": _flag,
    "synthetic": _flag,
    "gallery": _flag,
}
REQUIRED = ("database_url", "directory")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings from `CASEMGR_*` and the TOML file that `CASEMGR_CONFIG` names.

    The environment wins over the file. Raises `SettingsError` that lists every problem; values are
    not repeated in it, since a database address may hold a password.
    """
    problems: list[str] = []
    given = _from_file(environment.get(f"{PREFIX}CONFIG"), problems)
    for name in READERS:
        if text := environment.get(PREFIX + name.upper()):
            given[name] = text
    known = {field.name for field in fields(Settings)}
    problems += [f"{name}: no such setting" for name in sorted(set(given) - known)]
    values: dict[str, Any] = {}
    for name, text in given.items():
        if name not in known:
            continue
        try:
            values[name] = READERS[name](text)
        except (ValueError, KeyError):
            problems.append(f"{PREFIX}{name.upper()}: not usable; expected {HELP[name]}")
    problems += [f"{PREFIX}{name.upper()}: missing; {HELP[name]}" for name in REQUIRED if name not in given]
    if problems:
        raise SettingsError(problems)
    return Settings(**values)


def _from_file(path: str | None, problems: list[str]) -> dict[str, str]:
    if not path:
        return {}
    try:
        # Editors on Windows put a mark in front of UTF-8, or write UTF-16, which is no text here.
        content = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{PREFIX}CONFIG: cannot be read ({type(error).__name__})")
        return {}
    return {name: str(value) for name, value in content.items()}
