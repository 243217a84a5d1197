"""Files at rest: each is encrypted under a key of its own, which its owner seals and keeps in a row.

A file is large and lies in backups; its key is small and lies in the database. Resealing the keys rotates the master
key without touching a file, and deleting a key makes every copy of the file unreadable.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tongshang.platform.secrets import Unsealable

NONCE = bytes(12)
"""A key closes one file, once: its nonce need not differ from another's."""


def close(data: bytes) -> tuple[bytes, bytes]:
    """Encrypt a file under a fresh key; give the key and the closed file."""
    key = os.urandom(32)
    return key, AESGCM(key).encrypt(NONCE, data, None)


def open_file(key: bytes, closed: bytes) -> bytes:
    """Decrypt what `close` made; raises Unsealable when it was changed."""
    try:
        return AESGCM(key).decrypt(NONCE, closed, None)
    except InvalidTag:
        raise Unsealable("the file was changed") from None
