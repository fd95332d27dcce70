"""One sheet and one script for every page: whole, kept for good by browsers, asked for when they change."""

import re

import pytest

from casemgr.web import assets
from tests.rig.look import STATIC, TEMPLATES

APART = {"calendar.css"}
"""What the page behind the quick exit looks like is known to that page alone."""


SOME = ("js/answered.js", "js/autosave.js", "js/shown.js", "js/waiting.js")
"""Scripts of answers to forms, of pages with a form, and of those that wait for a job."""


def test_the_one_sheet_holds_every_sheet_but_that_of_the_page_behind_the_quick_exit() -> None:
    whole = assets.read("all.css").decode()
    sheets = {path.name: path.read_text(encoding="utf-8") for path in (STATIC / "css").glob("*.css")}

    assert {name for name, text in sheets.items() if text not in whole} == APART
    assert whole.index(sheets["tokens.css"]) < whole.index(sheets["components.css"])
    assert f"@media print {{\n{sheets['print.css']}}}" in whole


def test_each_script_of_every_page_stands_in_a_block_of_its_own() -> None:
    whole = assets.read("all.js").decode()

    for name in assets.SCRIPTS:
        assert "{\n" + (STATIC / "js" / f"{name}.js").read_text(encoding="utf-8") + "}\n" in whole


def test_pages_ask_for_one_sheet_and_one_script_and_those_of_forms_for_theirs() -> None:
    asked = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"filename='([^']+)'", path.read_text(encoding="utf-8"))
    }

    assert {name for name in asked if name.endswith(".css")} == {"all.css", "css/calendar.css"}
    assert {name for name in asked if name.endswith(".js")} == {"all.js", *SOME}


@pytest.mark.parametrize("name", ["all.css", "all.js", "js/autosave.js"])
def test_the_address_of_a_file_changes_with_its_content(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = assets.digest(name)
    monkeypatch.setattr(assets, "read", lambda _: b"changed")

    assert re.fullmatch(r"[0-9a-f]{16}", before)
    assert assets.digest.__wrapped__(name) != before
