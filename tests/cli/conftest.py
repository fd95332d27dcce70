"""Commands as they are typed: run in this process, on an installation of their own."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from casemgr.accounts.service import digests
from casemgr.cli import main
from casemgr.cli.words import speak
from casemgr.crypto.passwords import Cost
from casemgr.crypto.providers import PassphraseProvider
from tests.rig import databases

PASSPHRASE = "kho thoc tren nui cao"
CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
COMMUNE = ("--commune", "15148", "--unit-name", "UBND xã Cẩm Tú")
ADMIN = ("--admin", "quantri", "--admin-name", "Quản trị Mẫu")


@dataclass
class Shell:
    """Types commands at an installation and keeps what they answered."""

    environment: dict[str, str]
    directory: Path
    output: str = field(default="", init=False)

    def run(self, *words, typed="", code=0, **environment):
        """Run a command, expect its exit code, and return what it wrote on its output."""
        runner = CliRunner()
        result = runner.invoke(main, words, input=typed, env=self.environment | environment)
        self.output = result.output
        assert result.exit_code == code, f"{words}: {result.exit_code}\n{result.output}\n{result.exception!r}"
        return result.stdout

    def json(self, *words, **options):
        """Run a command with --json and return what it answered."""
        return json.loads(self.run(*words, "--json", **options).splitlines()[0])


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(digests, "COST", CHEAP)
    for act in (PassphraseProvider.create, PassphraseProvider.recover):
        monkeypatch.setitem(act.__func__.__kwdefaults__, "cost", CHEAP)
    monkeypatch.setitem(PassphraseProvider.change_passphrase.__kwdefaults__, "cost", CHEAP)


@pytest.fixture(autouse=True)
def vietnamese(monkeypatch):
    monkeypatch.delenv("CASEMGR_LANGUAGE", raising=False)
    speak("vi")


@pytest.fixture
def shell(tmp_path, bare_url):
    """A machine on which nothing is set up yet, with either engine."""
    environment = {"CASEMGR_DATABASE_URL": bare_url, "CASEMGR_DIRECTORY": str(tmp_path / "home")}
    return Shell(environment=environment, directory=tmp_path / "home")


@pytest.fixture
def sqlite_shell(tmp_path):
    """The same with SQLite alone, where the engine makes no difference."""
    url = databases.sqlite_url(tmp_path / "home" / "casemgr.db")
    environment = {"CASEMGR_DATABASE_URL": url, "CASEMGR_DIRECTORY": str(tmp_path / "home")}
    return Shell(environment=environment, directory=tmp_path / "home")


@pytest.fixture
def set_up(shell):
    """An installation after `init`, its administrator enrolled."""
    shell.run("init", *COMMUNE, *ADMIN, typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    return shell


def words_after(text, mark):
    """Return the rest of the line after a mark."""
    return text.split(mark, 1)[1].splitlines()[0].strip()
