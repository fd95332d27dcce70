"""Byte framing under every seal: injective joining of parts, and padding that hides lengths."""

import struct

from casemgr.errors import SealError

_STEP = 64
_STEPS_END = 256
_MARKER = b"\x80"
_LENGTH = struct.Struct(">I").pack


def lp(*parts: bytes) -> bytes:
    """Join byte strings so that two different lists of parts never give the same bytes."""
    framed = [_LENGTH(len(parts))]
    for part in parts:
        framed += (_LENGTH(len(part)), part)
    return b"".join(framed)


def padded_length(length: int) -> int:
    """Length in bytes after padding, for `length` bytes of content and the one byte of marker.

    Steps of 64 bytes up to 256, then Padmé: the overhead stays under 7 % and little of the length shows.
    """
    needed = length + 1
    if needed <= _STEPS_END:
        return -(-needed // _STEP) * _STEP
    exponent = needed.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (needed + mask) & ~mask


def pad(content: bytes) -> bytes:
    """Append the ISO 7816-4 marker and zeroes up to the padded length."""
    return (content + _MARKER).ljust(padded_length(len(content)), b"\x00")


def unpad(padded: bytes) -> bytes:
    """Give back the content of padded bytes.

    Raises SealError when the marker is missing or the length is not the one `pad` would have made.
    """
    content = padded.rstrip(b"\x00")
    if content[-1:] != _MARKER or padded_length(len(content) - 1) != len(padded):
        raise SealError
    return content[:-1]
