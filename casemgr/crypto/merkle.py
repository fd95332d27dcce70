"""The Merkle tree of RFC 6962 (Certificate Transparency), under the checkpoints of the audit log."""

import hashlib
from collections.abc import Iterable

_LEAF = b"\x00"
_NODE = b"\x01"
_LENGTH = 32


class Frontier:
    """A growing Merkle tree that keeps only the roots of its complete subtrees."""

    def __init__(self, size: int = 0, subtrees: bytes = b"") -> None:
        if len(subtrees) != size.bit_count() * _LENGTH:
            raise ValueError("a tree has one complete subtree for each binary digit of its size")
        self.size = size
        self._subtrees = [subtrees[start : start + _LENGTH] for start in range(0, len(subtrees), _LENGTH)]

    @property
    def subtrees(self) -> bytes:
        """Roots of the complete subtrees, largest first: enough to go on growing the tree later."""
        return b"".join(self._subtrees)

    def append(self, leaf: bytes) -> None:
        """Add a leaf at the end."""
        node = hashlib.sha256(_LEAF + leaf).digest()
        position = self.size
        while position & 1:
            node = _node(self._subtrees.pop(), node)
            position >>= 1
        self._subtrees.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Root over all leaves so far; that of the empty tree is the digest of nothing."""
        if not self._subtrees:
            return hashlib.sha256(b"").digest()
        *left, root = self._subtrees
        for subtree in reversed(left):
            root = _node(subtree, root)
        return root


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Root over leaves in order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
