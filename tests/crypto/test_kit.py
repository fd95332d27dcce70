"""What the printed recovery key promises: a typo is told by its group, and what is accepted is the key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.crypto.kit import KIT_KEY_LENGTH, MistypedKit, kit_text, new_kit_key, read_kit
from casemgr.crypto.readable import ALPHABET

_KEYS = st.binary(min_size=KIT_KEY_LENGTH, max_size=KIT_KEY_LENGTH)


@given(_KEYS)
def test_what_is_printed_reads_back(key):
    text = kit_text(key)
    assert [len(group) for group in text.split("-")] == [5] * 9
    assert read_kit(text) == key
    assert read_kit(f"  {text.lower().replace('-', ' ')} ") == key


@given(_KEYS, st.integers(0, 44), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_told_by_its_group(key, position, sign):
    signs = list(kit_text(key).replace("-", ""))
    if signs[position] == sign:
        return
    signs[position] = sign
    with pytest.raises(MistypedKit) as caught:
        read_kit("".join(signs))
    assert caught.value.groups == (position // 5 + 1,)


@given(_KEYS, st.integers(0, 43))
def test_two_swapped_neighbours_are_told_by_their_group(key, position):
    signs = list(kit_text(key).replace("-", ""))
    group = position // 5
    if signs[position] == signs[position + 1] or group != (position + 1) // 5:
        return
    signs[position], signs[position + 1] = signs[position + 1], signs[position]
    with pytest.raises(MistypedKit) as caught:
        read_kit("".join(signs))
    assert caught.value.groups == (group + 1,)


def test_two_groups_in_the_wrong_order_are_both_told():
    groups = kit_text(new_kit_key()).split("-")
    swapped = [groups[1], groups[0], *groups[2:]]
    with pytest.raises(MistypedKit) as caught:
        read_kit("-".join(swapped))
    assert caught.value.groups == (1, 2)


@pytest.mark.parametrize("text", ["", "0", "Đ" * 45, "0" * 44, "0" * 46])
def test_what_is_no_kit_is_refused(text):
    with pytest.raises(MistypedKit):
        read_kit(text)


def test_a_well_formed_kit_beyond_the_key_length_is_refused():
    groups = []
    for number in range(1, 10):
        check = (sum(weight * 22 for weight in range(2, 6)) + number) % 23
        groups.append("X" * 4 + ALPHABET[check])
    with pytest.raises(MistypedKit):
        read_kit("-".join(groups))
