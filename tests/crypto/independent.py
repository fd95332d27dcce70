"""A second implementation of the sealed formats, written from the format description without product code."""

from typing import Any

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def _frame(items: list[bytes]) -> bytes:
    out = len(items).to_bytes(4, "big")
    for item in items:
        out += len(item).to_bytes(4, "big") + item
    return out


def _expand(key: bytes, info: bytes) -> bytes:
    # One block of HKDF-Expand (RFC 5869) is exactly HMAC(key, info || 0x01).
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(info + b"\x01")
    return mac.finalize()


def _gcm_encrypt(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(associated)
    body = encryptor.update(plaintext) + encryptor.finalize()
    return body + encryptor.tag


def _gcm_decrypt(key: bytes, nonce: bytes, body: bytes, associated: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES(key), modes.GCM(nonce, body[-16:])).decryptor()
    decryptor.authenticate_additional_data(associated)
    return decryptor.update(body[:-16]) + decryptor.finalize()


def _pad(content: bytes) -> bytes:
    size = len(content) + 1
    if size <= 256:
        target = next(step for step in (64, 128, 192, 256) if size <= step)
    else:
        exponent = 0
        while 2 ** (exponent + 1) <= size:
            exponent += 1
        width = 0
        while 2**width <= exponent:
            width += 1
        unit = 2 ** (exponent - width)
        target = (size + unit - 1) // unit * unit
    return content + b"\x80" + b"\x00" * (target - size)


def _place(header: bytes, place: dict[str, Any]) -> bytes:
    names = [str(place[part]).encode() for part in ("table", "column", "row", "scope")]
    return _frame([b"gbv/1/field", header, *names])


def independent_seal(dek: bytes, dek_id: bytes, content: bytes, nonce: bytes, **place: Any) -> bytes:
    """Seal a cell with AES-256-GCM as the format description says."""
    header = b"\xc5\x01\x01\x01" + dek_id
    key = _expand(dek, _frame([b"gbv/1", b"field", dek_id]))
    return header + nonce + _gcm_encrypt(key, nonce, _pad(content), _place(header, place))


def independent_open(dek: bytes, blob: bytes, **place: Any) -> bytes:
    """Open a cell sealed with AES-256-GCM as the format description says."""
    key = _expand(dek, _frame([b"gbv/1", b"field", blob[4:20]]))
    padded = _gcm_decrypt(key, blob[20:32], blob[32:], _place(blob[:20], place))
    return padded[: padded.rindex(b"\x80")]


def independent_wrap(
    root_key: bytes, root_key_id: str, dek: bytes, dek_id: bytes, purpose: str, scope: str, nonce: bytes
) -> bytes:
    """Wrap a data key under a root key as the format description says."""
    key = _expand(root_key, _frame([b"gbv/1", b"wrap", root_key_id.encode()]))
    context = _frame([b"gbv/1/dek", root_key_id.encode(), dek_id, purpose.encode(), scope.encode()])
    return nonce + _gcm_encrypt(key, nonce, dek, context)
