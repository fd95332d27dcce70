import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from casemgr.cli import main
from casemgr.cli.program import COMMANDS, Program
from casemgr.cli.words import WORDS, speak, word
from casemgr.policy import Role
from config import HELP

CLI = Path(__file__).parents[2] / "casemgr" / "cli"
KEY = re.compile(r"""["']([a-z_]+(?:\.[a-z_]+)+)["']""")
IN_A_PROCESS = """
import sys
from click.testing import CliRunner
from casemgr.cli import main
result = CliRunner().invoke(main, ["--help"])
heavy = {"sqlalchemy", "flask", "alembic", "cryptography", "waitress", "typst"} & set(sys.modules)
print(result.exit_code, sorted(heavy))
"""


def every_command(command=main, path=()):
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from every_command(command.get_command(context, name), (*path, name))


COMMAND_LINES = [path for path, _ in every_command()]


def test_help_loads_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", IN_A_PROCESS], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "0 []"


@pytest.mark.parametrize("path", COMMAND_LINES, ids=" ".join)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_help_page_is_in_one_language(path, language):
    result = CliRunner().invoke(main, [*path, "--help"], env={"CASEMGR_LANGUAGE": language})

    assert result.exit_code == 0
    assert not re.search(r"\b(help|value|heading)\.\w", result.output)
    english = {"Usage", "Options", "Commands", "OPTIONS", "Show", "required", "FILE", "TEXT", "DIRECTORY"}
    if language == "vi":
        assert not english & set(re.findall(r"\w+", result.output))
    else:
        assert "Tùy chọn" not in result.output


def test_help_documents_the_exit_codes():
    result = CliRunner().invoke(main, ["--help"])

    assert all(f"  {code}  " in result.output for code in range(5))


def test_every_command_that_is_listed_can_be_loaded():
    context = click.Context(main)

    assert all(isinstance(main.get_command(context, name), click.Command) for name in COMMANDS)
    assert isinstance(main, Program)


def test_every_text_is_there_in_both_languages():
    for key, texts in WORDS.items():
        assert len(texts) == 2, key
        assert all(text.strip() for text in texts), key
        assert len({tuple(sorted(re.findall(r"\{\w+\}", text))) for text in texts}) == 1, key


def test_every_text_that_a_command_names_exists():
    sources = [path for path in CLI.rglob("*.py") if path.parent.name != "words"]
    named = {key for path in sources for key in KEY.findall(path.read_text(encoding="utf-8"))}
    prefixes = {key.partition(".")[0] for key in WORDS}
    files = re.compile(r"\.(py|db|toml|json|keys|txt|cli.*)$")
    keys = {key for key in named if key.partition(".")[0] in prefixes and not files.search(key)}

    assert not keys - set(WORDS)


def test_every_setting_and_role_has_words():
    assert all(f"setting.{name}" in WORDS for name in HELP)
    assert all(f"role.{role}" in WORDS for role in Role)


def test_an_unknown_language_means_vietnamese():
    speak("fr")

    assert word("heading.usage") == "Cách dùng"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chạy"], "Không có lệnh"),
        (["serve", "--cổng"], "không có tùy chọn"),
        (["serve", "--port", "x"], "--port"),
        (["user", "add", "a"], "Thiếu --"),
        (["backup"], "Thiếu"),
    ],
)
def test_a_mistyped_command_is_told_in_words(words, said):
    result = CliRunner().invoke(main, words)

    assert result.exit_code == 2
    assert said in result.output
    assert "Error" not in result.output


def test_every_missing_setting_is_named_at_once():
    result = CliRunner().invoke(
        main, ["config", "check"], env={"CASEMGR_PORT": "x", "CASEMGR_KEY_PROVIDER": "y"}
    )

    assert result.exit_code == 2
    for name in ("DATABASE_URL", "DIRECTORY", "PORT", "KEY_PROVIDER"):
        assert f"CASEMGR_{name}" in result.output


def test_settings_are_shown_without_the_password_of_the_database(tmp_path):
    environment = {
        "CASEMGR_DATABASE_URL": "postgresql+psycopg://someone:geheim@host/name",
        "CASEMGR_DIRECTORY": str(tmp_path),
    }
    result = CliRunner().invoke(main, ["config", "check"], env=environment)

    assert result.exit_code == 0
    assert "someone" in result.output
    assert "geheim" not in result.output


def test_a_plain_key_file_is_for_made_up_data_only(tmp_path):
    environment = {
        "CASEMGR_DATABASE_URL": f"sqlite:///{tmp_path}/a.db",
        "CASEMGR_DIRECTORY": str(tmp_path),
        "CASEMGR_KEY_PROVIDER": "file",
    }
    result = CliRunner().invoke(main, ["config", "check"], env=environment)

    assert result.exit_code == 2
    assert "CASEMGR_KEY_PROVIDER" in result.output


def test_a_settings_file_is_named_on_the_command_line(tmp_path):
    file = tmp_path / "casemgr.toml"
    file.write_text(
        f'database_url = "sqlite:///{tmp_path}/a.db"\ndirectory = "{tmp_path}"\n', encoding="utf-8"
    )

    assert CliRunner().invoke(main, ["--config", str(file), "config", "check"]).exit_code == 0
    assert CliRunner().invoke(main, ["--config", "nowhere", "config", "check"]).exit_code == 2
