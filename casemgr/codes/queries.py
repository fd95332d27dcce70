"""What features ask of the code lists; answered from memory, without the database.

Lists are public, so none of these asks who is asking.
"""

from datetime import date

from casemgr.codes import lists
from casemgr.codes.lists import Code


def label(list_name: str, code: str, locale: str = "vi") -> str:
    """Return the text of a code; raises UnknownCode."""
    return lists.label(list_name, code, locale)


def choices(list_name: str, on: date | None = None, keep: str | None = None) -> tuple[Code, ...]:
    """Return what may be chosen on a day; see `casemgr.codes.lists.choices`."""
    return lists.choices(list_name, on, keep)


def pairs(
    list_name: str, locale: str = "vi", on: date | None = None, keep: str | None = None
) -> list[tuple[str, str]]:
    """Return code and text of what may be chosen, as a select box wants them."""
    return [(code.code, code.label(locale)) for code in choices(list_name, on, keep)]


def rollup(list_name: str, code: str, scheme: str) -> str | None:
    """Return the code that stands for this one in another scheme; raises UnknownCode."""
    return lists.rollup(list_name, code, scheme)


def is_code(list_name: str, code: str) -> bool:
    """Say whether a list has a code; raises UnknownCode for an unknown list."""
    return code in lists.get(list_name)
