"""The command as it is typed, on a demonstration, where nobody is asked for a password."""

import json
import stat

import pytest
from click.testing import CliRunner

from casemgr import db
from casemgr.cli import main
from casemgr.cli.installation import DEMO_FILE
from casemgr.cli.words import speak
from casemgr.crypto.providers import FileProvider
from casemgr.db import migrate
from casemgr.db.session import WRITES
from casemgr.keys.service import Keyring
from tests.imports.conftest import GOOD, HEADER, MAPPING
from tests.rig import databases
from tests.rig.office import open_office

BAD = "05/03/2025,,Lò Thị Xuân,31,x,,,,"


@pytest.fixture
def shell(tmp_path):
    """Type a command and return its exit code, its output and what it said beside."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    url = databases.sqlite_url(home / "casemgr.db")
    database = databases.open_database(url)
    migrate.upgrade(database)
    with database.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        migrate.load_models().create_all(connection)
    keyring = Keyring(FileProvider.create(home / "root.keys").root_keys())
    with db.work(database, keyring, write=True):
        open_office()
    database.close()
    (home / DEMO_FILE).write_text("{}", encoding="utf-8")
    environment = {
        "CASEMGR_DATABASE_URL": url,
        "CASEMGR_DIRECTORY": str(home),
        "CASEMGR_KEY_PROVIDER": "file",
        "CASEMGR_SYNTHETIC": "1",
    }

    def run(*words, language="vi"):
        speak(language)
        result = CliRunner().invoke(
            main, ["import", *map(str, words)], env={**environment, "CASEMGR_LANGUAGE": language}
        )
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def typed(write, mapping_file):
    """What is typed to import some rows."""

    def words(*rows, user="thu", unit="15148", header=HEADER):
        return (write(*rows, header=header), "--mapping", mapping_file, "--unit", unit, "--as", user)

    return words


def test_an_import_tells_counts_that_add_up(shell, typed):
    code, output, _ = shell(*typed(GOOD, BAD, GOOD), "--json")

    told = json.loads(output)
    assert code == 0
    assert told | {"rows": 3, "imported": 2, "refused": 1, "reasons": {"unknown_value": 1}} == told
    assert (told["batch"], told["state"], told["imported_now"]) == ("danh-sach", "finished", 2)


def test_a_dry_run_names_every_bad_row_in_the_language_that_is_spoken(shell, typed):
    for language, why in (
        ("vi", "Dòng 3, cột Giới: Giá trị không có"),
        ("en", "Row 3, column Giới: The value"),
    ):
        code, output, _ = shell(*typed(GOOD, BAD), "--dry-run", language=language)
        assert code == 0
        assert why in output
    assert shell("--list", "--as", "thu", "--json")[1].strip() == "[]"


def test_a_dry_run_gives_programs_every_bad_row_in_both_languages(shell, typed):
    told = json.loads(shell(*typed(*[BAD] * 30), "--dry-run", "--json")[1])

    assert [row["row"] for row in told["bad_rows"]] == list(range(2, 32))
    assert {"column", "kind", "vi", "en"} < set(told["bad_rows"][0])


def test_refused_rows_go_to_a_file_of_their_own_without_their_content(shell, typed, tmp_path):
    listed = tmp_path / "tu-choi.csv"
    _, output, beside = shell(*typed(GOOD, BAD, "x" + BAD), "--refused", listed)

    text = listed.read_text(encoding="utf-8-sig")
    assert [line.split(",")[:3] for line in text.splitlines()] == [
        ["row", "column", "kind"],
        ["3", "Giới", "unknown_value"],
        ["4", "Ngày", "date"],
        ["4", "Giới", "unknown_value"],
    ]
    assert stat.S_IMODE(listed.stat().st_mode) == 0o600
    assert "Xuân" not in text + output + beside


def test_the_same_command_again_imports_nothing(shell, typed):
    shell(*typed(GOOD))

    told = json.loads(shell(*typed(GOOD), "--json")[1])

    assert (told["imported"], told["imported_now"]) == (1, 0)


def test_batches_are_listed_and_taken_out(shell, typed):
    shell(*typed(GOOD, GOOD), "--batch", "lo-a")
    shell(*typed(GOOD), "--batch", "lo-b")
    listed = json.loads(shell("--list", "--as", "thu", "--json")[1])
    assert [(row["batch"], row["imported"], row["state"]) for row in listed] == [
        ("lo-b", 1, "finished"),
        ("lo-a", 2, "finished"),
    ]

    code, output, _ = shell("--rollback", "lo-a", "--as", "thu", "--json")
    assert (code, json.loads(output)) == (0, {"removed": {"lo-a": 2}})
    assert "đã xong" in shell("--list", "--as", "thu")[1]

    assert json.loads(shell("--rollback-all", "--as", "thu", "--json")[1]) == {"removed": {"lo-b": 1}}


def test_mistakes_of_a_mapping_are_all_told_with_their_lines(shell, typed, mapping_file):
    words = typed(GOOD)
    mapping_file.write_text(
        MAPPING.replace("survivor.sex", "survivor.x").replace("survivor.age", "survivor.y"), encoding="utf-8"
    )

    code, output, beside = shell(*words, "--json")

    assert code == 2
    assert [one["kind"] for one in json.loads(output)["mistakes"]] == ["unknown_target"] * 2
    assert beside.count("Bảng đối chiếu, dòng") == 2


def test_a_file_that_cannot_be_read_is_refused_in_words(shell, typed):
    words = typed('05/03/2025,,"Nữ,31,x,,,,')

    code, output, beside = shell(*words, "--json")

    assert (code, json.loads(output)["refused_file"]) == (3, "csv")
    assert "ngoặc kép" in beside


def test_columns_that_are_left_out_are_told(shell, typed):
    _, _, beside = shell(*typed(GOOD + ",1", header=HEADER + ",Số sổ"), "--dry-run")

    assert "Số sổ" in beside


@pytest.mark.parametrize(
    ("user", "unit"), [("lan", "15148"), ("sơn", "15148"), ("thu", "15151"), ("ai", "15148")]
)
def test_nobody_imports_without_the_right_to(shell, typed, user, unit):
    for words in ((), ("--dry-run",)):
        assert shell(*typed(GOOD, user=user, unit=unit), *words)[0] == 3


@pytest.mark.parametrize("missing", ["--mapping", "--unit"])
def test_what_is_missing_is_named(shell, typed, missing):
    words = list(typed(GOOD))
    del words[words.index(missing) : words.index(missing) + 2]

    code, _, beside = shell(*words)

    assert code == 2
    assert missing in beside
