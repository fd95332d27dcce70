"""The own certificate of a standalone installation: made here, trusted by comparing its fingerprint."""

import ipaddress
from collections.abc import Collection
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_DAYS = 730
"""Shorter than the 825 days after which telephones refuse a certificate."""

_EARLY_DAYS = 30
_SKEW = timedelta(days=1)


def new_certificate(names: Collection[str], password: bytes, now: datetime) -> tuple[bytes, bytes]:
    """Make a key and a certificate for host names and addresses; returns both as PEM, the key encrypted."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "casemgr")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(
            x509.SubjectAlternativeName([_general(name) for name in sorted(names)]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, SHA256())
    )
    encrypted = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
    return encrypted, certificate.public_bytes(Encoding.PEM)


def is_usable(certificate: bytes, names: Collection[str], now: datetime) -> bool:
    """Whether a certificate covers all names and is valid for another month."""
    read = x509.load_pem_x509_certificate(certificate)
    covered = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    is_fresh = read.not_valid_before_utc <= now <= read.not_valid_after_utc - timedelta(days=_EARLY_DAYS)
    return is_fresh and {_general(name) for name in names} <= set(covered)


def fingerprint_of(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate as browsers show it: pairs of signs with colons."""
    return x509.load_pem_x509_certificate(certificate).fingerprint(SHA256()).hex(":").upper()


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
