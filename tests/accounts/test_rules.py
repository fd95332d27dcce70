import unicodedata

import pytest

from casemgr.accounts import rules


@pytest.mark.parametrize(
    "password",
    [
        "matkhau123456",
        "Mật khẩu 2026!",
        "anhyeuem12345",
        "qwertyuiop123",
        "123456789012",
        "aaaaaaaaaaaaaa",
        "abcdefghijklmn",
        "P@ssw0rd!2345",
        "hoa.nguyen2026",
        "Lò Thị Mai 1990",
        "casemgr-casemgr",
    ],
)
def test_a_password_made_of_what_everybody_knows_is_refused(password):
    context = ("hoa.nguyen", "Lò Thị Mai")
    assert rules.password_problem(password, is_administrator=False, context=context) == rules.TOO_COMMON


@pytest.mark.parametrize(
    "password", ["con trâu gặm cỏ non", "bếp lửa nhà sàn ấm", "xK9$vQ2mWz7p", "thuyền trôi qua bến Tạ"]
)
def test_a_few_words_in_a_row_or_random_signs_are_accepted(password):
    assert rules.password_problem(password, is_administrator=False, context=("hoa.nguyen",)) is None


def test_administrators_need_three_signs_more():
    password = "cỏ non bờ đê"
    assert rules.password_problem(password, is_administrator=False, context=()) is None
    assert rules.password_problem(password, is_administrator=True, context=()) == rules.TOO_SHORT


def test_length_is_counted_in_letters_however_they_are_composed():
    short = unicodedata.normalize("NFD", "cỏ bờ đê ạ")
    assert len(short) > rules.SHORTEST
    assert rules.password_problem(short, is_administrator=False, context=()) == rules.TOO_SHORT


def test_a_password_of_128_signs_is_accepted_and_an_endless_one_is_not():
    long = "con trâu gặm cỏ non bên bờ suối " * 4
    assert rules.password_problem(long, is_administrator=False, context=()) is None
    assert rules.password_problem(long * 5, is_administrator=False, context=()) == rules.TOO_LONG


def test_waiting_doubles_after_the_fifth_failure_and_stops_at_a_minute():
    waits = [rules.wait_after(failures).total_seconds() for failures in (4, 5, 6, 7, 8, 9, 10, 99)]
    assert waits == [0, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize("typed", ["Hoa.Nguyen", " hoa.nguyen ", "hoa.nguyễn", "hoà.nguyen"])
def test_a_sign_in_name_is_found_however_the_keyboard_changed_it(typed):
    assert rules.fold_name(typed) == "hoa.nguyen"


@pytest.mark.parametrize("name", ["", "a", "hoa/nguyen", "x" * 41, "-hoa"])
def test_an_unusable_sign_in_name_is_refused(name):
    assert not rules.is_sign_in_name(name)


def test_a_browser_is_described_without_version_numbers():
    chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
    assert rules.device_words(chrome) == "Chrome · Windows"
    assert rules.device_words("curl/8") == ""
