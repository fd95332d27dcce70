import re
import stat

import pypdf
import pytest

from casemgr.cli.passphrases import new_passphrase
from casemgr.crypto.kit import read_kit
from tests.cli.conftest import ADMIN, COMMUNE, PASSPHRASE, words_after

TWICE = f"{PASSPHRASE}\n{PASSPHRASE}\n"


def test_init_sets_up_keys_tables_unit_and_administrator(shell):
    said = shell.run("init", *COMMUNE, *ADMIN, typed=TWICE)

    assert "UBND xã Cẩm Tú" in said
    assert re.search(r"Mã mời .*: (\w{4}-){3}\w{4}", said)
    assert shell.run("db", "current")
    assert shell.json("audit", "verify", typed=f"{PASSPHRASE}\n")["findings"] == []


def test_the_recovery_key_is_said_once_and_is_right(sqlite_shell):
    said = sqlite_shell.run("init", *COMMUNE, *ADMIN, typed=TWICE)

    kit = re.search(r"(\w{5}-){8}\w{5}", said).group()
    assert len(read_kit(kit)) == 20
    files = [path for path in sqlite_shell.directory.rglob("*") if path.is_file()]
    assert not any(kit.encode() in path.read_bytes() for path in files)


def test_the_recovery_page_can_be_printed_and_holds_the_key(sqlite_shell, tmp_path):
    page = tmp_path / "kit.pdf"

    said = sqlite_shell.run("init", *COMMUNE, *ADMIN, "--kit", str(page), typed=TWICE)

    printed = pypdf.PdfReader(page).pages[0].extract_text()
    groups = re.search(r"(\w{5}-){8}\w{5}", said).group().split("-")
    assert all(group in printed for group in groups)
    assert "Phiếu khôi phục" in printed
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_the_recovery_page_does_not_lie_beside_the_keys(sqlite_shell):
    page = sqlite_shell.directory / "kit.pdf"

    sqlite_shell.run("init", *COMMUNE, *ADMIN, "--kit", str(page), typed=TWICE, code=3)

    assert not (sqlite_shell.directory / "root.keys").exists()


def test_what_is_not_given_is_asked_for(sqlite_shell):
    said = sqlite_shell.run("init", typed=f"xã cẩm tú\n\nquantri\nQuản trị Mẫu\n{TWICE}")

    assert "Ủy ban nhân dân xã Cẩm Tú" in said


def test_init_is_done_once(set_up):
    set_up.run("init", *COMMUNE, *ADMIN, typed=TWICE, code=3)

    assert "đã cài đặt rồi" in set_up.output


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ngắn quá\nngắn quá\n", "ít nhất 15"),
        (f"{PASSPHRASE}\nanother one here\n", "không giống nhau"),
        ("matkhau123456789\nmatkhau123456789\n", "dễ đoán"),
        (f"{PASSPHRASE}\n", "Đã dừng"),
    ],
)
def test_a_bad_passphrase_leaves_nothing_behind(sqlite_shell, typed, said):
    sqlite_shell.run("init", *COMMUNE, *ADMIN, typed=typed, code=3)

    assert said in sqlite_shell.output
    assert not (sqlite_shell.directory / "root.keys").exists()


def test_a_commune_that_does_not_exist_leaves_nothing_behind(sqlite_shell):
    sqlite_shell.run("init", "--commune", "xã không có thật nào", *ADMIN, code=3)

    assert not (sqlite_shell.directory / "root.keys").exists()


def test_a_name_of_several_communes_lists_their_codes(sqlite_shell):
    sqlite_shell.run("init", "--commune", "xã cẩm giàng", *ADMIN, code=3)

    assert "02008" in sqlite_shell.output
    assert "10903" in sqlite_shell.output


def test_a_passphrase_can_be_drawn(sqlite_shell):
    said = sqlite_shell.run("init", *COMMUNE, *ADMIN, "--generate")

    drawn = words_after(said, "chỉ hiện một lần này:\n\n")
    assert len(drawn.split()) == 9
    sqlite_shell.run("audit", "verify", typed=f"{drawn}\n")


def test_the_passphrase_comes_from_a_file_where_settings_name_one(sqlite_shell, tmp_path):
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    file.chmod(0o600)
    sqlite_shell.environment["CASEMGR_PASSPHRASE_FILE"] = str(file)

    sqlite_shell.run("init", *COMMUNE, *ADMIN)

    sqlite_shell.run("audit", "verify")


def test_drawn_passphrases_survive_a_vietnamese_keyboard():
    drawn = " ".join(new_passphrase() for _ in range(50))

    assert not set(drawn) & set("sfrxjwdz")
    assert drawn.isascii()


def test_the_tables_are_brought_up_and_taken_back(shell):
    shell.run("db", "upgrade")
    assert shell.json("db", "current")["current"] == shell.json("db", "current")["head"]

    shell.run("db", "downgrade", "base", typed="n\n", code=3)
    shell.run("db", "downgrade", "base", "--yes", code=3)
    assert "sẽ mất: code" in shell.output
    shell.run("db", "downgrade", "base", "--yes", "--lose-data")
    assert shell.json("db", "current", code=1)["current"] is None


def test_a_step_that_nobody_knows_is_refused_in_words(sqlite_shell):
    sqlite_shell.run("db", "upgrade")

    sqlite_shell.run("db", "downgrade", "9999", "--yes", code=3)

    assert "không biết bước đó" in sqlite_shell.output


def test_a_database_that_does_not_answer_is_told_so(sqlite_shell):
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"

    sqlite_shell.run("db", "current", code=4, CASEMGR_DATABASE_URL=url)

    assert "không trả lời" in sqlite_shell.output


def test_commands_that_need_keys_say_that_there_are_none(sqlite_shell):
    sqlite_shell.run("db", "upgrade")

    sqlite_shell.run("audit", "verify", code=4)

    assert "casemgr init" in sqlite_shell.output
