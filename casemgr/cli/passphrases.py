"""The passphrase that unlocks the root keys: asked for, read from a file, or drawn as words."""

import os
import secrets
import unicodedata
from pathlib import Path

import click

from casemgr.accounts.rules import password_problem
from casemgr.cli.words import word
from casemgr.crypto.keyfiles import read_key_file
from casemgr.errors import Refused

SHORTEST = 15
_WORDS = 9
# Syllables that no Vietnamese keyboard turns into others: one vowel, no s, f, r, x, j, w, d, z.
_INITIALS = ("b", "c", "g", "h", "k", "l", "m", "n", "p", "t", "v", "ch", "kh", "nh", "ph", "th")
_VOWELS = ("a", "e", "i", "o", "u")
_FINALS = ("", "c", "m", "n", "p", "t", "ng", "nh", "ch")


def new_passphrase() -> str:
    """Draw nine syllables, 85 bits."""
    return " ".join(_syllable() for _ in range(_WORDS))


def ask_passphrase(file: Path | None) -> str:
    """Return the passphrase from the file that the settings name, or ask for it."""
    if file is not None:
        return _read(file).decode("utf-8-sig").rstrip("\r\n")
    return str(click.prompt(word("ask.passphrase"), hide_input=True, err=True))


def ask_new_passphrase() -> str:
    """Ask for a new passphrase twice; raises Refused when it is too short or easily guessed."""
    click.echo(word("passphrase.advice", count=SHORTEST), err=True)
    typed = str(click.prompt(word("ask.new_passphrase"), hide_input=True, err=True))
    again = str(click.prompt(word("ask.passphrase_again"), hide_input=True, err=True))
    if typed != again:
        raise Refused("passphrases_differ")
    return checked(typed)


def checked(passphrase: str) -> str:
    """Return a passphrase that may be used; raises Refused for one that is short or easily guessed."""
    if len(unicodedata.normalize("NFC", passphrase)) < SHORTEST:
        raise Refused("passphrase_too_short")
    if password_problem(passphrase, is_administrator=True, context=()):
        raise Refused("passphrase_too_common")
    return passphrase


def _read(file: Path) -> bytes:
    """Read the file; systemd guards the folder of its credentials, which have the bits of an access list."""
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    if credentials and file.parent == Path(credentials):
        return file.read_bytes()
    return read_key_file(file)


def _syllable() -> str:
    return secrets.choice(_INITIALS) + secrets.choice(_VOWELS) + secrets.choice(_FINALS)
