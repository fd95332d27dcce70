"""The form by which a line list comes in: what was typed, which files came, what is wrong with it."""

from dataclasses import dataclass
from uuid import UUID

from flask import request

from casemgr.i18n import gettext
from casemgr.imports import shelf
from casemgr.imports.rules import Upload
from casemgr.text.names import tidy

OWN = "own"
"""Choice of a mapping of one's own."""

LONGEST_NAME = 60
LARGEST_MAPPING = 256 * 1024

Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent, as far as it can be shown again; files cannot."""

    name: str = ""
    mapping: str = ""
    owner: str = ""


def read_sent() -> Sent:
    """Return what was typed and chosen."""
    given = request.form
    return Sent(
        name=tidy(given.get("name", "")), mapping=given.get("mapping", ""), owner=given.get("owner", "")
    )


def read_upload(sent: Sent) -> tuple[Upload | None, Errors]:
    """Return what can be given to the service, or what is wrong with it."""
    errors: Errors = []
    content = _content("file")
    if not content:
        errors.append(("file", gettext("Choose the file with the list; an empty one cannot be taken.")))
    mapping = _mapping(sent, errors)
    if not sent.name or len(sent.name) > LONGEST_NAME:
        errors.append(
            ("name", gettext("Give the batch a name of at most %(most)s characters.", most=LONGEST_NAME))
        )
    owner_id = _owner(sent.owner, errors)
    if errors or owner_id is None:
        return None, errors
    return Upload(name=sent.name, content=content, mapping=mapping, owner_id=owner_id), []


def _content(name: str) -> bytes:
    file = request.files.get(name)
    return file.stream.read() if file else b""


def _mapping(sent: Sent, errors: Errors) -> str:
    own = _content("own_mapping")
    if sent.mapping in shelf.list_shipped():
        if own:
            errors.append(("mapping", gettext("Choose either a ready mapping or a file of your own.")))
        return shelf.read_shipped(sent.mapping)
    if sent.mapping != OWN:
        errors.append(("mapping", gettext("Choose the mapping that fits the columns of the list.")))
        return ""
    if not own:
        errors.append(("own_mapping", gettext("Choose the TOML file of your mapping.")))
    elif len(own) > LARGEST_MAPPING:
        errors.append(("own_mapping", gettext("This file is too large for a mapping.")))
        return ""
    try:
        return own.decode("utf-8-sig")
    except UnicodeError:
        errors.append(("own_mapping", gettext("The mapping is not a text in UTF-8.")))
        return ""


def _owner(text: str, errors: Errors) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        errors.append(("owner", gettext("Choose who answers for the files.")))
        return None
