import re

import pytest

from tests.cli.conftest import ADMIN, COMMUNE, PASSPHRASE
from tests.rig import databases

UNLOCK = f"{PASSPHRASE}\n"
NEW = "another passphrase entirely"


@pytest.fixture
def kit(set_up):
    """The recovery key that `init` said."""
    return re.search(r"(\w{5}-){8}\w{5}", set_up.output).group()


@pytest.fixture
def backup(set_up, kit, tmp_path):
    """A backup of the installation."""
    return set_up.json("backup", str(tmp_path / "stick"), typed=UNLOCK)


@pytest.fixture
def elsewhere(set_up, tmp_path):
    """Another machine."""
    return {
        "CASEMGR_DATABASE_URL": databases.sqlite_url(tmp_path / "other" / "casemgr.db"),
        "CASEMGR_DIRECTORY": str(tmp_path / "other"),
    }


def test_a_backup_says_what_it_found_when_it_was_opened_again(backup):
    assert backup["rows"] > 100
    assert backup["cells_opened"] > 0
    assert backup["log_faults"] == 0


def test_a_backup_comes_back_on_another_machine(set_up, backup, elsewhere):
    said = set_up.run("restore", backup["file"], typed=UNLOCK, **elsewhere)

    assert str(backup["rows"]) in said
    assert set_up.json("audit", "verify", "--deep", typed=UNLOCK, **elsewhere)["findings"] == []
    assert set_up.json("doctor", **elsewhere)


def test_a_backup_comes_back_with_the_recovery_kit_alone(set_up, backup, kit, elsewhere):
    set_up.run("restore", backup["file"], "--recovery-kit", typed=f"{kit}\n{NEW}\n{NEW}\n", **elsewhere)

    set_up.run("audit", "verify", typed=f"{NEW}\n", **elsewhere)


def test_a_wrong_passphrase_is_told_so(set_up, backup, elsewhere):
    set_up.run("restore", backup["file"], typed=f"{NEW}\n", code=3, **elsewhere)

    assert "sai mật khẩu khóa" in set_up.output


def test_a_restore_over_data_is_refused(set_up, backup):
    set_up.run("restore", backup["file"], typed=UNLOCK, code=3)

    assert "không ghi đè" in set_up.output


def test_a_file_that_is_no_backup_is_refused(set_up, elsewhere, tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Kính gửi", encoding="utf-8")

    set_up.run("restore", str(file), code=3, **elsewhere)

    assert not (tmp_path / "other").exists()


def test_a_forgotten_passphrase_is_replaced_with_the_kit(set_up, kit):
    set_up.run("recover", typed=f"{kit}\n{NEW}\n{NEW}\n")

    set_up.run("audit", "verify", typed=UNLOCK, code=3)
    set_up.run("audit", "verify", typed=f"{NEW}\n")


def test_a_mistyped_kit_is_asked_for_again_with_the_groups_that_are_wrong(set_up, kit):
    groups = kit.split("-")
    another = next(sign for sign in kit if sign not in {"-", groups[3][0]})
    wrong = "-".join([*groups[:3], another + groups[3][1:], *groups[4:]])

    set_up.run("recover", typed=f"{wrong}\n{kit}\n{NEW}\n{NEW}\n")

    assert "nhóm: 4" in set_up.output


def test_the_kit_of_another_system_changes_nothing(set_up, kit, sqlite_shell_elsewhere):
    set_up.run("recover", typed=f"{sqlite_shell_elsewhere}\n{NEW}\n{NEW}\n", code=3)

    set_up.run("audit", "verify", typed=UNLOCK)


@pytest.fixture
def sqlite_shell_elsewhere(set_up, tmp_path):
    """The recovery key of another installation."""
    environment = {
        "CASEMGR_DATABASE_URL": databases.sqlite_url(tmp_path / "second.db"),
        "CASEMGR_DIRECTORY": str(tmp_path / "second"),
    }
    said = set_up.run("init", *COMMUNE, *ADMIN, typed=f"{NEW}\n{NEW}\n", **environment)
    return re.search(r"(\w{5}-){8}\w{5}", said).group()


def test_the_log_is_signed_for_keeping_elsewhere_and_checked_against_it(set_up, tmp_path):
    signed = set_up.json("audit", "checkpoint", str(tmp_path / "notes"), typed=UNLOCK)

    verdict = set_up.json("audit", "verify", "--checkpoints", str(tmp_path / "notes"), typed=UNLOCK)

    assert verdict["proven"] == signed["size"]
    assert signed["verifier"].startswith("casemgr/audit+")


def test_a_database_that_does_not_answer_is_told_before_anything_is_written(set_up, backup, elsewhere):
    away = {**elsewhere, "CASEMGR_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing"}

    set_up.run("restore", backup["file"], typed=UNLOCK, code=4, **away)

    assert "không trả lời" in set_up.output
