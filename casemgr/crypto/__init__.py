"""All cryptography of the product: sealing, key wrapping, passwords, one-time codes, signatures and archives.

This package is pure: it knows nothing of the database or the web, and it is the only one that imports
cryptographic libraries. Everything that fails to open raises `casemgr.errors.SealError` without a reason.
"""
