"""The recovery kit as a page to be printed, signed and locked away."""

from pathlib import Path

from casemgr import clock
from casemgr.cli.words import language, word
from casemgr.crypto.keyfiles import create_key_file
from casemgr.letters.blocks import Slip, SlipRow
from casemgr.letters.pdf import write_slip

_GROUPS_A_LINE = 3


def write_kit_page(path: Path, kit: str) -> None:
    """Write the page, readable by its owner only; raises Refused when the file exists."""
    create_key_file(path, write_slip(kit_slip(kit)))


def kit_slip(kit: str) -> Slip:
    """Return the page: the groups of the key with their numbers, and what to do with it."""
    groups = kit.split("-")
    return Slip(
        title=word("kit.title"),
        intro=tuple(word("kit.intro").split("\n")),
        cells=tuple(f"{number}:  {group}" for number, group in enumerate(groups, 1)),
        cells_across=_GROUPS_A_LINE,
        rows=(
            SlipRow(label=word("kit.made_on"), value=f"{clock.today():%d/%m/%Y}"),
            SlipRow(label=word("kit.kept_by")),
            SlipRow(label=word("kit.place")),
        ),
        note=word("kit.note"),
        language="en" if language() == "en" else "vi",
    )
