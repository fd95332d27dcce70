import hashlib
import tomllib

from casemgr.letters import pdf


def vendored():
    return tomllib.loads((pdf.FONTS / "vendor.toml").read_text(encoding="utf-8"))


def test_every_vendored_font_is_the_one_that_was_looked_at():
    for file in vendored()["file"]:
        assert hashlib.sha256((pdf.FONTS / file["name"]).read_bytes()).hexdigest() == file["sha256"]


def test_no_font_stands_in_the_folder_unlisted():
    assert {path.name for path in pdf.FONTS.glob("*.ttf")} == {file["name"] for file in vendored()["file"]}


def test_the_licence_travels_with_the_fonts():
    assert "SIL OPEN FONT LICENSE" in (pdf.FONTS / vendored()["licence_file"]).read_text(encoding="utf-8")


def test_only_the_vendored_family_can_be_printed():
    assert pdf._fonts().families() == ["Tinos"]
