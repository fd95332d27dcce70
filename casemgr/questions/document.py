"""A form's answers as one sealed document, with its form and version, so that old ones can still be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

UPGRADES: dict[tuple[str, int], Upgrade] = {}
"""(form, version) → how its answers become those of the next version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The answers of one form, at the version in which they were given or to which they were upgraded."""

    form: str
    version: int
    answers: dict[str, Any] = field(default_factory=dict)


def write_document(document: Document) -> dict[str, Any]:
    """Return what is sealed."""
    return {"form": document.form, "version": document.version, "answers": document.answers}


def read_document(
    stored: Mapping[str, Any] | None,
    form: str,
    version: int,
    upgrades: Mapping[tuple[str, int], Upgrade] = UPGRADES,
) -> Document:
    """Return stored answers at the form's present version; nothing stored gives an empty document.

    Raises KeyError when a step of the way from the stored version is missing.
    """
    if not stored:
        return Document(form=form, version=version)
    answers = dict(stored["answers"])
    for step in range(int(stored["version"]), version):
        answers = upgrades[form, step](answers)
    return Document(form=form, version=version, answers=answers)
