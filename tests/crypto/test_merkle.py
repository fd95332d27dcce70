"""What the Merkle tree promises: the roots that Certificate Transparency publishes, however it grows."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from casemgr.crypto.merkle import Frontier, merkle_root

# The eight leaves and the roots that the reference implementations of RFC 6962 share.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def recursive_root(leaves):
    """The definition of RFC 6962 §2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + recursive_root(leaves[:split]) + recursive_root(leaves[split:])).digest()


def test_roots_match_the_published_ones():
    assert [merkle_root(LEAVES[:size]).hex() for size in range(9)] == ROOTS


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_roots_match_the_definition(leaves):
    assert merkle_root(leaves) == recursive_root(leaves)


def test_a_tree_that_grows_has_the_right_root_at_every_size():
    frontier = Frontier()
    for number in range(200):
        leaf = number.to_bytes(2, "big")
        frontier.append(leaf)
        assert frontier.size == number + 1
    assert frontier.root() == recursive_root([number.to_bytes(2, "big") for number in range(200)])
    assert len(frontier._subtrees) == (200).bit_count()


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=20), st.data())
def test_any_changed_entry_changes_the_root(leaves, data):
    position = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves[:position], leaves[position] + b"x", *leaves[position + 1 :]]
    assert merkle_root(changed) != merkle_root(leaves)
    assert merkle_root(leaves[:position]) != merkle_root(leaves)
