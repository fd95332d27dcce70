"""A second verifier of the log, written from the published format; it imports nothing of the product."""

import base64
import hashlib
import struct
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

IDS = ("actor_id", "entry_id", "object_id", "scope_id", "session_id", "unit_id")
WORDS = ("action", "door", "object_kind", "outcome", "request_id", "scope_purpose", "seq")
BYTES = ("detail_sealed", "writes_sealed")


def check(entries, head, checkpoints, anchors, public_key):
    """Return 0, or the lowest of: 1 broken entry, 2 fork or gap, 3 shorter, 4 other root, 5 bad signature."""
    faults, points = set(), []
    for size, root, note in checkpoints:
        point = open_note(note, public_key)
        faults |= set() if point == (size, root) else {5}
        points += [point] if point == (size, root) else []
    for note in anchors:
        point = open_note(note, public_key)
        faults |= {5} if point is None else set()
        points += [point] if point else []
    chain = check_chain(entries)
    hashes = [entry["entry_hash"] for entry in entries]
    if not chain and head != (len(hashes), hashes[-1] if hashes else bytes(32)):
        chain = 2
    if chain:
        return min({chain} | faults)
    faults |= {3 for size, _ in points if size > len(hashes)}
    faults |= {4 for size, root in points if size <= len(hashes) and tree_root(hashes[:size]) != root}
    return min(faults, default=0)


def check_chain(entries):
    """Return the first fault along the chain."""
    last = bytes(32)
    for number, entry in enumerate(entries, start=1):
        if entry["seq"] != number:
            return 2
        if digest_of(entry) != entry["entry_hash"]:
            return 1
        if entry["prev_hash"] != last:
            return 2
        last = entry["entry_hash"]
    return 0


def digest_of(entry):
    """SHA-256 over 0x00 and the counted, length-prefixed parts: hash before, then `name=value` by name."""
    parts = [entry["prev_hash"]]
    for name in sorted((*IDS, *WORDS, *BYTES, "at")):
        value = entry[name]
        if value is not None:
            parts.append(name.encode() + b"=" + text_of(name, value))
    framed = struct.pack(">I", len(parts)) + b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return hashlib.sha256(b"\x00" + framed).digest()


def text_of(name, value):
    """A value as it is hashed."""
    if name in BYTES:
        return value
    if name == "at":
        return value.replace(" ", "T").encode() + b"+00:00"
    return str(UUID(value) if name in IDS else value).encode()


def tree_root(leaves):
    """The Merkle tree hash of RFC 6962, as its section 2.1 defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.sha256(b"\x01" + tree_root(leaves[:left]) + tree_root(leaves[left:])).digest()


def open_note(note, public_key):
    """Return size and root of a signed note, or None when the signature is not the key's."""
    try:
        text, signature = note.split("\n\n")
        origin, size, root = text.split("\n")
        dash, name, blob = signature.rstrip("\n").split(" ")
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            base64.b64decode(blob)[4:], f"{text}\n".encode()
        )
    except (ValueError, InvalidSignature):
        return None
    return (int(size), base64.b64decode(root)) if (dash, name) == ("\u2014", origin) else None
