"""What the command line says, in both languages; texts of pages live in the catalogues instead."""

from contextvars import ContextVar

from casemgr.cli.words.answers import ANSWERS
from casemgr.cli.words.commands import COMMANDS
from casemgr.cli.words.health import HEALTH
from casemgr.cli.words.imports import IMPORTS
from casemgr.cli.words.protecting import PROTECTING
from casemgr.cli.words.refusals import REFUSALS
from casemgr.cli.words.releases import RELEASES

WORDS: dict[str, tuple[str, str]] = {
    **COMMANDS,
    **ANSWERS,
    **REFUSALS,
    **HEALTH,
    **IMPORTS,
    **PROTECTING,
    **RELEASES,
}
"""Key → Vietnamese, English."""

LANGUAGES = ("vi", "en")

_language: ContextVar[str] = ContextVar("command_language", default="vi")


def speak(language: str | None) -> None:
    """Choose the language of what follows; anything unknown means Vietnamese."""
    _language.set(language if language in LANGUAGES else "vi")


def language() -> str:
    """Return the language that is spoken: vi or en."""
    return _language.get()


def word(key: str, **values: object) -> str:
    """Return a text in the chosen language with its values filled in."""
    text = WORDS[key][LANGUAGES.index(_language.get())]
    return text.format(**values) if values else text
