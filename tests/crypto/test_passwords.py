"""What password hashing promises: peppered, one password per spelling, bounded in memory and time."""

import unicodedata

import pytest

from casemgr.crypto import passwords
from casemgr.crypto.passwords import (
    STANDARD,
    Cost,
    hash_password,
    needs_rehash,
    verify_nobody,
    verify_password,
)
from casemgr.errors import Refused

QUICK = Cost(memory_kib=64, passes=1, lanes=1)
PEPPER = bytes(range(32))
PASSWORD = "Đường về quê rất dài"


def test_a_password_verifies_against_its_hash_only():
    stored = hash_password(PASSWORD, pepper=PEPPER, cost=QUICK)
    assert stored.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert verify_password(PASSWORD, stored, pepper=PEPPER)
    assert not verify_password(PASSWORD + " ", stored, pepper=PEPPER)
    assert not verify_password(PASSWORD.lower(), stored, pepper=PEPPER)


def test_composed_and_decomposed_letters_are_one_password():
    composed, decomposed = (unicodedata.normalize(form, PASSWORD) for form in ("NFC", "NFD"))
    assert composed != decomposed
    assert verify_password(decomposed, hash_password(composed, pepper=PEPPER, cost=QUICK), pepper=PEPPER)
    assert verify_password(composed, hash_password(decomposed, pepper=PEPPER, cost=QUICK), pepper=PEPPER)


def test_without_the_pepper_a_stolen_hash_tells_nothing():
    stored = hash_password(PASSWORD, pepper=PEPPER, cost=QUICK)
    assert not verify_password(PASSWORD, stored, pepper=bytes(32))


def test_two_hashes_of_one_password_differ():
    hashes = {hash_password(PASSWORD, pepper=PEPPER, cost=QUICK) for _ in range(3)}
    assert len(hashes) == 3


def test_a_damaged_hash_never_verifies():
    assert not verify_password(PASSWORD, "", pepper=PEPPER)
    assert not verify_password(PASSWORD, "$argon2id$v=19$m=64,t=1,p=1$AAAA", pepper=PEPPER)


def test_a_hash_of_another_cost_is_renewed():
    stored = hash_password(PASSWORD, pepper=PEPPER, cost=QUICK)
    assert not needs_rehash(stored, cost=QUICK)
    assert needs_rehash(stored)
    assert needs_rehash("damaged", cost=QUICK)


def test_the_standard_cost_is_the_agreed_one():
    assert Cost(memory_kib=65536, passes=3, lanes=1) == STANDARD


def test_an_unknown_name_costs_one_verification_like_a_known_one(monkeypatch):
    verify_nobody("first call makes the hash of nobody", pepper=PEPPER, cost=QUICK)
    verified = []
    real = passwords.verify_password
    monkeypatch.setattr(
        passwords,
        "verify_password",
        lambda password, stored, *, pepper: verified.append(stored) or real(password, stored, pepper=pepper),
    )
    assert verify_nobody(PASSWORD, pepper=PEPPER, cost=QUICK) is False
    assert [stored.split("$")[3] for stored in verified] == ["m=64,t=1,p=1"]


def test_a_fifth_hash_at_once_is_told_to_come_back(monkeypatch):
    monkeypatch.setattr(passwords, "_LONGEST_WAIT_SECONDS", 0.01)
    for _ in range(4):
        passwords._slots.acquire()
    try:
        with pytest.raises(Refused) as caught:
            hash_password(PASSWORD, pepper=PEPPER, cost=QUICK)
    finally:
        for _ in range(4):
            passwords._slots.release()
    assert caught.value.reason == "too_busy"
    assert hash_password(PASSWORD, pepper=PEPPER, cost=QUICK)
